"""A batch of trials on its way: nets that are trained as one population, or calls of a function."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.search.halving import bracket
from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import LiveTraining, train_steps

__all__ = ["Batch", "Calls", "Objective", "Runs"]

Objective = Callable[[Mapping[str, Any]], float]
PICTURES = 20  # of a halved batch, at least, unless asked for


class Batch(Protocol):
    """``trials`` as they are now, and their ``training``, if they are trained.

    ``advance`` gets those that are running on a little, until none is.
    """

    trials: list[Trial]
    training: LiveTraining | None

    def advance(self) -> None: ...


class Calls:
    """Trials of a function; each ``advance`` is one call."""

    training: LiveTraining | None = None

    def __init__(self, trials: Sequence[Trial], objective: Objective) -> None:
        self.trials, self.objective, self.called = list(trials), objective, 0

    def advance(self) -> None:
        trial = self.trials[self.called]
        value = _number(self.objective(dict(trial.params)), trial)
        state, value = ("complete", value) if math.isfinite(value) else ("diverged", math.nan)
        self.trials[self.called] = replace(trial, state=state, value=value, epochs=1.0)
        self.called += 1


def _number(found: Any, trial: Trial) -> float:
    try:
        return float(found)
    except (TypeError, ValueError):
        raise InvalidSetting(
            f"objective({brief(trial.params)}) = {brief(found)} is not a number: let it return one."
        ) from None


class Runs:
    """Trials that are trained, each on its ``data``; of those at the places in each of ``halved``, the worse ones are
    pruned on the way.

    There are ``snapshots`` advances to the end; None are about 12 a second.
    """

    def __init__(
        self,
        trials: Sequence[Trial],
        configs: Sequence[RunConfig],
        data: Sequence[Data],
        device: str,
        snapshots: int | None,
        halved: Sequence[Sequence[int]],
    ) -> None:
        self.trials, epochs = list(trials), configs[0].epochs
        if halved:  # each rung is a moment
            snapshots = epochs * math.ceil((snapshots or PICTURES) / epochs)
        self.training: LiveTraining | None = train_steps(configs, device, snapshots=snapshots, data=data)
        self.halvings = [_Halving(places, epochs) for places in halved]

    def advance(self) -> None:
        assert self.training
        snapshot = next(self.training)
        running = self._running
        for place in running:
            self.trials[place] = _advanced(self.trials[place], snapshot.histories[place], snapshot.done)
        self.training.drop([place for place in running if self.trials[place].state == "diverged"])
        if not snapshot.done:
            pruned = [place for halving in self.halvings for place in halving.ends(self.trials)]
            for place in pruned:
                self.trials[place] = replace(self.trials[place], state="pruned")
            self.training.drop(pruned)

    @property
    def _running(self) -> list[int]:
        return [place for place, trial in enumerate(self.trials) if trial.state == "running"]


class _Halving:
    """The bracket of the trials at ``places``."""

    def __init__(self, places: Sequence[int], epochs: int) -> None:
        self.places, halved = places, bracket(epochs, len(places))
        self.rungs = list(zip(halved.rungs[:-1], halved.counts[1:], strict=True))

    def ends(self, trials: Sequence[Trial]) -> list[int]:
        """The places of those that end here: at the end of a rung, all but the best."""
        running = [place for place in self.places if trials[place].state == "running"]
        if not self.rungs or not running or min(trials[place].epochs for place in running) < self.rungs[0][0]:
            return []
        _, count = self.rungs.pop(0)
        return sorted(running, key=lambda place: -trials[place].value)[count:]


def _advanced(trial: Trial, history: History, done: bool) -> Trial:
    """The trial, so far."""
    epochs = len(history.steps) / max(history.steps_per_epoch, 1)
    if history.failed or history.diverged_at is not None:
        return replace(trial, state="diverged", value=math.nan, test=math.nan, history=history, epochs=epochs)
    value, test = (
        (float(scores[-1]) if len(scores) else math.nan) for scores in (history.val_accuracy, history.test_accuracy)
    )
    state = "complete" if done else "running"
    return replace(trial, state=state, value=value, test=test, history=history, epochs=epochs)
