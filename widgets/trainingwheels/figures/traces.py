"""From histories to the lines of a picture: chosen, smoothed, averaged over seeds, no longer than the pixels need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import Curves, History
from trainingwheels.engine.training.history import place
from trainingwheels.figures.palettes import run_color

__all__ = ["CurvesView", "Series", "Trace", "moving_average", "smoothing_window", "stride", "traces"]

Floats = NDArray[Any]
POINTS, FEWEST = 3000, 80  # of all lines together, and of each line at least: what a frame has time to draw
SMOOTHED = 40  # values of a curve from a file that are smoothed: fewer are no noise
QUANTITIES = ("loss", "val_loss", "train_accuracy", "val_accuracy", "gap", "lr")


@dataclass(frozen=True)
class CurvesView:
    """Runs to lay over each other, and how.

    ``colors`` has one per run (empty: the palette's); ``hidden`` are the places of runs that are not drawn; ``chosen``
    is drawn thicker. ``window`` is the number of steps of the moving average of the batch losses (None: chosen by
    :func:`smoothing_window`). With ``band``, runs of one label (that differ by their seed, say) are drawn as their mean
    and the range from the lowest to the highest. ``dots`` says whether single batches are drawn.
    """

    histories: Sequence[Curves]
    labels: Sequence[str]
    colors: Sequence[str] = ()
    hidden: frozenset[int] = frozenset()
    chosen: int | None = None
    window: int | None = None
    log_x: bool = False
    log_y: bool = True
    band: bool = False
    dots: bool = True


@dataclass(frozen=True)
class Series:
    """One line: ``y`` over ``x``, and the band around it from ``low`` to ``high``, or none. ``last`` is the number to
    write at its end, if that is not where it ends."""

    x: Floats
    y: Floats
    low: Floats | None = None
    high: Floats | None = None
    last: float | None = None


@dataclass(frozen=True)
class Trace:
    """The lines of one run, or of the mean of several.

    ``series`` maps each of ``QUANTITIES`` to its line: ``loss`` is the smoothed batch loss, ``gap`` the training minus
    the validation accuracy. ``batches`` are single batch losses. ``total`` is the number of steps of the whole run;
    ``best`` the (step, accuracy) of the best evaluation, None if that is the first; ``diverged_at`` a step, or None;
    ``note`` says what else befell it. ``x_is`` is what its steps are, ``points`` how many losses each point of its line
    is the mean of.
    """

    label: str
    color: str
    total: int
    series: dict[str, Series]
    batches: Series
    best: tuple[float, float] | None = None
    diverged_at: float | None = None
    note: str = ""
    thick: bool = field(default=False)
    x_is: str = "step"
    points: int = 1


def moving_average(values: Floats, window: int) -> NDArray[np.float64]:
    """The mean of each value and the ``window`` - 1 before it, or as many as there are. What is not finite is as 0."""
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0))])
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(ends - window, 0)
    averages: NDArray[np.float64] = (sums[ends] - sums[begins]) / (ends - begins)
    return averages


def smoothing_window(history: Curves) -> int:
    """An epoch, so that every example counts once, but at most a twentieth of the run."""
    return max(1, min(history.steps_per_epoch, history.total_steps // 20))


def _points(history: Curves, window: int) -> int:
    """How many of the losses a window of so many steps holds: a file may have every tenth step only.

    A file's few values are not smoothed, nor many over more than a quarter of them; those of epochs, which are means
    already, over a twentieth.
    """
    at = history.steps
    if not isinstance(history, History) and len(at) < SMOOTHED:
        return 1
    if history.x_is != "step":
        return max(1, min(window, len(at) // 20))
    points = max(1, round(window * (len(at) - 1) / float(at[-1] - at[0]))) if len(at) > 1 else 1
    return points if isinstance(history, History) else min(points, len(at) // 4)


def stride(count: int, most: int) -> int:
    """The power of two that leaves at most ``most`` of ``count``: it changes rarely, so that drawn points stay."""
    step = 1
    while count > step * most:
        step *= 2
    return step


def traces(view: CurvesView, most: int = 350) -> list[Trace]:
    """The lines of all runs that are not hidden, each of at most ``most`` points (and the last); fewer if many."""
    groups: dict[object, list[int]] = {}
    for run, label in enumerate(view.labels):
        if run not in view.hidden:
            groups.setdefault(label if view.band else run, []).append(run)
    colors = list(view.colors) or _colors(view)
    most = max(1, min(most, max(FEWEST, POINTS // max(len(groups), 1))))
    return [
        _trace([view.histories[run] for run in runs], view, runs, colors[runs[0]], most) for runs in groups.values()
    ]


def _colors(view: CurvesView) -> list[str]:
    """By label where labels are averaged, else by run; the same whether runs are hidden or not."""
    if not view.band:
        return [run_color(run) for run in range(len(view.labels))]
    names = list(dict.fromkeys(view.labels))
    return [run_color(names.index(label)) for label in view.labels]


def _trace(histories: Sequence[Curves], view: CurvesView, runs: list[int], color: str, most: int) -> Trace:
    several = len(histories) > 1
    points = [_points(history, view.window or smoothing_window(history)) for history in histories]
    each = [_series(history, count) for history, count in zip(histories, points, strict=True)]
    merged = {name: _merge([series[name] for series in each]) for name in QUANTITIES}
    diverged = [history.diverged_at for history in histories if history.diverged_at is not None]
    best = None if several else histories[0].best
    return Trace(
        label=view.labels[runs[0]],
        color=color,
        total=max(history.total_steps for history in histories),
        series={name: _thinned(series, most) for name, series in merged.items()},
        batches=_batches(histories[0], most) if not several else Series(np.empty(0), np.empty(0)),
        best=(best.step, best.val_accuracy) if best and best.step else None,
        diverged_at=None if several or not diverged else diverged[0],
        note=_note(histories, len(diverged)),
        thick=view.chosen in runs,
        x_is=histories[0].x_is,
        points=max(points),
    )


def _note(histories: Sequence[Curves], diverged: int) -> str:
    failed = sum(bool(history.failed) for history in histories)
    if len(histories) == 1:
        at = histories[0].diverged_at
        return "failed" * bool(failed) if at is None else f"diverged at {place(histories[0].x_is, at)}"
    counts = [f"{count} {word}" for count, word in ((diverged, "diverged"), (failed, "failed")) if count]
    return f"{' and '.join(counts)} of {len(histories)}" if counts else ""


def _series(history: Curves, window: int) -> dict[str, Series]:
    good = len(history.steps) if history.diverged_at is None else int(np.argmin(np.isfinite(history.train_loss)))
    smooth = moving_average(history.train_loss[:good], window)
    last = float(history.train_loss[good - 1]) if good and not isinstance(history, History) else None
    at = history.eval_steps
    return {
        "loss": Series(history.steps[:good], smooth, last=last),
        "val_loss": _finite(at, history.val_loss),
        "train_accuracy": _finite(at, history.train_accuracy),
        "val_accuracy": _finite(at, history.val_accuracy),
        "gap": _finite(at, history.train_accuracy - history.val_accuracy),
        "lr": _finite(history.steps[: len(history.lr)], history.lr),
    }


def _finite(x: Floats, y: Floats) -> Series:
    good = np.isfinite(y)
    return Series(x[good], y[good])


def _batches(history: Curves, most: int) -> Series:
    step = stride(len(history.steps), most)
    return _finite(history.steps[::step], history.train_loss[::step])


def _merge(each: Sequence[Series]) -> Series:
    """The mean of several lines, with the range that they span, where all of them that are not empty have values."""
    each = [series for series in each if len(series.x)] or list(each[:1])
    if len(each) == 1:
        return each[0]
    longest = max(each, key=lambda series: len(series.x))
    end = min(series.x[-1] for series in each)
    x = longest.x[longest.x <= end]
    ys = np.stack([np.interp(x, series.x, series.y) for series in each])
    return Series(x, ys.mean(0), ys.min(0), ys.max(0))


def _thinned(series: Series, most: int) -> Series:
    count = len(series.x)
    step = stride(count, most)
    if step == 1:
        return series
    kept = np.arange(0, count, step)
    if kept[-1] != count - 1:
        kept = np.append(kept, count - 1)
    low, high = (None if edge is None else edge[kept] for edge in (series.low, series.high))
    return Series(series.x[kept], series.y[kept], low, high, series.last)
