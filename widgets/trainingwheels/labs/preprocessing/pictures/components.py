"""The principal components of images: the basis, images made again of a few of them, and whitened ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.geometry.components import Components
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import signed_colors
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import decades
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["ComponentsPicture", "ComponentsView"]

Floats = NDArray[Any]
_FRAME = np.array([[[203, 210, 217, 255]]], np.uint8)
SIDE = 8  # pixels along a side of a digit
BASIS_ROWS = 3
FADED = 0.25  # how strong the components are drawn that are not kept


@dataclass(frozen=True)
class ComponentsView:
    """Components of digits, of which ``k`` are kept, and other digits (n, 64) to try them on."""

    components: Components
    k: int
    images: Floats


class ComponentsPicture(Picture):
    """Basis and images on the left; on the right the variance that is kept, and that along each component."""

    def arrange(self, width: float) -> float:
        self._columns = columns = 10 if width >= NARROW else 8
        left = min(0.66 * width, 700.0) if width >= NARROW else width
        self._gap = 5.0
        self._size = (left - 8 - (columns - 1) * self._gap) / columns
        tiles = (BASIS_ROWS + 3) * (self._size + self._gap) + 4 * 26 + 4
        height = tiles if width >= NARROW else tiles + 2 * 200
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._top = height
        boxes = _plots(left, width, height, tiles)
        self._share = Panel(self.figure, boxes[0], (width, height), percent, plain)
        self._along = Panel(self.figure, boxes[1], (width, height), plain, plain)
        panels = (self._share, self._along)
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self.live = [self._tiles, *(artist for owner in (*panels, self._texts) for artist in owner.live)]
        return height

    def show(self, result: ComponentsView, pinned: ComponentsView | None = None) -> None:
        y = self._top - 2
        y = self._show_basis(result, y)
        for heading, words, colors in self._rows(result):
            self._texts.heading(4, y - 9, self.width, (heading, INK), (words, SUBTLE))
            self._new += [Tile(self._box(y, place), each) for place, each in enumerate(colors)]
            y -= 26 + self._size + self._gap
        frames = [
            Tile(Box(*(edge - 1 for edge in box[:2]), *(edge + 2 for edge in box[2:])), _FRAME) for box, _ in self._new
        ]
        self._tiles.set_tiles([*frames, *self._new])
        changed = self._show_kept(result, pinned) + self._show_along(result, pinned)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _box(self, y: float, place: int) -> Box:
        row, column = divmod(place, self._columns)
        step = self._size + self._gap
        return Box(4 + column * step, y - 14 - self._size - row * step, self._size, self._size)

    def _show_basis(self, result: ComponentsView, y: float) -> float:
        """The first components as images, faded where they are not kept; return where they end."""
        count = min(BASIS_ROWS * self._columns, SIDE**2)
        basis = result.components.axes[:, :count].T.reshape(count, SIDE, SIDE)[:, ::-1]
        strength = np.where(np.arange(count) < result.k, 1.0, FADED)[:, None, None]
        colors = signed_colors(basis * strength, float(np.abs(basis).max()))
        self._new = [Tile(self._box(y, place), colors[place]) for place in range(count)]
        words = (("positive", MEANING["positive"]), ("negative", MEANING["negative"]))
        name = f"components 1 to {count}"
        self._texts.heading(
            4, y - 9, self.width, (name, INK), *words, (f"pale from {result.k + 1} on: not kept", SUBTLE)
        )
        return y - 26 - BASIS_ROWS * (self._size + self._gap)

    def _rows(self, result: ComponentsView) -> Sequence[tuple[str, str, Sequence[NDArray[np.uint8]]]]:
        images = result.images[: self._columns]
        rebuilt, white = result.components.rebuilt(images, result.k), result.components.whitened(images)
        largest = 3.0  # standard deviations
        return (
            ("digits", "not among those the components come from", [image_colors(each) for each in _square(images)]),
            (f"made of {result.k} numbers each", "", [image_colors(each) for each in _square(rebuilt)]),
            (
                "whitened, turned back to pixels",
                "−3 to 3",
                list(signed_colors(_square(white)[:, ::-1], largest)),
            ),
        )

    def _show_kept(self, result: ComponentsView, pinned: ComponentsView | None) -> list[Any]:
        panel, at = self._share, np.arange(SIDE**2 + 1)
        changed = panel.limit((0, SIDE**2), (0, 1.0)) | panel.name("components kept")
        panel.draw([Stroke(at, _shares(result), MEANING["activations"], "-", 2.2)])
        panel.draw([Stroke(at, _shares(pinned), PINNED, "-", 1.4)] if pinned else [], panel.behind)
        share = result.components.kept(result.k)
        panel.mark([(result.k, share, INK, True)])
        x, y = panel.pixels(result.k, share)
        self._texts.beside_lines(panel, [Label(x + 8, y - 14, f"{result.k}: {percent(share)}")], panel.box.right + 6)
        self._texts.over(panel, panel.box.right, ("variance kept", INK))
        return [panel.axes] if changed else []

    def _show_along(self, result: ComponentsView, pinned: ComponentsView | None) -> list[Any]:
        panel, at = self._along, np.arange(1, SIDE**2 + 1)
        stds = np.sqrt(result.components.variances)
        alive = stds > 1e-4
        low, high = decades(stds[alive].tolist(), 2)
        changed = panel.limit((0, SIDE**2), (low, high), "y") | panel.name("component")
        panel.draw([Stroke(at[alive], stds[alive], MEANING["activations"], "-", 2.2)])
        old = np.sqrt(pinned.components.variances) if pinned else np.empty(0)
        panel.draw([Stroke(at[: len(old)], old, PINNED, "-", 1.4)] if pinned else [], panel.behind)
        panel.mark([(result.k, float(stds[result.k - 1]), INK, True)] if stds[result.k - 1] > 1e-4 else [])
        words = ("std along each component", INK), (f"{result.components.rank} have any", SUBTLE)
        self._texts.over(panel, panel.box.right + 6, *words)
        return [panel.axes] if changed else []


def _shares(view: ComponentsView) -> Floats:
    variances = view.components.variances
    return np.concatenate([[0.0], np.cumsum(variances) / max(float(variances.sum()), 1e-12)])


def _square(images: Floats) -> Floats:
    return images.reshape(-1, SIDE, SIDE)


def _plots(left: float, width: float, height: float, tiles: float) -> tuple[Box, Box]:
    """Where the two plots stand: beside the images, or under them."""
    if width < NARROW:
        return Box(50, height - tiles - 200 + 46, width - 70, 124), Box(50, height - tiles - 400 + 46, width - 70, 124)
    x, half = left + 72, height / 2
    return Box(x, half + 46, width - x - 16, half - 76), Box(x, 42, width - x - 16, half - 72)
