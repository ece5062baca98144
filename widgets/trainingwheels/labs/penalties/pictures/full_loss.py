"""One example's full loss: its scores and margins, what the penalty adds, and R(w) beside its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.penalties import PENALTIES
from trainingwheels.engine.shrinkage.one_example import MARGIN, FullLoss
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE

__all__ = ["CLASS_NAMES", "FullLossPicture", "LossView", "penalty_color"]

Floats = NDArray[Any]
CLASS_NAMES = ("cat", "dog", "frog", "ship")
_ACROSS = (-0.4, 3.4)
_SCORES = (-4.5, 6.8)  # as far as scores can be dragged, and room for a number
_SPREADS = np.linspace(0, 1, 41)
_PALE = "#B9C2CB"


@dataclass(frozen=True)
class LossView:
    """The loss of one example, of the class ``CLASS_NAMES[0]``."""

    full: FullLoss


def penalty_color(name: str) -> str:
    """The colour of one penalty."""
    return run_color(PENALTIES.keys().index(name))


def _class_name(place: float) -> str:
    return CLASS_NAMES[int(place)] if place in range(len(CLASS_NAMES)) else ""


class FullLossPicture(PlotsPicture):
    """Scores that can be dragged and the loss over the spread of the weights; below, R(w) and dR/dw of one weight."""

    rows = (2, 2)
    height = 575.0
    tall = 250.0
    room = (40.0, 84.0, 84.0, 84.0)
    across = (_class_name, plain, plain, plain)

    def plots(self, result: LossView, pinned: LossView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        old = pinned.full if pinned else None
        return _scores(result.full, old), _spread(result.full, old), _one_weight(result.full), _slope(result.full)

    def point(self, x: float, y: float) -> tuple[int, float] | None:
        """The class nearest to a place in the first panel, and the score there."""
        place = self._panels[0].values(x, y)
        return None if place is None else (int(np.clip(round(place[0]), 0, len(CLASS_NAMES) - 1)), place[1])


def _scores(full: FullLoss, old: FullLoss | None) -> Plot:
    hinge, needed = full.loss == "hinge", full.scores[0] - MARGIN
    lines, spots = [], []
    parts = full.terms if hinge else full.probabilities
    for place, (score, part) in enumerate(zip(full.scores, parts, strict=True)):
        at = np.full(2, float(place))
        color = MEANING["positive"] if place == 0 else _PALE
        lines.append(Stroke(at, np.array([0.0, score]), color, "-", 16.0))
        if hinge and part > 0:
            lines.append(Stroke(at, np.array([needed, score]), MEANING["negative"], "-", 5.0))
        words = f"p {part:.2f}" if not hinge else "" if place == 0 else f"+{part:.2f}" if part > 0 else "0"
        spots.append(Spot(place, score, MEANING["negative"] if hinge and part > 0 else INK, words))
    if hinge:
        lines.append(Stroke(np.array(_ACROSS), np.full(2, needed), INK, (0, (4, 3)), 1.4))
        spots.append(Spot(_ACROSS[1], needed, INK, f"cat − {MARGIN:g}", marked=False))
    behind = [Stroke(np.array(_ACROSS), np.zeros(2), SUBTLE, "-", 1.0)]
    for place, score in enumerate(old.scores if old else ()):
        behind.append(Stroke(place + np.array([-0.3, 0.3]), np.full(2, score), PINNED, "-", 2.0))
    about = "drag them; red: missing margin" if hinge else "drag them; p: softmax"
    return Plot("scores", _ACROSS, _SCORES, about, "true class: cat", lines=lines, behind=behind, spots=spots)


def _spread(full: FullLoss, old: FullLoss | None) -> Plot:
    lines, spots, highest = [], [], full.data_loss
    for name, penalty in PENALTIES.items():
        losses = _losses(full, name)
        highest = max(highest, float(losses.max()))
        chosen = name == full.penalty
        lines.append(Stroke(_SPREADS, losses, penalty_color(name), "-", 2.6 if chosen else 1.4))
        spots.append(Spot(1, float(losses[-1]), penalty_color(name), penalty.label, marked=False))
    spots.append(Spot(1, full.data_loss, SUBTLE, "data loss", marked=False))
    spots.append(Spot(full.spread, full.total, penalty_color(full.penalty)))
    behind = [Stroke(np.array([0.0, 1.0]), np.full(2, full.data_loss), SUBTLE, (0, (4, 3)), 1.4)]
    behind += [Stroke(_SPREADS, _losses(old, old.penalty), PINNED, "-", 1.4)] if old else []
    words = "spread of the weights: 0 in one, 1 in all alike"
    heading = f"L = data loss + {full.lam:g} R(W)"
    return Plot(heading, (0, 1), (0, fine_reach(1.05 * highest)), "", words, lines=lines, behind=behind, spots=spots)


def _losses(full: FullLoss, name: str) -> Floats:
    """The loss with one of the penalties, over the spread."""
    return np.array([replace(full, penalty=name, spread=float(spread)).total for spread in _SPREADS])


def _one_weight(full: FullLoss) -> Plot:
    reach = fine_reach(max(1.0, float(np.abs(full.weights).max())))
    w = np.linspace(-reach, reach, 121)
    lines, spots, highest = [], [], 0.0
    for name, penalty in PENALTIES.items():
        values = np.array([penalty.value(each, full.beta) for each in w])
        highest = max(highest, float(values.max())) if name == full.penalty else highest
        lines.append(Stroke(w, values, penalty_color(name), "-", 2.6 if name == full.penalty else 1.4))
        spots.append(Spot(reach, float(values[-1]), penalty_color(name), penalty.label, marked=False))
    chosen, color = PENALTIES[full.penalty], penalty_color(full.penalty)
    spots += [Spot(each, chosen.value(each, full.beta), color) for each in _different(full)]
    top = fine_reach(1.05 * highest)
    return Plot("R of one weight", (-reach, reach), (0, top), "dots: the 16 weights", "w", lines=lines, spots=spots)


def _slope(full: FullLoss) -> Plot:
    reach = fine_reach(max(1.0, float(np.abs(full.weights).max())))
    w = np.concatenate([np.linspace(-reach, -1e-9, 60), np.linspace(1e-9, reach, 60)])
    lines, spots, highest = [], [], 0.0
    for name, penalty in PENALTIES.items():
        values = penalty.gradient(w, full.beta)
        highest = max(highest, float(values.max()))
        lines.append(Stroke(w, values, penalty_color(name), "-", 2.6 if name == full.penalty else 1.4))
        spots.append(Spot(reach, float(values[-1]), penalty_color(name), penalty.label, marked=False))
    chosen, color = PENALTIES[full.penalty], penalty_color(full.penalty)
    spots += [Spot(each, float(chosen.gradient(each, full.beta)), color) for each in _different(full)]
    top = fine_reach(1.05 * highest)
    words = "its gradient; that of |w| at 0 is 0"
    return Plot("dR/dw", (-reach, reach), (-top, top), words, "w", lines=lines, spots=spots)


def _different(full: FullLoss) -> list[float]:
    return [float(w) for w in np.unique(full.weights)]
