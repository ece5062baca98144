"""Runs that do not count alike along x, steps or epochs, on one axis that means the same for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.records.csv import settings_text
from trainingwheels.engine.records.file_run import FileRun
from trainingwheels.engine.training.history import SHARE, Curves

__all__ = ["on_one_axis"]


def on_one_axis(runs: Sequence[Curves]) -> list[Curves]:
    """The runs; where they do not count alike, over what can be compared.

    Those that count steps count epochs if the others do and it is known of each how many steps an epoch has. Where that
    is not known, all are drawn over the share of their own run, in percent.
    """
    kinds = {run.x_is for run in runs}
    if len(kinds) < 2:
        return list(runs)
    if kinds == {"step", "epoch"} and all(run.steps_per_epoch for run in runs if run.x_is == "step"):
        return [run if run.x_is == "epoch" else _over(run, "epoch", run.steps_per_epoch) for run in runs]
    return [_over(run, SHARE, _last(run) / 100) for run in runs]


def _last(run: Curves) -> float:
    """Where a run ends, as far as it has come; 1 for one that is nowhere but at 0."""
    return max((float(at[-1]) for at in (run.steps, run.eval_steps) if at.size), default=0.0) or 1.0


def _over(run: Curves, x_is: str, unit: float) -> FileRun:
    """The curves of a run over ``x_is``, of which each is ``unit`` of what the run counts."""
    given = {key: text for key, text in settings_text(run).items() if key != "steps_per_epoch"}
    curves: dict[str, Any] = {
        name: getattr(run, name)
        for name in ("train_loss", "lr", "val_loss", "val_accuracy", "train_accuracy", "failed")
    }
    for name in ("steps", "eval_steps"):
        at = getattr(run, name) / unit
        at.setflags(write=False)
        curves[name] = at
    return FileRun(name="", given=given, steps_per_epoch=0, x_is=x_is, **curves)
