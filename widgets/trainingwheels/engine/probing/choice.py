"""Which layers of somebody's module to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from torch import nn
from torch.autograd.graph import Node

from trainingwheels.engine.probing.parts import RECURRENT, is_leaf, is_nonlinear, parts_of, title, weights_of
from trainingwheels.engine.probing.tensors import tensors_in

__all__ = ["Choice", "choose"]

FUNCTION = re.compile("elu|silu|swish|mish|tanh|sigmoid|softplus|threshold|clamp", re.IGNORECASE)
"""What autograd calls the nodes of nonlinearities: ReluBackward0, EluBackward0 (also for CELU and SELU), ..."""
LENGTH = re.compile("^(LinalgVector)?NormBackward")
"""Beyond such a node it is the length of a vector that is bent, no longer its entries: F.normalize clamps it."""


@dataclass(frozen=True)
class Choice:
    """The names of the layers to look at, and what to call those with weights that are neither looked at nor stand
    before a nonlinearity that is."""

    shown: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def choose(module: nn.Module, run: Callable[[], Any]) -> Choice:
    """What to look at in ``module``, of which ``run`` does one pass.

    Nonlinearities, recurrent layers, and layers with weights that feed no nonlinearity but such as are mere functions.
    Where there is but one nonlinearity, also the layers before it; where there is none, all layers with weights; and
    without any of these, whatever has no parts, or else the module itself.
    """
    names = parts_of(module)
    nonlinear = _innermost(part for part in names if is_nonlinear(part))
    heavy = {part for part in names if weights_of(part) and part not in nonlinear}
    weighted = _innermost(heavy)
    leaves = {part for part in names if is_leaf(part)}
    with _Calls(nonlinear | heavy | leaves) as calls:
        output = run()
    ran = list(dict.fromkeys(part for part, _, _ in calls.seen))

    graph = _Graph((part, outputs) for part, _, outputs in calls.seen if part in nonlinear | weighted)
    answered, _ = graph.before(node for part, inputs, _ in calls.seen if part in nonlinear for node in inputs)
    for (before, *_), (part, inputs, _) in pairwise(call for call in calls.seen if call[0] in nonlinear | weighted):
        if part in nonlinear and not inputs:  # without a graph, what came before it feeds it
            answered.add(before)
    ends = [node for part, inputs, _ in calls.seen if part in nonlinear | weighted for node in inputs]
    _, bent = graph.before(ends + _nodes(output))
    shown = {part for part in ran if part in nonlinear}
    if shown:
        shown |= {part for part in ran if part in weighted and (part in bent - answered or isinstance(part, RECURRENT))}
    if len(shown) == 1:
        shown |= {part for part in [part for part in ran if part in weighted][:-1] if part not in answered}
    shown = shown or weighted.intersection(ran) or leaves.intersection(ran)
    idle = [part for part in ran if part in heavy and part not in shown | answered and not _has_any(part, ran, heavy)]
    looked_at = [part for part in ran if part in shown] or [module]
    return Choice(tuple(names[part] for part in looked_at), tuple(title(names[part], part) for part in idle))


def _innermost(parts: Iterable[nn.Module]) -> set[nn.Module]:
    """Those of ``parts`` that have no others of them inside."""
    found = set(parts)
    return {part for part in found if not _has_any(part, found, found)}


def _has_any(part: nn.Module, *those: Iterable[nn.Module]) -> bool:
    return any(inner is not part and all(inner in each for each in those) for inner in part.modules())


class _Calls:
    """Each call of a part in the ``with`` block: (part, nodes of the graph before it, nodes of what it made)."""

    def __init__(self, parts: Iterable[nn.Module]) -> None:
        self.seen: list[tuple[nn.Module, list[Node], list[Node]]] = []
        self._parts = parts
        self._handles: list[Any] = []

    def __enter__(self) -> _Calls:
        for part in self._parts:
            before: list[list[Node]] = []  # of calls that have begun: a part may call itself

            def begin(_: Any, args: Any, kwargs: Any, before: list[list[Node]] = before) -> None:
                before.append(_nodes((args, kwargs)))  # now: what works in place moves its input on in the graph

            def end(part: nn.Module, _: Any, output: Any, before: list[list[Node]] = before) -> None:
                self.seen.append((part, before.pop(), _nodes(output)))

            self._handles.append(part.register_forward_pre_hook(begin, with_kwargs=True))
            self._handles.append(part.register_forward_hook(end))
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()


class _Graph:
    """The graph that autograd has kept of a pass, in which the outputs of some parts are known."""

    def __init__(self, made: Iterable[tuple[nn.Module, list[Node]]]) -> None:
        self._maker = {node: part for part, nodes in made for node in nodes}

    def before(self, ends: Iterable[Node]) -> tuple[set[nn.Module], set[nn.Module]]:
        """Which parts come next before ``ends``, and which of them with a nonlinear function in between."""
        parts: set[nn.Module] = set()
        bent: set[nn.Module] = set()
        ways = [(node, False) for node in ends]
        gone = set(ways)
        while ways:
            node, curved = ways.pop()
            if node in self._maker:
                parts.add(self._maker[node])
                bent |= {self._maker[node]} if curved else set()
                continue
            curved = bool(FUNCTION.search(node.name())) or (curved and not LENGTH.search(node.name()))
            new = {(each, curved) for each, _ in node.next_functions if each is not None} - gone
            gone |= new
            ways += new
        return parts, bent


def _nodes(values: Any) -> list[Node]:
    return [tensor.grad_fn for tensor in tensors_in(values) if tensor.grad_fn is not None]
