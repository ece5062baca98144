"""What a gradient check found, entry by entry, and as a report to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.differences import VERDICTS, Verdict, relative_error, verdict

__all__ = ["CheckedArray", "GradientReport"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CheckedArray:
    """The entries of one array that were checked.

    ``places`` are their flat indices; ``analytic`` and ``numeric`` the two gradients there, ``step`` how far each was
    moved. ``rounding`` is how far a numeric slope may be off by rounding alone; ``left`` and ``right`` are the slopes
    on the two sides. All are ndarrays of shape (entries,).
    """

    name: str
    shape: tuple[int, ...]
    places: NDArray[np.int_]
    analytic: Floats
    numeric: Floats
    step: Floats
    rounding: Floats
    left: Floats
    right: Floats

    @property
    def error(self) -> Floats:
        """The relative error |a - n| / max(|a|, |n|) of each entry."""
        return relative_error(self.analytic, self.numeric)

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Entries whose error is above 1e-7, but no larger than rounding alone can make it: they say nothing."""
        return (np.abs(self.analytic - self.numeric) <= self.rounding) & (self.error > VERDICTS[0].most)

    @property
    def kinked(self) -> NDArray[np.bool_]:
        """Entries at a kink: the slopes on the two sides differ, and the gradient lies between them.

        They differ by 1 % at a step of 1e-5 and by 10 % from 1e-4 on; without a kink, such a bend would be rare.
        """
        low, high = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        size = np.maximum(np.abs(low), np.abs(high))
        margin = 1e-4 * size + self.rounding
        between = (low - margin <= self.analytic) & (self.analytic <= high + margin)
        apart = high - low > np.minimum(1000 * self.step, 0.1) * size + 2 * self.rounding
        return apart & between & (self.error > VERDICTS[0].most) & ~self.hidden

    @property
    def judged(self) -> Floats:
        """The error of each entry that counts for the verdict; 0 for one that is hidden or kinked."""
        return np.where(self.hidden | self.kinked, 0.0, self.error)

    @property
    def worst(self) -> int:
        """The place, among the checked entries, of the one with the largest error that counts."""
        return int(self.judged.argmax()) if self.judged.any() else int(np.abs(self.analytic - self.numeric).argmax())

    @property
    def worst_index(self) -> tuple[int, ...]:
        """The index of that entry in the array."""
        return tuple(int(place) for place in np.unravel_index(self.places[self.worst], self.shape))


@dataclass(frozen=True)
class GradientReport:
    """What :func:`gradient_check` found. It prints as a report, and is true where ``error`` is at most 1e-4.

    ``arrays`` holds the entries, ``value`` is f(x), ``h`` the step and ``dtype`` the precision of the check.
    """

    arrays: tuple[CheckedArray, ...]
    value: float
    h: float
    dtype: str

    @property
    def error(self) -> float:
        """The largest relative error that counts: not that of entries at a kink, nor of those lost in rounding."""
        return max(float(array.judged.max()) for array in self.arrays)

    @property
    def worst(self) -> CheckedArray:
        """The array with the largest error."""
        return max(self.arrays, key=lambda array: float(array.judged.max()))

    @property
    def verdict(self) -> Verdict:
        return verdict(self.error)

    @property
    def ok(self) -> bool:
        """Whether the gradient is right as far as can be told: no error above 1e-4, and something was large enough."""
        return self.error <= VERDICTS[1].most and not self._blind

    @property
    def _blind(self) -> bool:
        """Whether rounding leaves nothing to compare, though there are slopes."""
        lost = all((array.rounding >= np.abs(array.numeric)).all() for array in self.arrays)
        return lost and not self._flat

    @property
    def _flat(self) -> bool:
        return not any(array.numeric.any() or array.analytic.any() for array in self.arrays)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        rows = [_HEAD, *(_row(array) for array in self.arrays)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
        table = [
            "  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        head = f"gradient check, centred difference, h = {self.h:g}, {self.dtype}; f(x) = {self.value:.6g}"
        return "\n".join([head, *table, *self._notes(), self._conclusion()])

    def _notes(self) -> list[str]:
        notes = []
        if kinked := sum(int(array.kinked.sum()) for array in self.arrays):
            notes.append(
                f"{kinked} {_entries(kinked)} at a kink: the slopes to the left and right of x differ, the gradient is "
                "between them. Not judged."
            )
        if hidden := sum(int(array.hidden.sum()) for array in self.arrays):
            notes.append(
                f"{hidden} {_entries(hidden)} lost in rounding: too small for this h and {self.dtype}. Not judged."
            )
        return notes

    def _conclusion(self) -> str:
        if self._flat:
            return "right, but both gradients are zero everywhere: check at another x, too."
        if self._blind:
            return f"nothing to see: h = {self.h:g} leaves only rounding in {self.dtype}; choose a larger h."
        if not self.error:
            largest = max(float(np.abs(array.numeric).max()) for array in self.arrays)
            rounding = max(float(array.rounding.max()) for array in self.arrays)
            hides = f"errors up to {rounding / largest:.0e} of the largest slope"
            return f"right, as far as can be seen: rounding hides {hides}."
        called = f"{self.worst.name}[{', '.join(map(str, self.worst.worst_index))}]"
        word, advice = self.verdict.word, self.verdict.advice
        doubt = "" if self.ok or self.dtype == "float64" else f" In {self.dtype} it may be rounding: check in float64."
        return f"{word}: the largest relative error is {self.error:.1e} at {called} ({advice}).{doubt}"


_HEAD = ("array", "entries", "largest error", "at", "analytic", "numeric")


def _row(array: CheckedArray) -> tuple[str, ...]:
    total, place = int(np.prod(array.shape)), array.worst
    count = f"{len(array.places):,}" + (f" of {total:,}" if len(array.places) < total else "")
    at = ", ".join(map(str, array.worst_index))
    slopes = (f"{float(values[place]):+.6e}" for values in (array.analytic, array.numeric))
    return (array.name, count, f"{float(array.judged.max()):.1e}", f"[{at}]", *slopes)


def _entries(count: int) -> str:
    return "entry is" if count == 1 else "entries are"
