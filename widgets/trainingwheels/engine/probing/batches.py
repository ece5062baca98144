"""What to call somebody's module with: copies of the batch, as the module can take them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from trainingwheels.engine.probing.tensors import every_tensor_in
from trainingwheels.engine.probing.untouched import device_of
from trainingwheels.engine.settings import brief

__all__ = ["called_with", "is_several", "outline"]


def is_several(batch: Any) -> bool:
    """Whether ``batch`` stands for several inputs."""
    return isinstance(batch, tuple | list) and not isinstance(batch, PackedSequence)


def called_with(batch: Any, module: nn.Module, differentiable: bool) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """Positional and named arguments: copies, since a first layer may work in place, on the module's device.

    Floats can be made ``differentiable``, so that a gradient comes back even if no parameter asks for one; those that
    ask for a gradient themselves, as positions in a force field do, always are.
    """
    device = device_of(module)
    floats = [each for each in (*module.parameters(), *module.buffers()) if each.is_floating_point()]
    dtype = floats[0].dtype if floats else torch.get_default_dtype()

    def copied(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            array = torch.as_tensor(value)
            return copied(array.to(dtype) if array.is_floating_point() else array)
        if isinstance(value, Tensor):
            own = value.detach().to(device, copy=True)
            # A second copy, since a leaf of the graph may not be changed in place.
            asks = (differentiable or value.requires_grad) and own.is_floating_point()
            return own.requires_grad_().clone() if asks else own
        if isinstance(value, Mapping):
            return {key: copied(part) for key, part in value.items()}
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*map(copied, value))
        if is_dataclass(value) and not isinstance(value, type):
            return _like(value, {each.name: copied(getattr(value, each.name)) for each in fields(value)})
        if type(value) in (list, tuple):
            return type(value)(map(copied, value))
        try:  # an object of somebody's own class, such as a graph
            return copy.deepcopy(value, {id(tensor): copied(tensor) for tensor in every_tensor_in(value)})
        except Exception:  # noqa: BLE001 - whatever it holds that cannot be copied
            return value

    inputs = copied(batch)
    if isinstance(inputs, Mapping):
        return (), inputs
    return (inputs, {}) if is_several(inputs) else ((inputs,), {})


def _like(value: Any, held: Mapping[str, Any]) -> Any:
    """A second object of a dataclass, not made by its constructor, which may want something else."""
    new = object.__new__(type(value))
    for name, part in {**getattr(value, "__dict__", {}), **held}.items():
        object.__setattr__(new, name, part)
    return new


def outline(value: Any) -> str:
    """What a batch or an output is, in a few words."""
    if isinstance(value, Tensor | np.ndarray):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, Mapping):
        return f"{len(value)} named inputs ({brief(', '.join(map(str, value)))})"
    if is_several(value):
        return f"{len(value)} inputs"
    return brief(value)
