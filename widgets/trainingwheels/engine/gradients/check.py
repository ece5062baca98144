"""Compare a gradient with differences of f: for a function in NumPy or torch, or a whole ``nn.Module``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.arguments import as_passed, finite, floats, matching, number, parts_of
from trainingwheels.engine.gradients.differences import PRECISIONS
from trainingwheels.engine.gradients.report import CheckedArray, GradientReport
from trainingwheels.engine.gradients.target import Target
from trainingwheels.engine.settings import InvalidSetting, OneOf, Real, Whole, brief

__all__ = ["gradient_check"]

Floats = NDArray[Any]
SLACK = 16.0
"""Rounding in f, in units of its last digit: a mean over a batch and a few layers stay below, as the tests measure."""


def gradient_check(
    f: Any,
    x: Any,
    gradient: Any = None,
    *,
    loss: Callable[..., Any] | None = None,
    h: float | None = None,
    dtype: str = "float64",
    entries: int | None = 100,
    train: bool | None = None,
    seed: int = 0,
) -> GradientReport:
    """Check the gradient of ``f`` at ``x`` against centred differences. Nothing that is passed in is changed.

    The check runs on copies, on the CPU.

    Parameters
    ----------
    f : callable or nn.Module
        A function of arrays or of tensors that gives one number; or a module, all of whose parameters are checked.
    x : ndarray, tensor, float, or a list, tuple or dict of them
        Where. f takes a list or tuple as arguments, and a dict as it is. For a module: the batch, (inputs, targets) or
        inputs alone.
    gradient : callable or array, optional
        The gradient of f at x, or the function that gives it. Without, a function of tensors is left to autograd, and
        one of arrays gives the pair (value, gradient) itself.
    loss : callable, optional
        For a module: ``loss(output, targets)``, or ``loss(output)`` without targets.
    h : float, optional
        The step. By default 1e-5 in float64 and 5e-3 in float32, times max(1, |entry|).
    dtype : {"float64", "float32"}
        The precision of the check. float32 can tell a wrong gradient from a right one, but not a good one from a fair.
    entries : int or None
        How many entries of each array are checked, drawn at random; None for all.
    train : bool, optional
        For a module: True or False puts its copy into training or evaluation mode; by default it stays as it is.
    seed : int
        Of the drawn entries, and of what the module draws: every evaluation sees the same dropout masks.

    Returns
    -------
    GradientReport
        ``print`` it. Its verdict follows the usual advice: at most 1e-7 right, up to 1e-4 fine where there are kinks,
        up to 1e-2 suspicious, above probably wrong. Entries at a kink, and differences within rounding, are not judged.

    Raises
    ------
    InvalidSetting
        One line that says what is wrong with the arguments, and what to pass instead.
    """
    dtype = OneOf(PRECISIONS).check("dtype", dtype)
    step = None if h is None else Real(1e-300, 1e6).check("h", h)
    most = None if entries is None else Whole(1, 10**9, "entries").check("entries", entries)
    rng = np.random.default_rng(Whole(0, 2**63 - 1).check("seed", seed))
    target = _target(f, x, gradient, loss, dtype, train, seed)
    value = finite(target.value(), "x")
    if target.value() != value:
        raise InvalidSetting("f gives different values at the same x: fix its randomness (a seed, a mask), then check.")
    gradients = target.gradient()
    chosen = [_choose(array.size, most, rng) for array in target.arrays]
    h_used = PRECISIONS[dtype].h if step is None else step
    checked = [
        _check_array(name, array, found, places, target.value, value, h_used, step is None)
        for name, array, found, places in zip(target.names, target.arrays, gradients, chosen, strict=True)
    ]
    return GradientReport(tuple(checked), value, h_used, dtype)


def _target(f: Any, x: Any, gradient: Any, loss: Any, dtype: str, train: bool | None, seed: int) -> Target:
    if not callable(f):
        raise InvalidSetting(f"f = {brief(f)} is not a function: pass a function of x, or an nn.Module.")
    if _is_torch(f) or any(_is_torch(part) for part in parts_of(x)[1]):
        from trainingwheels.engine.gradients.modules import torch_target

        return torch_target(f, x, gradient, loss, dtype, train, seed)
    for name, given in (("loss", loss), ("train", train)):
        if given is not None:
            raise InvalidSetting(
                f"{name} = {brief(given)} is for an nn.Module, f is a {type(f).__name__}: leave it out."
            )
    return _numpy_target(f, x, gradient, dtype)


def _is_torch(thing: Any) -> bool:
    """Whether torch made it; asked without loading torch."""
    return any(kind.__module__.partition(".")[0] == "torch" for kind in type(thing).__mro__)


def _numpy_target(f: Callable[..., Any], x: Any, gradient: Any, dtype: str) -> Target:
    names, parts = parts_of(x)
    arrays = [floats(name, part, dtype) for name, part in zip(names, parts, strict=True)]

    def ask(what: Callable[..., Any]) -> Any:
        return what(*as_passed(x, [array.copy() for array in arrays]))

    def value() -> float:
        found = ask(f)
        return number(found[0] if _is_pair(found) else found)

    def slopes() -> list[Floats]:
        found = gradient
        if callable(gradient):
            found = ask(gradient)
        elif gradient is None:
            pair = ask(f)
            if not _is_pair(pair):
                raise InvalidSetting(
                    "f gives a number, no gradient: pass gradient=, let f return (value, gradient), or pass a tensor."
                )
            found = pair[1]
        return matching(names, arrays, found, x)

    return Target(names, arrays, value, slopes)


def _is_pair(found: Any) -> bool:
    return isinstance(found, tuple) and len(found) == 2


def _choose(size: int, most: int | None, rng: np.random.Generator) -> NDArray[np.int_]:
    if most is None or size <= most:
        return np.arange(size)
    return np.sort(rng.choice(size, most, replace=False))


def _check_array(
    name: str,
    array: Floats,
    gradient: Floats,
    places: NDArray[np.int_],
    value: Callable[[], float],
    here: float,
    h: float,
    scaled: bool,
) -> CheckedArray:
    """Measure the slope of f along each of these entries; they are put back as they were."""
    flat = array.reshape(-1)  # a view: target arrays are contiguous
    rows = []
    for place in places:
        entry = flat[place]
        step = h * max(1.0, abs(float(entry))) if scaled else h
        rows.append(_slopes(name, np.unravel_index(int(place), array.shape), flat, place, value, here, step))
        flat[place] = entry
    numeric, left, right, step, rounding = np.array(rows).T
    slopes = gradient.reshape(-1)[places]
    return CheckedArray(name, array.shape, places, slopes, numeric, step, rounding, left, right)


def _slopes(
    name: str, index: Any, flat: Floats, place: Any, value: Callable[[], float], here: float, h: float
) -> tuple[float, float, float, float, float]:
    """The centred, left and right slope along one entry, the step, and how far rounding may put the first off.

    The steps that count are those that x + h and x - h really took, after their own rounding.
    """
    entry = flat[place]
    ends = []
    for sign in (1, -1):
        flat[place] = entry + flat.dtype.type(sign * h)
        ends.append((float(flat[place]) - float(entry), value()))
    (up, above), (down, below) = ends
    called = f"{name}[{', '.join(str(int(i)) for i in index)}]"
    if not up or not down:
        raise InvalidSetting(
            f"h = {h:g} is lost in rounding at {called} = {float(entry):g} ({flat.dtype}): choose a larger h."
        )
    for found in (above, below):
        finite(found, f"{called} ± {h:g}")
    rounding = SLACK * float(np.finfo(flat.dtype).eps) * max(abs(here), abs(above), abs(below)) / (up - down)
    return (above - below) / (up - down), (below - here) / down, (above - here) / up, h, rounding
