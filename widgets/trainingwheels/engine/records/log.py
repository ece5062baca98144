"""A log that was opened: its columns, what they are taken for, and the runs that come of it.

What is taken for what may be changed: ``log.runs({"loss": "train/cls_loss", "val_accuracy": ""})``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from trainingwheels.engine.records.axis import axes_of, x_columns
from trainingwheels.engine.records.cells import Column
from trainingwheels.engine.records.columns import ROLES, Roles, Taken, roles_of, x_kind
from trainingwheels.engine.records.curves import run_of, without_gaps
from trainingwheels.engine.records.file_run import MOST_RUNS, FileRun, refuse
from trainingwheels.engine.records.sheet import Sheet
from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["Log"]

NAMES = "name the columns as step, loss, val_loss, accuracy, val_accuracy"


@dataclass(frozen=True)
class Log:
    """The file ``name`` as the ``sheets`` of its runs. ``notes`` say what was passed over when it was read; ``curve``
    is whether it is one curve of a run that others may belong to."""

    name: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    curve: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """The columns of numbers, in the order of the file, and how many each has."""
        found: dict[str, int] = {}
        for sheet in self.sheets:
            for name, count in sheet.counts.items():
                found[name] = found.get(name, 0) + count
        return found

    def roles(self, chosen: Mapping[str, str] | None = None) -> Roles:
        """What is taken for what. ``chosen`` maps a role of ``ROLES`` to a column of numbers, or to "" for none; the
        other roles go by the names. Raises :class:`InvalidSetting` for what is no role or column."""
        chosen, counts = chosen or {}, self.counts
        for role, column in chosen.items():
            if role not in ROLES or (column and column not in counts):
                raise refuse(self.name, f"has no numbers {brief(column)} for {brief(role)}", "choose another column")
        found, notes = roles_of(counts)
        taken = {role: columns for role, columns in found.items() if role not in chosen}
        taken |= {role: Taken((column,)) for role, column in chosen.items() if column and role != "x"}
        return Roles({role: taken[role] for role in ROLES if role in taken}, () if set(chosen) - {"x"} else notes)

    def runs(self, chosen: Mapping[str, str] | None = None) -> list[FileRun]:
        """The runs in it, its columns taken for what ``roles`` says. Raises :class:`InvalidSetting`, a line that names
        the file, if there is nothing to draw."""
        roles = self.roles(chosen)
        if not set(roles.taken) - {"lr"}:
            nothing = refuse(self.name, "has nothing to draw", "choose a column for a loss or an accuracy")
            raise nothing if chosen else self._nothing()
        runs = [run for sheet in self.sheets for run in self._of(sheet, roles, chosen or {})]
        if len(runs) > MOST_RUNS:
            raise refuse(self.name, f"has more than {MOST_RUNS} runs", "choose fewer")
        if not runs:
            raise refuse(self.name, "has no row with a number to draw", NAMES)
        return runs

    def _of(self, sheet: Sheet, roles: Roles, chosen: Mapping[str, str]) -> Iterator[FileRun]:
        counts, x = sheet.counts, chosen.get("x")
        taken = {role: each for role, each in roles.taken.items() if all(counts.get(name) for name in each.columns)}
        own = _otherwise(counts, taken, set(roles.taken) - set(chosen))
        taken |= own.taken
        drawn = [name for each in taken.values() for name in each.columns]
        if not set(taken) - {"lr"}:
            return
        if x is None or (x and x not in counts):
            x = (x_columns(sheet, drawn) or [""])[0]
        sheet = without_gaps(sheet, taken, x)
        axes = axes_of(sheet, drawn, x)
        for number, axis in enumerate(axes, 1):
            name = sheet.name if len(axes) == 1 else f"{sheet.name}, part {number}"
            run = run_of(sheet, axis, taken, name, self.name)
            if run is not None:
                yield run.noted(*self.notes, *roles.notes, *own.notes)

    def _nothing(self) -> InvalidSetting:
        """Why there is nothing to draw."""
        columns: dict[str, list[Column]] = {}
        for sheet in self.sheets:
            for name, column in sheet.columns.items():
                columns.setdefault(name, []).append(column)
        taken = roles_of(dict.fromkeys(columns, 1)).taken
        for name in [name for role, each in taken.items() if role != "lr" for name in each.columns]:
            if strange := next((column.strange for column in columns[name] if column.strange), None):
                where = f"{brief(self.name)}, row {strange[0] + 2:,}"
                text = f"{where}: {brief(strange[1])} is not a number: write it as 0.25, or leave it empty."
                return InvalidSetting(text)
            return refuse(self.name, "has no row with a number to draw", NAMES)
        names = [name for name in columns if not x_kind(name)]
        if names and all(name.startswith("column_") for name in names):
            return refuse(self.name, "has no names in its first row", NAMES)
        return refuse(self.name, f"has no column named loss or accuracy (its first: {brief(', '.join(names))})", NAMES)


def _otherwise(counts: Mapping[str, int], taken: Mapping[str, Taken], roles: Collection[str]) -> Roles:
    """What a run has for those ``roles`` for which it has not the columns that are ``taken`` in others."""
    used = {name for each in taken.values() for name in each.columns}
    own, notes = roles_of(counts)
    found = {
        role: each
        for role, each in own.items()
        if role in roles and role not in taken and not used.intersection(each.columns)
    }
    words = tuple(f"{each} is taken for {ROLES[role]}" for role, each in found.items())
    return Roles(found, tuple(note for note in notes if note.startswith(words)))
