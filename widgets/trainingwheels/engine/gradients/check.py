"""Compare a gradient with differences of f: for a function in NumPy or torch, or a whole ``nn.Module``."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np

from trainingwheels.engine.gradients.arguments import Parts, finite
from trainingwheels.engine.gradients.arrays import array_target
from trainingwheels.engine.gradients.differences import PRECISIONS
from trainingwheels.engine.gradients.report import GradientReport
from trainingwheels.engine.gradients.rounding import noise_of
from trainingwheels.engine.gradients.sampling import draw, progress, sampled, shares
from trainingwheels.engine.gradients.survey import Survey
from trainingwheels.engine.gradients.target import Target
from trainingwheels.engine.settings import InvalidSetting, OneOf, Real, Whole, brief

__all__ = ["gradient_check"]

AUTO = "auto"


def gradient_check(
    f: Any,
    x: Any,
    gradient: Any = None,
    *,
    loss: Callable[..., Any] | None = None,
    h: float | None = None,
    dtype: str = "float64",
    entries: int | str | None = AUTO,
    train: bool | None = None,
    seed: int = 0,
) -> GradientReport:
    """Check the gradient of ``f`` at ``x`` against centred differences.

    The check runs on copies, on the CPU: ``x``, a module, and those that its loss runs stay as they are, and no hooks
    are called but those that compute a weight. What a function changes besides its argument, it changes. Where the two
    disagree, smaller steps look for kinks within h, and where a slope is lost in rounding, larger ones lift it out.

    Parameters
    ----------
    f : callable or nn.Module
        A function of arrays or of tensors that gives one number; or a module, all of whose parameters are checked.
    x : ndarray, tensor, float, or a list, tuple or dict of them
        Where. f takes a list or tuple as arguments, and a dict as it is; what holds no floats among them, such as
        labels, is held fixed. For a module: the batch, (inputs, targets) or inputs alone.
    gradient : callable or array, optional
        The gradient of f at x, or the function that gives it. Without, f itself may give (value, gradient); else a
        function of tensors is left to autograd.
    loss : callable, optional
        For a module: ``loss(output, targets)``, or ``loss(output)`` without targets.
    h : float, optional
        The step. By default 1e-5 in float64 and 5e-3 in float32, times max(1, |entry|).
    dtype : {"float64", "float32"}
        The precision of the check. float32 can tell a wrong gradient from a right one, but not a good one from a fair.
    entries : int, None or "auto"
        How many entries of each array are checked, drawn at random; None for all. By default all, or as many as half
        a minute allows.
    train : bool, optional
        For a module: True or False puts its copy into training or evaluation mode; by default it stays as it is.
    seed : int
        Of the drawn entries, and of what f draws from torch, ``np.random`` and ``random``: every evaluation sees the
        same dropout masks.

    Returns
    -------
    GradientReport
        ``print`` it. Its verdict follows the usual advice: at most 1e-7 right, up to 1e-4 fine where there are kinks,
        up to 1e-2 suspicious, above probably wrong. Entries at a kink, and differences within rounding, are not judged,
        and an array of which nothing could be judged is not called right.

    Raises
    ------
    InvalidSetting
        One line that says what is wrong with the arguments, and what to pass instead.
    """
    dtype = OneOf(PRECISIONS).check("dtype", dtype)
    step = None if h is None else Real(1e-300, 1e6).check("h", h)
    most = entries if entries in (None, AUTO) else Whole(1, 10**9, "entries").check("entries", entries)
    rng = np.random.default_rng(Whole(0, 2**63 - 1).check("seed", seed))
    target = _target(f, x, gradient, loss, dtype, train, seed)
    with target.session():
        return _check(target, step, dtype, most, rng)


def _check(
    target: Target, step: float | None, dtype: str, most: int | str | None, rng: np.random.Generator
) -> GradientReport:
    value = finite(target.value(), "x")
    seconds = min(_again(target, value) for _ in range(2))
    gradients = target.gradient()
    sizes = [array.size for array in target.arrays]
    counts = shares(sizes, seconds) if most == AUTO else [size if most is None else int(most) for size in sizes]
    notes = list(target.notes)
    if most == AUTO and sum(counts) < sum(sizes):
        notes.append(sampled(sum(counts), sum(sizes), seconds))
    chosen = [draw(slopes, count, rng) for slopes, count in zip(gradients, counts, strict=True)]
    h = PRECISIONS[dtype].h if step is None else step
    ticks = progress(sum(len(places) for places in chosen))
    with np.errstate(all="ignore"), closing(ticks):  # beside x, f may leave its domain, which is looked at
        survey = Survey(target.value, value, noise_of(target.value, target.arrays, rng), h, step is not None, rng)
        arrays = [
            survey.array(name, array, slopes, places, ticks)
            for name, array, slopes, places in zip(target.names, target.arrays, gradients, chosen, strict=True)
        ]
    return GradientReport(tuple(arrays), value, h, dtype, survey.noisiest, tuple(notes))


def _again(target: Target, value: float) -> float:
    """How long an evaluation takes, in seconds, when f gives the same once more."""
    begin = time.perf_counter()
    found = target.value()
    seconds = time.perf_counter() - begin
    if found != value:
        raise InvalidSetting(
            "f gives different values at the same x: it draws from a generator of its own, or keeps state. Fix that (a "
            "seed, a mask), then check."
        )
    return seconds


def _target(f: Any, x: Any, gradient: Any, loss: Any, dtype: str, train: bool | None, seed: int) -> Target:
    if not callable(f):
        raise InvalidSetting(f"f = {brief(f)} is not a function: pass a function of x, or an nn.Module.")
    if _is_torch(f) or any(_is_torch(part) for part in Parts(x).every):
        from trainingwheels.engine.gradients.modules import torch_target

        return torch_target(f, x, gradient, loss, dtype, train, seed)
    for name, given in (("loss", loss), ("train", train)):
        if given is not None:
            raise InvalidSetting(
                f"{name} = {brief(given)} is for an nn.Module, f is a {type(f).__name__}: leave it out."
            )
    return array_target(f, x, gradient, dtype, seed)


def _is_torch(thing: Any) -> bool:
    """Whether torch made it; asked without loading torch."""
    return any(kind.__module__.partition(".")[0] == "torch" for kind in type(thing).__mro__)
