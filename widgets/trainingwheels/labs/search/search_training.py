"""Searches under way, as what a lab with nets can start, pause and watch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trainingwheels.engine.search import Result, SideBySide
from trainingwheels.labs.base.nets import Growing
from trainingwheels.labs.search.trial_words import in_words

__all__ = ["Moment", "SearchTraining"]


@dataclass(frozen=True)
class Moment(Growing):
    """A moment of a search that is ``repeated``, and of as many ``rivals`` or none; the runs are the trials of the
    first repetition, the steps those of all."""

    repeated: tuple[Result, ...]
    rivals: tuple[Result, ...]


class SearchTraining:
    """Searches of which the first so many are ``repetitions`` of one, and the others rivals.

    One that ``waits`` takes no trial before it is to train: others would miss it.
    """

    def __init__(self, live: SideBySide, repetitions: int, *, waits: bool) -> None:
        self._live, self._repetitions, self._waits = live, repetitions, waits

    @property
    def device(self) -> str:
        return self._live.training.device if self._live.training is not None else ""

    @property
    def step_seconds(self) -> float:
        return self._live.training.step_seconds if self._live.training is not None else math.inf

    def __next__(self) -> Moment:
        if self._waits:
            self._waits = False
            return self._moment(self._live.look())
        return self._moment(next(self._live))

    def step(self) -> Moment:
        """As far as the next picture."""
        return next(self)

    def look(self) -> Moment:
        return self._moment(self._live.results)

    def note_drawing(self, seconds: float, beside: bool = False) -> None:
        if self._live.training is not None:
            self._live.training.note_drawing(seconds, beside)

    def change(self, runs: Sequence[int] | None = None, **rates: float) -> None:
        """Nothing can be changed in a search under way."""

    def _moment(self, results: tuple[Result, ...]) -> Moment:
        trials = [trial for trial in results[0].trials if trial.history is not None]
        histories = tuple(trial.history for trial in trials if trial.history is not None)
        counts = [_steps(result) for result in results]
        return Moment(
            histories=histories,
            since=(0,) * len(histories),
            done=all(result.done for result in results),
            frozen=(),
            labels=tuple(f"trial {trial.number + 1}: {in_words(trial)}" for trial in trials),
            steps=sum(taken for taken, _ in counts),
            total=sum(total for _, total in counts),
            repeated=results[: self._repetitions],
            rivals=results[self._repetitions :],
        )


def _steps(result: Result) -> tuple[int, int]:
    """How many the trials of a search have taken, and will."""
    histories = [trial.history for trial in result.trials if trial.history is not None]
    taken = sum(len(history.steps) for history in histories)
    each = max((history.steps_per_epoch for history in histories), default=1)
    return taken, taken if result.done else max(taken, round(result.budget * each))  # crashed runs end early
