"""What hooks on a module's layers see in one pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, get_gradient_edge

from trainingwheels.engine.probing.measures import dead_share, measure_input, moments, no_measures, sample
from trainingwheels.engine.probing.parts import CHANNELS_FIRST, activation_of, places_units, unit_axis, weights_of
from trainingwheels.engine.probing.tensors import tensors_in

__all__ = ["Output", "Recorder", "Seen"]


@dataclass(eq=False)
class Output:
    """One tensor that a layer has made.

    ``sample``, (examples, units), and ``choose`` to take the same entries of the gradient; ``numbers``: mean, std,
    zeros, finite and dead; ``shape`` as units see it, theirs on ``axis``; ``edge`` of the graph, where the gradient
    passes.
    """

    sample: Tensor
    numbers: Tensor
    shape: torch.Size
    axis: int
    edge: GradientEdge | None

    @classmethod
    def of(cls, tensor: Tensor, shape: torch.Size, axis: int) -> Self:
        values = tensor.detach().reshape(shape)
        numbers = torch.cat([moments(values), dead_share(values, axis)[None]])
        edge = get_gradient_edge(tensor) if tensor.requires_grad else None
        return cls(sample(values, axis), numbers, shape, axis, edge)

    def choose(self, gradient: Tensor) -> Tensor:
        return sample(gradient.reshape(self.shape), self.axis)

    @property
    def values_per_unit(self) -> int:
        """Examples, times the positions that each has."""
        return math.prod(self.shape) // self.shape[self.axis]


@dataclass(eq=False)
class Seen:
    """One call of a layer: std and saturated share of its ``input``, its outputs (a recurrent layer has several), and
    the ``weights`` in use since the call before."""

    name: str
    part: nn.Module
    input: Tensor
    outputs: list[Output]
    weights: list[Tensor] = field(default_factory=list)


class Recorder:
    """Hooks on the layers ``watched`` (with their names) of ``module``, gone at the end of the ``with`` block."""

    def __init__(self, module: nn.Module, watched: Mapping[nn.Module, str]) -> None:
        self.seen: list[Seen] = []
        self._module, self._watched = module, watched
        self._handles: list[Any] = []
        self._weights: list[Tensor] = []
        self._units = _Units()
        self._inputs: dict[nn.Module, Tensor] = {}
        self._calls: dict[nn.Module, int] = {}

    def __enter__(self) -> Self:
        try:
            for part in self._module.modules():
                if places_units(part):
                    self._add(part.register_forward_pre_hook, self._enter)
                    self._add(part.register_forward_hook, self._leave)
                if part in self._watched:
                    self._add(part.register_forward_pre_hook, self._before)
                    self._add(part.register_forward_hook, self._after)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def _add(self, register: Callable[[Any], Any], hook: Callable[..., None]) -> None:
        self._handles.append(register(hook))

    def _enter(self, part: nn.Module, _: Any) -> None:
        self._units.enter(part)
        self._weights += weights_of(part)

    def _leave(self, part: nn.Module, _: Any, output: Any) -> None:
        for tensor in tensors_in(output):
            self._units.leave(part, tensor)

    def _before(self, part: nn.Module, inputs: tuple[Any, ...]) -> None:
        found = tensors_in(inputs)
        if found:  # measured now: an in-place nonlinearity overwrites its input
            self._inputs[part] = measure_input(found[0].detach(), activation_of(part))

    def _after(self, part: nn.Module, _: Any, output: Any) -> None:
        found = [tensor for tensor in tensors_in(output) if tensor.numel() and tensor.ndim]
        if not found:
            return
        calls = self._calls[part] = self._calls.get(part, 0) + 1
        name = self._watched[part] + (f" ({calls})" if calls > 1 else "")
        outputs = [Output.of(tensor, *self._units.of(tensor.shape)) for tensor in found]
        before = self._inputs.pop(part, no_measures(found[0]))
        weights, self._weights = self._weights, []
        self.seen.append(Seen(name, part, before, outputs, weights))


class _Units:
    """On which axis of what comes by the units lie: where the layer that it comes from has put them."""

    def __init__(self) -> None:
        self._placed: dict[torch.Size, int] = {}  # the axis in what was made in this shape, latest last
        self._entered: nn.Module | None = None

    def enter(self, part: nn.Module) -> None:
        self._entered = part

    def leave(self, part: nn.Module, made: Tensor) -> None:
        if made.ndim:
            self._placed.pop(made.shape, None)
            self._placed[made.shape] = unit_axis(part, made)

    def of(self, shape: torch.Size) -> tuple[torch.Size, int]:
        """The shape in which to look at values of ``shape``, and the axis of the units in it.

        Between a layer and its nonlinearity, a tensor keeps its shape, or is flattened or viewed, or changes the size
        or order of its other axes; what a branch in between has made (squeeze and excitation) has another shape.
        """
        if shape in self._placed:
            return shape, self._placed[shape]
        latest = list(reversed(self._placed.items()))
        for made, axis in latest:
            if _is_view(shape, made):
                return made, axis
        for made, axis in latest:
            if len(shape) == len(made) and shape[axis] == made[axis]:
                return shape, axis
            fitting = [place for place, length in enumerate(shape) if length == made[axis]]
            if len(fitting) == 1 and len(shape) > 1:
                return shape, fitting[0]
        return shape, self._by_habit(shape)

    def _by_habit(self, shape: torch.Size) -> int:
        """Images have their channels second; elsewhere features come last."""
        images = len(shape) > 3 if self._entered is None else isinstance(self._entered, CHANNELS_FIRST)
        return 1 if images and len(shape) > 2 else -1


def _is_view(shape: torch.Size, other: torch.Size) -> bool:
    """Whether one shape only merges neighbouring axes of the other."""
    ends, other_ends = _ends(shape), _ends(other)
    return shape.numel() == other.numel() and (ends <= other_ends or other_ends <= ends)


def _ends(shape: torch.Size) -> set[int]:
    """How many entries lie before the end of each axis: merging axes removes some of these numbers and adds none."""
    ends, product = set(), 1
    for length in shape:
        product *= length
        ends.add(product)
    return ends
