"""All runs of one training: groups of equal structure that advance side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from trainingwheels.engine.data.datasets import Data, load_dataset
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.devices import choose_device, is_out_of_memory
from trainingwheels.engine.training.group import Group
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.population import pairing
from trainingwheels.engine.training.recorder import Recorder
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.snapshot import Frozen

__all__ = ["Fleet"]


class Fleet:
    """``runs`` on ``device``, in as few groups as their structures allow; ``watched`` ones record densities, too."""

    def __init__(self, runs: Sequence[RunConfig], device: str, dtype: str, watched: bool = False) -> None:
        if not runs:
            raise InvalidSetting("runs = [] leaves nothing to train: choose at least one RunConfig.")
        self.runs, self.device, self.dtype = list(runs), choose_device(device), getattr(torch, dtype)
        self.watched = watched
        self.epochs = max(run.epochs for run in runs)
        self.lanes = [lane for places in _by_structure(self.runs) for lane in self._lanes(places)]

    @property
    def smallest_share(self) -> float:
        """One step of the group with the most steps an epoch, as a share of the longest run."""
        return 1 / (self.epochs * max([lane.group.steps_per_epoch for lane in self.lanes if lane.group], default=1))

    @property
    def multiplications(self) -> int:
        """Of one step of the largest group."""
        return max([lane.group.population.multiplications for lane in self.lanes if lane.group], default=0)

    def _lanes(self, places: list[int]) -> list[_Lane]:
        """One group for these runs, or two for the halves if one does not fit into memory, and so on."""
        configs = [self.runs[place] for place in places]
        data = load_dataset(configs[0].dataset, configs[0].train_size, configs[0].data_noise, configs[0].preprocessing)
        try:
            group = Group(configs, data, self.device, self.dtype, self.watched)
            return [_Lane(places, configs, data, group)]
        except (MemoryError, RuntimeError) as problem:
            if not is_out_of_memory(problem):
                raise
        if len(places) == 1:
            return [_Lane(places, configs, data, None)]
        half = len(places) // 2
        return self._lanes(places[:half]) + self._lanes(places[half:])

    def go_to(self, share: float, hurry: bool = False) -> float:
        """Train every group up to ``share`` of the longest run's epochs, and evaluate it there if it has moved.

        With ``hurry``, a group whose rates change on the way stops after its first step with them. Returns the share
        that all have reached.
        """
        reached = [lane.go_to(share * self.epochs, hurry) / self.epochs for lane in self.lanes]
        return min(share, *reached)

    def change(self, places: Sequence[int] | None, rates: dict[str, Any]) -> None:
        """Set rates of the runs at ``places``, or of all, from the next step on."""
        chosen = set(range(len(self.runs)) if places is None else places)
        for place in chosen:
            replace(self.runs[place], **rates)  # refuses what a config refuses
        for lane in self.lanes:
            members = [member for member, place in enumerate(lane.places) if place in chosen]
            if lane.group and members:
                lane.group.changes.append((members, rates))

    def histories(self) -> list[History]:
        """The history of every run up to now, in the order of the runs."""
        found = [pair for lane in self.lanes for pair in zip(lane.places, lane.histories(), strict=True)]
        return [history for _, history in sorted(found, key=lambda pair: pair[0])]

    def frozen(self) -> tuple[Frozen, ...]:
        """Copies of all nets as they are now."""
        return tuple(
            Frozen(lane.group.population.net.twin(), lane.data, tuple(lane.places)) for lane in self.lanes if lane.group
        )


class _Lane:
    """One group, the places of its members among the runs, and how far it got before memory ran out, if it did."""

    def __init__(self, places: list[int], configs: list[RunConfig], data: Data, group: Group | None) -> None:
        self.places, self.data, self.group = places, data, group
        self.recorder = group.recorder if group else Recorder(configs, 0)

    def go_to(self, epochs: float, hurry: bool) -> float:
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
            self.group = None
            return epochs

    def histories(self) -> list[History]:
        failed = "" if self.group else "the device is out of memory: choose narrower layers, or a smaller batch_size."
        return [replace(history, failed=failed) for history in self.recorder.histories()]


def _by_structure(runs: Sequence[RunConfig]) -> list[list[int]]:
    """The places of runs that can be trained as one computation, each list in the order that a population wants."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, run in enumerate(runs):
        groups.setdefault(run.structure, []).append(place)
    return [sorted(places, key=lambda place: pairing(runs[place])) for places in groups.values()]
