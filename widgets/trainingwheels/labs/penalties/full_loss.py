"""The full loss of the lecture: margins or probabilities of one example, class by class, plus lambda R(W)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.penalties import PENALTIES
from trainingwheels.engine.scripts.penalties import full_loss_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.engine.shrinkage.one_example import MARGIN, FullLoss, spread_weights
from trainingwheels.labs.base.parameters import Choice, Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.penalties.pictures.full_loss import CLASS_NAMES, FullLossPicture, LossView
from trainingwheels.labs.penalties.shared import Chosen, number

__all__ = ["TheFullLoss"]

DATA_LOSSES = Table("data_loss", (Option("hinge", "multiclass SVM (hinge)"), Option("softmax", "softmax")))


def _score(name: str, default: float) -> Slider:
    return Slider(-4.0, 6.0, default, step=0.1, section="example", help=f"score of {name}; drag it in the picture")


class TheFullLoss(Chosen, View):
    """One example of the class cat: its scores can be dragged, and come from few or from many weights."""

    name = "loss"
    label = "the full loss"
    picture = FullLossPicture
    about = (
        "The loss of one example: what its scores cost, and λ R(W), the price of the weights they come from. Drag "
        "the scores."
    )

    data_loss = Choice(DATA_LOSSES, "hinge", section="example", help="the loss of the example's scores")
    lam = Slider(0.0, 1.0, 0.1, step=0.01, most=1000.0, label="λ", help="weight of the penalty in the loss")
    spread = Slider(
        0.0, 1.0, 0.0, step=0.05, help="from one weight for each class (0) to four alike (1), with the same scores"
    )
    cat = _score("cat, the true class", 2.0)
    dog = _score("dog", 2.4)
    frog = _score("frog", 1.5)
    ship = _score("ship", -1.0)

    def compute(self, s: Any) -> LossView:
        return LossView(_full(s))

    def explain(self, result: LossView) -> Sequence[str]:
        full = result.full
        label, lam = PENALTIES[full.penalty].label, f"{full.lam:g}"
        ds = ", ".join(number(each) for each in full.score_gradient)
        push = full.lam * float(np.abs(PENALTIES[full.penalty].gradient(full.weights, full.beta)).max())
        return [
            *_data(full),
            (
                f"R(W) = {number(full.penalty_value)} ({label}): L = {number(full.data_loss)} + {lam} × "
                f"{number(full.penalty_value)} = {number(full.total)}."
            ),
            _same_scores(full),
            f"Gradients: dL_i/ds = ({ds}); λ dR/dw is at most {number(push, 3)} for any weight.",
        ]

    def script(self, s: Any) -> str:
        return full_loss_script(_full(s))

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        return {CLASS_NAMES[start[0]]: now[1]}


def _full(s: Any) -> FullLoss:
    scores = tuple(getattr(s, name) for name in CLASS_NAMES)
    return FullLoss(scores, s.data_loss, s.penalty, s.lam, s.beta, s.spread)


def _data(full: FullLoss) -> list[str]:
    """What the scores alone cost."""
    if full.loss == "softmax":
        p = float(full.probabilities[0])
        return [f"Softmax gives {CLASS_NAMES[0]}, the true class, p = {number(p, 4)}: L_i = {number(full.data_loss)}."]
    missed = [
        f"{name} misses it by {number(term)}" for name, term in zip(CLASS_NAMES, full.terms, strict=True) if term > 0
    ]
    if not missed:
        return [f"Every other class is at least {MARGIN:g} below {CLASS_NAMES[0]}, the true one: L_i = 0.00."]
    wanted = f"Every other class should be at least {MARGIN:g} below {CLASS_NAMES[0]}, the true one"
    return [f"{wanted}: {', '.join(missed)}, so L_i = {number(full.data_loss)}."]


def _same_scores(full: FullLoss) -> str:
    penalty = PENALTIES[full.penalty]
    one, alike = (penalty.value(spread_weights(full.scores, spread), full.beta) for spread in (0.0, 1.0))
    if one == 0:
        return "All scores are 0, and so are all weights."
    same = f"The same scores from one weight for each class: R = {number(one)}; from four alike: {number(alike)}."
    likes = (
        "L1 does not care: inputs of the same size" if alike > one * 0.999 else f"{penalty.label} prefers them alike"
    )
    return f"{same} {likes}."
