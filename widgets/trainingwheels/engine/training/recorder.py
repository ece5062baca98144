"""Collects what a population does, chunk by chunk, and cuts it into the histories of its members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.training.history import History, LayerCurves
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.statistics import LayerStatistics

__all__ = ["Evaluation", "Recorder"]

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Evaluation:
    """Losses and accuracies of all members at one moment, ndarrays of shape (members,): see :class:`History`."""

    val_loss: Floats
    val_accuracy: Floats
    train_accuracy: Floats
    clean_accuracy: Floats
    batch_accuracy: Floats
    test_accuracy: Floats


class Recorder:
    """The record of a population of ``configs``; its methods add to it, ``histories`` reads it."""

    def __init__(self, configs: Sequence[RunConfig], steps_per_epoch: int) -> None:
        self.configs, self.steps_per_epoch = list(configs), steps_per_epoch
        self.step = 0
        self.losses: list[Floats] = []  # each (steps, members)
        self.rates: list[Floats] = []
        self.evaluations: list[tuple[int, Evaluation]] = []
        self.layers: list[tuple[int, LayerStatistics]] = []

    def keep(self, members: Sequence[int]) -> Recorder:
        """The record of these members alone, to go on with."""
        kept, chosen = Recorder([self.configs[member] for member in members], self.steps_per_epoch), list(members)
        kept.step = self.step
        kept.losses, kept.rates = ([each[:, chosen] for each in record] for record in (self.losses, self.rates))
        kept.evaluations = [(step, _picked(each, chosen)) for step, each in self.evaluations]
        kept.layers = [(step, _picked(each, chosen)) for step, each in self.layers]
        return kept

    def add_steps(self, losses: Floats, rates: Floats) -> None:
        """Losses and learning rates of the steps since the last call, (steps, members)."""
        self.losses.append(losses)
        self.rates.append(rates)
        self.step += len(losses)

    def add_layers(self, statistics: LayerStatistics) -> None:
        self.layers.append((self.step, statistics))

    def add_evaluation(self, evaluation: Evaluation) -> None:
        self.evaluations.append((self.step, evaluation))

    @property
    def evaluated_at(self) -> int | None:
        """The step of the latest evaluation."""
        return self.evaluations[-1][0] if self.evaluations else None

    def histories(self) -> list[History]:
        """The history of each member up to now."""
        none = np.empty((0, len(self.configs)), np.float32)
        self.losses, self.rates = [np.concatenate([none, *self.losses])], [np.concatenate([none, *self.rates])]
        nothing = np.empty((0, len(self.configs), 0), np.float32)
        evaluated = {item.name: _stacked(self.evaluations, item.name, none) for item in fields(Evaluation)}
        inside = {item.name: _stacked(self.layers, item.name, nothing) for item in fields(LayerStatistics)}
        steps = {
            "steps": np.arange(1, self.step + 1),
            "eval_steps": np.array([step for step, _ in self.evaluations], int),
            "layer_steps": np.array([step for step, _ in self.layers], int),
        }
        for array in (*steps.values(), *evaluated.values(), *inside.values(), *self.losses, *self.rates):
            array.setflags(write=False)
        return [self._history(member, steps, evaluated, inside) for member in range(len(self.configs))]

    def _history(
        self,
        member: int,
        steps: dict[str, NDArray[np.int64]],
        evaluated: dict[str, Floats],
        inside: dict[str, Floats],
    ) -> History:
        return History(
            config=self.configs[member],
            steps_per_epoch=self.steps_per_epoch,
            steps=steps["steps"],
            train_loss=self.losses[0][:, member],
            lr=self.rates[0][:, member],
            eval_steps=steps["eval_steps"],
            layers=LayerCurves(steps["layer_steps"], **{name: each[:, member] for name, each in inside.items()}),
            val_loss=evaluated["val_loss"][:, member],
            val_accuracy=evaluated["val_accuracy"][:, member],
            train_accuracy=evaluated["train_accuracy"][:, member],
            clean_accuracy=evaluated["clean_accuracy"][:, member],
            batch_accuracy=evaluated["batch_accuracy"][:, member],
            test_accuracy=evaluated["test_accuracy"][:, member],
        )


Record = TypeVar("Record", Evaluation, LayerStatistics)


def _picked(record: Record, members: list[int]) -> Record:
    """What the record says of these members."""
    return type(record)(*(getattr(record, item.name)[members] for item in fields(record)))


def _stacked(records: Sequence[tuple[int, object]], name: str, nothing: Floats) -> Floats:
    """The field ``name`` of all records, (records, members, ...); ``nothing`` if there are none."""
    return np.stack([getattr(record, name) for _, record in records]) if records else nothing
