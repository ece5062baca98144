"""Copies of all that a module holds, lent to it for a while: what a pass does, it does to them."""

from __future__ import annotations

import copy
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dis import get_instructions
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any
from weakref import CallableProxyType, ProxyType, ReferenceType

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from trainingwheels.engine.probing.losses import modules_in

__all__ = ["hooked", "lent", "without_hooks"]

AS_THEY_ARE = (
    type(None), int, float, complex, str, bytes, type, FunctionType, BuiltinFunctionType, ModuleType, ReferenceType,
    ProxyType, CallableProxyType, torch.dtype, torch.device, torch.Size, torch.optim.Optimizer, Dataset, DataLoader,
    np.memmap,
)  # fmt: skip
"""What never changes; and what a module may know, but no forward pass touches, and would take long to copy."""
ESSENTIAL = {"_parameters", "_buffers", "_modules", "training"}
FORWARD_HOOKS = ("_forward_hooks", "_forward_pre_hooks")
BACKWARD_HOOKS = ("_backward_hooks", "_backward_pre_hooks")


@contextmanager
def lent(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Within, the parts of ``modules`` hold copies of all that they hold: parameters, buffers, modes and attributes of
    any kind, also submodules in plain lists. After it they hold the very objects that they held before, untouched, so
    that no version number has changed and a backward pass that is yet to be done goes through.

    Each part itself stays who it is, so that a loss, a closure or a compiled forward that knows it runs it with the
    copies. Of what cannot be copied whole, the parts are copied, and what has none (a lock, an open file) is shared.
    Hooks are left out, but for those that are part of how the module computes: those of torch (old ``weight_norm``,
    pruning), objects and functions that compute a weight in the same way, and methods of what the module holds.
    """
    copies = _Copies()
    own: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for module in modules:
        copies.lend(module)
    try:
        for part in copies.parts:  # it grows while modules turn up in lists
            holds = vars(part)
            own.append((holds, dict(holds)))
            holds.update(copies.of_part(part))
        for part in copies.parts:
            _without_foreign_hooks(part, copies)
            if isinstance(part, nn.RNNBase):
                part.flatten_parameters()  # cudnn wants the copies in one piece, as the weights were
        yield
    finally:
        for holds, before in own:
            for name in holds.keys() - before.keys():
                del holds[name]
            holds.update(before)


def hooked(module: nn.Module) -> list[str]:
    """The names of parts with forward hooks that are left out while they are :func:`lent`."""

    def is_left_out(hook: Any, part: nn.Module) -> bool:
        return not (isinstance(hook, MethodType) or _is_of_torch(hook) or _computes_a_weight(hook, part))

    return [
        name or type(part).__name__
        for name, part in module.named_modules()
        if any(is_left_out(hook, part) for kind in FORWARD_HOOKS for hook in getattr(part, kind).values())
    ]


def without_hooks(module: nn.Module) -> None:
    """Take from a module, which is one's own copy, the hooks that are left out while it is :func:`lent`."""
    kinds = (*FORWARD_HOOKS, *BACKWARD_HOOKS)
    with lent([module]):
        kept = [(part, kind, set(vars(part)[kind])) for part in module.modules() for kind in kinds]
    for part, kind, keys in kept:
        hooks = vars(part)[kind]
        vars(part)[kind] = OrderedDict((key, hook) for key, hook in hooks.items() if key in keys)


class _Copies:
    """One copy of each thing, so that what was one thing in two places is one again."""

    def __init__(self) -> None:
        self.parts: list[nn.Module] = []
        self.made: dict[int, Any] = {}
        self._kept: list[Any] = []  # what a deep copy makes on its way: its ids are in use

    def lend(self, module: nn.Module) -> None:
        for part in module.modules():
            if id(part) not in self.made:
                self.made[id(part)] = part
                if not isinstance(part, torch.jit.ScriptModule):  # what it holds is not in Python's hands
                    self.parts.append(part)

    def of_part(self, part: nn.Module) -> dict[str, Any]:
        """What ``part`` is to hold, of its own and of what it has in common with others of its class."""
        shared = {*FORWARD_HOOKS, *BACKWARD_HOOKS, *_kept_from_copies(part)}
        holds = _of_class(type(part)) | vars(part)
        for hook in part._forward_pre_hooks.values():
            if _computes_a_weight(hook, part):
                self.of(hook)
        return {name: self.of(value) for name, value in holds.items() if name not in shared}

    def of(self, value: Any) -> Any:
        """A copy of ``value``, the same one whenever it is asked for."""
        if isinstance(value, AS_THEY_ARE):
            return value
        if id(value) not in self.made:
            self._kept.append(value)
            if isinstance(value, nn.Module):
                self.lend(value)
            else:
                self._make(value)
        return self.made[id(value)]

    def _make(self, value: Any) -> None:
        if isinstance(value, Tensor):
            self.made[id(value)] = _copy_of_tensor(value)
        elif type(value) in FILLED:
            new = self.made[id(value)] = value.copy()  # known before it is filled: it may hold itself
            if value:
                FILLED[type(value)](new, value, self.of)
        elif type(value) in (tuple, frozenset):
            self.made[id(value)] = type(value)(map(self.of, value))
        elif isinstance(value, tuple) and hasattr(value, "_fields"):
            self.made[id(value)] = type(value)(*map(self.of, value))
        else:
            self._make_object(value)

    def _make_object(self, value: Any) -> None:
        compiles = type(value).__module__.startswith("torch._dynamo")
        if compiles or hasattr(type(value), "__del__"):  # of two that close one file, the first to go would close it
            self.made[id(value)] = value
            return
        for inner in modules_in(value):
            self.of(inner)  # lent, since a copy would call its hooks
        trial = dict(self.made)
        try:
            new = copy.deepcopy(value, trial)
        except Exception:  # noqa: BLE001 - whatever it holds that cannot be copied
            self.made[id(value)] = self._piecewise(value)
            return
        self._kept.append(trial.pop(id(trial), None))
        self.made.update(trial)
        self.made[id(value)] = new

    def _piecewise(self, value: Any) -> Any:
        """A copy of an object that cannot be copied whole: its attributes are, as far as they can be."""
        if not hasattr(value, "__dict__"):
            return value
        try:
            new = copy.copy(value)
        except Exception:  # noqa: BLE001 - the same
            return value
        self.made[id(value)] = new
        vars(new).update({name: self.of(held) for name, held in vars(value).items()})
        return new


def _kept_from_copies(part: nn.Module) -> set[str]:
    """What the author of ``part`` leaves out of copies, such as a trainer that knows half the world.

    A cache that is not worth pickling is none of it: a pass fills it all the same.
    """
    if type(part).__getstate__ is object.__getstate__:
        return set()
    try:
        state = part.__getstate__()  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 - parametrized ones refuse to be pickled, by an error of their own
        return set()
    if not isinstance(state, dict):
        return set()
    left_out = {name for name, held in vars(part).items() if state.get(name) is None and not _is_plain(held)}
    return left_out - ESSENTIAL


def _is_plain(held: Any) -> bool:
    """Whether this is a tensor, an array or a container, of which a pass may change what is in it."""
    return type(held) in FILLED or isinstance(held, Tensor | np.ndarray)


def _of_class(kind: type[nn.Module]) -> dict[str, Any]:
    """Lists, tensors and the like that were written into a class: all its modules change them when one of them does."""
    written = (each for each in reversed(kind.__mro__) if not each.__module__.startswith(("torch.", "builtins")))
    return {
        name: value
        for each in written
        for name, value in vars(each).items()
        if _is_plain(value) and not name.startswith("__")
    }


def _fill_mapping(new: Any, value: Any, copied: Callable[[Any], Any]) -> None:
    new.clear()
    new.update({copied(key): copied(held) for key, held in value.items()})


def _fill_sequence(new: Any, value: Any, copied: Callable[[Any], Any]) -> None:
    new.clear()
    new.extend(map(copied, value))


def _fill_set(new: Any, value: Any, copied: Callable[[Any], Any]) -> None:
    new.clear()
    new.update(map(copied, value))


FILLED: dict[type, Callable[[Any, Any, Callable[[Any], Any]], None]] = {
    dict: _fill_mapping,
    OrderedDict: _fill_mapping,
    defaultdict: _fill_mapping,
    list: _fill_sequence,
    deque: _fill_sequence,
    set: _fill_set,
}


def _copy_of_tensor(value: Tensor) -> Tensor:
    """It begins a graph of its own, whatever it was made from; hooks and gradients stay behind."""
    if isinstance(value, nn.Parameter) and type(value) is not nn.Parameter:
        return copy.deepcopy(value)
    copied = value.detach().clone()
    if type(value) is nn.Parameter:
        return nn.Parameter(copied, value.requires_grad)
    return copied.requires_grad_() if value.requires_grad else copied


def _without_foreign_hooks(part: nn.Module, copies: _Copies) -> None:
    holds = vars(part)
    for name in FORWARD_HOOKS:
        holds[name] = OrderedDict(
            (key, own) for key, hook in holds[name].items() if (own := _own_hook(hook, part, copies)) is not None
        )
    for name in BACKWARD_HOOKS:
        holds[name] = OrderedDict()


def _own_hook(hook: Any, part: nn.Module, copies: _Copies) -> Any:
    """``hook``, to be run with the copies, if it is part of how the module computes; None if it is somebody else's."""
    if isinstance(hook, MethodType) and id(hook.__self__) in copies.made:
        return MethodType(hook.__func__, copies.made[id(hook.__self__)])
    return hook if _is_of_torch(hook) or _writes_a_weight(hook, part) else copies.made.get(id(hook))


def _is_of_torch(hook: Any) -> bool:
    return type(hook).__module__.startswith("torch.")


def _computes_a_weight(hook: Any, part: nn.Module) -> bool:
    """Whether ``hook`` has the name of a tensor that ``part`` does not own, but what that is made from: as those of
    torch, of which "weight" is made from the parameter "weight_orig"."""
    name = getattr(hook, "name", "")
    made = isinstance(name, str) and name != "" and name not in part._parameters
    return (made and any(each.startswith(f"{name}_") for each in part._parameters)) or _writes_a_weight(hook, part)


def _writes_a_weight(hook: Any, part: nn.Module) -> bool:
    """Whether ``hook`` is a function that makes, of a parameter of ``part``, a tensor that it does not own but that its
    forward reads. One that only writes down what it sees is none: no forward reads that."""
    function = hook.func if isinstance(hook, partial) else hook
    if not isinstance(function, FunctionType):
        return False
    said = _said_by(function.__code__)
    names = said | {each for each in _bound(function) if isinstance(each, str)}
    read = _said_by(forward.__code__) if isinstance(forward := type(part).forward, FunctionType) else set()
    made = {name for name in names & read if name not in part._parameters and name not in part._modules}
    if "setattr" not in said:
        made &= {each.argval for each in get_instructions(function.__code__) if each.opname == "STORE_ATTR"}
    return bool(made) and ("getattr" in said or not names.isdisjoint(part._parameters))


def _bound(function: FunctionType) -> Iterator[Any]:
    """What a function has been given where it was made."""
    yield from function.__defaults__ or ()
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # empty: its name has no value yet
            continue


def _codes(code: CodeType) -> Iterator[CodeType]:
    """``code``, and that of functions inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _said_by(code: CodeType) -> set[str]:
    """The names and words in ``code``."""
    words = {each for inner in _codes(code) for each in inner.co_consts if isinstance(each, str)}
    return words | {name for inner in _codes(code) for name in inner.co_names}
