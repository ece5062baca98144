"""What a gradient check found, entry by entry, and as a report to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.differences import PRECISIONS, VERDICTS, Verdict, relative_error, verdict

__all__ = ["CheckedArray", "GradientReport"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
NOT_JUDGED = Verdict(float("nan"), "not judged", "nothing to go by")
COARSE = 1e4
"""How many times less precise than its type f is where that is worth a sentence: long sums alone stay below."""


@dataclass(frozen=True)
class CheckedArray:
    """The entries of one array that were checked.

    ``places`` are their flat indices; ``analytic`` and ``numeric`` the two gradients there, ``step`` how far each was
    moved. ``rounding`` is how far a numeric slope may be off by rounding alone; ``left`` and ``right`` are the slopes
    on the two sides. ``outcome`` holds names of :class:`Outcome`; ``sidestepped`` says where a kink lay within h, so
    that a smaller step or one side had to tell. All are ndarrays of shape (entries,).
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
    outcome: NDArray[np.str_]
    sidestepped: Flags

    @property
    def error(self) -> Floats:
        """The relative error |a - n| / max(|a|, |n|) of each entry."""
        return relative_error(self.analytic, self.numeric)

    def _came(self, outcome: str) -> Flags:
        found: Flags = self.outcome == outcome
        return found

    @property
    def hidden(self) -> Flags:
        """Entries that say nothing: rounding alone can make an error as large as theirs, at every step."""
        return self._came("ROUNDING")

    @property
    def kinked(self) -> Flags:
        """Entries at a kink, where the slopes on the two sides differ at every step, and the gradient lies between."""
        return self._came("KINK")

    @property
    def zero(self) -> Flags:
        """Entries where both gradients are zero up to rounding: f does not change, however far they are moved."""
        return self._came("ZERO")

    @property
    def unjudged(self) -> bool:
        """Whether there are slopes, but none that was judged."""
        seen = self._came("AGREES") | self._came("DIFFERS")
        return not seen.any() and bool((self.hidden | self.kinked).any())

    @property
    def ignored(self) -> bool:
        """Whether f is the same for all values of these entries, though the gradient is not zero."""
        return not self.left.any() and not self.right.any() and bool(self._came("DIFFERS").any())

    @property
    def judged(self) -> Floats:
        """The error of each entry that counts for the verdict; 0 for one that is not judged, or within rounding."""
        excused = (np.abs(self.analytic - self.numeric) <= self.rounding) & (self.error > VERDICTS[0].most)
        return np.where(excused | (self.hidden | self.kinked | self.zero), 0.0, self.error)

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
    """What :func:`gradient_check` found. It prints as a report, and is true where the gradient is right.

    ``arrays`` holds the entries, ``value`` is f(x), ``h`` the step and ``dtype`` the precision of the check; ``noise``
    is how far the values of f were seen to scatter, and ``remarks`` are sentences about how it was checked.
    """

    arrays: tuple[CheckedArray, ...]
    value: float
    h: float
    dtype: str
    noise: float = 0.0
    remarks: tuple[str, ...] = ()

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
        """What is said of the error; "not judged" where there is none, and an array of which nothing can be said."""
        found = verdict(self.error)
        return NOT_JUDGED if found in VERDICTS[:2] and self._unjudged else found

    @property
    def ok(self) -> bool:
        """Whether the gradient is right as far as can be told: no error above 1e-4, something of each array judged."""
        return self.error <= VERDICTS[1].most and not self._unjudged

    @property
    def _unjudged(self) -> list[str]:
        return [array.name for array in self.arrays if array.unjudged]

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
        notes = list(self.remarks)
        if count := self._count("sidestepped"):
            least = min(float(array.step[array.sidestepped].min(initial=np.inf)) for array in self.arrays)
            notes.append(
                f"{count} {_have(count)} a kink or a sharp bend within h: judged with smaller steps, down to "
                f"{least:.0e}, or by the slope on one side."
            )
        if count := self._count("kinked"):
            notes.append(
                f"{count} {_are(count)} at a kink: the slopes to the left and right of x differ, the gradient is "
                "between them. Not judged."
            )
        if count := self._count("zero"):
            notes.append(f"{count} {_are(count)} zero in both, up to rounding.")
        if count := self._count("hidden"):
            notes.append(f"{count} {_are(count)} lost in rounding: too small for this h and {self.dtype}. Not judged.")
        if self._coarse and (self._count("hidden") or not self.ok):
            notes.append(
                f"f is precise to {self.noise:.0e} only: it computes in less than {self.dtype} somewhere, or large "
                "terms cancel."
            )
        return notes

    @property
    def _coarse(self) -> bool:
        """Whether f is less precise than its type, next to its value and to what that changes by."""
        changes = [np.abs(array.step * side).max() for array in self.arrays for side in (array.left, array.right)]
        return bool(self.noise > COARSE * PRECISIONS[self.dtype].epsilon * max(abs(self.value), *changes))

    def _count(self, which: str) -> int:
        return sum(int(getattr(array, which).sum()) for array in self.arrays)

    def _conclusion(self) -> str:
        if ignored := [array.name for array in self.arrays if array.ignored]:
            return (
                f"{self.verdict.word}: f does not change with {_some(ignored)}. It is flat there (a ReLU that is off: "
                "is its mask missing?), goes in steps, or reads something else, such as a variable from outside: let "
                "it use its argument, in floats."
            )
        if self.error <= VERDICTS[1].most and self._unjudged:
            return self._blind()
        if self._flat:
            return "right, but both gradients are zero everywhere: check at another x, too."
        if not self.error:
            largest = max(float(np.abs(array.numeric).max()) for array in self.arrays)
            rounding = max(float(array.rounding.max()) for array in self.arrays)
            if largest <= rounding:
                return "right, as far as can be seen: both gradients are zero, up to rounding. Check at another x, too."
            hides = f"errors up to {rounding / largest:.0e} of the largest slope"
            return f"right, as far as can be seen: rounding hides {hides}."
        called = f"{self.worst.name}[{', '.join(map(str, self.worst.worst_index))}]"
        word, advice = self.verdict.word, self.verdict.advice
        doubt = "" if self.ok or self.dtype == "float64" else f" In {self.dtype} it may be rounding: check in float64."
        return f"{word}: the largest relative error is {self.error:.1e} at {called} ({advice}).{doubt}"

    def _blind(self) -> str:
        names = _some(self._unjudged)
        if any(array.hidden.all() for array in self.arrays):
            fix = "choose a larger h" if self.dtype == "float64" else "choose a larger h, or check in float64"
            return f"not judged: h = {self.h:g} leaves only rounding of {names} in {self.dtype}; {fix}."
        return f"not judged: nothing of {names} can be told at these kinks; check at another x."


_HEAD = ("array", "entries", "largest error", "at", "analytic", "numeric")


def _row(array: CheckedArray) -> tuple[str, ...]:
    total, place = int(np.prod(array.shape)), array.worst
    count = f"{len(array.places):,}" + (f" of {total:,}" if len(array.places) < total else "")
    at = ", ".join(map(str, array.worst_index))
    slopes = (f"{float(values[place]):+.6e}" for values in (array.analytic, array.numeric))
    largest = "not judged" if array.unjudged else f"{float(array.judged.max()):.1e}"
    return (array.name, count, largest, f"[{at}]", *slopes)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _are(count: int) -> str:
    return "entry is" if count == 1 else "entries are"


def _have(count: int) -> str:
    return "entry has" if count == 1 else "entries have"
