"""Modules that a loss, or an object, can run besides the one that is watched: a critic, a teacher, the loss itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from torch import Tensor, nn

__all__ = ["modules_in"]

FAR = 6
"""So many things are looked at on the way: a method, its trainer, an object of that, a dict there, a list, a module."""
MANY = 1000
"""What holds more than this holds data."""


def modules_in(loss: Any) -> list[nn.Module]:
    """The modules that ``loss`` is, belongs to, was bound with, or names: those that it can run and change.

    Nearest first, through functions that it calls, objects, lists and dicts.
    """
    met: dict[int, Any] = {}
    held = [loss]
    for _ in range(FAR):
        new = {id(each): each for each in held if id(each) not in met}
        met |= new
        held = [inner for each in new.values() for inner in _held_by(each)]
    return [each for each in met.values() if isinstance(each, nn.Module)]


def _held_by(thing: Any) -> Iterator[Any]:
    """What ``thing`` can get at in one step."""
    if isinstance(thing, partial):
        yield from (thing.func, *thing.args, *thing.keywords.values())
    elif isinstance(thing, MethodType):
        yield from (thing.__self__, thing.__func__)
    elif isinstance(thing, FunctionType):
        yield from _held_by_function(thing)
    elif isinstance(thing, list | tuple | dict):
        if len(thing) <= MANY:
            yield from thing.values() if isinstance(thing, dict) else thing
    elif hasattr(thing, "__dict__") and not isinstance(thing, Tensor | type | ModuleType):
        yield from (getattr(type(thing), name, None) for name in ("__call__", "forward"))
        if not isinstance(thing, nn.Module):  # its parts come with it
            yield from vars(thing).values()


def _held_by_function(function: FunctionType) -> Iterator[Any]:
    if (function.__module__ or "").startswith("torch."):
        return
    yield from (function.__defaults__ or (), function.__kwdefaults__ or {})
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # empty: its name has no value yet
            continue
    names, known = set(_names(function.__code__)), function.__globals__
    for name in sorted(names & known.keys()):
        yield known[name]
        if isinstance(known[name], ModuleType):
            yield from (vars(known[name])[inner] for inner in names & vars(known[name]).keys())


def _names(code: CodeType) -> Iterator[str]:
    """What ``code`` calls things, also in functions and generators inside it."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
