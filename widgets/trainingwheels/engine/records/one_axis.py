"""Runs that count steps beside runs that count epochs: on one axis where that can be, and else a word about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.records.csv import settings_text
from trainingwheels.engine.records.file_run import FileRun
from trainingwheels.engine.training.history import Curves

__all__ = ["by_epoch", "on_one_axis"]


def on_one_axis(runs: Sequence[Curves]) -> list[Curves]:
    """The runs, those that count steps counting epochs if others do and it is known of each how many steps those are.

    Where it is not known of all, they are returned as they are.
    """
    kinds = {run.x_is for run in runs}
    by_step = [run for run in runs if run.x_is == "step"]
    if kinds != {"step", "epoch"} or not all(run.steps_per_epoch for run in by_step):
        return list(runs)
    return [by_epoch(run) if run.x_is == "step" else run for run in runs]


def by_epoch(run: Curves) -> FileRun:
    """The curves of a run over epochs, of which a step is a part. ``run.steps_per_epoch`` must be known."""
    given = {key: text for key, text in settings_text(run).items() if key != "steps_per_epoch"}
    curves: dict[str, Any] = {
        name: getattr(run, name)
        for name in ("train_loss", "lr", "val_loss", "val_accuracy", "train_accuracy", "failed")
    }
    for name in ("steps", "eval_steps"):
        at = getattr(run, name) / run.steps_per_epoch
        at.setflags(write=False)
        curves[name] = at
    return FileRun(name="", given=given, steps_per_epoch=0, x_is="epoch", **curves)
