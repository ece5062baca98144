"""f and f′: what a nonlinearity makes of its inputs, and what it leaves of their gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainingwheels.engine import function_script, outputs
from trainingwheels.engine.signals.gaussian_inputs import CENTRED
from trainingwheels.figures.labels import precise, short
from trainingwheels.figures.panels import percent, plain
from trainingwheels.labs.activation_functions.nonlinearities import Bell, Swept, inputs, on_screen
from trainingwheels.labs.activation_functions.pictures.functions import Curve, FunctionsPicture, FunctionsView, Point
from trainingwheels.labs.base.view import View

__all__ = ["TheFunction"]

HOLD = 0.08  # of the span: how near to a line the mouse must be to take hold of it
MIDDLE = 0.2  # of the span: where a line is moved, not turned
DEAD = 0.999  # a unit that is off for more of its inputs than that is called dead


class TheFunction(Swept, Bell, View):
    """Value and slope at an input, whether outputs are centred, and how many inputs are cut off."""

    name = "function"
    label = "f and f′"
    about = (
        "The function stands above, its slope below it, over the same inputs; at the bottom lie the inputs "
        "themselves, at the right is what becomes of them. Shaded is where the function is flat."
    )
    picture = FunctionsPicture

    activation = Bell.activation  # these three come first
    x = Swept.x
    mean = Bell.mean

    def compute(self, s: Any) -> FunctionsView:
        x, here = inputs(s)
        curves = [
            Curve(
                f,
                f.value(x),
                f.derivative(x),
                (float(f.value(here)[0]), float(f.derivative(here)[0])),
                outputs(f, s.mean, s.std),
            )
            for f in on_screen(s)
        ]
        lines = ((s.w1, s.b1), (s.w2, s.b2)) if s.activation == "maxout" else ()
        return FunctionsView(x, curves, s.x, s.mean, s.std, lines)

    def drag(self, s: Any, start: Point, now: Point) -> Mapping[str, float]:
        if start.panel != now.panel:
            return {}
        if start.panel == "inputs":
            return {"mean": s.mean + now.x - start.x}
        if start.panel == "value" and s.activation == "maxout" and (line := _line_at(s, start)):
            return _move_line(s, line, start, now)
        return {"x": now.x}

    def explain(self, result: FunctionsView) -> Sequence[str]:
        first, others = result.curves[0], result.curves[1:]
        return [_at(first, result.at), _centred(first), _flat(first), *(_beside(curve) for curve in others)]

    def script(self, s: Any) -> str:
        return function_script(on_screen(s)[0], s.x, s.mean, s.std)


def _line_at(s: Any, at: Point) -> int:
    """Which of maxout's lines (1 or 2) is taken hold of; 0 for neither."""
    away = {1: abs(s.w1 * at.x + s.b1 - at.y), 2: abs(s.w2 * at.x + s.b2 - at.y)}
    nearest = min(away, key=lambda line: away[line])
    return nearest if away[nearest] < HOLD * s.span else 0


def _move_line(s: Any, line: int, start: Point, now: Point) -> dict[str, float]:
    """In the middle a line is moved up and down; further out it is turned about its height at 0."""
    w, b = f"w{line}", f"b{line}"
    if abs(start.x) < MIDDLE * s.span:
        return {b: getattr(s, b) + now.y - start.y}
    return {w: (now.y - getattr(s, b)) / now.x} if abs(now.x) > MIDDLE * s.span / 2 else {}


def _at(curve: Curve, at: float) -> str:
    value, slope = curve.at
    x = plain(float(f"{at:.3g}"))
    return f"{curve.activation.label} at x = {x}: output {precise(value)}, slope {precise(slope)}."


def _centred(curve: Curve) -> str:
    made = curve.outputs
    if made.std < 1e-12:
        return f"Every output is {precise(made.mean)}."
    about = f"Outputs for these inputs: mean {precise(made.mean)}, std {short(made.std)}."
    if _dead(curve):
        return f"{about} Nearly all of them are one value: whether they are centred says nothing."
    verdict, be = ("zero-centred", "is") if made.centred else ("not zero-centred", "would be")
    away = f"The mean is {short(abs(made.mean) / made.std)} std from zero: {verdict} (at most {CENTRED:g} {be})."
    return f"{about} {away}"


def _dead(curve: Curve) -> bool:
    flat = curve.activation.flat
    return flat is not None and flat.word == "off" and curve.outputs.flat > DEAD


def _flat(curve: Curve) -> str:
    flat, share = curve.activation.flat, curve.outputs.flat
    passed = f"The slope is {short(curve.outputs.slope)} on average over these inputs."
    if flat is None:
        return f"{passed} It is flat nowhere."
    dead = " Dead: next to none of them will teach it anything." if _dead(curve) else ""
    return f"{passed} It is {flat.word} for {_share(share)} of them: {flat.rule.split(': ', 1)[1]}.{dead}"


def _share(share: float) -> str:
    if DEAD < share < 1:
        return f"more than {percent(DEAD)}"
    return "under 0.1 %" if 0 < share < 1e-3 else percent(share)


def _beside(curve: Curve) -> str:
    flat, made = curve.activation.flat, curve.outputs
    cut = f", {_share(made.flat)} {flat.word}" if flat else ", nowhere flat"
    name = curve.activation.label
    return f"{name}: mean {precise(made.mean)}, std {short(made.std)}, mean slope {short(made.slope)}{cut}."
