"""Search for good hyperparameters with real runs, of which many are trained at once, or for the top of any function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Self

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.samplers import SAMPLERS
from trainingwheels.engine.search.spaces import Choices, LogUniform, Space, Uniform
from trainingwheels.engine.search.study import Plan, Study, Taken
from trainingwheels.engine.settings import InvalidSetting, Whole, brief, unknown_name
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import LiveTraining, train_steps

__all__ = ["LiveSearch", "search", "search_steps"]

Objective = Callable[[Mapping[str, Any]], float]
TRIALS, SEEDS = Whole(1, 10_000, "trials"), Whole(0, 2**31 - 1)
TOGETHER = 8  # trials that a sampler that looks at the results tries at once: it learns from a batch what the next is


def search(
    space: Space,
    *,
    base: RunConfig | None = None,
    objective: Objective | None = None,
    sampler: str = "random",
    trials: int = 24,
    seed: int = 0,
    validation: int | None = None,
    batch: int | None = None,
    device: str = "auto",
) -> Result:
    """Try ``trials`` choices of parameters from ``space``, and return what came of all of them.

    ``space`` maps names to :class:`Uniform`, :class:`LogUniform` or :class:`Choices`. Either ``base`` is a config, the
    settings of which are replaced: each choice is trained, and its value is the accuracy at its end on the
    validation set, with that on a test set beside it. The data set's validation examples (and those training examples
    that ``train_size`` leaves) are shared out between both in an order drawn from ``seed``: see
    :func:`load_with_test`, which takes ``validation``. Or ``objective`` is any function of the chosen parameters, a
    dict, to a number; it is maximized, and a number that is not finite is a trial that has diverged.

    ``sampler`` is a name of ``SAMPLERS``, ``seed`` is what it draws from; the runs themselves are drawn from the seed
    of ``base``, all from the same one. A grid has as many trials as fill it: 9 trials of two parameters are 3 x 3.
    ``batch`` is how many trials are trained as one population: None is all of them, and 8 where a sampler goes by
    earlier results.

    Raises :class:`InvalidSetting` for a range that is empty or beyond what a config allows, for a name that is no
    setting, and for a grid of more than 10,000 points.
    """
    live = LiveSearch(space, base, objective, sampler, trials, seed, validation, batch, device, watched=False)
    live.run()
    return live.result


def search_steps(
    space: Space,
    *,
    base: RunConfig | None = None,
    objective: Objective | None = None,
    sampler: str = "random",
    trials: int = 24,
    seed: int = 0,
    validation: int | None = None,
    batch: int | None = None,
    device: str = "auto",
) -> LiveSearch:
    """:func:`search` while somebody watches: an iterator of results, about 12 a second while nets train.

    Each is all that has begun so far, with the curves up to now; the last says ``done``, and is what :func:`search`
    returns. Leave the loop and call :meth:`LiveSearch.stop` to stop; what has finished is kept.
    """
    return LiveSearch(space, base, objective, sampler, trials, seed, validation, batch, device, watched=True)


class LiveSearch(Iterator[Result]):
    """A search under way, made by :func:`search_steps`: each ``next`` gets it on and returns the result so far.

    It is a context manager, which stops it.
    """

    def __init__(
        self,
        space: Space,
        base: RunConfig | None,
        objective: Objective | None,
        sampler: str,
        trials: int,
        seed: int,
        validation: int | None,
        batch: int | None,
        device: str,
        watched: bool,
    ) -> None:
        _check_space(space, base, objective)
        plan = Plan(dict(space), SAMPLERS[sampler].name, TRIALS.check("trials", trials), SEEDS.check("seed", seed))
        self.base, self.device, self.watched = base, device, watched
        self._objective, self._validation = objective, validation
        self._study = Study(plan)
        self._batch = TRIALS.check("batch", batch) if batch is not None else TOGETHER if plan.looks else plan.trials
        self._trials: dict[int, Trial] = {}
        self._sets: dict[tuple[Any, ...], Data] = {}
        self._taken: list[Taken] = []
        self._training: LiveTraining | None = None
        self._over = False

    def __next__(self) -> Result:
        if self._over:
            raise StopIteration
        self._advance()
        return self.result

    def run(self) -> None:
        """Go on to the end."""
        while not self._over:
            self._advance()

    @property
    def training(self) -> LiveTraining | None:
        """The training of the present batch, if there is one; its runs are those of ``running``, in order."""
        return self._training

    @property
    def result(self) -> Result:
        """What there is so far."""
        plan, study = self._study.plan, self._study
        trials = tuple(self._trials[number] for number in sorted(self._trials))
        each = self.base.epochs if self.base else 1
        return Result(plan.space, plan.sampler, trials, study.planned, study.planned * each, self._over)

    def stop(self) -> Result:
        """End the search: what has finished is kept, what is under way is stopped where it is. Returns the result."""
        if not self._over:
            for taken in self._taken:
                self._finish(taken, "stopped")
            self._taken, self._training, self._over = [], None, True
        return self.result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _advance(self) -> None:
        if not self._taken:
            self._begin()
        if self._training:
            self._train_on(self._training)
        elif self._taken:
            self._ask_the_objective()
        self._over = not self._taken and not self._study.waiting

    def _begin(self) -> None:
        """Take the next batch of trials."""
        self._taken = self._study.take(self._batch if self.base else 1)
        for taken in self._taken:
            self._trials[taken.trial.number] = taken.trial
        if self.base and self._taken:
            configs = [replace(self.base, **taken.trial.params) for taken in self._taken]
            data = [self._data(config) for config in configs]
            snapshots = None if self.watched else max(config.epochs for config in configs)
            self._training = train_steps(configs, self.device, snapshots=snapshots, data=data)

    def _data(self, config: RunConfig) -> Data:
        what = config.dataset, config.train_size, config.data_noise, config.preprocessing
        if what not in self._sets:
            self._sets[what] = load_with_test(*what, validation=self._validation, seed=self._study.plan.seed)
        return self._sets[what]

    def _train_on(self, training: LiveTraining) -> None:
        snapshot = next(training)
        for taken, history in zip(self._taken, snapshot.histories, strict=True):
            self._trials[taken.trial.number] = _advanced(taken.trial, history)
        if snapshot.done:
            for taken in self._taken:
                self._finish(taken, "complete")
            self._taken, self._training = [], None

    def _ask_the_objective(self) -> None:
        assert self._objective is not None
        (taken,) = self._taken
        value = float(self._objective(dict(taken.trial.params)))
        diverged = not math.isfinite(value)
        trial = replace(taken.trial, value=math.nan if diverged else value, epochs=1.0)
        self._trials[trial.number] = replace(trial, state="diverged" if diverged else "running")
        self._finish(taken, "complete")
        self._taken = []

    def _finish(self, taken: Taken, state: str) -> None:
        """A trial has come to its end, unless it has diverged before."""
        trial = self._trials[taken.trial.number]
        if trial.state == "running":
            trial = replace(trial, state=state)
        self._trials[trial.number] = trial
        self._study.tell(taken, trial)


def _advanced(trial: Trial, history: History) -> Trial:
    """The trial, so far."""
    epochs = len(history.steps) / max(history.steps_per_epoch, 1)
    if history.failed or history.diverged_at is not None:
        return replace(trial, state="diverged", history=history, epochs=epochs)
    known = bool(len(history.eval_steps))
    value, test = (float(history.val_accuracy[-1]), float(history.test_accuracy[-1])) if known else (math.nan, math.nan)
    return replace(trial, value=value, test=test, history=history, epochs=epochs)


def _check_space(space: Space, base: RunConfig | None, objective: Objective | None) -> None:
    if (base is None) == (objective is None):
        raise InvalidSetting(
            "A search needs something to try: give either base = RunConfig(...) or objective = a function."
        )
    if not space:
        raise InvalidSetting("space = {} leaves nothing to choose: give a range, such as {'lr': LogUniform(1e-4, 1)}.")
    for name, among in space.items():
        if not isinstance(among, (Uniform, LogUniform, Choices)):
            raise InvalidSetting(
                f"{name} = {brief(among)} is no range: choose Uniform(low, high), LogUniform(low, high) or Choices()."
            )
    if base is not None:
        _check_settings(space, base)


def _check_settings(space: Space, base: RunConfig) -> None:
    """Whether a config allows every range: its ends, each alone, or all its options."""
    known = [item.name for item in fields(RunConfig)]
    for name, among in space.items():
        if name not in known:
            raise InvalidSetting(unknown_name("setting", name, known))
        values: tuple[Any, ...] = among.options if isinstance(among, Choices) else (among.low, among.high)
        for value in values:
            if name == "lr" and value <= 0:
                raise InvalidSetting(f"lr = {value:g} learns nothing: choose a number above 0, such as 1e-4.")
            replace(base, **{name: value})  # refuses what a config refuses
