"""Units in a row: what is left of a value, and of its gradient, at the other end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import chain, chain_script
from trainingwheels.figures.labels import many, precise
from trainingwheels.figures.panels import percent, plain
from trainingwheels.labs.activation_functions.nonlinearities import Swept, inputs, on_screen
from trainingwheels.labs.activation_functions.pictures.chains import ChainPicture, ChainView, Link
from trainingwheels.labs.activation_functions.pictures.functions import Point
from trainingwheels.labs.base.parameters import Slider, WholeSlider
from trainingwheels.labs.base.view import View

__all__ = ["UnitsInARow"]

SURE = 1e-300  # from a gradient above this, one more unit leads to zero only by a factor of zero
KEPT = 10.0  # a gradient within this factor of where it began keeps its size


class UnitsInARow(Swept, View):
    """What is left of the gradient at the other end of each row."""

    name = "chain"
    label = "units in a row"
    about = (
        "Each unit takes w times the output of the one before. Above are value and gradient from unit to unit, below "
        "is the gradient through the whole row for every input."
    )
    picture = ChainPicture

    n = WholeSlider(1, 50, 10, most=200, unit="units", label="units", section="row", help="units in a row")
    w = Slider(-4.0, 4.0, 1.0, step=0.05, label="weight w", help="weight between two units")
    b = Slider(-4.0, 4.0, 0.0, step=0.1, label="bias b", section="row", help="bias of every unit")

    def compute(self, s: Any) -> ChainView:
        x, here = inputs(s)
        links = [Link(f, chain(f, here, s.n, s.w, s.b), chain(f, x, s.n, s.w, s.b)) for f in on_screen(s)]
        return ChainView(x, links, s.x, s.n, s.w)

    def drag(self, s: Any, start: Point, now: Point) -> Mapping[str, float]:
        return {"x": now.x}

    def explain(self, result: ChainView) -> Sequence[str]:
        return [_left(link, result) for link in result.links] + [_everywhere(result)]

    def script(self, s: Any) -> str:
        return chain_script(on_screen(s)[0], s.x, s.n, s.w, s.b)


def _left(link: Link, view: ChainView) -> str:
    gradient = float(link.one.gradients[-1, 0])
    name, x = link.activation.label, plain(float(f"{view.at:.3g}"))
    start = f"{name}: after {many(view.n, 'unit')}, the gradient at x = {x} is"
    size = abs(gradient)
    if not np.isfinite(gradient):
        return f"{start} beyond all numbers: it explodes."
    if size == 0:
        if _is_exact(link, view.w):
            return f"{start} exactly zero: no learning from this input."
        return f"{start} below 5e−324, too small for a number of 64 bits: it vanishes."
    verdict = ": it keeps its size, within a factor of 10"
    if not 1 / KEPT <= size <= KEPT:
        verdict = ", below 0.1: it vanishes" if size < 1 else ", above 10: it explodes"
    return f"{start} {precise(gradient)}, times {precise(size ** (1 / view.n))} per unit{verdict}."


def _is_exact(link: Link, w: float) -> bool:
    """Whether a gradient of zero is one, and not a product that has become too small for its number."""
    has_zero_slope = bool((link.activation.derivative(np.array([-100.0, 100.0])) == 0).any())
    before = np.abs(link.one.gradients[:, 0])
    return w == 0 or (has_zero_slope and before[before > 0][-1] > SURE)


def _everywhere(view: ChainView) -> str:
    link = view.links[0]
    sizes = np.abs(link.every.gradients[-1])
    alive = float(np.mean((sizes >= 1 / KEPT) & (sizes <= KEPT)))
    return (
        f"{link.activation.label}: for {percent(alive)} of the inputs from {plain(float(view.x[0]))} to "
        f"{plain(float(view.x[-1]))}, the gradient stays between 0.1 and 10."
    )
