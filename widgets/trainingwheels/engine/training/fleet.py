"""All runs of one training: groups of equal structure that advance side by side, or one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch

from trainingwheels.engine.data.datasets import Data, load_dataset
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.devices import choose_device, free_memory, is_out_of_memory
from trainingwheels.engine.training.footprint import bytes_needed
from trainingwheels.engine.training.group import Group
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.population import pairing
from trainingwheels.engine.training.recorder import Recorder
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.snapshot import Frozen
from trainingwheels.engine.training.threads import usable_threads

__all__ = ["Fleet"]

Item = TypeVar("Item")
Placed = tuple[int, History]  # a history, and its place among the runs


class Fleet:
    """``runs`` on ``device``, in as few groups as structures and memory allow; ``watched`` ones record densities, too.

    Either all groups advance together, in ``lanes``; or ``train`` takes one after the other, each with all the memory.
    """

    def __init__(
        self,
        runs: Sequence[RunConfig],
        device: str,
        dtype: str,
        watched: bool = False,
        data: Sequence[Data] | None = None,
    ) -> None:
        if not runs:
            raise InvalidSetting("runs = [] leaves nothing to train: choose at least one RunConfig.")
        self.runs, self.device, self.dtype = list(runs), choose_device(device), getattr(torch, dtype)
        self.watched = watched
        self.threads = 1 if watched else usable_threads(self.device)
        self.epochs = max(run.epochs for run in runs)
        self.teams = [_team(self.runs, places, data) for places in _by_structure(self.runs, data)]
        self.memory = free_memory(self.device)  # bytes that no lane has been promised
        self._made: list[_Lane] | None = None

    @property
    def lanes(self) -> list[_Lane]:
        """One for each group, made when first asked for."""
        # Not a cached_property: until Python 3.12 that lets no other fleet make its lanes meanwhile, and ours may wait
        # for nets that another fleet trains before.
        if self._made is None:
            self._made = [lane for team in self.teams for lane in self._lanes(team)]
        return self._made

    @property
    def smallest_share(self) -> float:
        """One step of the group with the most steps an epoch, as a share of the longest run."""
        return 1 / (self.epochs * max([lane.group.steps_per_epoch for lane in self.lanes if lane.group], default=1))

    def _lanes(self, team: _Team) -> Iterator[_Lane]:
        """A lane for these runs or, if there is too little memory, lanes for the one half and then for the other."""
        group, needed = None, bytes_needed(team.configs, team.data[0], self.watched, self.dtype.itemsize)
        try:
            if needed <= self.memory:
                group = Group(team.configs, team.data, self.device, self.dtype, self.watched, self.threads)
        except (MemoryError, RuntimeError) as problem:
            if not is_out_of_memory(problem):
                raise
        if group is None and len(team.places) > 1:
            for half in team.halves():
                yield from self._lanes(half)
            return
        promised = needed if group else 0
        self.memory -= promised
        yield _Lane(team, group, promised)

    def train(self, evaluations: int) -> list[History]:
        """The histories of all runs, trained to their end with ``evaluations`` evenly spaced moments."""
        found: list[Placed] = []
        for team in self.teams:
            for lane in self._lanes(team):
                for moment in range(evaluations + 1):
                    lane.go_to(moment / evaluations * self.epochs)
                found += lane.histories()
                lane.group = None
                self.memory += lane.promised
        return _in_order(found)

    def go_to(self, share: float, hurry: bool = False) -> float:
        """Train every group up to ``share`` of the longest run's epochs, and evaluate it there if it has moved.

        With ``hurry``, a group whose rates change on the way stops after its first step with them. Returns the share
        that all have reached.
        """
        reached = [lane.go_to(share * self.epochs, hurry) / self.epochs for lane in self.lanes]
        return min(share, *reached)

    def evaluate(self) -> None:
        """Evaluate every group where it is."""
        for lane in self.lanes:
            if lane.group:
                lane.group.evaluate()

    def change(self, places: Sequence[int] | None, rates: dict[str, Any]) -> None:
        """Set rates of the runs at ``places``, or of all, from the next step on."""
        chosen = set(range(len(self.runs)) if places is None else places)
        for place in chosen:
            replace(self.runs[place], **rates)  # refuses what a config refuses
        for lane in self.lanes:
            members = [member for member, place in enumerate(lane.team.places) if place in chosen]
            if lane.group and members:
                lane.group.changes.append((members, rates))

    def drop(self, places: Sequence[int]) -> None:
        """The runs at ``places`` end where they are."""
        for lane in self.lanes:
            lane.drop(set(places))

    def histories(self) -> list[History]:
        """The history of every run up to now, in the order of the runs."""
        return _in_order([placed for lane in self.lanes for placed in lane.histories()])

    def frozen(self) -> tuple[Frozen, ...]:
        """Copies of all nets as they are now."""
        return tuple(
            Frozen(lane.group.population.net.twin(), tuple(lane.team.data), tuple(lane.team.places))
            for lane in self.lanes
            if lane.group
        )


class _Team(NamedTuple):
    """Runs that can be trained as one computation, their places among all runs, and the data of each."""

    places: list[int]
    configs: list[RunConfig]
    data: list[Data]

    def halves(self) -> Iterator[_Team]:
        members = range(len(self.places))
        middle = len(members) // 2
        yield from (self.pick(members[:middle]), self.pick(members[middle:]))

    def pick(self, members: Sequence[int]) -> _Team:
        """Some of them."""
        return _Team(_at(self.places, members), _at(self.configs, members), _at(self.data, members))


def _at(items: Sequence[Item], places: Sequence[int]) -> list[Item]:
    return [items[place] for place in places]


class _Lane:
    """One group, and how far it got before memory ran out, if it did. It was ``promised`` that many bytes."""

    def __init__(self, team: _Team, group: Group | None, promised: int) -> None:
        self.team, self.group, self.promised = team, group, promised
        self.recorder = group.recorder if group else Recorder(team.configs, 0)
        self.failed = not group
        self.ended: dict[int, History] = {}  # of runs that others have outlived, by their place

    def go_to(self, epochs: float, hurry: bool = False) -> float:
        """The epochs reached: all that were asked for, unless the group has stopped before."""
        if self.group is None:
            return epochs
        self.group.hurries = hurry
        step = min(round(epochs * self.group.steps_per_epoch), self.group.steps)
        try:
            self.group.go_to(step)
            taken = self.group.population.taken
            return epochs if taken >= step else taken / self.group.steps_per_epoch
        except (MemoryError, RuntimeError) as problem:
            if not is_out_of_memory(problem):
                raise
            self.group, self.failed = None, True
            return epochs

    def drop(self, places: set[int]) -> None:
        """End the runs at those of ``places`` that are here; where they cannot be taken out, nobody looks at them."""
        running = [place for place in self.team.places if place not in self.ended]
        ending = places.intersection(running)
        if self.group is None or not ending:
            return
        self.ended |= {place: history for place, history in self.histories() if place in ending}
        kept = [member for member, place in enumerate(self.team.places) if place not in self.ended]
        if not kept:
            self.group = None
        elif self.group.keep(kept):
            self.team = self.team.pick(kept)
            self.recorder = self.group.recorder

    def histories(self) -> Iterator[Placed]:
        yield from self.ended.items()
        failed = "the device is out of memory: choose narrower layers, or a smaller batch_size." if self.failed else ""
        for place, history in zip(self.team.places, self.recorder.histories(), strict=True):
            if place not in self.ended:
                yield place, replace(history, failed=failed)


def _in_order(found: list[Placed]) -> list[History]:
    return [history for _, history in sorted(found, key=lambda placed: placed[0])]


def _by_structure(runs: Sequence[RunConfig], data: Sequence[Data] | None) -> list[list[int]]:
    """The places of runs that can be trained as one computation, each list in the order that a population wants."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    known = list(dict.fromkeys(map(id, data or ())))
    sources = [known.index(id(each)) for each in data] if data else [0] * len(runs)
    for place, run in enumerate(runs):
        shapes = (data[place].X_train.shape, data[place].X_val.shape, data[place].X_test.shape) if data else ()
        groups.setdefault((run.structure, shapes), []).append(place)
    return [sorted(places, key=lambda place: (sources[place], pairing(runs[place]))) for places in groups.values()]


def _team(runs: Sequence[RunConfig], places: list[int], data: Sequence[Data] | None) -> _Team:
    """The runs at ``places``, of equal structure. :class:`InvalidSetting` for a batch larger than the training set, or
    more labels of a class than there are."""
    configs = [runs[place] for place in places]
    one = configs[0]
    own = [data[place] for place in places] if data else [load_dataset(*one.data_settings)] * len(places)
    examples = len(own[0].y_train)
    if one.batch_size > examples:
        raise InvalidSetting(
            f"batch_size = {one.batch_size:,} is too large for {examples:,} training examples: "
            f"choose at most {examples:,}."
        )
    for config, each in zip(configs, own, strict=True):
        _check_labels(config, each)
    return _Team(places, configs, own)


def _check_labels(config: RunConfig, data: Data) -> None:
    if config.per_class is None:
        return
    rarest = int(np.bincount(data.y_train, minlength=data.dataset.classes).min())
    if config.per_class > rarest:
        raise InvalidSetting(
            f"per_class = {config.per_class:,} is more than {config.dataset} has: its rarest class has {rarest:,} "
            f"training examples; choose at most {rarest:,}."
        )
