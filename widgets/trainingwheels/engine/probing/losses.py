"""Modules that a loss runs besides the one that is watched: a discriminator, a teacher, the loss itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from torch import nn

__all__ = ["modules_in"]


def modules_in(loss: Any) -> list[nn.Module]:
    """The modules that ``loss`` is, belongs to, was bound with, or names: those that it can run and change."""
    return [held for held in _held_by(loss) if isinstance(held, nn.Module)]


def _held_by(loss: Any) -> Iterator[Any]:
    yield loss
    if isinstance(loss, partial):
        yield from (*loss.args, *loss.keywords.values())
        yield from _held_by(loss.func)
    elif isinstance(loss, MethodType):
        yield loss.__self__
    elif isinstance(loss, FunctionType):
        yield from loss.__defaults__ or ()
        for cell in loss.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # empty: its name has no value yet
                continue
        yield from (loss.__globals__[name] for name in loss.__code__.co_names if name in loss.__globals__)
