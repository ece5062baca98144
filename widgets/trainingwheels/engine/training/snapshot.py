"""What a population is at one moment, for whoever wants to show it. Nothing in it changes afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.softmax import softmax
from trainingwheels.engine.training.devices import using_threads
from trainingwheels.engine.training.history import History

if TYPE_CHECKING:
    from trainingwheels.engine.data.datasets import Data
    from trainingwheels.engine.training.net import Net

__all__ = ["POINTS", "Frozen", "Response", "Snapshot"]

Floats = NDArray[np.float32]
POINTS = 1024  # evaluated at a time, so that a fine grid does not need memory for all units at all points at once


@dataclass(frozen=True)
class Response:
    """What one member makes of n points: ``scores`` (n, classes), and ``hidden``, (n, units) for each hidden layer."""

    scores: Floats
    hidden: tuple[Floats, ...]

    @property
    def probabilities(self) -> Floats:
        """Softmax of the scores, (n, classes)."""
        return softmax(self.scores)

    @property
    def classes(self) -> NDArray[np.int64]:
        """The class with the highest score, (n,)."""
        chosen: NDArray[np.int64] = self.scores.argmax(axis=1)
        return chosen


NOTHING = Response(np.empty((0, 0), np.float32), ())  # what a run that failed makes of any points


@dataclass(frozen=True)
class Frozen:
    """A group's nets as they were, what each learns from, and which of the runs they are."""

    net: Net
    data: tuple[Data, ...]
    places: tuple[int, ...]

    def of(self, place: int) -> Frozen:
        """One of the runs, alone."""
        member = self.places.index(place)
        return Frozen(self.net.pick(member), (self.data[member],), (place,))

    def respond(self, points: ArrayLike) -> list[Response]:
        """Each member's response to ``points``, (n, features), given as they are before preprocessing."""
        import torch

        given = np.asarray(points, np.float32).reshape(-1, self.data[0].dataset.features)
        alike = all(each is self.data[0] for each in self.data)
        X = np.stack([each.prepare(given) for each in (self.data[:1] if alike else self.data)])
        flat = self.net.parameters.flat
        x = torch.tensor(X, device=flat.device, dtype=flat.dtype).mT  # (1 or members, features, n)
        with using_threads(1), torch.inference_mode():
            parts = [
                [layer.float().cpu().numpy().copy() for layer in self.net.hidden(part)]
                for part in torch.split(x, POINTS, 2)
            ]
        layers = [np.concatenate(part, axis=2).swapaxes(1, 2) for part in zip(*parts, strict=True)]
        return [
            Response(layers[-1][member], tuple(layer[member] for layer in layers[:-1]))
            for member in range(len(self.places))
        ]


@dataclass(frozen=True)
class Snapshot:
    """All runs at one moment: ``histories`` in the order of the runs, each up to now.

    ``since`` is the number of steps that each run had taken at the previous snapshot; ``done`` says that this is the
    last. Accuracies and layer statistics of this moment, or the latest known, are the last entries of a history.
    """

    histories: tuple[History, ...]
    since: tuple[int, ...]
    done: bool
    frozen: tuple[Frozen, ...]

    @property
    def taken(self) -> tuple[int, ...]:
        """How many steps each run has taken since the previous snapshot."""
        return tuple(len(run.steps) - since for run, since in zip(self.histories, self.since, strict=True))

    def new_losses(self, run: int) -> Floats:
        """The losses of a run's steps since the previous snapshot."""
        return self.histories[run].train_loss[self.since[run] :]

    def respond(self, points: ArrayLike) -> list[Response]:
        """Every run's response to ``points``, ndarray (n, features): a grid of the plane, or a sample of images.

        One batched pass per group of equal structure. A run that failed is left without rows.
        """
        found = [NOTHING] * len(self.histories)
        for group in self.frozen:
            for place, response in zip(group.places, group.respond(points), strict=True):
                found[place] = response
        return found

    def respond_of(self, run: int, points: ArrayLike) -> Response:
        """The response of one run, without computing those of the others."""
        group = self.group_of(run)
        return group.of(run).respond(points)[0] if group else NOTHING

    def weights_of(self, run: int) -> tuple[Floats, ...]:
        """W1, W2, ... of one run, each (outputs, inputs): a convolution's are what its kernel sees. Nothing for a run
        that failed."""
        group = self.group_of(run)
        if group is None:
            return ()
        member, parameters = group.places.index(run), group.net.parameters
        names = [f"W{layer}" for layer in range(1, group.net.config.depth + 2)]
        return tuple(parameters[name][member].float().cpu().numpy().copy() for name in names)

    def predict(self, points: ArrayLike) -> Sequence[NDArray[np.int64]]:
        """Every run's class for each of ``points``."""
        return [response.classes for response in self.respond(points)]

    def group_of(self, run: int) -> Frozen | None:
        """The nets among which that of a run is; None for a run that failed."""
        return next((group for group in self.frozen if run in group.places), None)
