"""The parts of somebody's module: which have weights, which are nonlinearities, and where in what they make the units
lie."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.conv import _ConvNd
from torch.nn.modules.instancenorm import _InstanceNorm

from trainingwheels.engine.activations import ACTIVATIONS, Activation
from trainingwheels.engine.probing.lending import lent

__all__ = [
    "CHANNELS_FIRST", "RECURRENT", "activation_of", "is_leaf", "is_nonlinear", "parts_of", "places_units", "title",
    "unit_axis", "weights_of",
]  # fmt: skip

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
RECURRENT = (nn.RNNBase, nn.RNNCellBase)
"""Layers with weights that have their nonlinearities inside, where no hook can see them."""
SECOND = (_BatchNorm, nn.GroupNorm)
CHANNELS_FIRST = (_ConvNd, _InstanceNorm, *SECOND)
"""What takes the second axis for its channels (the first two: of a single example without batch, the first)."""
PROBE = torch.linspace(-3, 3, 64)
"""Numbers that tell a nonlinearity by what it makes of them."""


def parts_of(module: nn.Module) -> dict[nn.Module, str]:
    """All parts with their names, but for those that only compute the weight of another (its parametrizations)."""
    named = {part: name or type(module).__name__ for name, part in module.named_modules()}
    return {part: name for part, name in named.items() if "parametrizations" not in name.split(".")}


def title(name: str, part: nn.Module) -> str:
    """What to call a part: its name, and its class too where the name is a mere number."""
    return f"{type(part).__name__} {name}" if name.isdigit() else name


def is_leaf(part: nn.Module) -> bool:
    """Whether ``part`` has no parts that could be layers themselves."""
    return all(name == "parametrizations" for name, _ in part.named_children())


def weights_of(part: nn.Module) -> list[Tensor]:
    """The matrices and kernels that ``part`` itself owns; biases and scales do not count."""
    owned: list[Tensor | None] = [*part._parameters.values()]
    computed = part._modules.get("parametrizations")
    if computed is not None:
        owned += computed.parameters()
    return [weight for weight in owned if weight is not None and weight.ndim >= 2 and not _is_scale(part, weight)]


def _is_scale(part: nn.Module, weight: Tensor) -> bool:
    """Whether ``weight`` multiplies one number each, in spite of its axes: of a norm, or (channels, 1, 1)."""
    if isinstance(part, nn.LayerNorm | nn.RMSNorm):
        return True
    return weight.ndim > 2 and weight.numel() == max(weight.shape) and not isinstance(part, _ConvNd)


def activation_of(module: nn.Module) -> Activation | None:
    """The engine's entry for this layer, if it computes exactly that."""
    if type(module) is nn.ELU and module.alpha == 1:
        return ACTIVATIONS["elu"]
    return ACTIVATIONS[KNOWN[type(module)]] if type(module) in KNOWN else None


def is_nonlinear(part: nn.Module) -> bool:
    """Whether ``part`` is a nonlinearity.

    torch's own are known by name; a leaf of any other class that has no weights is shown some numbers.
    """
    if isinstance(part, ACROSS_UNITS):
        return False
    if any(kind.__module__ == "torch.nn.modules.activation" for kind in type(part).__mro__):
        return True
    foreign = not type(part).__module__.startswith("torch.nn.")
    return foreign and is_leaf(part) and not any(_tensors(part)) and _bends(part)


def _tensors(part: nn.Module) -> Iterable[bool]:
    return (tensor is not None for tensor in (*part._parameters.values(), *part._buffers.values()))


def _bends(part: nn.Module) -> bool:
    """Whether ``part`` makes of each number, by itself, another one, and not by a straight line."""
    try:
        with torch.no_grad(), lent([part]):  # it may keep what it makes of them
            made, turned, half = (part(x.clone()) for x in (PROBE, PROBE.flip(0), PROBE[::2]))
            alone = torch.equal(made, turned.flip(0)) and torch.equal(made[::2], half)
            return alone and bool(made.diff(n=2).abs().max() > 1e-3)
    except Exception:  # noqa: BLE001 - made for something else than single numbers
        return False


def places_units(part: nn.Module) -> bool:
    """Whether what ``part`` makes says on which axis the units are, also of what comes after it."""
    return isinstance(part, CHANNELS_FIRST) or bool(weights_of(part))


def unit_axis(part: nn.Module, made: Tensor) -> int:
    """The axis of the units in what ``part`` has ``made``: of the channels, or else of the features, the last one."""
    if isinstance(part, SECOND) and made.ndim > 1:
        return 1
    if isinstance(part, _ConvNd):
        return max(-1 - len(part.kernel_size), -made.ndim)
    if isinstance(part, _InstanceNorm):
        return -part._get_no_batch_dim()  # type: ignore[no-untyped-call, no-any-return]
    kernels = (weight.shape for weight in weights_of(part) if weight.ndim == made.ndim >= 3)
    return 1 if any(made.shape[1] in kernel[:2] for kernel in kernels) else -1
