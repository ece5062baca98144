"""What the pictures of activation functions show, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from trainingwheels.engine import History
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.signals.gaussian_inputs import CENTRED
from trainingwheels.figures import CurvesView
from trainingwheels.figures.labels import short
from trainingwheels.figures.panels import percent, plain
from trainingwheels.labs.activation_functions.pictures.chains import ChainView, Link
from trainingwheels.labs.activation_functions.pictures.comparison import FEWEST
from trainingwheels.labs.activation_functions.pictures.functions import Curve, FunctionsView

__all__ = ["explain_chain", "explain_functions", "explain_training"]

DEAD = 0.999  # a unit that is off for more of its inputs than that is called dead
KEPT = 10.0  # a gradient within this factor of where it began keeps its size


def explain_functions(view: FunctionsView) -> list[str]:
    """Value and slope at an input, whether outputs are centred, and how many inputs are cut off."""
    first, others = view.curves[0], view.curves[1:]
    return [_at(first, view.at), _centred(first), _flat(first), *(_beside(curve) for curve in others)]


def _at(curve: Curve, at: float) -> str:
    value, slope = curve.at
    x = plain(float(f"{at:.3g}"))
    return f"{curve.activation.label} at x = {x}: output {short(value)}, slope {short(slope)}."


def _centred(curve: Curve) -> str:
    made = curve.outputs
    if made.std < 1e-12:
        return f"Every output is {short(made.mean)}."
    verdict = "zero-centred" if made.centred else "not zero-centred"
    away = f"The mean is {short(abs(made.mean) / made.std)} std from zero: {verdict} (at most {CENTRED:g} would be)."
    if made.centred:
        away = away.replace("would be", "is")
    return f"Outputs for these inputs: mean {short(made.mean)}, std {short(made.std)}. {away}"


def _flat(curve: Curve) -> str:
    flat, share = curve.activation.flat, curve.outputs.flat
    passed = f"The slope is {short(curve.outputs.slope)} on average over these inputs."
    if flat is None:
        return f"{passed} It is flat nowhere."
    dead = " Dead: next to none of them will teach it anything." if flat.word == "off" and share > DEAD else ""
    return f"{passed} It is {flat.word} for {_share(share)} of them: {flat.rule.split(': ', 1)[1]}.{dead}"


def _share(share: float) -> str:
    if DEAD < share < 1:
        return f"more than {percent(DEAD)}"
    return "under 0.1 %" if 0 < share < 1e-3 else percent(share)


def _beside(curve: Curve) -> str:
    flat, made = curve.activation.flat, curve.outputs
    cut = f", {_share(made.flat)} {flat.word}" if flat else ", nowhere flat"
    name = curve.activation.label
    return f"{name}: mean {short(made.mean)}, std {short(made.std)}, mean slope {short(made.slope)}{cut}."


def explain_chain(view: ChainView) -> list[str]:
    """What is left of the gradient at the other end of each row."""
    return [_left(link, view) for link in view.links] + [_everywhere(view)]


def _left(link: Link, view: ChainView) -> str:
    gradient = float(link.one.gradients[-1, 0])
    name, x = link.activation.label, plain(float(f"{view.at:.3g}"))
    start = f"{name}: after {view.n} unit{'s' * (view.n > 1)}, the gradient at x = {x} is"
    size = abs(gradient)
    if not np.isfinite(gradient):
        return f"{start} beyond all numbers: it explodes."
    if size == 0:
        return f"{start} exactly zero: no learning from this input."
    verdict = (
        "it vanishes"
        if size < 1 / KEPT
        else "it explodes"
        if size > KEPT
        else "it keeps its size, within a factor of 10"
    )
    return f"{start} {short(gradient)}, times {short(size ** (1 / view.n))} per unit: {verdict}."


def _everywhere(view: ChainView) -> str:
    link = view.links[0]
    sizes = np.abs(link.every.gradients[-1])
    alive = float(np.mean((sizes >= 1 / KEPT) & (sizes <= KEPT)))
    return (
        f"{link.activation.label}: for {percent(alive)} of the inputs from {plain(float(view.x[0]))} to "
        f"{plain(float(view.x[-1]))}, the gradient stays between 0.1 and 10."
    )


def explain_training(view: CurvesView) -> list[str]:
    """Accuracies over seeds, and differences seed by seed to the first kind of net."""
    kinds: dict[str, list[History]] = {}
    for history, label in zip(view.histories, view.labels, strict=True):
        kinds.setdefault(label, []).append(cast(History, history))  # nets that train here have all of it
    first, *others = kinds
    lines = [_accuracy(label, runs) for label, runs in kinds.items()]
    if not len(view.histories[0].steps):
        return [*lines, _weights(kinds)]
    return [*lines, *(_difference(label, kinds[label], first, kinds[first]) for label in others), _weights(kinds)]


def _final(runs: Sequence[History]) -> np.ndarray:
    return np.array([float(history.val_accuracy[-1]) for history in runs])


def _accuracy(label: str, runs: Sequence[History]) -> str:
    failed = next((history.failed for history in runs if history.failed), "")
    if failed:
        return f"{label}: {failed}"
    diverged = sum(history.diverged_at is not None for history in runs)
    found, steps = _final(runs), len(runs[0].steps)
    seeds = f"{len(runs)} seeds" if len(runs) > 1 else "one seed"
    spread = f", from {found.min():.1%} to {found.max():.1%}" if len(runs) > 1 else ""
    state = f"after {steps:,} steps" if steps else "untrained"
    lost = f" {diverged} of them diverged." if diverged else ""
    return f"{label}: validation accuracy {found.mean():.1%} {state}, {seeds}{spread}.{lost}"


def _difference(label: str, runs: Sequence[History], first: str, against: Sequence[History]) -> str:
    gains = 100 * (_final(runs) - _final(against))
    if len(gains) == 1:
        return f"{label} minus {first}: {gains[0]:+.1f} points.".replace("-", "−")
    low, high = bootstrap_interval(gains)
    bounds = f" (99 % interval {low:+.1f} to {high:+.1f})" if len(gains) >= FEWEST else ""
    ahead = int(np.count_nonzero(gains > 0))
    text = f"{label} minus {first}, seed by seed: {gains.mean():+.1f} points{bounds}, ahead in {ahead} of {len(gains)}."
    return text.replace("-", "−")


def _weights(kinds: dict[str, list[History]]) -> str:
    drawn: dict[str, list[str]] = {}
    for label, runs in kinds.items():
        drawn.setdefault(runs[0].config.initializer, []).append(label)
    names = {"xavier": "Xavier", "kaiming": "Kaiming"}
    return "Weights: " + "; ".join(f"{names[name]} for {', '.join(labels)}" for name, labels in drawn.items()) + "."
