"""Gradient checks of functions of tensors, and what those of modules share with them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trainingwheels.engine.gradients.arguments import Parts, check_entries, check_kind, outcome_of
from trainingwheels.engine.gradients.arrays import seed_globals, untouched_globals
from trainingwheels.engine.gradients.target import Target
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.devices import using_threads

__all__ = ["Runner", "as_tensor", "autograd", "kind_of", "number_of", "session", "tensor_target"]


def tensor_target(f: Callable[..., Any], x: Any, gradient: Any, dtype: torch.dtype, seed: int) -> Target:
    """What :func:`gradient_check` asks, of a function of tensors."""
    parts = Parts(x, _held)
    tensors = [_leaf(name, part, dtype) for name, part in zip(parts.names, parts.checked, strict=True)]
    arrays = [tensor.detach().numpy() for tensor in tensors]  # views: an entry that is changed is changed in both

    def ask(what: Callable[..., Any]) -> Any:
        return what(*parts.passed([tensor.clone() for tensor in tensors]))

    runner = Runner(lambda: ask(f), dtype, seed)

    def slopes() -> list[Any]:
        if gradient is not None:
            found = runner.run(lambda: ask(gradient)) if callable(gradient) else gradient
            return parts.matching(found, arrays)
        found = runner.run()
        given = parts.gradient_in(found)
        if given is None:
            return autograd(number_of(found), tensors)
        own = parts.matching(given, arrays)
        target.notes.append(
            "The gradient that is checked is what f gives beside its value." + _doubt(own, found, tensors)
        )
        return own

    target = Target(parts.names, arrays, runner.value, slopes, lambda: session(dtype), parts.notes)
    return target


class Runner:
    """Runs ``f`` again and again, with the same random numbers, and with autograd only where f itself needs it.

    A function that differentiates, such as a gradient penalty, gives another value without autograd, or none.
    """

    def __init__(self, f: Callable[[], Any], dtype: torch.dtype, seed: int, hint: str = "") -> None:
        self._f, self._dtype, self._seed, self._hint = f, dtype, seed, hint
        self._plain: bool | None = None  # whether it will do without autograd; None: not known yet

    def run(self, f: Callable[[], Any] | None = None) -> Any:
        """What f gives, or another function, with autograd."""
        seed_globals(self._seed)
        torch.default_generator.manual_seed(self._seed)
        try:
            return (f or self._f)()
        except RuntimeError as error:
            if _mixes(error):
                raise InvalidSetting(
                    f"f mixes float32 and float64 ({brief(str(error).splitlines()[0])}): make its tensors with "
                    f"dtype=x.dtype, or pass dtype={_other(self._dtype)!r}."
                ) from error
            raise

    def value(self) -> float:
        """What f gives, as a number."""
        if self._plain is None:
            value = self._number()
            self._plain = self._without_autograd() == value
            return value
        return self._number(torch.no_grad()) if self._plain else self._number()

    def _number(self, mode: Any = None) -> float:
        with mode or torch.enable_grad():
            return float(number_of(self.run(), self._hint).detach())

    def _without_autograd(self) -> float | None:
        try:
            return self._number(torch.no_grad())
        except RuntimeError:
            return None


@contextmanager
def session(dtype: torch.dtype) -> Iterator[None]:
    """Autograd is on, tensors that f makes are of this type, and random states stay as they were.

    On one thread: several lose by far, however large the module, as soon as the machine has something else to do.
    """
    usual = torch.get_default_dtype()
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        untouched_globals(),
        torch.random.fork_rng(devices=[]),
        using_threads(1),
    ):
        torch.set_default_dtype(dtype)
        try:
            yield
        finally:
            torch.set_default_dtype(usual)


def as_tensor(name: str, part: Any, fix: str) -> Tensor:
    """``part`` as an ordinary tensor of its own on the CPU, its entries in the order of their indices."""
    try:
        if not isinstance(part, Tensor):
            return torch.from_numpy(np.array(part, order="C"))  # a copy: torch takes no negative strides
        return part.detach().to("cpu", copy=True).contiguous()
    except (TypeError, ValueError, RuntimeError):
        raise InvalidSetting(f"{name} = {brief(part)} cannot become a tensor: pass {fix}.") from None


def kind_of(tensor: Tensor) -> str:
    """As NumPy names it: floating, complex or whole."""
    return "f" if tensor.is_floating_point() else "c" if tensor.is_complex() else "i"


def _held(part: Any) -> Any:
    """A copy of what is no float: labels in an array become a tensor, which a loss of tensors wants."""
    return torch.tensor(part) if isinstance(part, np.ndarray) and part.dtype.kind in "iub" else copy.deepcopy(part)


def _leaf(name: str, part: Any, dtype: torch.dtype) -> Tensor:
    """A copy of a tensor that a gradient can be asked for."""
    with torch.inference_mode(False):
        tensor = as_tensor(name, part, "a float tensor")
        check_kind(name, kind_of(tensor), str(tensor.dtype))
        tensor = tensor.to(dtype)
        check_entries(name, tensor.numpy())
        return tensor.requires_grad_()


def _mixes(error: RuntimeError) -> bool:
    """Whether f stumbled over a float type that is not that of the check."""
    words = str(error).lower()
    return any(each in words for each in ("dtype", "scalar type", "data type")) and (
        "float" in words or "double" in words
    )


def _other(dtype: torch.dtype) -> str:
    return "float32" if dtype == torch.float64 else "float64"


def number_of(found: Any, hint: str = "") -> Tensor:
    """The value in what f gave, a tensor of one number."""
    found = outcome_of(found)
    if not isinstance(found, Tensor):
        raise InvalidSetting(f"f gives {brief(found)}, not a tensor: return one number as a tensor{hint}.")
    if found.numel() != 1:
        raise InvalidSetting(
            f"f gives a tensor of shape {tuple(found.shape)}, not one number: take a sum, a mean or a loss of it{hint}."
        )
    return found.reshape(())


def autograd(value: Tensor, tensors: Sequence[Tensor]) -> list[Any]:
    """The gradient for each tensor; zero where the value does not depend on it."""
    if not value.requires_grad:
        raise InvalidSetting(
            "f gives a tensor without a gradient: do not detach it, leave torch, or decorate f with no_grad."
        )
    found = torch.autograd.grad(value, list(tensors), allow_unused=True)
    if all(slope is None for slope in found):
        raise InvalidSetting("f does not use x: its value comes from other tensors. Let it use its argument.")
    return [
        _dense(torch.zeros_like(tensor) if slope is None else slope)
        for tensor, slope in zip(tensors, found, strict=True)
    ]


def _doubt(own: Sequence[Any], found: Any, tensors: Sequence[Tensor]) -> str:
    """What to say of the gradient that f gives, ``own``, where autograd finds another: it may be none."""
    try:
        slopes = autograd(number_of(found), tensors)
    except (InvalidSetting, RuntimeError):  # f leaves torch, or works in place
        return ""
    if all(np.allclose(one, other, rtol=1e-2, atol=1e-6) for one, other in zip(own, slopes, strict=True)):
        return ""
    return " Autograd finds another: if it is something else, such as probabilities, let f give the value alone."


def _dense(slope: Tensor) -> Any:
    return (slope.to_dense() if slope.is_sparse else slope).detach().to(torch.float64).numpy()
