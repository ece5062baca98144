"""What is searched, and how: checked before anything begins, and written down for whoever joins in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from trainingwheels.engine.search.halving import affordable
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.samplers import SAMPLERS, count_of_trials
from trainingwheels.engine.search.spaces import (
    Choices,
    LogUniform,
    Space,
    Uniform,
    grid_shape,
    space_from,
    space_to,
)
from trainingwheels.engine.settings import InvalidSetting, Whole, brief, unknown_name
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["TRIALS", "Plan"]

TRIALS, SEEDS = Whole(1, 10_000, "trials"), Whole(0, 2**31 - 1)


@dataclass(frozen=True)
class Plan:
    """A search of ``space`` by ``sampler``, from ``seed``, with the budget of ``trials`` whole trials.

    ``base`` is the config whose settings are replaced, None where a function is searched; ``validation`` is how many
    examples are chosen by (None: half of the validation set). Raises :class:`InvalidSetting` for what cannot be tried.
    """

    space: Space
    base: RunConfig | None
    sampler: str = "random"
    trials: int = 24
    seed: int = 0
    validation: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sampler", SAMPLERS[self.sampler].name)
        object.__setattr__(self, "seed", SEEDS.check("seed", self.seed))
        _check_space(self.space)
        if self.sampler == "grid" and isinstance(self.trials, int):
            grid_shape(self.space, self.trials)  # refuses what nobody waits for
        object.__setattr__(self, "trials", TRIALS.check("trials", self.trials))
        if not isinstance(self.base, RunConfig | None):
            raise InvalidSetting(f"base = {brief(self.base)} is no config: choose RunConfig(...).")
        if self.base is not None:
            _check_settings(self.space, self.base)

    @property
    def epochs(self) -> int:
        """What a whole trial costs, in epochs, or calls of a function."""
        return self.base.epochs if self.base else 1

    @property
    def budget(self) -> int:
        """What all trials may cost."""
        return self.trials * self.epochs

    @property
    def count(self) -> int:
        """How many trials there are: for a grid as many as fill it, with halving as many as the budget pays for."""
        if self.sampler == "halving":
            return affordable(self.epochs, self.budget).counts[0]
        return count_of_trials(self.sampler, self.space, self.trials)

    @property
    def looks(self) -> bool:
        """Whether a trial depends on those before it."""
        return SAMPLERS[self.sampler].looks

    def result(self, trials: Iterable[Trial], done: bool) -> Result:
        """What has come of it, with these trials begun."""
        ordered = tuple(sorted(trials, key=lambda trial: trial.number))
        return Result(self.space, self.sampler, ordered, self.count, self.budget, done)

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain values, as they come out of a storage: ``from_dict`` takes them back."""
        base = self.base.to_dict() if self.base else None
        values = {item.name: getattr(self, item.name) for item in fields(self)} | {"base": base}
        plain: dict[str, Any] = json.loads(json.dumps(values | {"space": space_to(self.space)}))
        return plain

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What :meth:`to_dict` has written down."""
        base = RunConfig.from_dict(values["base"]) if values["base"] else None
        return cls(**{**values, "space": space_from(values["space"]), "base": base})


def _check_space(space: Space) -> None:
    if not space:
        raise InvalidSetting("space = {} leaves nothing to choose: give a range, such as {'lr': LogUniform(1e-4, 1)}.")
    for name, among in space.items():
        if not isinstance(among, (Uniform, LogUniform, Choices)):
            raise InvalidSetting(
                f"{name} = {brief(among)} is no range: choose Uniform(low, high), LogUniform(low, high) or Choices()."
            )


def _check_settings(space: Space, base: RunConfig) -> None:
    """Whether a config allows every range: its ends, each alone, or all its options."""
    known = [item.name for item in fields(RunConfig)]
    for name, among in space.items():
        if name not in known:
            raise InvalidSetting(unknown_name("setting", name, known))
        if name == "epochs":
            raise InvalidSetting("epochs are what a search's budget is counted in: choose them in base, not in space.")
        values: tuple[Any, ...] = among.options if isinstance(among, Choices) else (among.low, among.high)
        for value in values:
            if name == "lr" and value <= 0:
                raise InvalidSetting(f"lr = {value:g} learns nothing: choose a number above 0, such as 1e-4.")
            replace(base, **{name: value})  # refuses what a config refuses
