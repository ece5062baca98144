"""Runs as CSV: one row a step, one column a curve.

The format: a header, then rows with ``step`` (``epoch`` for runs that count those) and any of ``loss``,
``val_loss``, ``train_accuracy``, ``val_accuracy``, ``lr``; an empty cell was not measured. With several runs in a file,
``run`` names the run of each row. ``setting.NAME`` says a setting of the run, in its first row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from trainingwheels.engine.records.file_run import METRICS
from trainingwheels.engine.records.sheets import SETTING
from trainingwheels.engine.training.history import Curves, History

__all__ = ["setting_text", "settings_text", "write_csv"]


def write_csv(runs: Mapping[str, Curves]) -> str:
    """The runs, by name, in that format. Of a run that was trained here, settings not at a default are written."""
    settings = {name: settings_text(run) for name, run in runs.items()}
    named = list(dict.fromkeys(setting for each in settings.values() for setting in each))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    counted = sorted({_counts(run) for run in runs.values()}, reverse=True) or ["step"]
    table.writerow(["run", *counted, *METRICS, *(SETTING + setting for setting in named)])
    for name, run in runs.items():
        first = [settings[name].get(setting, "") for setting in named]
        for x, *cells in _steps(run):
            places = [x if each == _counts(run) else "" for each in counted]
            table.writerow([name, *places, *cells, *first])
            first = [""] * len(named)
    return out.getvalue()


def _counts(run: Curves) -> str:
    """What the column along x is called for a run."""
    return "epoch" if run.x_is == "epoch" else "step"


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
