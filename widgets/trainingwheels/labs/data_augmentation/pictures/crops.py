"""Crops: the image at several scales with the boxes that are cut out of it, the patches, and a net's opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from trainingwheels.engine.augmentation.crops import CROP, SHORT_SIDES
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiles import Tiles
from trainingwheels.labs.data_augmentation.pictures.cells import LINE, TALLEST, Cell, image_tile, write_cell

__all__ = ["Cropped", "CropsPicture", "Opinion", "Scaled", "Spot"]

Floats = NDArray[Any]
Pixels = NDArray[np.uint8]
GAP = 10.0  # CSS pixels
PANEL = 190.0  # what the panel takes in a narrow picture, CSS pixels
_HEAD = 22.0
_FOOT, _ABOVE, _LEFT, _RIGHT = 40.0, 30.0, 54.0, 24.0  # room around a panel, CSS pixels


class Spot(NamedTuple):
    """Where a crop lies in a scaled image, pixels from its upper left corner, and the number of its colour."""

    top: int
    left: int
    color: int


@dataclass(frozen=True)
class Scaled:
    """The image with a short side of ``short`` pixels, (height, width) in all, and the crops taken there."""

    short: int
    height: int
    width: int
    spots: Sequence[Spot]


@dataclass(frozen=True)
class Opinion:
    """What a net says of crops: ``probabilities`` (crops, classes) of those in sight, their ``average`` (classes,),
    that of ``all`` scales, the ``names`` of the classes, and that of the right one, None if there is none."""

    probabilities: Floats
    average: Floats
    all: Floats
    names: Sequence[str]
    name: str | None = None


@dataclass(frozen=True)
class Cropped:
    """An image (height, width, 3), its scaled versions with what is cut out of each, and the patches in sight.

    ``chosen`` is the scale whose crops are in sight, None if each scale has one of its own.
    """

    image: Pixels
    scaled: Sequence[Scaled]
    patches: Sequence[Cell]
    colors: Sequence[int]
    chosen: int | None = None
    opinion: Opinion | None = None


class _Layout(NamedTuple):
    """The most that a scaled image takes in height, the side of a patch and the width of its column, CSS pixels."""

    strip: float
    side: float
    column: float


class CropsPicture(Picture):
    """A strip of scaled images, under it the patches; under these, or beside ten of them, a panel."""

    def arrange(self, width: float) -> float:
        narrow = self._narrow = width < NARROW
        self._strip_rows = 2 if narrow else 1
        column = (width - 16 - 4 * GAP) / 5
        if narrow:
            side = min(column, 108.0)
            below = 2 * (side + LINE + 16)
            self._training = _Layout(100.0, min(column, below - 2 * LINE - 24), column)
            self._test = _Layout(100.0, side, column)
            height = self._strip_rows * (100.0 + _HEAD + 6) + below + PANEL + 8
            boxes = [Box(_LEFT, _FOOT, width - _LEFT - _RIGHT, PANEL - _FOOT - _ABOVE)] * 2
        else:
            self._training, height = _Layout(118.0, min(column, 150.0), column), TALLEST
            side = min(0.118 * width - GAP, 116.0)
            self._test = _Layout(180.0, side, side)
            left = 8 + 5 * (side + GAP) + _LEFT
            below = self._training.side + 2 * LINE + 14
            boxes = [
                Box(_LEFT, _FOOT, width - _LEFT - _RIGHT, self._patches_top(self._training, height) - below - 70),
                Box(left, _FOOT, width - left - _RIGHT, self._patches_top(self._test, height) - _FOOT - 16),
            ]
        self._height = height
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._frames = LineCollection([], capstyle="projecting")
        canvas.add_collection(self._frames, autolim=False)
        self._shares, self._opinions = (
            Panel(self.figure, box, (width, height), percent, across)
            for box, across in zip(boxes, (plain, _nothing), strict=True)
        )
        self._opinions.axes.tick_params(axis="x", length=0)
        self.parts = {panel.axes: panel.rectangle for panel in (self._shares, self._opinions)}
        self.live = [self._tiles, self._frames, *self._shares.live, *self._opinions.live, *self._texts.live]
        return height

    def show(self, result: Cropped, pinned: Cropped | None = None) -> None:
        self._layout = self._training if result.chosen is None else self._test
        tiles, frames, colors, widths = [], [], [], []
        for place, (scaled, box) in enumerate(zip(result.scaled, self._strip_boxes(result.scaled), strict=True)):
            tiles.append(image_tile(result.image, box))
            faint = result.chosen is not None and place != result.chosen
            for spot in scaled.spots:
                frames.append(_outline(_within(box, scaled, spot)))
                colors.append(run_color(spot.color))
                widths.append(1.0 if faint else 2.2)
            name = f"L = {scaled.short}"
            name = name if self._texts.width(name) < box.width + GAP - 2 else f"{scaled.short}"
            self._texts.put(Label(box.x, box.top + 5, name, color=SUBTLE if faint else INK))
        for place, (patch, color) in enumerate(zip(result.patches, result.colors, strict=True)):
            box = self._patch_box(place)
            tiles.append(image_tile(patch.image, box))
            frames.append(_outline(box))
            colors.append(run_color(color))
            widths.append(2.2)
            write_cell(self._texts, patch, box, self._layout.column + GAP - 4, 2)
        self._tiles.set_tiles(tiles)
        self._frames.set_segments(frames)
        self._frames.set_color(colors)
        self._frames.set_linewidth(widths)
        self._show_panel(result)
        self._texts.flush()

    def _strip_boxes(self, scaled: Sequence[Scaled]) -> list[Box]:
        """Where each scaled image stands: as large to one another as they are."""
        first = 3 if self._narrow else len(scaled)
        rows = [row for row in (scaled[:first], scaled[first:]) if row]
        room = self.width - 16
        pixel = min(
            self._layout.strip / max(each.height for each in scaled),
            *((room - GAP * (len(row) - 1)) / sum(each.width for each in row) for row in rows),
        )
        boxes = []
        for number, row in enumerate(rows):
            x, foot = 8.0, self._height - (number + 1) * (self._layout.strip + _HEAD + 6) + 6
            for each in row:
                boxes.append(Box(x, foot, pixel * each.width, pixel * each.height))
                x += pixel * each.width + GAP
        return boxes

    def _patches_top(self, layout: _Layout, height: float) -> float:
        return height - self._strip_rows * (layout.strip + _HEAD + 6) - 20

    def _patch_box(self, place: int) -> Box:
        """Five columns."""
        row, column = divmod(place, 5)
        side = self._layout.side
        top = self._patches_top(self._layout, self._height) - row * (side + LINE + 14)
        return Box(8 + column * (self._layout.column + GAP), top - side, side, side)

    def _show_panel(self, result: Cropped) -> None:
        """What belongs under these patches, if anything does."""
        changed = False
        for panel, wanted in ((self._shares, result.chosen is None), (self._opinions, result.opinion is not None)):
            changed |= panel.axes.get_visible() != wanted
            panel.axes.set_visible(wanted)
            for artist in () if wanted else panel.live:
                artist.set_visible(False)
        if result.chosen is None:
            changed |= self._draw_shares(result)
        if result.opinion is not None:
            changed |= self._draw_opinion(result.opinion)
        if changed:
            self.forget(*self.parts)  # both, since they lie in one place

    def _draw_shares(self, result: Cropped) -> bool:
        """How much of the image a patch shows, against the scale, a dot a draw; whether the axes changed."""
        panel, (low, high) = self._shares, SHORT_SIDES
        long = max(result.image.shape[:2]) / min(result.image.shape[:2])
        L = np.linspace(low, high, 57)
        changed = panel.limit((low - 4, high + 4), (0.0, fine_reach(1.1 * CROP**2 / (low**2 * long))))
        changed |= panel.name("short side L, pixels")
        panel.draw([Stroke(L, CROP**2 / (L**2 * long), INK)])
        panel.dot(np.empty(0), np.empty(0), INK)
        panel.mark(
            [
                (each.short, CROP**2 / (each.height * each.width), run_color(each.spots[0].color), True)
                for each in result.scaled
            ]
        )
        self._head(panel, ("share of the photograph in the patch", INK), ("dots: the five draws", SUBTLE))
        return changed

    def _draw_opinion(self, opinion: Opinion) -> bool:
        """A column for each class: a dot a crop, and two averages; whether the axes changed."""
        panel, names, ends = self._opinions, opinion.names, np.array([-0.3, 0.3])
        crops = len(opinion.probabilities)
        changed = panel.limit((-0.5, len(names) - 0.5), (-0.03, 1.03), marks=(0.0, 0.5, 1.0))
        crowded = panel.box.width / len(names) < max(self._texts.width(name) for name in names) + 4
        across = np.arange(len(names)) + np.linspace(-0.22, 0.22, crops)[:, None]
        for place, name in enumerate(names):
            x, y = panel.pixels(place, 0.0)
            self._texts.put(Label(x, y - 16 - LINE * (crowded and place % 2), name, 0.5, SUBTLE))
        shades = [run_color(place % 5) for place in range(crops) for _ in names]
        panel.dot(across.ravel(), opinion.probabilities.ravel(), shades)
        panel.draw(
            [Stroke(at + ends, np.full(2, value), INK, "-", 3.0) for at, value in enumerate(opinion.average)]
            + [Stroke(at + ends, np.full(2, value), SUBTLE, (0, (1, 1)), 2.0) for at, value in enumerate(opinion.all)]
        )
        panel.mark([])
        said = "dots: crops; bar: mean; dotted: of all fifty"
        self._head(panel, ("probabilities", INK), (said, SUBTLE))
        return changed

    def _head(self, panel: Panel, *words: tuple[str, str]) -> None:
        self._texts.over(panel, self.width - 8, *words)


def _nothing(value: float) -> str:
    return ""


def _within(box: Box, scaled: Scaled, spot: Spot) -> Box:
    pixel = box.width / scaled.width
    return Box(box.x + pixel * spot.left, box.top - pixel * (spot.top + CROP), pixel * CROP, pixel * CROP)


def _outline(box: Box) -> list[tuple[float, float]]:
    left, right, low, high = box.x + 1, box.right - 1, box.y + 1, box.top - 1
    return [(left, low), (right, low), (right, high), (left, high), (left, low)]
