"""Whether rows whose steps or epochs begin again go on with the run above them, or are another run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.records.columns import meaning_of
from trainingwheels.engine.records.sheet import Sheet

__all__ = ["taken_up"]

Floats = NDArray[np.float64]
NEARER = 0.5
"""A run goes on where its first value is at most so many times as far from where the last one was as from where that
had begun: another run begins where all runs do."""


Part = tuple[Floats, tuple[str, ...]]


def taken_up(sheet: Sheet, drawn: Sequence[str], x: Floats, parts: Sequence[NDArray[np.int64]]) -> list[Part]:
    """The ``parts`` of ``x`` (rows, NaN for those that are not drawn), joined where a run was taken up again.

    It was if the curves go on: at the step at which the part begins, or, if it counts from the start again, at the end.
    A part that begins later than the first does replaces what was done after that; one that counts anew is counted on.
    """
    found: list[Part] = []
    for part in parts:
        own = np.full(len(x), np.nan)
        own[part] = x[part]
        joined = _joined(sheet, drawn, *found[-1], own) if found and (~np.isnan(own)).any() else None
        if joined is None:
            found.append((own, ()))
        else:
            found[-1] = joined
    return found


def _joined(sheet: Sheet, drawn: Sequence[str], before: Floats, notes: tuple[str, ...], after: Floats) -> Part | None:
    """Both as one, and what is to be said of it; None if they are two runs."""
    if np.isnan(before).all():
        return None
    start, end, begins = float(np.nanmin(before)), float(np.nanmax(before)), float(np.nanmin(after))
    anew = begins <= start
    if not _goes_on(sheet, drawn, before, after, end if anew else begins):
        return None
    if anew:
        steps = np.diff(np.unique(before[~np.isnan(before)]))
        first = end + (float(np.median(steps)) if len(steps) else 1.0)
        x = np.where(np.isnan(after), before, after + (first - begins))
        return x, (*notes, f"begins again at {begins:g}: taken up again, counted on from {first:g}")
    x = np.where(np.isnan(after), np.where(before >= begins, np.nan, before), after)
    what = f"goes back from {end:g} to {begins:g}" if begins < end else f"{begins:g} stands twice"
    return x, (*notes, f"{what}: taken up again, the later values count")


def _goes_on(sheet: Sheet, drawn: Sequence[str], before: Floats, after: Floats, at: float) -> bool:
    """Whether most curves begin in ``after`` nearer to where they were ``at`` that step than to where they began."""
    votes: list[bool] = []
    for name in drawn:
        meaning = meaning_of(name)
        (x, old), (later, new) = _curve(sheet, name, before), _curve(sheet, name, after)
        if len(x) > 1 and len(later) and (meaning is None or meaning.quantity != "lr"):
            was, first = float(np.interp(at, x, old)), float(new[0])
            votes.append(abs(first - was) <= NEARER * abs(first - float(old[0])) and was != float(old[0]))
    return sum(votes) > len(votes) / 2


def _curve(sheet: Sheet, name: str, x: Floats) -> tuple[Floats, Floats]:
    """A column where it is finite, sorted by x."""
    column = sheet.columns[name]
    at = x[column.at]
    good = np.isfinite(at) & np.isfinite(column.values)
    order = np.argsort(at[good], kind="stable")
    return at[good][order], column.values[good][order]
