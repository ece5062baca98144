"""The layer alone: what it makes of one batch, unit by unit, and what its two parameters can undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import NORMALIZATIONS, forward
from trainingwheels.engine.scripts.batchnorm import layer_script
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.signals.batch_statistics import SHAPES, draw_activations
from trainingwheels.figures.labels import rounded, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, Slider, Switch, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.batch_normalization.inputs import ONE_EXAMPLE, Inputs, Normalizes, Seeded
from trainingwheels.labs.batch_normalization.pictures.normalization import (
    SHOWN,
    NormalizedLayer,
    NormalizedLayerPicture,
)

__all__ = ["Scales", "TheLayer", "signed"]

Floats = NDArray[np.floating[Any]]
FEWEST = 16  # values of a unit whose kurtosis is worth a sentence
MOST_EPSILON = 0.005  # a standard deviation of x_hat this far below 1 is worth one


class Scales(Normalizes):
    """Of views in which it also scales and shifts."""

    gamma = Slider(
        -5.0, 5.0, 1.0, step=0.1, label="γ", section="scale and shift", help="scale", when={"recover": False}
    )
    beta = Slider(
        -10.0, 10.0, 0.0, step=0.1, label="β", section="scale and shift", help="shift", when={"recover": False}
    )
    recover = Switch(False, label="recover the identity", help="γ = √(σ² + ε) and β = μ, unit by unit")

    def gamma_and_beta(self, s: Any, x: Floats) -> tuple[Floats, Floats]:
        """Those of each unit of ``x``, (batch, units, ...), as they are set, or as they give ``x`` back."""
        axes = (0, *range(2, x.ndim))
        mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
        if s.recover:
            return np.sqrt(var + s.epsilon), mean
        return np.full_like(mean, s.gamma), np.full_like(mean, s.beta)


class TheLayer(Inputs, Scales, Seeded, View):
    """Histograms of x, of x_hat and of y."""

    name = "layer"
    label = "the layer"
    about = (
        "Four of a layer's 16 units over the batch: as they come, normalized, and scaled and shifted. The block shows "
        "over which of the values mean and variance are taken."
    )
    picture = NormalizedLayerPicture

    positions = WholeSlider(1, 8, 1, section="axes", help="values of a unit per example; 1 is a fully connected layer")
    normalization = Choice(NORMALIZATIONS, "batch", label="normalize", section="axes", help="along which axes")

    def compute(self, s: Any) -> NormalizedLayer:
        _check_count(s)
        kind = NORMALIZATIONS[s.normalization]
        x = draw_activations(s.shape, s.mean, s.scale, s.batch, s.positions, s.seed)
        gamma, beta = self.gamma_and_beta(s, x)
        graph = forward(x, gamma, beta, epsilon=s.epsilon, axes=kind.axes)
        names = [law.name for law in SHAPES[s.shape].laws]
        shown = gamma[0, :SHOWN, 0], beta[0, :SHOWN, 0]
        return NormalizedLayer(x, graph.x_hat, graph.y, names, kind, *shown, s.epsilon, s.recover)

    def explain(self, result: NormalizedLayer) -> Sequence[str]:
        constant = np.ptp(result.x, axis=result.kind.axes) == 0
        if constant.any():
            return [_erased(result, float(constant.mean()))]
        return [_normalized(result), *_shape(result), _scaled(result)]

    def script(self, s: Any) -> str:
        return layer_script(
            s.shape, s.mean, s.scale, s.batch, s.positions, s.normalization, s.gamma, s.beta, s.epsilon, s.recover,
            s.seed,
        )  # fmt: skip


def signed(value: float) -> str:
    """Three digits, and 0 for a rounding error."""
    if abs(value) < 1e-12:
        return "0"
    return rounded(value) if abs(value) >= 1e-3 else short(value)


def _check_count(s: Any) -> None:
    """Raise :class:`InvalidSetting` where each value would be its own mean."""
    if s.normalization == "instance" and s.positions == 1:
        raise InvalidSetting(
            "positions = 1 leaves instance norm one value to normalize, whose x̂ is 0 whatever it is: choose at least 2 "
            "positions, or batch norm."
        )
    if s.normalization == "batch" and s.batch * s.positions == 1:
        raise InvalidSetting(ONE_EXAMPLE + ", or layer norm.")


def _erased(result: NormalizedLayer, share: float) -> str:
    what = {"batch": "unit over this batch", "layer": "example", "instance": "unit of each example"}[result.kind.name]
    many = "Every" if share == 1 else f"{percent(share)} of all: a"
    lost = "which here is μ, so y is x again" if result.recovered and result.kind.name == "batch" else "whatever x was"
    return (
        f"{many} {what} is constant: its variance is 0, and ε = {short(result.epsilon)} alone keeps the division "
        f"finite. x̂ is 0 and y is β, {lost}. Choose a scale above 0."
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
        text += f" A unit keeps a mean of its own: unit 1 has {signed(float(result.x_hat[:, 0].mean()))}."
    return text


def _shape(result: NormalizedLayer) -> list[str]:
    if len(result.x) * result.x.shape[2] < FEWEST or not np.ptp(result.x[:, :SHOWN], axis=(0, 2)).all():
        return []  # too few values to speak of a shape, or none
    before, after = (_kurtosis(values[:, :SHOWN]) for values in (result.x, result.x_hat))
    if np.allclose(before, after, rtol=1e-3):
        return [
            (
                "x̂ is no more Gaussian than x: a straight line maps x to x̂, so the shape stays. The kurtosis of units "
                f"1 to {SHOWN} is {_listed(before)} before and after; a Gaussian's is 3."
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


def _kurtosis(values: Floats) -> Floats:
    """E (x - mean)^4 / var^2 of each unit."""
    centred = values - values.mean((0, 2), keepdims=True)
    var = np.maximum((centred**2).mean((0, 2)), 1e-300)
    return np.asarray((centred**4).mean((0, 2)) / var**2)


def _listed(values: Floats) -> str:
    return ", ".join(f"{value:.1f}" for value in values)
