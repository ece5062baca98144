"""Where the runs come from: a gallery of shapes trained now, this session, the learner's files, or all of these."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import ipywidgets as w

from trainingwheels.engine import Curves, History, RunConfig
from trainingwheels.engine.records.shapes import SHAPES, train_evenly
from trainingwheels.labs.base.kept_runs import KEPT
from trainingwheels.labs.base.parameters import Choice, Switch, WholeSlider
from trainingwheels.labs.learning_curves.runs import Runs

__all__ = ["Everything", "Gallery", "Imported", "Session", "Trained"]

MOST_SHAPES = 12  # lists of trained runs that stay at hand
WHERE_NETS_TRAIN = "06-train-a-net.ipynb"  # the notebook beside this lab's
FRAME = 0.08  # seconds between two pictures of a shape in training


class Gallery(Runs):
    """Shapes of curves, each trained now, and what mends it."""

    name = "gallery"
    label = "the gallery of shapes"
    about = (
        "Each curve is that of a run that was trained when you chose it. With the cure, what mends it is trained "
        "beside it, with the same seed."
    )

    shape = Choice(SHAPES, "learning-rates", help="a kind of curve, trained now")
    cure = Switch(False, label="with the cure", section="compare", help="also train what mends it")
    seeds = WholeSlider(1, 10, 1, unit="seeds", section="compare", help="how often each is trained")

    def trains(self, s: Any) -> tuple[Sequence[str], tuple[RunConfig, ...]]:
        return _runs_of(s.shape, s.cure, s.seeds)


class Session(Runs):
    """What was trained in this session: by this kernel, and on other pages of this site."""

    name = "session"
    label = "runs of this session"
    about = "The runs that were trained to their end in this notebook, or on other pages of this site in this browser."
    nothing = (
        "No runs yet. What is trained to its end in Train a net or in another lab comes here by itself, and stays for "
        "half a day."
    )

    def above(self) -> Sequence[w.Widget]:
        """The way there. Its page lies beside this one, in the classroom and in JupyterLab."""
        link = f'<a href="{WHERE_NETS_TRAIN}" target="_blank" rel="noopener">Open Train a net in a tab of its own</a>'
        return [w.HTML(link)]

    def others(self) -> Iterator[tuple[str, Curves]]:
        yield from ((kept.name, kept.history) for kept in KEPT.runs)
        yield from ((run.name, run) for run in self.lab.recalled)
        yield from super().others()


class Imported(Runs):
    """What the learner's files say."""

    name = "imported"
    label = "imported runs"
    about = (
        "The runs in your files: CSV, JSON logs, what a loop has printed, event files of TensorBoard. Import opens "
        "them."
    )
    nothing = "No files yet: press Import above."

    def others(self) -> Iterator[tuple[str, Curves]]:
        yield from ((run.name, run) for run in self.lab.imports.runs)
        yield from super().others()


class Everything(Gallery, Session, Imported):
    """All of these, in this order."""

    name = "everything"
    label = "everything"
    about = "The gallery's shape, the runs of this session and the imported ones, in one picture."


class Trained:
    """Runs that the gallery has trained, the latest lists of them at hand."""

    def __init__(self) -> None:
        self._known: dict[tuple[RunConfig, ...], Sequence[History]] = {}

    def histories(self, configs: tuple[RunConfig, ...]) -> Iterator[Sequence[History]]:
        """How far these runs are, again and again until they are trained."""
        if configs and configs not in self._known:
            seen = time.monotonic()
            for histories in train_evenly(configs):
                if time.monotonic() - seen > FRAME:
                    seen = time.monotonic()
                    yield histories
            self._known = dict([*self._known.items()][-MOST_SHAPES:]) | {configs: histories}
        yield self._known.get(configs, ())


@lru_cache(maxsize=64)
def _runs_of(name: str, cure: bool, seeds: int) -> tuple[Sequence[str], tuple[RunConfig, ...]]:
    shape = SHAPES[name]
    runs = [*shape.runs, *([shape.cure] if cure and shape.cure else [])]
    names = [name if seeds == 1 else f"{name}, seed {seed}" for name, _ in runs for seed in range(seeds)]
    return names, tuple(replace(config, seed=seed) for _, config in runs for seed in range(seeds))
