"""A benchmark's result: an aligned table for the reader, and JSON lines for whoever follows it over time."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "RUN", "Target", "report", "show"]

FOLDER = Path(__file__).parents[2] / ".bench"
RUN = "TRAININGWHEELS_BENCH"
"""The environment variable that names the run of all benchmarks that this one is part of."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """What is wanted of the worst of ``rows`` (all, if it is left out): a ``column`` at least or at most ``limit``."""

    what: str
    column: str
    at_least: float | None = None
    at_most: float | None = None
    of: Callable[[Row], bool] = lambda row: True

    def judge(self, rows: Sequence[Row]) -> dict[str, Any]:
        """What was measured, the worst of all, and whether it is held."""
        values = [float(row[self.column]) for row in rows if self.of(row)]
        limit = self.at_least if self.at_most is None else self.at_most
        assert limit is not None
        worst = max(values) if self.at_most is not None else min(values)
        held = worst <= limit if self.at_most is not None else worst >= limit
        wanted = f"{'at most' if self.at_most is not None else 'at least'} {limit:g}"
        return {
            "what": self.what,
            "column": self.column,
            "wanted": wanted,
            "worst": worst,
            "": "" if held else "MISSED",
        }


def report(name: str, rows: Sequence[Row], *targets: Target) -> None:
    """Print ``rows``, which share their keys, and how the targets are met, and append both to files in .bench."""
    print(f"\n{name}")
    show(rows)
    judged = [{"benchmark": name, **target.judge(rows)} for target in targets]
    if judged:
        show(judged)
    _append(name, [{"benchmark": name, **row} for row in rows])
    _append("targets", judged)


def show(rows: Sequence[Row]) -> None:
    """Print ``rows``, which share their keys, as a table."""
    cells = [list(rows[0])] + [[_text(value) for value in row.values()] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _append(name: str, rows: Sequence[Row]) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    stamp = {"time": now, "machine": platform.machine(), "run": os.environ.get(RUN, "")}
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{name}.jsonl").open("a", encoding="utf-8") as lines:
        lines.writelines(json.dumps(stamp | dict(row)) + "\n" for row in rows)


def _text(value: Any) -> str:
    if isinstance(value, float) and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)
