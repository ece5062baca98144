"""What a run leaves behind: its curves, in plain arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["SHARE", "Best", "Curves", "History", "LayerCurves", "place"]

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]


SHARE = "% of the run"
"""What is along x for runs that do not count alike."""


def place(x_is: str, step: float) -> str:
    """Where on the x axis, in words: "step 1,200"; of an epoch also its parts, "epoch 2.67"; or "45 % of the run"."""
    if x_is == SHARE:
        return f"{step:.0f} {SHARE}"
    return f"{x_is} " + f"{step:,.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Best:
    """The evaluation with the highest validation accuracy, the first of several."""

    step: float
    val_accuracy: float
    val_loss: float


@dataclass(frozen=True)
class LayerCurves:
    """Statistics of each layer at each of ``steps``, ndarrays of shape (steps, layers): see ``LayerStatistics``.

    ``extent`` is (steps, layers, 2) and ``density`` (steps, layers, bins), both without rows before the first step, and
    without layers in a run that nobody watched.
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


@dataclass(frozen=True, kw_only=True)
class Curves:
    """The curves of one run, wherever it was trained. All arrays are read-only.

    For each step: ``steps`` (1, 2, ...), ``train_loss`` (of the batch, before the step, without penalties) and ``lr``.
    For each evaluation: ``eval_steps`` (0 is before training), ``val_loss`` and ``val_accuracy`` on up to 1000
    validation examples, ``train_accuracy`` on up to 250 training examples, accuracies from 0 to 1. An evaluation drops
    nothing and takes examples as they are, so that ``train_accuracy`` is not that of mixed, cut or noisy inputs. A run
    that was read from a file has NaN for what the file does not say; its ``lr`` may be empty.
    ``steps_per_epoch`` is 0 where unknown; ``failed`` says in one line why a run could not go on, or is empty.
    """

    steps_per_epoch: int
    steps: Counts
    train_loss: Floats
    lr: Floats
    eval_steps: Counts
    val_loss: Floats
    val_accuracy: Floats
    train_accuracy: Floats
    failed: str = ""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What is known of how the run was made."""
        return {}

    @property
    def x_is(self) -> str:
        """What ``steps`` count: step, or in a run from a file epoch or row."""
        return "step"

    @property
    def total_steps(self) -> int:
        """Steps of the whole run, of which these curves may be the beginning; at least 1."""
        return max([1, *(math.ceil(float(at[-1])) for at in (self.steps, self.eval_steps) if at.size)])

    @property
    def chance(self) -> float | None:
        """The accuracy of guessing; None where the number of classes is unknown."""
        return None

    @property
    def even_loss(self) -> tuple[float, str] | None:
        """The loss where all classes score alike, and how it is written: 2.30, "log 10"; None where it is unknown."""
        return None

    @property
    def wrong_labels(self) -> float:
        """The share of training labels that are wrong, as far as is known."""
        return 0.0

    @property
    def diverged_at(self) -> float | None:
        """The first step whose loss was NaN or infinite, an int where steps are counted; None if there is none."""
        bad = np.flatnonzero(~np.isfinite(self.train_loss))
        return self.steps[bad[0]].item() if bad.size else None

    @property
    def best(self) -> Best | None:
        """What early stopping would keep; None before the first evaluation, or where no accuracy is known."""
        if not np.isfinite(self.val_accuracy).any():
            return None
        at = int(np.nanargmax(self.val_accuracy))
        return Best(self.eval_steps[at].item(), float(self.val_accuracy[at]), float(self.val_loss[at]))


@dataclass(frozen=True, kw_only=True)
class History(Curves):
    """The curves of a run that was trained here from ``config``; ``layers`` is the inside of the net.

    ``train_accuracy`` counts by the labels that the run was told. ``clean_accuracy``, on the same examples, counts by
    the right ones, which are others under ``label_noise``. ``batch_accuracy`` is what training itself saw: that of the
    latest batches, about 250 examples, each before its step, as they were mixed, cut or noisy, and of nets of which
    something was dropped; of a mixed example the heavier label counts. It is NaN before the first step, and where
    nothing is disturbed. ``test_accuracy`` is that on up to 1000 examples of a test
    set, which nothing was chosen by; NaN where there is none.
    """

    config: RunConfig
    clean_accuracy: Floats
    batch_accuracy: Floats
    test_accuracy: Floats
    layers: LayerCurves

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.config.to_dict()

    @property
    def total_steps(self) -> int:
        return max(self.config.epochs * self.steps_per_epoch, len(self.steps), 1)

    @property
    def chance(self) -> float:
        return 1 / DATASETS[self.config.dataset].classes

    @property
    def even_loss(self) -> tuple[float, str]:
        loss, classes = LOSSES[self.config.loss], DATASETS[self.config.dataset].classes
        return loss.even(classes), loss.even_words.format(C=classes)

    @property
    def wrong_labels(self) -> float:
        return self.config.label_noise
