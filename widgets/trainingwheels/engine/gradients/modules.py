"""Gradient checks of modules: of all their parameters, at one batch."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from trainingwheels.engine.gradients.arguments import check_entries, check_kind
from trainingwheels.engine.gradients.target import Target
from trainingwheels.engine.gradients.tensors import (
    Runner,
    as_tensor,
    autograd,
    kind_of,
    number_of,
    session,
    tensor_target,
)
from trainingwheels.engine.probing.lending import lent, without_hooks
from trainingwheels.engine.probing.losses import modules_in
from trainingwheels.engine.probing.tensors import every_tensor_in
from trainingwheels.engine.probing.untouched import without_hooks_on_all_modules
from trainingwheels.engine.settings import Flag, InvalidSetting, brief

__all__ = ["torch_target"]


def torch_target(f: Any, x: Any, gradient: Any, loss: Any, dtype: str, train: bool | None, seed: int) -> Target:
    """What :func:`gradient_check` asks, with torch."""
    if isinstance(f, nn.Module):
        if gradient is not None:
            raise InvalidSetting(
                "gradient = ... is for a function, f is an nn.Module: autograd gives it, leave it out."
            )
        with torch.inference_mode(False):
            return _module_target(f, x, loss, getattr(torch, dtype), train, seed)
    for name, given in (("loss", loss), ("train", train)):
        if given is not None:
            raise InvalidSetting(
                f"{name} = {brief(given)} is for an nn.Module, f is a {type(f).__name__}: leave it out."
            )
    return tensor_target(f, x, gradient, getattr(torch, dtype), seed)


def _module_target(
    module: nn.Module, batch: Any, loss: Any, dtype: torch.dtype, train: bool | None, seed: int
) -> Target:
    net = _copied(module, dtype)
    if train is not None:
        net.train(Flag().check("train", train))
    inputs, targets = _batch(batch, dtype)
    still = _Still(net)

    def once() -> Any:
        arguments, named = _as_arguments(_cloned(inputs))
        output = net(*arguments, **named)
        return output if loss is None else loss(output, *_cloned(targets))

    def ask() -> Any:
        with still.as_before():
            return once()

    runner = Runner(ask, dtype, seed, hint=", or pass loss=" if loss is None else "")

    def slopes() -> list[Any]:
        with still.as_before():
            return autograd(number_of(runner.run(once)), [*_parameters(net).values()])

    @contextmanager
    def running() -> Iterator[None]:
        with session(dtype), without_hooks_on_all_modules(), lent(modules_in(loss)):
            yield

    with running():
        still.learn(lambda: runner.run(once))
    parameters = _parameters(net)
    return Target(
        [*parameters], [each.detach().numpy() for each in parameters.values()], runner.value, slopes, running,
    )  # fmt: skip


def _parameters(net: nn.Module) -> dict[str, nn.Parameter]:
    """Those that are checked."""
    return {name: each for name, each in net.named_parameters() if each.requires_grad}


def _copied(module: nn.Module, dtype: torch.dtype) -> nn.Module:
    """A deep copy on the CPU, in the precision of the check."""
    module = getattr(module, "_orig_mod", module)  # what torch.compile was given
    if any(nn.parameter.is_lazy(each) for each in (*module.parameters(), *module.buffers())):
        raise InvalidSetting("f has parameters without a shape yet: send one batch through it first.")
    for name, parameter in module.named_parameters():
        check_kind(name, kind_of(parameter) if parameter.requires_grad else "f", str(parameter.dtype))
    net = _deep(module, dtype)
    without_hooks(net)
    net.to("cpu", dtype)
    for parameter in net.parameters():
        parameter.data = parameter.data.contiguous()  # so that its entries can be reached one by one
        parameter.grad = None
    parameters = _parameters(net)
    if not parameters:
        raise InvalidSetting("f has no parameters that require a gradient: nothing to check.")
    for name, parameter in parameters.items():
        check_entries(name, parameter.detach().numpy())
    return net


def _deep(module: nn.Module, dtype: torch.dtype) -> nn.Module:
    """A deep copy, in which all tensors but parameters and buffers are on the CPU, in the precision of the check.

    Those of an earlier pass that the module keeps, such as hidden states, come without their history.
    """
    own = {id(each) for each in (*module.parameters(), *module.buffers()) if each.is_leaf}
    kept = [each for part in module.modules() for each in every_tensor_in(vars(part)) if id(each) not in own]
    try:
        return copy.deepcopy(module, {id(each): _alone(each, dtype) for each in kept})
    except Exception as error:  # whatever a module holds that cannot be copied
        raise InvalidSetting(
            f"f cannot be copied ({type(error).__name__}): pass a module that deepcopy can copy."
        ) from error


def _alone(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    return tensor.detach().to("cpu", dtype if tensor.is_floating_point() else tensor.dtype, copy=True)


class _Still:
    """A module that is as it was before each pass, whatever a pass changes in it.

    Buffers that a pass moves, such as running averages, are put back. A module that changes anything else (a cache, a
    hidden state, its own parameters) is lent copies for each pass.
    """

    def __init__(self, net: nn.Module) -> None:
        self._net = net
        self._moving: list[tuple[Tensor, Tensor]] = []
        self._lends = False

    @contextmanager
    def as_before(self) -> Iterator[None]:
        """Within, the module is for one pass."""
        if self._lends:
            with lent([self._net]):
                yield
            return
        with torch.no_grad():
            for buffer, held in self._moving:
                buffer.copy_(held)
        yield

    def learn(self, run: Callable[[], Any]) -> None:
        """Find out what a pass changes, with one on copies."""
        net = self._net
        own = [*net.parameters()], dict(net.named_buffers())
        with lent([net]):
            held: list[Any] = []  # until the pass is over, so that nothing new could take the place of what is gone
            before = _attributes(net, held)
            run()
            self._lends = _attributes(net, []) != before or any(
                not torch.equal(old, new) for old, new in zip(own[0], net.parameters(), strict=True)
            )
            moved = dict(net.named_buffers())
        if not self._lends:
            self._moving = [
                (buffer, buffer.clone())
                for name, buffer in own[1].items()
                if name not in moved or not torch.equal(buffer, moved[name])
            ]


def _attributes(net: nn.Module, held: list[Any]) -> list[Any]:
    """What tells whether a pass has changed a module: its parts' attributes, what stands in lists, dicts and objects,
    and which its buffers are. What it tells of is added to ``held``.
    """
    attributes = [
        (name, key, _mark(value, held))
        for name, part in net.named_modules()
        for key, value in vars(part).items()
        if key not in ("_parameters", "_buffers", "_modules")
    ]
    buffers = list(net.buffers())
    held += buffers
    return attributes + [id(buffer) for buffer in buffers]


def _mark(value: Any, held: list[Any], depth: int = 2) -> Any:
    if isinstance(value, int | float | str | bool | None):
        return repr(value)
    held.append(value)
    if isinstance(value, Tensor):
        return id(value), value._version
    if isinstance(value, np.ndarray):
        return id(value), value.tobytes()
    if depth and isinstance(value, Mapping):
        return id(value), [(repr(key), _mark(each, held, depth - 1)) for key, each in value.items()]
    if depth and isinstance(value, list | tuple | set | deque):
        return id(value), [_mark(each, held, depth - 1) for each in value]
    if depth and hasattr(value, "__dict__") and not isinstance(value, nn.Module | type) and not callable(value):
        return id(value), [(key, _mark(each, held, depth - 1)) for key, each in vars(value).items()]
    return id(value)


def _batch(batch: Any, dtype: torch.dtype) -> tuple[Any, list[Any]]:
    """The inputs for the module and the targets for the loss; whole numbers, such as labels, stay what they are."""
    parts = list(batch) if isinstance(batch, tuple | list) else [batch]
    if len(parts) not in (1, 2):
        raise InvalidSetting(f"x has {len(parts)} parts: pass the batch as (inputs, targets), or the inputs alone.")
    ready = [_constant(name, part, dtype) for name, part in zip(("the inputs", "the targets"), parts, strict=False)]
    return ready[0], ready[1:]


def _constant(name: str, part: Any, dtype: torch.dtype) -> Any:
    if isinstance(part, Mapping):
        return {key: _constant(f"{name}[{key!r}]", each, dtype) for key, each in part.items()}
    if isinstance(part, tuple | list) and any(hasattr(each, "shape") for each in part):
        return tuple(_constant(f"{name}[{place}]", each, dtype) for place, each in enumerate(part))
    if part is None or isinstance(part, bool | str):
        return part
    tensor = as_tensor(name, part, "tensors or arrays")
    if not tensor.is_floating_point():
        return tensor
    check_entries(name, tensor.to(torch.float64).numpy())
    return tensor.to(dtype)


def _cloned(part: Any) -> Any:
    """Fresh copies of tensors, for a module that writes into what it is given."""
    if isinstance(part, Mapping):
        return {key: _cloned(each) for key, each in part.items()}
    if isinstance(part, tuple | list):
        return tuple(_cloned(each) for each in part)
    return part.clone() if isinstance(part, Tensor) else part


def _as_arguments(inputs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Several inputs are several arguments, and those with names are named."""
    if isinstance(inputs, Mapping):
        return (), dict(inputs)
    return (inputs, {}) if isinstance(inputs, tuple) else ((inputs,), {})
