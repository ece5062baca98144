"""From columns over an axis to the curves of a run: gaps, sums of parts, percent; and what was done, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.records.axis import Axis
from trainingwheels.engine.records.columns import Taken
from trainingwheels.engine.records.file_run import LARGEST_STEP, FileRun
from trainingwheels.engine.records.sheet import Sheet
from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["run_of", "without_gaps"]

Floats = NDArray[np.float64]
ROUNDED = 1.01  # an accuracy that rounding has lifted over 1; what is higher is percent
FAR = 10  # times lower than another in percent: then 100 times as much, which a share of 1 means, is nearer to that
ACCURACIES = {"train_accuracy", "val_accuracy"}


class Curve:
    """Values over x, both float64 and sorted by x; of several values at one x their mean."""

    def __init__(self, x: Floats, values: Floats) -> None:
        order = np.argsort(x, kind="stable")
        self.x, self.values = x[order], values[order]
        if (np.diff(self.x) == 0).any():
            self.x, first, counts = np.unique(self.x, return_index=True, return_counts=True)
            with np.errstate(invalid="ignore"):
                self.values = np.add.reduceat(self.values, first) / counts


NOTHING = Curve(np.empty(0), np.empty(0))


def without_gaps(sheet: Sheet, taken: Mapping[str, Taken], x: str) -> Sheet:
    """The sheet without the NaN that only say that nothing was measured; those of a run that diverged stay.

    It has diverged if its loss is no number from some place to the end, was one everywhere before, and the validation
    loss is none from there on. Places are those in the column ``x``, or rows if it is empty.
    """
    places = np.arange(sheet.rows, dtype=np.float64)
    if x:
        places[sheet.columns[x].at] = sheet.columns[x].values
    measured = [sheet.columns[name] for name in taken.get("val_loss", Taken()).columns]
    last = max((places[column.at[np.isfinite(column.values)]].max(initial=-1) for column in measured), default=-1)
    columns = dict(sheet.columns)
    for role, names in taken.items():
        for name in names.columns:
            column = columns[name]
            bad = np.isnan(column.values)
            first = int(np.argmax(bad))
            diverged = role == "loss" and first > 0 and bad[first:].all() and last < places[column.at[first]]
            if bad.any() and not diverged:
                columns[name] = replace(column, at=column.at[~bad], values=column.values[~bad])
    return replace(sheet, columns=columns)


def run_of(sheet: Sheet, axis: Axis, taken: Mapping[str, Taken], name: str, file: str) -> FileRun | None:
    """The run ``name`` of these columns over this axis; None if nothing of them lies on it.

    Raises :class:`InvalidSetting`, naming the ``file``, for steps and accuracies that cannot be.
    """
    curves = {role: _curve(sheet, axis, columns.columns) for role, columns in taken.items()}
    _check_x(curves, file)
    notes = [*axis.notes, *_strangers(sheet, taken), *_settle_accuracies(sheet, curves, taken, file)]
    if not any(len(curve.x) for role, curve in curves.items() if role != "lr"):
        return None
    used = {axis.column, *(each for columns in taken.values() for each in columns.columns)}
    text = sheet.given.get("steps_per_epoch", "")
    known = text.isascii() and text.isdigit() and len(text) < 10 and axis.x_is == "step"
    return FileRun(
        name=name,
        given={key: value for key, value in sheet.given.items() if key != "steps_per_epoch"},
        steps_per_epoch=int(text) if known else 0,
        x_is=axis.x_is,
        taken={"x": axis.column or "rows, counted", **{role: str(each) for role, each in taken.items()}},
        left=tuple(each for each in sheet.columns if each not in used),
        notes=tuple(notes),
        **_arrays(curves),
    )


def _curve(sheet: Sheet, axis: Axis, names: Sequence[str]) -> Curve:
    """A column over x, or the sum of several where all have a value."""
    each = []
    for name in names:
        column = sheet.columns[name]
        x = axis.x[column.at]
        known = ~np.isnan(x)
        each.append(Curve(x[known], column.values[known]))
    if len(each) == 1:
        return each[0]
    x = each[0].x
    for curve in each[1:]:
        x = np.intersect1d(x, curve.x, assume_unique=True)
    return Curve(x, np.sum([curve.values[np.searchsorted(curve.x, x)] for curve in each], axis=0))


def _check_x(curves: Mapping[str, Curve], file: str) -> None:
    for curve in curves.values():
        wrong = curve.x[~((curve.x >= 0) & (curve.x <= LARGEST_STEP))]
        if len(wrong):
            text = f"step {wrong[0]:g} is out of range: choose steps from 0 to {LARGEST_STEP:,}."
            raise InvalidSetting(f"{brief(file)}: {text}")


def _strangers(sheet: Sheet, taken: Mapping[str, Taken]) -> list[str]:
    """What of the columns is no number and no gap."""
    columns = {name: sheet.columns[name] for each in taken.values() for name in each.columns}
    return [
        f"{brief(column.strange[1])} in row {column.strange[0] + 2:,} of {name} is no number: left out"
        for name, column in columns.items()
        if column.strange
    ]


def _settle_accuracies(sheet: Sheet, curves: dict[str, Curve], taken: Mapping[str, Taken], file: str) -> list[str]:
    """Make accuracies shares from 0 to 1. Those that are none are dropped. What was done is said."""
    notes = []
    for role in [role for role in curves if role in ACCURACIES]:
        values = curves[role].values
        wrong = values[~((values >= 0) & (values <= 100 * ROUNDED))]
        if len(wrong):
            words = f"accuracy {wrong[0]:g} is out of range"
            if not any(other in curves for other in ("loss", "val_loss")):
                raise InvalidSetting(f"{brief(file)}: {words}: choose 0 to 1, or percent up to 100.")
            del curves[role]
            notes.append(f"{taken[role]} is left out: {words}")
    return notes + _as_shares(sheet, curves, taken)


def _as_shares(sheet: Sheet, curves: Mapping[str, Curve], taken: Mapping[str, Taken]) -> list[str]:
    """Divide accuracies in percent by 100: all or none, but for one that is shares of 1 beside another in percent."""
    notes = []
    signs = {role: any(sheet.columns[name].percent for name in taken[role].columns) for role in ACCURACIES & {*curves}}
    highest = {role: float(curves[role].values.max(initial=0)) for role in signs}
    most = max(highest.values(), default=0.0)
    percent = any(signs.values()) or most > ROUNDED
    for role in [role for role in curves if role in signs]:
        share = not signs[role] and 0 < highest[role] <= ROUNDED and most > FAR * highest[role]
        if percent and share:
            notes.append(f"{taken[role]} is read as shares of 1, beside accuracies in percent")
        curves[role].values = np.minimum(curves[role].values / (100.0 if percent and not share else 1.0), 1.0)
    return notes


def _arrays(curves: Mapping[str, Curve]) -> dict[str, Any]:
    """The curves as a run has them: what is measured now and then at one set of steps, NaN where it was not."""
    loss, lr = curves.get("loss", NOTHING), curves.get("lr", NOTHING)
    measured = {role: curves.get(role, NOTHING) for role in ("val_loss", "val_accuracy", "train_accuracy")}
    at = np.unique(np.concatenate([curve.x for curve in measured.values()]))
    arrays = {"steps": loss.x, "train_loss": loss.values, "lr": np.empty(0), "eval_steps": at}
    if len(lr.x):
        place = np.searchsorted(lr.x, loss.x, side="right") - 1  # the rate stays until another is written
        arrays["lr"] = np.where(place >= 0, lr.values[np.maximum(place, 0)], np.nan)
    for role, curve in measured.items():
        arrays[role] = np.full(len(at), np.nan)
        arrays[role][np.searchsorted(at, curve.x)] = curve.values
    return {name: _frozen(values, name.endswith("steps")) for name, values in arrays.items()}


def _frozen(values: Floats, counts: bool) -> NDArray[Any]:
    whole = counts and bool((values == np.rint(values)).all())
    with np.errstate(over="ignore"):  # beyond float32 is infinite
        array: NDArray[Any] = values.astype(np.int64 if whole else np.float64 if counts else np.float32)
    array.setflags(write=False)
    return array
