"""Where the gradient at each input comes from: bars for its three ways back, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import Graph
from trainingwheels.figures.labels import Label, Labels, short
from trainingwheels.figures.palettes import RUNS
from trainingwheels.figures.panels import Box
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE

__all__ = ["PATHS", "Paths", "paths_of"]

PATHS = 132.0  # CSS pixels that they take, with their labels
COLORS = (RUNS[6], RUNS[7], INK, MEANING["gradients"])  # the sum is the gradient; its parts mean nothing else
WORDS = ("straight", "through σ²", "through μ", "sum")


class Both(Protocol):
    """What the bars need to know of a result."""

    @property
    def values(self) -> Graph: ...

    @property
    def gradients(self) -> Graph: ...


def paths_of(values: Graph, gradients: Graph) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The three terms of dL/dx, each of the shape of x: straight through x - mu, through the variance, the mean."""
    m = values.x.size // values.mu.size
    through_mean: NDArray[Any] = np.broadcast_to(gradients.mu / m, values.x.shape)
    return gradients.x_hat * values.inverse, gradients.squares * 2 * values.centred, through_mean


class Paths:
    """Four bars for each example, in ``box`` on axes of CSS pixels; one scale for all, zero in the middle."""

    def __init__(self, canvas: Axes, box: Box) -> None:
        self._box = box
        middle = box.y + box.height / 2
        zero = LineCollection([[(box.x, middle), (box.right, middle)]], colors="#9AA5B1", linewidths=1)
        canvas.add_collection(zero, autolim=False)
        self._behind = PolyCollection([], facecolor="#D9DFE5", edgecolor=PINNED, linewidths=1)
        self._bars = PolyCollection([], linewidths=0)
        self.live = [self._behind, self._bars]
        for bars in self.live:
            canvas.add_collection(bars, autolim=False)

    def show(self, result: Both, texts: Labels, pinned: Both | None = None) -> list[Label]:
        """Move the bars, with those of ``pinned`` behind; return the labels."""
        x = np.ravel(result.values.x)
        terms, old = _terms(result), _terms(pinned) if pinned else []
        most = _round_above(max(float(np.abs(term).max()) for term in (*terms, *old)))
        box, group = self._box, self._box.width / len(x)
        thick = min(group / 6, 26.0)
        bars, behind, colors, labels = [], [], [], self._heading(most, texts)
        for example in range(len(x)):
            left = box.x + group * (example + 0.5) - 2 * thick
            for place, (term, color) in enumerate(zip(terms, COLORS, strict=True)):
                bars.append(self._bar(left + place * thick, thick, float(term[example]) / most))
                colors.append(color)
            behind += [self._bar(left + n * thick, thick, float(term[example]) / most) for n, term in enumerate(old)]
            labels.append(
                Label(left + 2 * thick, box.y - 16, f"x{'₁₂₃₄₅₆₇₈'[example]} = {short(x[example])}", 0.5, SUBTLE)
            )
        self._bars.set_verts(bars)
        self._behind.set_verts(behind)
        self._bars.set_facecolor(colors)
        return labels

    def _bar(self, x: float, thick: float, height: float) -> Sequence[tuple[float, float]]:
        middle = self._box.y + self._box.height / 2
        top, right = middle + height * self._box.height / 2, x + thick - 2
        return [(x, middle), (right, middle), (right, top), (x, top)]

    def _heading(self, most: float, texts: Labels) -> list[Label]:
        words = [
            ("dL/dx, by its ways back: ", INK),
            *((f" {word} ", color) for word, color in zip(WORDS, COLORS, strict=True)),
        ]
        if self._box.width > 500:
            words.append((f"   from {short(-most)} to {short(most)}", SUBTLE))
        else:
            words[0] = ("dL/dx: ", INK)
        return texts.line(self._box.x, self._box.top + 10, *words)


def _terms(result: Both) -> list[NDArray[Any]]:
    """The three terms and their sum, one number per example."""
    return [np.ravel(each) for each in (*paths_of(result.values, result.gradients), result.gradients.x)]


def _round_above(value: float) -> float:
    """A round number that is not below ``value``, and less than a third above it."""
    top = reach(value)
    return next((top * share for share in (0.4, 0.5, 0.6, 0.75, 0.8) if top * share >= value), top)
