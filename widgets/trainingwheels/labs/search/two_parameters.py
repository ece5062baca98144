"""Two hyperparameters, of which one matters less: a grid wastes its trials on it, and a random search does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as w
import numpy as np

from trainingwheels.engine.scripts.landscapes import landscape_script, measured_script
from trainingwheels.engine.search.landscapes import SIDES, Landscape, Ridge, contest, design
from trainingwheels.engine.search.measured import BASE, PAIRS, POINTS, learner, measured
from trainingwheels.engine.settings import Named, Option, Table
from trainingwheels.figures.labels import capital, many, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import Choice, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.search.inputs import Filtered, Seeded
from trainingwheels.labs.search.pictures.two_parameters import TwoParameters, TwoParametersPicture

__all__ = ["GridAndRandom"]

LANDSCAPES: Table[Named] = Table("landscape", (Option("made", "made: a bump"), *(PAIRS[name] for name in PAIRS)))
MADE = {"landscape": "made"}
BESIDE = Table("beside", (Option("random", "random"), Option("sobol", "Sobol sequence")))
RESOLUTION = 96  # points along each side of the map
CHANCE = 0.1  # the accuracy of guessing a digit
AHEAD = 0.01  # of the score, of accuracies a point: a smaller difference of the means is not called one


class GridAndRandom(Filtered, Seeded, View):
    """Bergstra and Bengio's picture: trials on the map, along the axes, and in the space stretched by importance."""

    name = "grid"
    label = "grid and random"
    about = (
        "A score of two hyperparameters, as many trials for a grid as for its rival, and what each axis sees of them. "
        "It is a bump, whose best place one drags in a map, or the accuracy of real nets."
    )
    picture = TwoParametersPicture

    importance = Slider(
        0.0,
        1.0,
        0.1,
        step=0.05,
        label="importance of y",
        help="how much y matters, as a share of how much x does",
        when=MADE,
    )
    side = WholeSlider(
        SIDES[0], SIDES[-1], 3, label="side of the grid", help="k makes k × k trials, for the grid and its rival alike"
    )
    beside = Choice(BESIDE, "random", label="against", help="what the grid is compared with")
    landscape = Choice(LANDSCAPES, "made", section="landscape", help="a bump, or the accuracies of real nets")
    spread = Slider(
        0.03,
        0.4,
        0.1,
        step=0.01,
        section="landscape",
        when=MADE,
        help="standard deviation of the bump",
    )
    peak_x = Slider(0.0, 1.0, 0.62, step=0.01, section="landscape", when=MADE, help="where x is best")
    peak_y = Slider(0.0, 1.0, 0.4, step=0.01, section="landscape", when=MADE, help="where y is best")

    def compute(self, s: Any) -> TwoParameters:
        landscape = _landscape(s)
        steps = (np.arange(RESOLUTION) + 0.5) / RESOLUTION
        made = s.landscape == "made"
        scores = landscape.score(np.stack(np.meshgrid(steps, steps), axis=-1))
        designs = {name: design(name, s.side, s.seed) for name in ("grid", s.beside)}
        return TwoParameters(
            scores=scores,
            names=("x", "y") if made else ("lr", PAIRS[s.landscape].words),
            span=(0.0, 1.0) if made else (CHANCE, 1.0),
            importance=s.importance if made else _importance(scores),
            made=made,
            points=designs,
            found={name: landscape.score(each) for name, each in designs.items()},
            contest=contest(landscape, s.side),
            conv=() if made else s.filters,
        )

    def explain(self, result: TwoParameters) -> Sequence[str]:
        side, (x, y) = result.contest.side, result.names
        (_, rival) = result.points
        highest = max(1.0 if result.made else result.scores.max(), *(scores.max() for scores in result.found.values()))
        return [
            (
                f"{many(side**2, 'trial')} each. Of {x} the grid tries {many(side, 'value')}, {_NAMES[rival]} "
                f"{side**2}; of {y} likewise. {_matters(result)}"
            ),
            (
                "The best in this draw: "
                + ", ".join(f"{_NAMES[name]} {_score(scores.max(), result)}" for name, scores in result.found.items())
                + f"; the highest there is, {_score(highest, result)}."
            ),
            _verdict(result, rival),
            *convolution_sentence(learner(result.conv)),
        ]

    def script(self, s: Any) -> str:
        landscape = _landscape(s)
        if isinstance(landscape, Ridge):
            return landscape_script(landscape, s.beside, s.side)
        return measured_script(s.landscape, s.beside, s.side, s.filters)

    def seconds(self, s: Any) -> float | None:
        return None if s.landscape == "made" else 12.0 if s.filters else 3.0

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        if s.landscape != "made":
            return {}
        return {"peak_x": s.peak_x + now[0] - start[0], "peak_y": s.peak_y + now[1] - start[1]}

    def above(self) -> Sequence[w.Widget]:
        button = w.Button(description="New draw", tooltip="Other random trials, and the grid shifted otherwise")
        button.on_click(self.lab._guarded(lambda _: self.draw_another()))
        return [button]

    def draw_another(self) -> None:
        """Other random trials, and the grid shifted otherwise."""
        self.lab.set(seed=(self.lab.seed + 1) % 100)


_NAMES = {"grid": "the grid", "random": "random search", "sobol": "the Sobol sequence"}


def _landscape(s: Any) -> Landscape:
    if s.landscape != "made":
        return measured(s.landscape, s.filters)
    return Ridge(s.importance, (s.peak_x, s.peak_y), s.spread)


def _importance(scores: Any) -> float:
    """How far the mean score moves along y, as a share of how far it does along x."""
    return float(np.ptp(scores.mean(axis=1)) / np.ptp(scores.mean(axis=0)))


def _matters(result: TwoParameters) -> str:
    (x, y), share = result.names, result.importance
    if not result.made:
        return (
            f"The scores are accuracies of {POINTS**2} nets that were trained for {BASE.epochs} epochs at as many "
            f"places of the map; the mean over {x} moves {share:.2g} times as far along {y} as that over {y} along {x}."
        )
    if share == 0:
        return f"{y} does not matter at all{': every row of the grid repeats the first' * (result.contest.side > 1)}."
    if share == 1:
        return f"{x} and {y} matter alike."
    return f"{y} matters {share:.2g} times as much as {x}."


def _score(value: float, result: TwoParameters) -> str:
    """A score in words: an accuracy in percent."""
    return f"{value:.2f}" if result.made else percent(float(value))


def _verdict(result: TwoParameters, rival: str) -> str:
    """Over many draws, on average and by how many of them."""
    grid, other = result.contest.here("grid"), result.contest.here(rival)
    ahead = float(other.mean() - grid.mean())
    who, by = (_NAMES[rival], ahead) if ahead > 0 else (_NAMES["grid"], -ahead)
    lead, least = (f"{by:.2f}", f"{AHEAD:g}") if result.made else (points(by), "a point")
    verdict = f"{who} is ahead by {lead}" if by >= AHEAD else f"they differ by less than {least}"
    return (
        f"Over {len(grid):,} draws, in which the grid is shifted at random, the best is {_score(grid.mean(), result)} "
        f"on average for the grid and {_score(other.mean(), result)} for {_NAMES[rival]}: {verdict}. "
        f"{capital(_NAMES[rival])} has the better one in {percent(float((other > grid).mean()))} of the draws."
    )
