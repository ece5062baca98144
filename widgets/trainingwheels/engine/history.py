"""What a run leaves behind: its curves, in plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.runs import RunConfig

__all__ = ["Best", "History", "LayerCurves"]

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Best:
    """The evaluation with the highest validation accuracy, the first of several."""

    step: int
    val_accuracy: float
    val_loss: float


@dataclass(frozen=True)
class LayerCurves:
    """Statistics of each layer at each of ``steps``, ndarrays of shape (steps, layers): see ``LayerStatistics``.

    ``extent`` is (steps, layers, 2) and ``density`` (steps, layers, bins), both without rows before the first step.
    """

    steps: Counts
    mean: Floats
    std: Floats
    saturated: Floats
    dead: Floats
    gradient_norm: Floats
    update_ratio: Floats
    extent: Floats
    density: NDArray[Any]


@dataclass(frozen=True)
class History:
    """The curves of one run. All arrays are read-only.

    For each step: ``steps`` (1, 2, ...), ``train_loss`` (of the batch, before the step, without penalties) and ``lr``.
    For each evaluation: ``eval_steps`` (0 is before training), ``val_loss`` and ``val_accuracy`` on up to 1000
    validation examples, ``train_accuracy`` on up to 250 training examples, accuracies from 0 to 1.
    ``layers`` is the inside of the net. ``diverged_at`` is the first step whose loss was not finite, or None;
    ``failed`` says in one line why a run could not go on, or is empty.
    """

    config: RunConfig
    steps_per_epoch: int
    steps: Counts
    train_loss: Floats
    lr: Floats
    eval_steps: Counts
    val_loss: Floats
    val_accuracy: Floats
    train_accuracy: Floats
    layers: LayerCurves
    failed: str = ""

    @property
    def diverged_at(self) -> int | None:
        """The first step whose loss was NaN or infinite; None if there is none."""
        bad = np.flatnonzero(~np.isfinite(self.train_loss))
        return int(self.steps[bad[0]]) if bad.size else None

    @property
    def best(self) -> Best | None:
        """What early stopping would keep; None before the first evaluation."""
        if not self.eval_steps.size:
            return None
        at = int(np.argmax(self.val_accuracy))
        return Best(int(self.eval_steps[at]), float(self.val_accuracy[at]), float(self.val_loss[at]))
