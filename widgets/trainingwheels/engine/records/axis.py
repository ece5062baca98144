"""What is along x: which column counts the steps or epochs of a run, and what becomes of rows that begin again.

A log may be counted by steps, by epochs, by batches that begin again in every epoch, or not at all; it may have several
rows an epoch, be out of order, or go on after a restart. No value is dropped without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.records.columns import x_kind
from trainingwheels.engine.records.resumed import taken_up
from trainingwheels.engine.records.sheet import Sheet

__all__ = ["Axis", "axes_of", "x_columns"]

Floats = NDArray[np.float64]
MOST_PARTS = 20  # a log that begins again more often than this counts batches, or is out of order
COVERED = 0.9  # share of the rows to be drawn that a column must have a number in, to be preferred by its name


@dataclass(frozen=True)
class Axis:
    """Where the rows of a run lie: ``x`` has a number for each row, NaN for those that are not of it.

    ``x_is`` is step, epoch or row; ``column`` the name of the column (empty: rows are counted); ``notes`` say what was
    done to it.
    """

    x: Floats
    x_is: str
    column: str
    notes: tuple[str, ...] = ()


def x_columns(sheet: Sheet, drawn: Sequence[str]) -> list[str]:
    """The columns that may be along x, the best first. ``drawn`` are the columns that are to be drawn over it."""
    rows = _rows(sheet, drawn)
    found = []
    for name, column in sheet.columns.items():
        kind = x_kind(name)
        if kind is None or not column.numeric or name in drawn:
            continue
        here = column.within(rows)
        share = len(here.at) / max(1, int(rows.sum()))
        still = len(here.at) > 1 and float(np.ptp(here.values)) == 0  # written without a step
        found.append(((still, share < COVERED, kind[0] == "epoch", kind[1]), name))
    return [name for (still, *_), name in sorted(found, key=lambda each: each[0]) if not still]


def axes_of(sheet: Sheet, drawn: Sequence[str], name: str) -> list[Axis]:
    """Where the rows of a run lie, or of the several runs that one after the other make the file.

    ``drawn`` are the columns that are drawn over the column ``name``; if that is empty, rows are counted.
    """
    rows = _rows(sheet, drawn)
    if not name:
        return [_counted(sheet, drawn, rows)]
    kind = "epoch" if _by_epoch(drawn) else (x_kind(name) or ("step", 0))[0]
    x, notes = _values(sheet, name, rows)
    if kind == "step" and _restarts(sheet, drawn, x).size and (epoch := _epochs(sheet, drawn)) is not None:
        across = _within_epochs(x, _values(sheet, epoch, rows)[0])
        if across is not None:
            return _settled(sheet, drawn, Axis(across, kind, name, (*notes, f"{name} begins again in every {epoch}")))
    return _settled(sheet, drawn, Axis(x, kind, name, notes))


def _by_epoch(names: Sequence[str]) -> bool:
    """Whether all curves are called as Keras calls those whose steps are epochs: ``train/epoch_loss``."""
    return all(name.rpartition("/")[2].startswith("epoch_") for name in names)


def _rows(sheet: Sheet, drawn: Sequence[str]) -> NDArray[np.bool_]:
    """In which rows there is something to draw."""
    rows = np.zeros(sheet.rows, bool)
    for name in drawn:
        rows[sheet.columns[name].at] = True
    return rows


def _values(sheet: Sheet, name: str, rows: NDArray[np.bool_]) -> tuple[Floats, tuple[str, ...]]:
    x = np.full(sheet.rows, np.nan)
    column = sheet.columns[name]
    good = np.isfinite(column.values)
    x[column.at[good]] = column.values[good]
    lost = int(np.isnan(x[rows]).sum())
    x[~rows] = np.nan
    rows_are = "1 row" if lost == 1 else f"{lost:,} rows"
    return x, (f"{rows_are} without a number in {name} left out",) if lost else ()


def _counted(sheet: Sheet, drawn: Sequence[str], rows: NDArray[np.bool_]) -> Axis:
    """The rows counted; or, where each curve stands in rows of its own, the values of the longest."""
    places = [sheet.columns[name].at for name in drawn]
    longest = max(places, key=len)
    if sum(map(len, places)) == int(rows.sum()) > len(longest):
        mine = np.zeros(sheet.rows, bool)
        mine[longest] = True
        x = np.where(rows, np.maximum(np.cumsum(mine), 1), np.nan)
        if not _doubles(sheet, drawn, x):
            return Axis(x, "row", "", ("no column counts steps: the values are counted",))
    return Axis(np.where(rows, np.cumsum(rows), np.nan), "row", "", ("no column counts steps: the rows are counted",))


def _restarts(sheet: Sheet, drawn: Sequence[str], x: Floats) -> NDArray[np.int64]:
    """The rows at which x begins again, or goes back: in one column, since each may have rows of its own."""
    for column in sorted((sheet.columns[name] for name in drawn), key=lambda column: len(column.at), reverse=True):
        at = column.at[~np.isnan(x[column.at])]
        lower = at[1:][np.diff(x[at]) < 0]
        if lower.size:
            return lower
    return np.empty(0, np.int64)


def _once_more(sheet: Sheet, drawn: Sequence[str], x: Floats) -> NDArray[np.int64]:
    """The row at which the one epoch is done again that stands twice, where all others stand once."""
    at = max((sheet.columns[name].at for name in drawn), key=len)
    at = at[~np.isnan(x[at])]
    again = at[1:][np.diff(x[at]) == 0]
    return again if len(again) == 1 and len(at) > 3 else np.empty(0, np.int64)


def _epochs(sheet: Sheet, drawn: Sequence[str]) -> str | None:
    """A column of epochs."""
    return next((name for name in x_columns(sheet, drawn) if (x_kind(name) or ("",))[0] == "epoch"), None)


def _within_epochs(batch: Floats, epoch: Floats) -> Floats | None:
    """One count of batches that begin again in every epoch; None if that is not what they do."""
    known = ~np.isnan(batch) & ~np.isnan(epoch)
    pairs = epoch[known], batch[known]
    if not known.any() or (np.diff(pairs[0]) < 0).any() or (np.diff(pairs[1])[np.diff(pairs[0]) == 0] < 0).any():
        return None
    low, high = float(pairs[1].min()), float(pairs[1].max())
    steps = np.diff(pairs[1])
    width = high - low + (float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0)
    across: Floats = (epoch - pairs[0][0]) * width + batch
    return across


def _settled(sheet: Sheet, drawn: Sequence[str], axis: Axis) -> list[Axis]:
    """The axis with its rows in order, each value at a place of its own; or one axis for each run in the file."""
    doubles = _doubles(sheet, drawn, axis.x)
    restarts = _restarts(sheet, drawn, axis.x)
    if restarts.size and not doubles:
        return [_noted(axis, axis.x, f"rows are sorted by {axis.column}")]
    if restarts.size:
        parts = np.split(np.arange(sheet.rows), restarts)
        lengths = {(int((~np.isnan(axis.x[part])).sum()), float(np.nanmin(axis.x[part]))) for part in parts}
        if axis.x_is == "step" and len(parts) > 2 and len(lengths) == 1:
            return [_noted(axis, _on(axis.x, parts), f"{axis.column} begins again {len(parts) - 1} times: counted on")]
        if len(parts) <= MOST_PARTS:
            runs = taken_up(sheet, drawn, axis.x, parts)
            words = [f"{axis.column} begins again: {len(runs)} runs, one after the other"] if len(runs) > 1 else []
            found = []
            for x, notes in runs:
                said = (*axis.notes, *words, *(f"{axis.column} {note}" for note in notes))
                found += _settled(sheet, drawn, replace(axis, x=x, notes=said))
            return found
    if not doubles:
        return [axis]
    if axis.x_is == "epoch" and not restarts.size:
        parts = np.split(np.arange(sheet.rows), _once_more(sheet, drawn, axis.x))
        (x, notes), *others = taken_up(sheet, drawn, axis.x, parts)
        if notes and not others:
            return [_noted(axis, x, f"{axis.column} {notes[0]}")]
        return [_noted(axis, _spread(axis.x), "several rows an epoch are spread evenly over it")]
    return [_noted(axis, axis.x, f"of several values at one {axis.x_is} the mean is drawn")]


def _noted(axis: Axis, x: Floats, note: str) -> Axis:
    return replace(axis, x=x, notes=(*axis.notes, note))


def _doubles(sheet: Sheet, drawn: Sequence[str], x: Floats) -> bool:
    """Whether a column has two values at one x."""
    for name in drawn:
        at = x[sheet.columns[name].at]
        at = at[~np.isnan(at)]
        if len(np.unique(at)) < len(at):
            return True
    return False


def _on(x: Floats, parts: Sequence[NDArray[np.int64]]) -> Floats:
    """x that goes on counting where it begins again: all parts are of one length."""
    first = x[parts[0]]
    first = first[~np.isnan(first)]
    steps = np.diff(first)
    width = float(np.ptp(first)) + (float(np.median(steps)) if len(steps) else 1.0)
    across = x.copy()
    for number, part in enumerate(parts):
        across[part] += number * (width or 1.0)
    return across


def _spread(epochs: Floats) -> Floats:
    """Rows of one epoch at even distances from it up to the next."""
    at = np.flatnonzero(~np.isnan(epochs))
    at = at[np.argsort(epochs[at], kind="stable")]
    values, first, counts = np.unique(epochs[at], return_index=True, return_counts=True)
    place = np.arange(len(at)) - np.repeat(first, counts)
    gap = float(np.diff(values).min(initial=1.0))
    spread = epochs.copy()
    spread[at] += gap * place / np.repeat(counts, counts)
    return spread
