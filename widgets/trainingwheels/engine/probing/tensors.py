"""Tensors in whatever people pass and return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["every_tensor_in", "tensors_in"]


def tensors_in(values: Any) -> list[Tensor]:
    """The floating point tensors among them, but for sparse and nested ones."""
    return [
        tensor
        for tensor in every_tensor_in(values)
        if tensor.is_floating_point() and tensor.layout == torch.strided and not tensor.is_nested
    ]


def every_tensor_in(values: Any) -> list[Tensor]:
    """All tensors, each once, in nested tuples, lists, mappings, dataclasses and other plain objects."""
    found: dict[int, Tensor] = {}
    met: set[int] = set()
    _collect(values, found, met)
    return list(found.values())


def _collect(values: Any, found: dict[int, Tensor], met: set[int]) -> None:
    if isinstance(values, Tensor):
        found.setdefault(id(values), values)
    elif isinstance(values, Mapping):
        _collect_all(values, list(values.values()), found, met)
    elif isinstance(values, list | tuple):
        _collect_all(values, values, found, met)
    elif hasattr(values, "__dict__") and not isinstance(values, type | nn.Module) and not callable(values):
        _collect_all(values, list(vars(values).values()), found, met)
    elif is_dataclass(values) and not isinstance(values, type):  # with slots in place of a dict
        _collect_all(values, [getattr(values, each.name) for each in fields(values)], found, met)


def _collect_all(holder: Any, values: Any, found: dict[int, Tensor], met: set[int]) -> None:
    if id(holder) not in met:  # it may hold itself
        met.add(id(holder))
        for value in values:
            _collect(value, found, met)
