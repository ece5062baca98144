"""Runs as CSV: one row a step, one column a curve. What a learner's own loop writes is read as well.

The format: a header, then rows with ``step`` and any of ``loss``, ``val_loss``, ``train_accuracy``, ``val_accuracy``,
``lr``; an empty cell was not measured. With several runs in a file, ``run`` names the run of each row. ``setting.NAME``
says a setting of the run, in its first row. Names that mean the same are taken too (``iteration``, ``Validation Loss``,
Keras's ``epoch,accuracy,loss``), so are semicolons or tabs instead of commas; other columns are passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.records.file_run import (
    LARGEST_STEP,
    METRICS,
    MOST_RUNS,
    FileRun,
    Points,
    metric_of,
    refuse,
    shown_name,
)
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.history import Curves, History

__all__ = ["read_csv", "setting_text", "settings_text", "write_csv"]

MOST_ROWS, MOST_COLUMNS = 500_000, 200
STEPS = ("step", "steps", "global_step", "iteration", "iterations", "iter", "batch", "epoch")  # the first there counts
SETTING = "setting."
EXAMPLE = "choose a CSV whose first row has names, as step,loss,val_loss,val_accuracy"


def read_csv(data: bytes, name: str) -> list[FileRun]:
    """The runs in a CSV file with this content, in the order of their first rows.

    Without a step column the rows are counted. Raises :class:`InvalidSetting`, naming file and row.
    """
    rows = _rows(data, name)
    try:
        header = next(rows, [])
        columns = _Columns(header, name)
        runs: dict[str, _Reader] = {}
        for number, row in enumerate(rows, 2):
            if number > MOST_ROWS + 1:
                raise refuse(name, f"has more than {MOST_ROWS:,} rows", "choose a shorter one, say every tenth step")
            if row:
                columns.take(runs, row, number)
    except csv.Error as error:
        raise refuse(name, f"is no CSV ({error})", EXAMPLE) from None
    found = [reader.points for reader in runs.values() if not reader.points.empty]
    if not found:
        raise refuse(name, "has no row with a number to draw", EXAMPLE)
    return [points.run(_steps_per_epoch(points)) for points in found]


def _rows(data: bytes, name: str) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(name, f"is not text (byte {error.start:,})", EXAMPLE) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    # where commas do not part the columns, they may stand for decimal points
    return rows if delimiter == "," else ([cell.replace(",", ".") for cell in row] for row in rows)


class _Reader:
    """One run while its rows come."""

    def __init__(self, name: str) -> None:
        self.points, self.last, self.rows = Points(name), -1, 0


class _Columns:
    """Which column means what, in the file ``name``."""

    def __init__(self, header: Sequence[str], name: str) -> None:
        self._name = name
        names = [" ".join(column.split()) for column in header]
        if len(names) > MOST_COLUMNS:
            raise refuse(name, f"has more than {MOST_COLUMNS} columns", EXAMPLE)
        lower = [column.lower().replace(" ", "_") for column in names]
        self._step = next((lower.index(step) for step in STEPS if step in lower), None)
        self._run = lower.index("run") if "run" in lower else None
        self._settings = {
            place: column.removeprefix(SETTING) for place, column in enumerate(lower) if column.startswith(SETTING)
        }
        self._metrics: dict[str, int] = {}
        for place, column in enumerate(names):
            metric = None if place in (self._step, self._run, *self._settings) else metric_of(column)
            if metric in self._metrics:
                both = f"{brief(names[self._metrics[metric]])} and {brief(column)}"
                raise refuse(name, f"has two columns for {metric}, {both}", "keep one of them")
            if metric is not None:
                self._metrics[metric] = place
        if not set(self._metrics) - {"lr"}:
            raise refuse(name, f"has no column named loss or accuracy (its first: {brief(', '.join(names))})", EXAMPLE)

    def take(self, runs: dict[str, _Reader], row: Sequence[str], number: int) -> None:
        """Take a row, the ``number``-th line of the table."""
        run = shown_name(row[self._run]) if self._run is not None and self._run < len(row) else shown_name(self._stem)
        if run not in runs and len(runs) == MOST_RUNS:
            raise refuse(self._name, f"has more than {MOST_RUNS} runs", "choose fewer")
        reader = runs.setdefault(run, _Reader(run))
        reader.rows += 1
        where = f"{brief(self._name)}, row {number:,}"
        step = reader.rows if self._step is None else _whole(_cell(row, self._step), where)
        if step < reader.last:
            raise InvalidSetting(
                f"{where}: step {step:,} comes after step {reader.last:,}: sort the rows, or name each row's run in a "
                "column run."
            )
        reader.last = step
        for metric, place in self._metrics.items():
            if (text := _cell(row, place)) != "":
                reader.points.add(metric, step, _number(text, where), where)
        for place, setting in self._settings.items():
            if (text := _cell(row, place)) != "":
                reader.points.given.setdefault(setting[:40], shown_name(text))

    @property
    def _stem(self) -> str:
        return self._name.rpartition("/")[2].removesuffix(".csv")


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidSetting(f"{where}: {brief(text)} is not a number: write it as 0.25, or leave it empty.") from None


def _whole(text: str, where: str) -> int:
    value = _number(text, where)
    if not abs(value) <= LARGEST_STEP or value != int(value):
        raise InvalidSetting(f"{where}: step {brief(text)} is not a whole number: count steps as 1, 2, 3.")
    return int(value)


def _steps_per_epoch(points: Points) -> int:
    text = points.given.pop("steps_per_epoch", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def write_csv(runs: Mapping[str, Curves]) -> str:
    """The runs, by name, in that format. Of a run that was trained here, settings not at a default are written."""
    settings = {name: settings_text(run) for name, run in runs.items()}
    named = list(dict.fromkeys(setting for each in settings.values() for setting in each))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["run", "step", *METRICS, *(SETTING + setting for setting in named)])
    for name, run in runs.items():
        first = [settings[name].get(setting, "") for setting in named]
        for cells in _steps(run):
            table.writerow([name, *cells, *first])
            first = [""] * len(named)
    return out.getvalue()


def settings_text(run: Curves) -> dict[str, str]:
    """The settings that the file says of a run."""
    values = dict(run.settings)
    if isinstance(run, History):
        usual = type(run.config)().to_dict()
        kept = ("dataset", "lr", "seed")
        values = {key: value for key, value in values.items() if value != usual[key] or key in kept}
    if run.steps_per_epoch:
        values["steps_per_epoch"] = run.steps_per_epoch
    return {key: setting_text(value) for key, value in values.items()}


def setting_text(value: Any) -> str:
    """A setting in a cell: 0.1, relu, 32 32, none."""
    if isinstance(value, tuple | list):
        return " ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else "none" if value is None else str(value)


def _steps(run: Curves) -> Iterator[list[Any]]:
    """The rows of a run: step, and its numbers as short as float32 allows."""
    at = np.union1d(run.steps, run.eval_steps)
    columns = [at]
    lr = run.steps[: len(run.lr)]
    for steps, values in (
        (run.steps, run.train_loss),
        (run.eval_steps, run.val_loss),
        (run.eval_steps, run.train_accuracy),
        (run.eval_steps, run.val_accuracy),
        (lr, run.lr),
    ):
        column = np.full(len(at), "", dtype=object)
        column[np.searchsorted(at, steps)] = [str(value) for value in values]
        columns.append(column)
    return (list(row) for row in zip(*columns, strict=True))
