"""Runs of several kinds, some of each, which differ by their seed: their accuracies of now, and their mean curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.traces import CurvesView, Trace, traces

__all__ = ["Kind", "Kinds", "accuracies_now", "kind_lines", "kinds_of"]

Floats = NDArray[np.floating[Any]]


class Kinds(Protocol):
    """Runs, and the kind of each: those of one label differ by their seed."""

    @property
    def histories(self) -> Sequence[History]: ...
    @property
    def labels(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Kind:
    """The runs of one label. Accuracies are those of now, one per run, NaN where there is none."""

    label: str
    color: str
    histories: tuple[History, ...]

    @property
    def noisy(self) -> Floats:
        """On training examples, as training saw them."""
        return accuracies_now(self.histories, "batch_accuracy")

    @property
    def train(self) -> Floats:
        return accuracies_now(self.histories, "train_accuracy")

    @property
    def right(self) -> Floats:
        """On the same training examples, by the right labels."""
        return accuracies_now(self.histories, "clean_accuracy")

    @property
    def validation(self) -> Floats:
        return accuracies_now(self.histories)

    @property
    def gap(self) -> Floats:
        """Training minus validation accuracy."""
        return self.train - self.validation


def accuracies_now(histories: Sequence[History], of: str = "val_accuracy") -> Floats:
    """The last of each run's accuracies ``of`` a history, (runs,); NaN for one that has not been evaluated."""
    curves = [getattr(history, of) for history in histories]
    return np.array([curve[-1] if len(curve) else np.nan for curve in curves])


def kinds_of(runs: Kinds) -> list[Kind]:
    """The labels in their order, each with its runs."""
    kinds = []
    for place, label in enumerate(dict.fromkeys(runs.labels)):
        own = [run for run, other in enumerate(runs.labels) if other == label]
        histories = tuple(runs.histories[run] for run in own)
        kinds.append(Kind(label, run_color(place), histories))
    return kinds


def kind_lines(kinds: Sequence[Kind], most: float) -> list[Trace]:
    """The mean of each kind over its seeds."""
    histories = [history for kind in kinds for history in kind.histories]
    labels = [kind.label for kind in kinds for _ in kind.histories]
    return traces(CurvesView(histories, labels, band=True), int(most)) if histories else []
