"""What the preprocessing lab says of what it shows, with its thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.geometry.clouds import STEPS
from trainingwheels.engine.geometry.turning import TURNS, Turned
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures.labels import short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.preprocessing.pictures.bowls import DescentView
from trainingwheels.labs.preprocessing.pictures.clouds import CloudView
from trainingwheels.labs.preprocessing.pictures.components import ComponentsView
from trainingwheels.labs.preprocessing.pictures.image_means import MeansView
from trainingwheels.labs.preprocessing.pictures.leakage import LeakView
from trainingwheels.labs.preprocessing.pictures.turning import TurnView

__all__ = ["FLAT", "sentences"]

FLAT = 0.25
"""A mean image that varies by less than this share of what its images vary is said to be nearly flat."""


def sentences(result: Any) -> Sequence[str]:
    """What the picture of ``result`` shows."""
    match result:
        case CloudView():
            return _cloud(result)
        case TurnView():
            return _turn(result)
        case DescentView():
            return _descent(result)
        case MeansView():
            return _means(result)
        case ComponentsView():
            return _components(result)
        case LeakView():
            return _leak(result)
    raise TypeError(type(result))


def _cloud(view: CloudView) -> list[str]:
    original, chosen = view.steps[0], view.steps[view.chosen]
    mean, moments = original.moments.mean, chosen.moments
    found = [
        (
            f"{_many(len(original.points), 'point')} around ({short(mean[0])}, {short(mean[1])}). Correlation of the "
            f"two features {_flat(original.moments.correlation)}; ratio of the variances along the ellipse's axes "
            f"{_ratio(original.moments.condition)}."
        )
    ]
    name = chosen.step.label.capitalize()
    found.append(f"{name}: covariance {_matrix(moments.covariance)}, ratio {_ratio(moments.condition)}.")
    found += _too_flat(len(original.points), original.moments.condition)
    worst = max(taken.miss for taken in view.steps)
    found.append(f"Each step can be taken back: the way back misses by {short(worst)} of the largest value, rounding.")
    return found


def _too_flat(count: int, condition: float) -> list[str]:
    """What to say of data without variance in some direction."""
    if count < 3:
        return [
            (
                f"{_many(count, 'point')} in 2 dimensions: the covariance has rank {count - 1}. Fewer examples than "
                "dimensions always leave directions without any variance."
            )
        ]
    if condition == math.inf:
        return [
            (
                "The points lie on a line: one direction has variance 0. Whitening would divide 0 by 0; the 1e-5 "
                "that is added to each variance keeps it at 0."
            )
        ]
    return []


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _flat(value: float) -> str:
    return "0" if abs(value) < 5e-3 else f"{value:.2f}".replace("-", "−")


def _ratio(condition: float) -> str:
    return "infinite" if condition == math.inf else short(condition)


def _matrix(covariance: Any) -> str:
    size = 1e-5 * max(1.0, float(np.abs(covariance).max()))
    rows = [", ".join("0" if abs(value) < size else short(float(value)) for value in row) for row in covariance]
    return f"[{'; '.join(rows)}]"


def _turn(view: TurnView) -> list[str]:
    before, after = view.steps["original"], view.steps[view.after]
    degrees = f"{view.degrees:g}".replace("-", "−")
    found = [
        (
            f"At its best the classifier has loss {before.lowest:.2f} on the original and on the prepared data: it is "
            "the same one, written in other coordinates."
        )
    ]
    found.append(
        f"Its weights turned by {degrees} degrees: loss {_loss(before, view.degrees):.2f} on the original data, "
        f"{_loss(after, view.degrees):.2f} on the {STEPS[view.after].label} ones."
    )
    first, second = before.turn_to(2.0), after.turn_to(2.0)
    found.append(f"The loss doubles after {_angle(first)} (original) and {_angle(second)} ({STEPS[view.after].label}).")
    if first is not None and second is not None:
        found.append(_verdict(second / first))
    return found


def _angle(degrees: float | None) -> str:
    return "no turn" if degrees is None else f"a turn of {degrees:.1f} degrees"


def _verdict(factor: float) -> str:
    """What a ratio of the turns that double the loss means."""
    if factor >= 1.1:
        return f"After, the weights may turn {factor:.1f} times as far: less sensitive, easier to optimize."
    if factor <= 0.9:
        return f"After, they may turn only {factor:.2f} times as far: here this step makes it more sensitive."
    return "That is the same within a tenth: these data had nothing to gain from it."


def _loss(turned: Turned, degrees: float) -> float:
    return float(np.interp(degrees, TURNS, turned.losses))


def _descent(view: DescentView) -> list[str]:
    if view.rate >= 2:
        return [
            (
                f"The learning rate is {view.rate:g} divided by the largest curvature. From 2 on, each step "
                "overshoots by at least the distance it came from: nothing converges, on any bowl, prepared or not."
            )
        ]
    condition = view.bowls["centred"].condition
    found = [
        (
            f"Zero-centred data with condition number {short(condition)}: {_steps(view, 'centred')} until the loss is "
            f"a thousandth of that at the start. Whitened: {_steps(view, 'whitened')}, with the same rate times "
            "curvature."
        )
    ]
    others = [
        f"{STEPS[name].label} {_steps(view, name)} (condition number {short(view.bowls[name].condition)})"
        for name in ("original", "normalized")
    ]
    found.append(f"The others: {', '.join(others)}.")
    if view.rate <= 1.5 and condition >= 10:
        each = math.log(500) / (2 * view.rate)
        found.append(
            f"In theory it takes the condition number times ln(500) / (2 × {view.rate:g}) = {each:.1f} steps, for "
            f"large condition numbers: {condition * each:,.0f} here."
        )
    return found


def _steps(view: DescentView, name: str) -> str:
    steps = view.steps[name]
    return "more than ten million steps" if steps is None else _many(steps, "step")


def _means(view: MeansView) -> list[str]:
    mean, channels = view.mean_image, view.channel_mean
    numbers = ", ".join(f"{value:.2f}" for value in channels)
    means = "the means of its 3 channels" if len(channels) == 3 else "its mean over all pixels"
    found = [f"The mean image of {view.examples:,} {view.what} has {mean.size:,} numbers; {means}: {numbers}."]
    if view.examples == 1:
        found.append("Of one image, the mean is that image: minus it, nothing would be left of it.")
    original, minus_image, minus_channels = view.rows()
    spread = float((mean - channels[:, None, None]).std())
    total = float((original - original.mean(axis=(2, 3), keepdims=True)).std())
    verdict = (
        "it is nearly flat, so that the mean of each channel does as well"
        if spread < FLAT * total
        else "it has a shape of its own, which the mean of a channel does not take away"
    )
    found.append(f"Within a channel it varies by std {spread:.3f}, the images shown by {total:.2f}: {verdict}.")
    found.append(
        f"The images shown are none of those {view.what}, so their mean, {_signed(original.mean())}, becomes "
        f"{_signed(minus_image.mean())} (mean image) and {_signed(minus_channels.mean())} (channels), not exactly 0."
    )
    return found


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _components(view: ComponentsView) -> list[str]:
    parts = view.components
    error = float(np.sqrt(np.mean((parts.rebuilt(view.images, view.k) - view.images) ** 2)))
    found = [
        (
            f"{view.k} of 64 components keep {percent(parts.kept(view.k))} of the variance of "
            f"{_many(parts.examples, 'training digit')}. Other digits made again of them miss by an rms of "
            f"{short(error)}, where 0 is black and 1 is white."
        )
    ]
    if parts.examples <= 64:
        found.append(
            f"{_many(parts.examples, 'example')} in 64 dimensions: the covariance has rank {parts.rank}. The other "
            "directions have no variance, and whitening enlarges what new images have there over 300 times."
        )
    if parts.constant:
        found.append(
            f"{_many(parts.constant, 'pixel')} of 64 never changed in training: variance 0, and only the 1e-5 that is "
            "added to each variance keeps whitening from dividing by it."
        )
    if parts.rank > 1:
        top, last = (float(np.sqrt(parts.variances[place])) for place in (0, parts.rank - 1))
        found.append(
            f"The std along the components goes from {short(top)} down to {short(last)}. Whitening makes them equal: "
            "the weakest become as strong as the rest."
        )
    return found


def _leak(view: LeakView) -> list[str]:
    means = {name: percent(float(values.mean())) for name, values in view.accuracies.items()}
    found = [
        (
            f"Test accuracy, mean of {len(view.accuracies['train'])} draws of digits: {means['train']} with the "
            f"training set's statistics (honest), {means['both']} with those of both sets, {means['test']} with the "
            "test set's own."
        )
    ]
    for name, what in (("both", "Statistics of both sets"), ("test", "The test set's own statistics")):
        difference = view.difference(name)
        low, high = bootstrap_interval(difference)
        interval = (
            f"{_percentage(float(difference.mean()))} points (99 % interval {_percentage(low)} to {_percentage(high)})"
        )
        verdict = (
            "the test looks better than an honest one"
            if low > 0
            else "the test looks worse than an honest one"
            if high < 0
            else "no effect can be told from chance here, and it is a leak all the same"
        )
        found.append(f"{what} change it by {interval}: {verdict}.")
    return found


def _percentage(share: float) -> str:
    return f"{100 * share:+.1f}".replace("+0.0", "0.0").replace("-0.0", "0.0").replace("-", "−")
