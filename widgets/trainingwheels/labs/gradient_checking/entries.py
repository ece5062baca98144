"""A check entry by entry: which arrays leave the diagonal tells which line of the backward pass is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trainingwheels.engine import CHECKS, whole_error
from trainingwheels.figures.labels import compact, short
from trainingwheels.labs.gradient_checking.checking import Check, Checking
from trainingwheels.labs.gradient_checking.pictures.gradient_entries import EntriesPicture, GradientEntries

__all__ = ["EntryByEntry"]


@dataclass(frozen=True)
class EntriesCheck(Check, GradientEntries):
    """The entries, with the check behind them."""


class EntryByEntry(Checking):
    """Every entry of both gradients, at one h."""

    name = "entries"
    label = "entry by entry"
    about = (
        "Every entry of both gradients at one h: numeric against analytic at the left, their relative errors at the "
        "right."
    )
    picture = EntriesPicture

    def compute(self, s: Any) -> EntriesCheck:
        checked = self.check(s)
        title = f"{CHECKS[s.function].label}, h = {compact(s.h)}, {s.precision}"
        return EntriesCheck(
            checked.analytic, checked.numeric, checked.error, checked.owner, checked.names, title,
            checked=checked, bug=s.bug,
        )  # fmt: skip

    def explain(self, result: EntriesCheck) -> Sequence[str]:
        errors = {
            name: whole_error(result.analytic[result.owner == place], result.numeric[result.owner == place])
            for place, name in enumerate(result.names)
        }
        words = [f"Relative error of each array: {', '.join(f'{name} {short(errors[name])}' for name in errors)}."]
        if wrong := [name for name in errors if errors[name] > 1e-2]:
            right = [name for name in errors if errors[name] <= 1e-4]
            rest = f" At most 1e-4: {', '.join(right)}." if right else ""
            words.append(f"Off by more than 1e-2: {', '.join(wrong)}.{rest}")
        zero = int(np.count_nonzero((result.analytic == 0) & (result.numeric == 0)))
        if zero:
            words.append(f"{zero} of {len(result.error)} entries are zero in both gradients; their error counts as 0.")
        return [*words, *super().explain(result)]
