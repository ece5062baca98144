"""A run in plain values, for a storage that keeps text: its curves, without the inside of the net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from trainingwheels.engine.training.history import History, LayerCurves
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["history_from", "history_to"]

STEPS = ("steps", "train_loss", "lr")
EVALUATIONS = (
    "eval_steps", "val_loss", "val_accuracy", "train_accuracy", "clean_accuracy", "batch_accuracy", "test_accuracy",
)  # fmt: skip
COUNTS = ("steps", "eval_steps")
MOST_STEPS = 1000  # that are kept, evenly spaced: a curve shows no more


def history_to(history: History) -> dict[str, Any]:
    """What :func:`history_from` makes the run of again; of more than 1000 steps, some."""
    stride = max(1, -(-len(history.steps) // MOST_STEPS))
    values: dict[str, Any] = {name: getattr(history, name)[stride - 1 :: stride].tolist() for name in STEPS}
    values |= {name: getattr(history, name).tolist() for name in EVALUATIONS}
    return values | {"steps_per_epoch": history.steps_per_epoch, "failed": history.failed}


def history_from(values: Mapping[str, Any], config: RunConfig) -> History:
    """The run of ``config`` with these curves."""
    arrays = {name: np.array(values[name], int if name in COUNTS else np.float32) for name in (*STEPS, *EVALUATIONS)}
    for array in arrays.values():
        array.setflags(write=False)
    none = np.empty((0, 0), np.float32)
    layers = LayerCurves(np.empty(0, int), *[none] * (len(fields(LayerCurves)) - 1))
    return History(
        config=config,
        steps_per_epoch=values["steps_per_epoch"],
        failed=values["failed"],
        layers=layers,
        **arrays,
    )
