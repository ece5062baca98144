"""What the batch normalization lab says of the layer alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import numeric_gradients
from trainingwheels.figures.labels import short
from trainingwheels.labs.batch_normalization.pictures.computation_graph import GraphView
from trainingwheels.labs.batch_normalization.pictures.normalization import SHOWN, NormalizedLayer
from trainingwheels.labs.batch_normalization.pictures.paths import paths_of
from trainingwheels.labs.batch_normalization.pictures.running_statistics import RunningStatistics

__all__ = ["explain_graph", "explain_layer", "explain_running"]

Floats = NDArray[np.floating[Any]]
START_COUNTS = 0.01  # a weight of the running averages' start above this is worth a sentence
FEWEST = 16  # values of a unit whose kurtosis is worth a sentence
MOST_EPSILON = 0.005  # a standard deviation of x_hat this far below 1 is worth one


def explain_layer(result: NormalizedLayer) -> Sequence[str]:
    """Mean and spread, the shape, and gamma and beta."""
    axes = result.kind.axes
    constant = np.ptp(result.x, axis=axes) == 0
    if constant.any():
        return [_erased(result, float(constant.mean()))]
    return [_normalized(result), *_shape(result), _scaled(result)]


def _erased(result: NormalizedLayer, share: float) -> str:
    what = {"batch": "unit over this batch", "layer": "example", "instance": "unit of each example"}[result.kind.name]
    many = "Every" if share == 1 else f"{share:.0%} of all: a"
    return (
        f"{many} {what} is constant: its variance is 0, and ε = {short(result.epsilon)} alone keeps the division "
        "finite. x̂ is 0, y is β, and what the values were is lost. Choose a scale above 0."
    )


def _normalized(result: NormalizedLayer) -> str:
    batch, units, positions = result.x.shape
    stds = result.x_hat.std(axis=result.kind.axes)
    where = f" over its {positions} positions" if positions > 1 else ""
    match result.kind.name:
        case "batch":
            text = f"Over the batch of {batch}, each of the {units} units of x̂ has mean 0 and "
        case "layer":
            text = f"Over its {units} units{where and f' and {positions} positions'}, each example of x̂ has mean 0 and "
        case _:
            text = f"Each unit of each example of x̂ has, {where.strip()}, mean 0 and "
    low, high = float(stds.min()), float(stds.max())
    if low > 1 - MOST_EPSILON:
        text += "standard deviation 1."
    else:
        text += f"standard deviation {low:.2f} to {high:.2f}: where the variance is small, ε takes the rest."
    if result.kind.name == "layer":
        text += f" A unit keeps a mean of its own: unit 1 has {_signed(float(result.x_hat[:, 0].mean()))}."
    return text


def _shape(result: NormalizedLayer) -> list[str]:
    if len(result.x) * result.x.shape[2] < FEWEST or not np.ptp(result.x[:, :SHOWN], axis=(0, 2)).all():
        return []  # too few values to speak of a shape, or none
    before, after = (_kurtosis(values[:, :SHOWN]) for values in (result.x, result.x_hat))
    if np.allclose(before, after, rtol=1e-3):
        return [
            (
                f"Not actually Gaussian: a straight line maps x to x̂, so the shape stays. The kurtosis of units 1 to "
                f"{SHOWN} is {_listed(before)} before and after; a Gaussian's is 3."
            )
        ]
    return [
        (
            "x̂ is no straight line of x here, since μ and σ differ from example to example: the kurtosis of units 1 to "
            f"{SHOWN} goes from {_listed(before)} to {_listed(after)}; a Gaussian's is 3."
        )
    ]


def _scaled(result: NormalizedLayer) -> str:
    off = float(np.abs(result.y - result.x).max())
    if not result.recovered:
        gamma, beta = float(result.gamma[0]), float(result.beta[0])
        return f"y = γ x̂ + β with γ = {gamma:g} and β = {beta:g} in every unit.".replace("-", "−")
    if off < 1e-9:
        return (
            f"With γ = √(σ² + ε) and β = μ, y is x again: they differ by at most {short(off)}. What the layer can undo "
            "costs nothing, and training decides."
        )
    others = ", and no choice of γ and β recovers the identity for all examples." if len(result.x) > 1 else "."
    return f"γ and β belong to a unit, μ and σ to an example: y differs from x by up to {short(off)}" + others


def explain_running(result: RunningStatistics) -> Sequence[str]:
    """How far the running statistics are, how noisy a batch's are, and what that means for one example."""
    steps, keep = len(result.batch_mean), 1 - result.momentum
    start = keep**steps
    counts = f" Their start, 0 and 1, still counts {start:.0%}: a larger momentum forgets it sooner."
    return [
        f"After {steps} steps the running mean is {_signed(result.running_mean[-1])} (true: {_signed(result.mean)}), "
        f"the running variance {result.running_var[-1]:.3g} (true: {result.var:.3g})."
        + counts
        * (start > START_COUNTS),
        (
            f"The mean of a batch of {result.batch} varies from batch to batch with a standard deviation of "
            f"{result.spread:.3g}; theory says σ/√m = {(result.var / result.batch) ** 0.5:.3g}."
        ),
        f"An example 1.5 σ above the mean becomes x̂ = {result.example.mean():.2f} ± {result.example.std():.2f} in "
        "training, depending on who else is in its batch: noise, somewhat as dropout's. At test time it is always "
        f"{result.example_test:.2f}.".replace("-", "−"),
    ]


def explain_graph(result: GraphView) -> Sequence[str]:
    """Where dL/dx1 comes from, what never flows back, and how good the numbers are."""
    values, gradients = result.values, result.gradients
    straight, variance, mean = (float(term.flat[0]) for term in paths_of(values, gradients))
    total, along = float(gradients.x.sum()), float((gradients.x * values.x_hat).sum())
    identity = "y is x here, yet dL/dx is not dL/dy: μ and σ move with x. " * bool(np.allclose(values.x, values.y))
    return [
        (
            f"dL/dx₁ = {_signed(straight)} straight {_term(variance)} through σ² {_term(mean)} through μ = "
            f"{_signed(float(gradients.x.flat[0]))}."
        ),
        (
            f"{identity}The four dL/dx sum to {_signed(total)}: a shift of the whole batch changes nothing. "
            f"Weighted with x̂ they sum to {_signed(along)}: but for ε it would be 0, as a change of spread is undone."
        ),
        (
            f"dL/dγ = Σ dL/dy x̂ = {_signed(float(gradients.gamma.flat[0]))}, dL/dβ = Σ dL/dy = "
            f"{_signed(float(gradients.beta.flat[0]))}."
        ),
        f"Checked with finite differences: dL/dx, dL/dγ and dL/dβ differ by at most {short(_difference(result))}.",
    ]


def _difference(result: GraphView) -> float:
    gradients = result.gradients
    numeric = numeric_gradients(result.values, gradients.y, epsilon=result.epsilon)
    pairs = zip(numeric, (gradients.x, gradients.gamma, gradients.beta), strict=True)
    return max(float(np.abs(theirs - ours).max()) for theirs, ours in pairs)


def _kurtosis(values: Floats) -> Floats:
    """E (x - mean)^4 / var^2 of each unit."""
    centred = values - values.mean((0, 2), keepdims=True)
    var = np.maximum((centred**2).mean((0, 2)), 1e-300)
    return np.asarray((centred**4).mean((0, 2)) / var**2)


def _listed(values: Floats) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


def _signed(value: float) -> str:
    """Three digits, and 0 for a rounding error."""
    if abs(value) < 1e-12:
        return "0"
    return f"{value:.3g}".replace("-", "−") if abs(value) >= 1e-3 else short(value)


def _term(value: float) -> str:
    """A summand with its sign before it."""
    return f"{'−' if value < 0 else '+'} {_signed(abs(value))}"
