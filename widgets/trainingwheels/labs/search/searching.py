"""A search with real runs, live: where its trials are, what they come to, and how good the best is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from trainingwheels.engine import DATASETS, RunConfig, Snapshot
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.scripts.search import search_script
from trainingwheels.engine.search import (
    SAMPLERS,
    LogUniform,
    Repeated,
    Result,
    SideBySide,
    Trial,
    Uniform,
    side_by_side,
)
from trainingwheels.engine.search.ensembles import EVALUATED, Together, ensemble
from trainingwheels.engine.search.plans import Plan
from trainingwheels.engine.search.progress import Progress
from trainingwheels.engine.search.spaces import Range, check_order, grid_shape
from trainingwheels.engine.settings import InvalidSetting, Named, Option, Table
from trainingwheels.labs.base.lab import Lab
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
from trainingwheels.labs.search.inputs import Convolved, Seeded
from trainingwheels.labs.search.pictures.looks import LOOKS
from trainingwheels.labs.search.pictures.searched import Part, Searched
from trainingwheels.labs.search.pictures.searching import SearchedPicture
from trainingwheels.labs.search.search_training import Moment, SearchTraining
from trainingwheels.labs.search.trial_words import NAMES, told

__all__ = ["RealRuns"]

ALSO: dict[str, Range] = {"momentum": Uniform(0.0, 0.99), "dropout": Uniform(0.0, 0.8)}
MORE = Table("also", (Option("momentum", "momentum"), Option("dropout", "dropout")))
LOOK = Table("look", tuple(Option(name, label) for name, label in LOOKS.items()))
MOST, MOST_HALVED = 64, 256  # trials; successive halving has more of them, of fewer epochs
MOST_REPEATED = 10  # searches with other seeds
NOBODY = "none"
OF_SAMPLER, OF_RIVAL = "sampler", "rival"
SHOWN = Table("of", (Option(OF_SAMPLER, "the sampler's"), Option(OF_RIVAL, "the other's")))
RIVALS: Table[Named] = Table("rival", (Option(NOBODY, "none"), *(SAMPLERS[name] for name in SAMPLERS)))
MOMENTS = 12  # at which the curves of a batch have a point, at least
PACE = 500_000  # steps of all nets, times their units, between two moments: half a second on a slow core
PARTS, MOST_PARTS = 5, 16  # columns and rows of a map; a grid has its own
TOGETHER = 5  # of the best, as one ensemble


def _part(side: int, end: str) -> WholeSlider:
    """A column (side 0) or row (1) of the map, counted from its ``end``."""
    return WholeSlider(
        0, MOST_PARTS, 0, limit=lambda s: sides(s)[side], section="look", looks=True,
        help=f"of the map, from {end}, whose curves are shown alone; 0 is all. A click on the rim chooses it",
    )  # fmt: skip


class RealRuns(Convolved, Seeded, NetsView):
    """Trials of a search, trained as populations, by the sampler that one chooses, on the same budget for each."""

    name = "search"
    label = "real runs"
    about = (
        "A search for the learning rate and the L2 penalty of a small net: each dot is a net that is trained, many of "
        "them at once. Press Start. Pin a search, and run another sampler on the same budget against it; or repeat "
        "both with other seeds. A click on the rim of the map shows the curves of that row or column alone."
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
        limit=lambda s: MOST_HALVED if on_map(s) == "halving" else s["trials"],
        section="look",
        looks=True,
        help="drawn in black; 0 is the best. A click on a dot chooses it",
    )
    column = _part(0, "the left")
    row = _part(1, "below")
    together = Switch(
        False, section="look", label="best five together", looks=True, help="average the probabilities of the best five"
    )
    repetitions = WholeSlider(
        1, MOST_REPEATED, 1, section="repeat", help="the same search with the next seeds, all trained side by side"
    )
    rival = Choice(RIVALS, NOBODY, section="repeat", label="against", help="another sampler on the same budget")
    of = Choice(
        SHOWN, OF_SAMPLER, section="repeat", label="on the map", looks=True,
        when=lambda s: s["rival"] != NOBODY, help="whose trials the map, the curves and the fourth panel show",
    )  # fmt: skip
    repetition = WholeSlider(
        1,
        MOST_REPEATED,
        1,
        limit=lambda s: s["repetitions"],
        when=lambda s: s["repetitions"] > 1,
        section="repeat",
        looks=True,
        help="the one that the map, the curves and the fourth panel show",
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
        """What all trials of the first repetition have in common."""
        return RunConfig(
            train_size=s.train_size,
            label_noise=s.label_noise,
            conv=s.conv,
            hidden=(s.width,),
            epochs=s.epochs,
            batch_size=min(32, s.train_size),
            seed=s.seed,
        )

    def space(self, s: Any) -> dict[str, Range]:
        """What is searched."""
        for name, low, high in (("lr", s.lr_low, s.lr_high), ("l2", s.l2_low, s.l2_high)):
            check_order(low, high, f"{name}_")
        found: dict[str, Range] = {"lr": LogUniform(s.lr_low, s.lr_high), "l2": LogUniform(s.l2_low, s.l2_high)}
        return found | {name: ALSO[name] for name in s.also}

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.shared: tuple[str, str] | None = None  # a storage, and the name of the study in it
        self._searches: SideBySide | None = None

    def leave(self) -> None:
        """Leave the search in hand to the others, if there are any: what is under way waits for them again."""
        if self.shared is not None and self._searches is not None:
            self._searches.stop()
        self._searches = None

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        return [], []

    def training(self, s: Any, configs: Sequence[RunConfig]) -> SearchTraining:
        self.leave()
        plans = self.plans(s)
        searches = [Progress(plan, *(self.shared or ())) for plan in plans]
        self._searches = side_by_side(searches, batch=s.batch, snapshots=_moments(s, plans))
        return SearchTraining(self._searches, s.repetitions, waits=self.shared is not None)

    def plans(self, s: Any) -> list[Plan]:
        """Of all repetitions, and then those of the rival, seed by seed with the same nets and digits."""
        if s.rival == s.sampler:
            raise InvalidSetting(f"rival = {s.rival!r} is the sampler itself: choose another, or {NOBODY!r}.")
        if self.shared and (s.repetitions > 1 or s.rival != NOBODY):
            asked = f"repetitions = {s.repetitions}" if s.repetitions > 1 else f"rival = {s.rival!r}"
            raise InvalidSetting(f"{asked}: what is shared is one search. Choose repetitions = 1 and rival = 'none'.")
        samplers = (s.sampler,) if s.rival == NOBODY else (s.sampler, s.rival)
        base, space = self.base(s), self.space(s)
        return [
            Plan(space, replace(base, seed=s.seed + place), sampler, s.trials, s.seed + place)
            for sampler in samplers
            for place in range(s.repetitions)
        ]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Searched:
        assert isinstance(snapshot, Moment)
        place = min(s.repetition, len(snapshot.repeated)) - 1
        result = (snapshot.rivals if s.of == OF_RIVAL and snapshot.rivals else snapshot.repeated)[place]
        chosen = next((trial for trial in result.trials if trial.number == s.trial - 1), None)
        data = _data(s.train_size, s.seed)
        return Searched(
            result=result,
            chance=1 / DATASETS["digits"].classes,
            names=NAMES,
            chosen=chosen,
            look=s.look,
            examples=(min(len(data.y_val), EVALUATED), min(len(data.y_test), EVALUATED)),
            together=self._together(result, s, s.seed + place) if s.together else None,
            sides=sides(s._asdict()),
            parts=_parts(s, result),
            place=place,
            repeated=Repeated(snapshot.repeated),
            rival=Repeated(snapshot.rivals) if snapshot.rivals else None,
            config=self.base(s),
        )

    def _together(self, result: Result, s: Any, seed: int) -> Together | None:
        best = result.top(TOGETHER)
        base = replace(self.base(s), seed=seed)
        return _ensemble(best, base, s.train_size, seed) if result.done and len(best) > 1 else None

    def explain(self, result: Searched) -> Sequence[str]:
        return told(result)

    def script(self, s: Any) -> str:
        rival = s.rival if s.rival != NOBODY else ""
        return search_script(self.space(s), self.base(s), s.sampler, s.trials, s.seed, s.repetitions, rival)

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        if start != now:
            return {}
        if isinstance(start, int):
            return {"trial": start + 1}
        name, place = start
        return {name: 0 if getattr(s, name) == place else place}


def _moments(s: Any, plans: Sequence[Plan]) -> int | None:
    """At which a batch of all searches together is looked at; None, as often as there is time for it, where there is so
    much to train that its curves would stand still, and to evaluate all of it would take longest."""
    nets = sum(plan.count if plan.sampler == "halving" else min(s.batch, plan.count) for plan in plans)
    steps: int = s.epochs * s.train_size // min(32, s.train_size)
    moments = max(MOMENTS, int(s.epochs))
    units = sum(plans[0].base.convolved, s.width) if plans[0].base else s.width
    return moments if nets * steps * units <= PACE * moments else None


def on_map(s: Mapping[str, Any]) -> str:
    """Which sampler's trials are on the map with settings ``s``."""
    return str(s["rival"] if s["of"] == OF_RIVAL and s["rival"] != NOBODY else s["sampler"])


def sides(s: Mapping[str, Any]) -> tuple[int, int]:
    """How many columns and rows the map of a search with settings ``s`` has."""
    if on_map(s) != "grid":
        return PARTS, PARTS
    searched: dict[str, Range] = {"lr": Uniform(0, 1), "l2": Uniform(0, 1)} | {name: ALSO[name] for name in s["also"]}
    columns, rows = grid_shape(searched, s["trials"])[:2]
    return columns, rows


def _parts(s: Any, result: Result) -> tuple[Part, ...]:
    """The column and the row that are looked at."""
    counts, chosen = sides(s._asdict()), (s.column, s.row)
    return tuple(
        Part(name, result.space[name], min(place, count) - 1, count)
        for name, place, count in zip(("lr", "l2"), chosen, counts, strict=True)
        if place
    )


def _data(train_size: int, seed: int) -> Any:
    return load_with_test("digits", train_size, seed=seed)


@lru_cache(maxsize=4)
def _ensemble_of(key: tuple[Any, ...], base: RunConfig, train_size: int, seed: int) -> Together:
    trials = [Trial(number, dict(params), "complete") for number, params in key]
    return ensemble(trials, base, _data(train_size, seed))


def _ensemble(trials: Sequence[Trial], base: RunConfig, train_size: int, seed: int) -> Together:
    return _ensemble_of(tuple((trial.number, tuple(trial.params.items())) for trial in trials), base, train_size, seed)
