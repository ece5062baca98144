"""The weights of a linear classifier: pictures of them, their path over lambda, histogram, zeros and accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.shrinkage.classifier import Paths
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import signed_colors
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles

__all__ = ["ClassifierPicture", "ClassifierView"]

Floats = NDArray[Any]
_FRAME = np.array([[[203, 210, 217, 255]]], np.uint8)
_PALE = "#AFC3D6"
BINS = 41


@dataclass(frozen=True)
class ClassifierView:
    """Classifiers ``grid`` of which the one at place ``at`` is looked at, or ``own``, of a lambda between them."""

    grid: Paths
    at: int | None
    own: Paths | None
    method: str

    @property
    def here(self) -> tuple[Paths, int]:
        """The classifiers that hold the one that is looked at, and its place among them."""
        return (self.own, 0) if self.own is not None else (self.grid, self.at or 0)


class ClassifierPicture(Picture):
    """The ten classes' weights as pictures; below, path and histogram of the weights, zeros and accuracy."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        columns = 5 if narrow else 10
        self._gap, self._columns = 6.0, columns
        self._size = min(84.0, (width - 8 - (columns - 1) * self._gap) / columns)
        tiles = 30 + (10 // columns) * (self._size + self._gap)
        height = tiles + (3 * 230.0 if narrow else 330.0)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._top = height
        size = (width, height)
        path, histogram, against = _places(width, height - tiles)
        self._path = Panel(self.figure, path, size, plain, plain)
        self._histogram = Panel(self.figure, histogram, size, plain, plain)
        self._against = Panel(self.figure, against, size, percent, plain)
        panels = (self._path, self._histogram, self._against)
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self.live = [self._tiles, *(artist for owner in (*panels, self._texts) for artist in owner.live)]
        return height

    def show(self, result: ClassifierView, pinned: ClassifierView | None = None) -> None:
        self._show_templates(result)
        changed = [
            *self._show_path(result),
            *self._show_histogram(result, pinned),
            *self._show_against(result, pinned),
        ]
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_templates(self, result: ClassifierView) -> None:
        paths, at = result.here
        images = paths.templates(at)
        largest = float(np.abs(images).max())
        colors = signed_colors(images[:, ::-1], largest)
        tiles = []
        for place in range(10):
            row, column = divmod(place, self._columns)
            step = self._size + self._gap
            box = Box(4 + column * step, self._top - 24 - self._size - row * step, self._size, self._size)
            tiles += [Tile(Box(box.x - 1, box.y - 1, box.width + 2, box.height + 2), _FRAME), Tile(box, colors[place])]
        self._tiles.set_tiles(tiles)
        words = (
            ("positive", MEANING["positive"]),
            ("negative", MEANING["negative"]),
            ("the paler, the nearer 0", SUBTLE),
        )
        self._texts.heading(4, self._top - 14, self.width, ("weights of 0 to 9", INK), *words)

    def _show_path(self, result: ClassifierView) -> list[Any]:
        panel, lams = self._path, np.array(result.grid.lams)
        W = result.grid.W.reshape(len(lams), -1)
        high = fine_reach(1.02 * float(np.abs(W).max()))
        changed = panel.limit((lams[0], lams[-1]), (-high, high), "x") | panel.name("λ")
        panel.draw([Stroke(lams, line, _PALE, "-", 0.6) for line in W.T])
        paths, at = result.here
        panel.draw([Stroke(np.full(2, paths.lams[at]), np.array([-high, high]), INK, "-", 1.0)], panel.behind)
        self._head(panel, ("path of every weight", INK))
        return [panel.axes] if changed else []

    def _show_histogram(self, result: ClassifierView, pinned: ClassifierView | None) -> list[Any]:
        panel = self._histogram
        paths, at = result.here
        w = paths.W[at].ravel()
        w = w[w != 0]
        high = fine_reach(1.02 * max(1e-3, float(np.abs(w).max(initial=0.0))))
        edges = np.linspace(-high, high, BINS + 1)
        counts = np.histogram(w, edges)[0]
        zeros = int(paths.zeros[at])
        top = fine_reach(1.4 * max(float(counts.max()), 1.0))
        changed = panel.limit((-high, high), (0, top)) | panel.name("weight")
        line = [Stroke(np.repeat(edges, 2)[1:-1], np.repeat(counts, 2), MEANING["weight gradients"], "-", 1.8)]
        line.append(Stroke(np.zeros(2), np.array([0.0, min(zeros, top)]), MEANING["saturated"], "-", 4.0))
        panel.draw(line)
        behind = []
        if pinned:
            old, place = pinned.here
            others = old.W[place].ravel()
            behind = [
                Stroke(
                    np.repeat(edges, 2)[1:-1],
                    np.repeat(np.histogram(others[others != 0], edges)[0], 2),
                    PINNED,
                    "-",
                    1.2,
                )
            ]
        panel.draw(behind, panel.behind)
        if zeros:
            x, y = panel.pixels(0, min(zeros, top))
            words = f"{zeros} exactly 0" + " ↑" * (zeros > top)
            label = Label(x + 7, y - 12, words, color=MEANING["saturated"])
            self._texts.beside_lines(panel, [label], panel.box.right + 8)
        self._head(panel, ("histogram", INK), (f"of the {len(w)} that are not 0", SUBTLE))
        return [panel.axes] if changed else []

    def _show_against(self, result: ClassifierView, pinned: ClassifierView | None) -> list[Any]:
        panel, lams = self._against, np.array(result.grid.lams)
        changed = panel.limit((lams[0], lams[-1]), (0, 1.03), "x", (0, 0.2, 0.4, 0.6, 0.8, 1.0)) | panel.name("λ")
        lines = self._shares(result.grid)
        panel.draw([Stroke(lams, y, color, "-", 2.2) for y, color, _ in lines])
        paths, at = result.here
        behind = [Stroke(np.full(2, paths.lams[at]), np.array([0.0, 1.03]), INK, "-", 1.0)]
        behind += [Stroke(lams, y, PINNED, "-", 1.2) for y, *_ in (self._shares(pinned.grid) if pinned else ())]
        panel.draw(behind, panel.behind)
        panel.mark([(paths.lams[at], float(y[at]), color, True) for y, color, _ in self._shares(paths)])
        labels = [
            Label(panel.box.right + 5, panel.pixels(lams[-1], float(y[-1]))[1] - 3.5, name, color=color)
            for y, color, name in lines
        ]
        self._texts.beside_lines(panel, labels, panel.box.right + 74)
        self._head(panel, ("accuracy, exact zeros", INK))
        return [panel.axes] if changed else []

    @staticmethod
    def _shares(paths: Paths) -> Sequence[tuple[Floats, str, str]]:
        """Accuracies and the share of zeros, each with colour and name."""
        zeros = paths.zeros / paths.W[0].size
        return (
            (paths.train_accuracy, MEANING["train"], "train"),
            (paths.val_accuracy, MEANING["validation"], "validation"),
            (zeros, MEANING["saturated"], "zeros"),
        )

    def _head(self, panel: Panel, *parts: tuple[str, str]) -> None:
        self._texts.over(panel, panel.box.right + 8, *parts)


def _places(width: float, height: float) -> tuple[Box, Box, Box]:
    """Where the panels stand in the lower ``height`` pixels: side by side, or under each other."""
    if width < NARROW:
        tall = height / 3
        first, second, third = (Box(50, (2 - row) * tall + 42, width - 66, tall - 72) for row in range(3))
        return first, second, third._replace(width=width - 50 - 78)
    each = (width - 78) / 3
    first, second, third = (Box(place * each + 50, 42, each - 66, height - 76) for place in range(3))
    return first, second, third._replace(width=each - 46)
