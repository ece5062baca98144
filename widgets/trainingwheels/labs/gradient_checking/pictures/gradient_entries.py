"""A gradient check entry by entry: the numeric gradient over the analytic one, and how many entries err by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, compact
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.labs.gradient_checking.pictures.error_zones import LEAST, MOST, clipped, tint, zone_names

__all__ = ["EntriesPicture", "GradientEntries"]

Floats = NDArray[Any]
_EDGES = 10.0 ** np.arange(-17, 1.01, 1 / 3)  # of the bins of the histogram; zeros count in the first
_HEIGHT = 430.0
_SCATTER_NARROW, _HISTOGRAM_NARROW = 290.0, 190.0


@dataclass(frozen=True)
class GradientEntries:
    """Both gradients and their relative errors, ndarrays of shape (entries,).

    ``owner`` is the place in ``names`` of the array that each entry belongs to; ``title`` says what is checked.
    """

    analytic: Floats
    numeric: Floats
    error: Floats
    owner: NDArray[np.int_]
    names: tuple[str, ...]
    title: str


class EntriesPicture(Picture):
    """Scatter and histogram, side by side or, in a narrow picture, the one above the other. One colour per array."""

    def arrange(self, width: float) -> float:
        height, scatter, histogram = _places(width)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._scatter = Panel(self.figure, scatter, (width, height), compact, compact)
        self._scatter.dots.set_sizes([30.0])
        self._scatter.name("analytic gradient, entry by entry")
        self._histogram = Panel(self.figure, histogram, (width, height), plain, plain)
        self._histogram.name("relative error of an entry")
        tint(self._histogram.axes, "x")
        _, foot, right, top = self._scatter.rectangle  # its numbers have more digits than most
        self.parts = {
            self._scatter.axes: (0.0, foot, min(right + 12, width), top),
            self._histogram.axes: self._histogram.rectangle,
        }
        self.live = [*self._scatter.live, *self._histogram.live, *self._texts.live]
        return height

    def show(self, result: GradientEntries, pinned: GradientEntries | None = None) -> None:
        changed = self._show_scatter(result, pinned) + self._show_histogram(result, pinned)
        self._write(result)
        if changed:
            self.forget(*changed)

    def _show_scatter(self, result: GradientEntries, pinned: GradientEntries | None) -> list[Any]:
        panel = self._scatter
        top = _reach(result)
        changed = panel.limit((-top, top), (-top, top))
        ends = np.array([-top, top])
        panel.draw([Stroke(ends, ends, SUBTLE, "-", 1.0)], panel.behind)
        shown = [each for each in (pinned, result) if each is not None]
        x = np.concatenate([each.analytic for each in shown])
        y = np.concatenate([each.numeric for each in shown])
        pale = [to_rgba(PINNED, 0.5)] * (len(x) - len(result.owner))
        colors = [*pale, *(to_rgba(run_color(owner), 0.75) for owner in result.owner.tolist())]
        panel.dot(np.clip(x, -top, top), np.clip(np.nan_to_num(y, posinf=top, neginf=-top), -top, top), colors)
        return [panel.axes] if changed else []

    def _show_histogram(self, result: GradientEntries, pinned: GradientEntries | None) -> list[Any]:
        panel = self._histogram
        stacks = _stacks(result)
        most = max(float(stacks[-1].max()), float(_stacks(pinned)[-1].max()) if pinned else 0.0)
        changed = panel.limit((LEAST, MOST), (0.0, reach(most, 5.0)), "x")
        edges = np.repeat(_EDGES, 2)[1:-1]
        floor = np.zeros(len(edges))
        bands = []
        for owner, stack in enumerate(stacks):
            steps = np.repeat(stack, 2)
            bands.append((edges, floor, steps, run_color(owner)))
            floor = steps
        panel.band(bands)
        panel.bands.set_facecolor([to_rgba(color, 0.75) for *_, color in bands])
        outline = [Stroke(edges, np.repeat(_stacks(pinned)[-1], 2), PINNED, "-", 1.4)] if pinned else []
        panel.draw(outline, panel.behind)
        panel.draw([])
        return [panel.axes] if changed else []

    def _write(self, result: GradientEntries) -> None:
        texts, scatter, histogram = self._texts, self._scatter.box, self._histogram.box
        names = [(name, run_color(owner)) for owner, name in enumerate(result.names)]
        room = self.width if self.width < NARROW else histogram.x - 50
        texts.heading(scatter.x - 40, scatter.top + HEADING, room, ("numeric gradient", INK), *names)
        texts.heading(histogram.x - 40, histogram.top + HEADING, self.width, ("entries", INK), (result.title, SUBTLE))
        x, y = self._scatter.pixels(*(2 * [self._scatter.axes.get_xlim()[1] * 0.98]))
        texts.put(Label(x - 8, y - 4, "equal", anchor=1.0, color=SUBTLE))
        for low, high, name in zone_names():
            left, right = (self._histogram.pixels(end, 0)[0] for end in (low, high))
            if texts.width(name) < right - left - 4:
                texts.put(Label((left + right) / 2, histogram.top - 14, name, anchor=0.5, color=SUBTLE))
        texts.flush()


def _stacks(result: GradientEntries) -> list[Floats]:
    """How many entries have an error in each bin: of the first array, of the first two, and so on."""
    places = np.searchsorted(_EDGES, clipped(result.error.tolist()), side="right") - 1
    places = np.clip(places, 0, len(_EDGES) - 2)
    arrays = [places[result.owner == owner] for owner in range(len(result.names))]
    counts = [np.bincount(array, minlength=len(_EDGES) - 1) for array in arrays]
    return list(np.cumsum(counts, axis=0).astype(float))


def _reach(result: GradientEntries) -> float:
    """Round limits around both gradients, but not far beyond the analytic one: rounding can make any number."""
    analytic, numeric = (float(np.abs(np.nan_to_num(each)).max()) for each in (result.analytic, result.numeric))
    return 1.02 * _nice(max(analytic, min(numeric, 3 * analytic) if analytic else numeric))


def _nice(largest: float) -> float:
    """The first of 1, 1.5, 2, 3, 5, 7, 10, ... (times any power of ten) that is not below ``largest``."""
    top = reach(largest)
    return next((share * top for share in (0.6, 0.75) if share * top >= largest), top)


def _places(width: float) -> tuple[float, Box, Box]:
    """The height of the picture, and the boxes of scatter and histogram."""
    if width < NARROW:
        height = _SCATTER_NARROW + _HISTOGRAM_NARROW
        scatter = Box(54, _HISTOGRAM_NARROW + 42, width - 66, _SCATTER_NARROW - 42 - 30)
        return height, scatter, Box(54, 42, width - 66, _HISTOGRAM_NARROW - 42 - 30)
    side = min(_HEIGHT - 42 - 30, 0.42 * width)
    left = 54 + side + 70
    return _HEIGHT, Box(54, 42, side, _HEIGHT - 72), Box(left, 42, width - left - 12, _HEIGHT - 72)
