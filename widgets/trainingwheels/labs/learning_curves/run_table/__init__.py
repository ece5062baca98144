"""A table of runs: show or hide each, colour it, look at it, and see the settings in which they differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
from traitlets import List

__all__ = ["RunTable"]

_HERE = Path(__file__).parent


class RunTable(anywidget.AnyWidget):
    """One HTML table, however many runs: a widget for each cell would be a message for each cell.

    ``columns`` are the names of the further columns. A row is ``{"name", "color", "shown", "chosen", "cells"}``.
    What the learner does comes to ``on_action`` as ("show", place, True or False), ("color", place, "#rrggbb"),
    ("choose", place, True) or ("show", -1, True or False) for all rows.
    """

    _esm = (_HERE / "run_table.js").read_text("utf-8")
    _css = (_HERE / "run_table.css").read_text("utf-8")
    columns: Any = List().tag(sync=True)
    rows: Any = List().tag(sync=True)

    def on_action(self, handle: Callable[[str, int, Any], None]) -> None:
        """Call ``handle`` with each action. What does not look like one is passed over."""

        def take(_: Any, content: Any, __: Any) -> None:
            match content:
                case {"action": "show" | "choose" as action, "place": int(place), "value": bool(value)}:
                    handle(action, place, value)
                case {"action": "color", "place": int(place), "value": str(value)} if re.fullmatch(
                    "#[0-9a-fA-F]{6}", value
                ):
                    handle("color", place, value)

        self.on_msg(take)

    def show(self, columns: list[str], rows: list[dict[str, Any]]) -> None:
        """Show these rows, if they are new."""
        if columns != self.columns or rows != self.rows:
            with self.hold_sync():
                self.columns, self.rows = columns, rows
