"""What was taken for what: a line for each file, and drop-downs that change it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as w

from trainingwheels.engine.records.columns import ROLES, Taken
from trainingwheels.engine.settings import brief
from trainingwheels.labs.learning_curves.imports import Import, Imports

__all__ = ["Reading"]

CHOSEN = {role: label for role, label in ROLES.items() if role != "lr"}
"""The roles that have a drop-down; the learning rate goes by its name."""
NONE, COUNTED = "none", "rows, counted"
BY_NAME = " "  # the sum that the names say: a value that no column has
MOST_LINES = 20


class Reading(w.VBox):  # type: ignore[misc]
    """Below the picture: which file (where there are several), a row of drop-downs for its columns, and what was read.

    ``choose`` is called with the place of a file, a role, and a column ("" for none, None for what the names say).
    """

    def __init__(self, choose: Callable[[int, str, str | None], None]) -> None:
        self._choose, self._quiet = choose, False
        self._files: list[Import] = []
        self.which = w.Dropdown(description="file", tooltip="the file whose columns are chosen")
        self.columns = {
            role: w.Dropdown(description=label, tooltip=f"the column that is taken for {label}")
            for role, label in CHOSEN.items()
        }
        self._lines = w.HTML()
        self.which.observe(lambda _: self._show_columns(), "value")
        for role, box in self.columns.items():
            box.observe(lambda change, role=role: self._chosen(role, change.new), "value")
        row = w.Box([self.which, *self.columns.values()])
        row.add_class("tw-columns")
        super().__init__([row, self._lines])
        self.add_class("tw-reading")

    @property
    def lines(self) -> str:
        """What was read, as the page shows it."""
        return str(self._lines.value)

    def show(self, imports: Imports | None) -> None:
        """Show what these files were read as; nothing where there are none."""
        lines = imports.lines if imports else []
        (self.remove_class if lines else self.add_class)("tw-away")
        if imports is None:
            return
        before, self._files = len(self._files), list(imports.files)
        place = self.which.value if self.which.value is not None and len(self._files) == before else None
        names = [(brief(each.log.name), number) for number, each in enumerate(self._files)]
        more = [f"and {len(lines) - MOST_LINES} more files"] if len(lines) > MOST_LINES else []
        self._lines.value = "".join(f"<p>{escape(line)}</p>" for line in (*lines[:MOST_LINES], *more))
        self._quiet = True
        try:
            self.which.options = names
            self.which.value = (place if place is not None else len(names) - 1) if names else None
        finally:
            self._quiet = False
        (self.which.add_class if len(names) < 2 else self.which.remove_class)("tw-away")
        self._show_columns()

    def _show_columns(self) -> None:
        if self._quiet:
            return
        file = None if self.which.value is None else self._files[self.which.value]
        self._quiet = True
        try:
            for role, box in self.columns.items():
                (box.remove_class if file else box.add_class)("tw-away")
                if file is not None:
                    box.options, box.value = _options(file, role)
        finally:
            self._quiet = False

    def _chosen(self, role: str, column: str) -> None:
        if not self._quiet:
            self._choose(self.which.value, role, None if column == BY_NAME else column)


def _options(file: Import, role: str) -> tuple[list[tuple[str, str]], str]:
    """What a drop-down offers (the sum of parts where the names say so, each column of numbers, none), and what of it
    is taken."""
    columns = [*file.log.counts]
    options = [*((name, name) for name in columns), (COUNTED if role == "x" else NONE, "")]
    if role == "x":
        taken = next((run.taken["x"] for run in file.runs), "")
        return options, file.chosen.get("x", taken if taken in columns else "")
    by_name = file.log.roles().taken.get(role, Taken())
    if len(by_name.columns) > 1:
        options.insert(0, (str(by_name), BY_NAME))
        return options, file.chosen.get(role, BY_NAME)
    return options, file.chosen.get(role, str(by_name))
