"""A search with real runs, live: where its trials are, what they come to, and how good the best is elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from trainingwheels.engine import DATASETS, RunConfig, Snapshot
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.scripts.search import search_script
from trainingwheels.engine.search import SAMPLERS, LiveSearch, LogUniform, Result, Trial, Uniform, search_steps
from trainingwheels.engine.search.ensembles import EVALUATED, Together, ensemble
from trainingwheels.engine.search.spaces import Range
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import many, points, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.nets import Growing
from trainingwheels.labs.base.parameters import (
    Choice,
    LogSlider,
    LogWholeSlider,
    Several,
    Slider,
    Switch,
    WholeSlider,
)
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.search.inputs import Seeded
from trainingwheels.labs.search.pictures.searching import LOOKS, Searched, SearchedPicture

__all__ = ["RealRuns"]

NAMES = {"lr": "lr", "l2": "L2", "momentum": "momentum", "dropout": "dropout"}
ALSO: dict[str, Range] = {"momentum": Uniform(0.0, 0.99), "dropout": Uniform(0.0, 0.8)}
MORE = Table("also", (Option("momentum", "momentum"), Option("dropout", "dropout")))
LOOK = Table("look", tuple(Option(name, label) for name, label in LOOKS.items()))
MOST, MOST_HALVED = 64, 256  # trials; successive halving has more of them, of fewer epochs
MOMENTS = 12  # at which the curves of a batch have a point, at least
TOGETHER = 5  # of the best, as one ensemble
IN_WORDS = {
    "grid": "on a grid",
    "random": "at random",
    "sobol": "along a Sobol sequence",
    "tpe": "by TPE, in batches that learn from those before",
    "halving": "by successive halving",
}


@dataclass(frozen=True)
class Moment(Growing):
    """A moment of a search: its trials are the runs."""

    result: Result


class SearchTraining:
    """A :class:`.LiveSearch` as what a lab with nets can start, pause and watch; its runs are all trials so far."""

    def __init__(self, live: LiveSearch) -> None:
        self._live = live

    @property
    def device(self) -> str:
        return self._live.training.device if self._live.training is not None else ""

    @property
    def step_seconds(self) -> float:
        return self._live.training.step_seconds if self._live.training is not None else math.inf

    def __next__(self) -> Moment:
        return _moment(next(self._live))

    def step(self) -> Moment:
        """As far as the next picture."""
        return next(self)

    def look(self) -> Moment:
        return _moment(self._live.result)

    def note_drawing(self, seconds: float) -> None:
        if self._live.training is not None:
            self._live.training.note_drawing(seconds)

    def change(self, runs: Sequence[int] | None = None, **rates: float) -> None:
        """Nothing can be changed in a search under way."""


def _moment(result: Result) -> Moment:
    trials = [trial for trial in result.trials if trial.history is not None]
    histories = tuple(trial.history for trial in trials if trial.history is not None)
    steps = sum(len(history.steps) for history in histories)
    each = max((history.steps_per_epoch for history in histories), default=1)
    return Moment(
        histories=histories,
        since=(0,) * len(histories),
        done=result.done,
        frozen=(),
        labels=tuple(f"trial {trial.number + 1}: {_params(trial)}" for trial in trials),
        steps=steps,
        total=steps if result.done else max(steps, round(result.budget * each)),  # crashed runs end early
        result=result,
    )


class RealRuns(Seeded, NetsView):
    """Trials of a search, trained as populations, by the sampler that one chooses, on the same budget for each."""

    name = "search"
    label = "real runs"
    about = (
        "A search for the learning rate and the L2 penalty of a small net: each dot is a net that is trained, many of "
        "them at once. Press Start. Pin a search, and run another sampler on the same budget against it."
    )
    picture = SearchedPicture
    at_once = ()

    sampler = Choice(SAMPLERS, "random", help="who chooses what is tried")
    trials = WholeSlider(4, MOST, 24, unit="trials", help="nets to train; a grid takes as many as fill it")
    look = Choice(LOOK, "spread", label="fourth panel", looks=True, help="what the fourth panel shows")
    trial = WholeSlider(
        0,
        MOST_HALVED,
        0,
        limit=lambda s: MOST_HALVED if s["sampler"] == "halving" else s["trials"],
        section="look",
        looks=True,
        help="drawn in black; 0 is the best. A click on a dot chooses it",
    )
    together = Switch(
        False, section="look", label="best five together", looks=True, help="average the probabilities of the best five"
    )
    lr_low = LogSlider(1e-6, 1.0, 1e-4, step=0.5, section="ranges", label="lr from", help="lowest learning rate")
    lr_high = LogSlider(1e-4, 1000.0, 1.0, step=0.5, section="ranges", label="lr to", help="highest learning rate")
    l2_low = LogSlider(1e-7, 0.1, 1e-6, step=0.5, section="ranges", label="L2 from", help="lowest weight of sum W²")
    l2_high = LogSlider(1e-6, 10.0, 1e-2, step=0.5, section="ranges", label="L2 to", help="highest weight of sum W²")
    also = Several(MORE, (), section="ranges", label="and", help="searched as well: momentum to 0.99, dropout to 0.8")
    train_size = LogWholeSlider(64, 1437, 1024, unit="digits", section="data", help="digits to learn from")
    label_noise = Slider(
        0.0, 0.8, 0.0, step=0.05, section="data", label="wrong labels", help="share of wrong training labels"
    )
    batch = WholeSlider(
        1, MOST, 8, unit="trials", section="more", label="at once", help="trials that are trained as one population"
    )
    epochs = WholeSlider(1, 20, 5, unit="epochs", section="net", help="how often each digit is seen")
    width = LogWholeSlider(4, 128, 32, unit="units", section="net", help="units of the hidden layer")

    def base(self, s: Any) -> RunConfig:
        """What all trials have in common."""
        return RunConfig(
            train_size=s.train_size,
            label_noise=s.label_noise,
            hidden=(s.width,),
            epochs=s.epochs,
            batch_size=min(32, s.train_size),
            seed=s.seed,
        )

    def space(self, s: Any) -> dict[str, Range]:
        """What is searched."""
        found: dict[str, Range] = {
            "lr": LogUniform(s.lr_low, s.lr_high),
            "l2": LogUniform(s.l2_low, s.l2_high),
        }
        return found | {name: ALSO[name] for name in s.also}

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.shared: tuple[str, str] | None = None  # a storage, and the name of the study in it
        self._search: LiveSearch | None = None

    def leave(self) -> None:
        """Leave the search in hand to the others, if there are any: what is under way waits for them again."""
        if self.shared is not None and self._search is not None:
            self._search.stop()
        self._search = None

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        return [], []

    def training(self, s: Any, configs: Sequence[RunConfig]) -> SearchTraining:
        storage, study = self.shared or (None, "search")
        self.leave()
        self._search = search_steps(
            self.space(s),
            storage=storage,
            study=study,
            base=self.base(s),
            sampler=s.sampler,
            trials=s.trials,
            seed=s.seed,
            batch=None if s.sampler == "halving" else s.batch,  # whose batches are brackets
            snapshots=max(MOMENTS, s.epochs),
        )
        return SearchTraining(self._search)

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Searched:
        assert isinstance(snapshot, Moment)
        result = snapshot.result
        chosen = next((trial for trial in result.trials if trial.number == s.trial - 1), None)
        data = _data(s.train_size, s.seed)
        return Searched(
            result=result,
            chance=1 / DATASETS["digits"].classes,
            names=NAMES,
            chosen=chosen,
            look=s.look,
            examples=(min(len(data.y_val), EVALUATED), min(len(data.y_test), EVALUATED)),
            together=self._together(result, s) if s.together else None,
        )

    def _together(self, result: Result, s: Any) -> Together | None:
        best = result.top(TOGETHER)
        return _ensemble(best, self.base(s), s.train_size, s.seed) if result.done and len(best) > 1 else None

    def explain(self, result: Searched) -> Sequence[str]:
        found = result.result
        planned = f"{many(found.planned, 'trial')}, chosen {IN_WORDS[found.sampler]}"
        if not found.spent:
            return [f"Not tried yet: {planned}. Press Start."]
        crashed = [trial for trial in found.trials if trial.state == "diverged"]
        sentences = [
            (
                f"{len(found.finished)} of {planned}, {'are' if len(found.finished) != 1 else 'is'} done, "
                f"after {found.spent:,.0f} of at most {found.budget:,.0f} epochs in all."
            )
        ]
        if crashed:
            lowest = min(trial.params["lr"] for trial in crashed)
            sentences.append(
                f"{len(crashed)} crashed: the loss is no number any more, at learning rates from {short(lowest)} on."
            )
        if pruned := sum(trial.state == "pruned" for trial in found.trials):
            sentences.append(f"Given up on the way for better ones: {pruned}, the small dots.")
        sentences += _best(result)
        if result.chosen is not None:
            sentences.append(f"Trial {result.chosen.number + 1}: {_params(result.chosen)}; {_score(result.chosen)}.")
        if len(result.scores):
            middle, high = np.median(result.scores), np.quantile(result.scores, 0.9)
            sentences.append(
                f"Half of the trials that came to their end are at {percent(float(middle))} or below, a tenth at "
                f"{percent(float(high))} or above; guessing gives {percent(result.chance)}."
            )
        noisy = [label for trial in found.trials[:1] if trial.history for label in label_sentence(trial.history)]
        return [*sentences, *_to_blame(result), *_all_together(result), *noisy]

    def script(self, s: Any) -> str:
        return search_script(self.space(s), self.base(s), s.sampler, s.trials, s.seed)

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        return {"trial": start + 1} if start == now else {}


def _best(shown: Searched) -> list[str]:
    best = shown.result.best
    if best is None:
        return ["None has come to its end yet." if not shown.result.done else "None has come to its end."]
    val, test = shown.examples
    return [
        (
            f"The best, trial {best.number + 1}, has {_params(best)}: {percent(best.value)} on the {val} validation "
            f"digits by which it was chosen, {percent(best.test)} on {test:,} test digits by which nothing was."
        )
    ]


def _score(trial: Trial) -> str:
    if trial.state == "diverged":
        return "its loss is no number any more"
    return f"{percent(trial.value)} on validation" if math.isfinite(trial.value) else "not evaluated yet"


def _to_blame(shown: Searched) -> list[str]:
    if shown.look != "importances":
        return []
    found = shown.result.importances if shown.result.done else {}
    if not found:
        return []
    parts = ", ".join(f"{NAMES[name]} for {percent(share)}" for name, share in found.items())
    return [f"Of what the scores differ by in these ranges, {parts} is to blame (functional ANOVA, by a forest)."]


def _all_together(shown: Searched) -> list[str]:
    if shown.together is None:
        return []
    both, best = shown.together, shown.together.singles[0]
    return [
        (
            f"The best {both.count} together, their probabilities averaged: {percent(both.accuracy)} on the test "
            f"digits, {points(both.accuracy - best, True)} against the best alone."
        )
    ]


def _params(trial: Trial) -> str:
    return ", ".join(f"{NAMES[name]} {short(float(value))}" for name, value in trial.params.items())


def _data(train_size: int, seed: int) -> Any:
    return load_with_test("digits", train_size, seed=seed)


@lru_cache(maxsize=4)
def _ensemble_of(key: tuple[Any, ...], base: RunConfig, train_size: int, seed: int) -> Together:
    trials = [Trial(number, dict(params), "complete") for number, params in key]
    return ensemble(trials, base, _data(train_size, seed))


def _ensemble(trials: Sequence[Trial], base: RunConfig, train_size: int, seed: int) -> Together:
    return _ensemble_of(tuple((trial.number, tuple(trial.params.items())) for trial in trials), base, train_size, seed)
