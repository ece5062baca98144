"""What hooks on a module's layers see in one pass, as the numbers of a :class:`Layer`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, is_dataclass
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, get_gradient_edge

from trainingwheels.engine.activations import ACTIVATIONS, Activation

__all__ = ["KEPT", "Recorder", "Seen", "activation_of", "candidates", "moments", "sample", "tensors_in"]

KEPT = 2**15
"""Values per layer that are kept for histograms: more would not change what the eye sees."""
MEASURED = 2**18
"""Values per layer from which mean, std and shares are taken: of more, evenly spaced ones, which miss the std of all by
about 0.1 %."""

KNOWN: dict[type[nn.Module], str] = {
    nn.Sigmoid: "sigmoid",
    nn.Tanh: "tanh",
    nn.ReLU: "relu",
    nn.SELU: "selu",
    nn.GELU: "gelu",
    nn.SiLU: "silu",
}
"""torch's name for what the engine's table of activations knows."""
ACROSS_UNITS = (nn.MultiheadAttention, nn.Softmax, nn.Softmax2d, nn.LogSoftmax, nn.Softmin)
"""What torch files under activations but is no function of one number."""
CHANNELS_FIRST = (
    nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d,
    nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.GroupNorm, nn.InstanceNorm1d, nn.InstanceNorm2d,
)  # fmt: skip


def activation_of(module: nn.Module) -> Activation | None:
    """The engine's entry for this layer, if it computes exactly that."""
    if type(module) is nn.ELU and module.alpha == 1:
        return ACTIVATIONS["elu"]
    return ACTIVATIONS[KNOWN[type(module)]] if type(module) in KNOWN else None


def candidates(module: nn.Module) -> list[dict[nn.Module, str]]:
    """Which layers to look at, with their names, in order of preference: nonlinearities, weights, anything."""
    parts = {part: name or type(module).__name__ for name, part in module.named_modules()}
    leaves = {part: name for part, name in parts.items() if not any(part.children())}
    nonlinear = {part: name for part, name in leaves.items() if _is_nonlinear(part)}
    weighted = {part: name for part, name in leaves.items() if weights_of(part)}
    return [nonlinear, weighted, leaves, {module: parts[module]}]


def _is_nonlinear(part: nn.Module) -> bool:
    return type(part).__module__ == "torch.nn.modules.activation" and not isinstance(part, ACROSS_UNITS)


def weights_of(part: nn.Module) -> list[Tensor]:
    """The matrices and kernels that ``part`` itself owns; biases and scales have one axis and do not count."""
    return [weight for weight in part._parameters.values() if weight is not None and weight.ndim >= 2]


@dataclass(eq=False)
class Seen:
    """One call of a layer.

    ``sample`` of its output, (examples, units), and ``choose`` to take the same entries of the gradient; ``numbers``:
    mean, std, zeros, finite and dead of the output, then std and saturated of the input; ``edge`` of the graph, where
    the gradient passes; ``weights`` in use since the call before.
    """

    name: str
    part: nn.Module
    sample: Tensor
    numbers: Tensor
    shape: torch.Size
    choose: Callable[[Tensor], Tensor]
    edge: GradientEdge | None
    weights: list[Tensor] = field(default_factory=list)


class Recorder:
    """Hooks on the layers ``watched`` (with their names) of ``module``, gone at the end of the ``with`` block."""

    def __init__(self, module: nn.Module, watched: Mapping[nn.Module, str]) -> None:
        self.seen: list[Seen] = []
        self._module, self._watched = module, watched
        self._handles: list[Any] = []
        self._weights: list[Tensor] = []
        self._latest: nn.Module | None = None  # of the layers that say which axis holds the units
        self._inputs: dict[nn.Module, Tensor] = {}
        self._calls: dict[nn.Module, int] = {}

    def __enter__(self) -> Self:
        try:
            for part in self._module.modules():
                if weights_of(part) or isinstance(part, CHANNELS_FIRST):
                    self._handles.append(part.register_forward_pre_hook(self._enter))
                if part in self._watched:
                    self._handles.append(part.register_forward_pre_hook(self._before))
                    self._handles.append(part.register_forward_hook(self._after))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def _enter(self, part: nn.Module, _: Any) -> None:
        self._latest = part
        self._weights += weights_of(part)

    def _before(self, part: nn.Module, inputs: tuple[Any, ...]) -> None:
        found = tensors_in(inputs)
        if found:  # measured now: an in-place nonlinearity overwrites its input
            self._inputs[part] = _measure_input(found[0].detach(), activation_of(part))

    def _after(self, part: nn.Module, _: Any, output: Any) -> None:
        found = [tensor for tensor in tensors_in(output) if tensor.numel() and tensor.ndim]
        if not found:
            return
        values, calls = found[0].detach(), self._calls.get(part, 0) + 1
        self._calls[part] = calls
        axis = self._unit_axis(values)
        nothing = values.new_full((2,), math.nan, dtype=_wide(values))
        numbers = torch.cat([moments(values), _dead(values, axis)[None], self._inputs.pop(part, nothing)])

        def choose(tensor: Tensor) -> Tensor:
            return sample(tensor, axis)

        edge = get_gradient_edge(found[0]) if found[0].requires_grad else None
        name = self._watched[part] + (f" ({calls})" if calls > 1 else "")
        weights, self._weights = self._weights, []
        self.seen.append(Seen(name, part, choose(values), numbers, values.shape, choose, edge, weights))

    def _unit_axis(self, values: Tensor) -> int:
        """Channels are units in what a convolution or its normalization made; elsewhere features, the last axis."""
        if values.ndim < 3:
            return -1
        unknown_images = self._latest is None and values.ndim >= 4
        return 1 if unknown_images or isinstance(self._latest, CHANNELS_FIRST) else -1


def tensors_in(values: Any) -> list[Tensor]:
    """All floating point tensors in nested tuples, lists, mappings and dataclasses."""
    if isinstance(values, Tensor):
        return [values] if values.is_floating_point() else []
    if isinstance(values, Mapping):
        values = list(values.values())
    elif is_dataclass(values):
        values = list(vars(values).values())
    if isinstance(values, list | tuple):
        return [tensor for value in values for tensor in tensors_in(value)]
    return []


def moments(values: Tensor) -> Tensor:
    """mean, std, and the shares of exact zeros and of finite numbers."""
    entries = _entries(values)
    std, mean = torch.std_mean(entries.to(_wide(values)), correction=0)
    return torch.stack([mean, std, _share(entries == 0), _share(torch.isfinite(entries))])


def _dead(values: Tensor, axis: int) -> Tensor:
    """The share of units that are zero in all examples, of which none is left out."""
    others = tuple(place for place in range(values.ndim) if place != axis % values.ndim)
    zero = values == 0
    return _share(zero.all(dim=others) if others else zero)


def _share(true: Tensor) -> Tensor:
    return true.to(_wide(true)).mean()


def _measure_input(values: Tensor, activation: Activation | None) -> Tensor:
    """The nonlinearity's input: its std, and the share of it where the nonlinearity is flat (NaN without a rule)."""
    entries = _entries(values)
    std = entries.to(_wide(values)).std(correction=0)
    if activation is None or activation.flat is None:
        return torch.stack([std, torch.full_like(std, math.nan)])
    flat = (entries <= activation.flat.below) | (entries >= activation.flat.above)
    return torch.stack([std, _share(flat)])


def _wide(values: Tensor) -> torch.dtype:
    """float64, in which squares of float32 numbers neither overflow nor vanish, where the device has it."""
    return torch.float32 if values.device.type == "mps" else torch.float64


def _entries(values: Tensor) -> Tensor:
    """All entries, or about MEASURED of them."""
    flat = values.reshape(-1)
    return flat[:: _stride(flat.numel(), MEASURED)]


def sample(values: Tensor, axis: int) -> Tensor:
    """About KEPT entries at most, as float32 (examples, units), units from ``axis``; positions count as examples."""
    values = values.detach()
    rows = values[None] if values.ndim == 1 else values.movedim(axis, -1)
    lengths, units = rows.shape[:-1], rows.shape[-1]
    examples = math.prod(lengths)
    row_stride = _stride(examples, max(KEPT // units, 64))
    unit_stride = -(-units * (examples // row_stride) // KEPT)
    if row_stride == unit_stride == 1:
        return rows.reshape(examples, units).float().clone()
    chosen = torch.arange(0, examples, row_stride, device=values.device)
    return rows[torch.unravel_index(chosen, lengths)][:, ::unit_stride].float()


def _stride(total: int, most: int) -> int:
    """The step with which to take about ``most`` of ``total`` things. Without a common divisor, it meets every channel
    and every column of an image equally often."""
    stride = -(-total // most)
    while stride > 1 and math.gcd(stride, total) > 1:
        stride += 1
    return stride
