"""The lecture's net of three layers, drawn twice: with vanilla and with inverted dropout, under one mask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from trainingwheels.engine.regularizers.dropout import KINDS, Kind
from trainingwheels.engine.regularizers.three_layers import DROPPED, WIDTHS, Pass, ThreeLayers
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, PANEL, SUBTLE

__all__ = ["DrawnNet", "NetPicture", "number"]

Floats = NDArray[np.float64]
MASK, MEAN, TEST = MEANING["train"], "#7A5200", MEANING["validation"]
_LINE, _HEAD, _FOOT, _TALL = 16.0, 92.0, 86.0, 250.0  # CSS pixels; _TALL is the drawn net's own height
SIDE_BY_SIDE = 760  # CSS pixels; below this, the nets stand under each other
_LAYERS = ("x", "H1", "H2", "out")


@dataclass(frozen=True)
class DrawnNet:
    """A net, one example ``x`` (inputs, 1) and one mask: what each kind of dropout makes of it.

    ``kept`` says of each unit of both hidden layers whether it stays. By kind: ``masked`` is the pass with this mask,
    ``expected`` the mean over all masks, ``test`` the pass of test time. ``step`` is how long the net has trained.
    """

    net: ThreeLayers
    x: Floats
    keep: float
    kept: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    masked: Mapping[str, Pass]
    expected: Mapping[str, Pass]
    test: Mapping[str, Pass]
    step: int

    def miss(self, kind: str, layer: str) -> float:
        """By how much test time and the mean over all masks differ at most, in "H1", "H2" or "out"."""
        return float(np.abs(getattr(self.test[kind], layer) - getattr(self.expected[kind], layer)).max())


class NetPicture(Picture):
    """Two nets side by side, or under each other: the lecture's code above each, its outputs below."""

    def arrange(self, width: float) -> float:
        self._narrow = width < SIDE_BY_SIDE
        block = _HEAD + _TALL + _FOOT
        height = 2 * block + 16 if self._narrow else block
        canvas = self.sheet(width, height)
        each = width if self._narrow else width / 2
        corners = [(0.0, height - block), (0.0, 0.0)] if self._narrow else [(0.0, 0.0), (each, 0.0)]
        self._nets = [_Drawing(canvas, Box(x + 8, y, each - 20, block), self._narrow) for x, y in corners]
        self._texts = Texts(canvas, label_size(width))
        self.live = [*self._nets[0].live, *self._nets[1].live, *self._texts.live]
        return height

    def show(self, result: DrawnNet, pinned: DrawnNet | None = None) -> None:
        for drawing, kind in zip(self._nets, KINDS.values(), strict=True):
            self._texts.put(*drawing.show(result, kind, pinned, self._texts))
        self._texts.flush()


class _Drawing:
    """One net in ``box``."""

    def __init__(self, canvas: Axes, box: Box, narrow: bool) -> None:
        self._box, self._narrow = box, narrow
        self.edges = LineCollection([], capstyle="butt", zorder=1)
        self.size = 30.0 if narrow else 37.0
        self.circles = EllipseCollection(
            [self.size], [self.size], [0], units="xy", offsets=[(0, 0)], offset_transform=canvas.transData, zorder=2
        )
        for artist in (self.edges, self.circles):
            canvas.add_collection(artist, autolim=False)
        self.live = [self.edges, self.circles]

    def _places(self) -> list[Floats]:
        """Where the units of each layer stand, (units, 2)."""
        box, top, low = self._box, self._box.top - _HEAD - 18, self._box.y + _FOOT
        found = []
        for layer, units in enumerate(WIDTHS):
            x = box.x + 26 + (box.width - 76) * layer / (len(WIDTHS) - 1)
            y = (top + low) / 2 + (np.arange(units) - (units - 1) / 2)[::-1] * min((top - low) / 6, 39.0)
            found.append(np.column_stack([np.full(units, x), y]))
        return found

    def show(self, result: DrawnNet, kind: Kind, pinned: DrawnNet | None, texts: Texts) -> list[Label]:
        places, masked = self._places(), result.masked[kind.name]
        kept = [np.ones(WIDTHS[0], bool), *result.kept, np.ones(WIDTHS[-1], bool)]
        self._draw_edges(result.net, places, kept)
        stays = np.concatenate(kept)
        self.circles.set_offsets(np.concatenate(places))
        self.circles.set_facecolor([PANEL if stay else "white" for stay in stays])
        self.circles.set_edgecolor([MASK if stay else "#C3CBD3" for stay in stays])
        self.circles.set_linewidth([1.4 if stay else 1.0 for stay in stays])
        values = np.concatenate([result.x, *masked]).ravel()
        labels = [
            Label(x, y - 3.5, self._inside(value, texts) if stay else "×", 0.5, INK if stay else SUBTLE)
            for (x, y), value, stay in zip(np.concatenate(places), values, stays, strict=True)
        ]
        heads = zip(places, _LAYERS, strict=True)
        names = [Label(at[0, 0], self._box.top - _HEAD - 8, name, 0.5, SUBTLE) for at, name in heads]
        return [*labels, *names, *self._code(kind, result.keep), *self._outputs(result, kind.name, pinned, texts)]

    def _inside(self, value: float, texts: Texts) -> str:
        """A number with as many decimals as its circle has room for."""
        for digits in (2, 1):
            if texts.width(text := number(value, digits)) < self.size - 4:
                return text
        return number(value, 0)

    def _draw_edges(self, net: ThreeLayers, places: list[Floats], kept: list[NDArray[np.bool_]]) -> None:
        """Of the weights between units that stay: colour by sign, width by size."""
        segments, colors, widths = [], [], []
        for layer, W in enumerate((net.W1, net.W2, net.W3)):
            largest = float(np.abs(W).max()) or 1.0
            for out, inp in zip(*np.nonzero(np.outer(kept[layer + 1], kept[layer])), strict=True):
                share = float(W[out, inp]) / largest
                segments.append([places[layer][inp], places[layer + 1][out]])
                colors.append(to_rgba(MEANING["positive" if share > 0 else "negative"], 0.15 + 0.6 * abs(share)))
                widths.append(0.5 + 2.5 * abs(share))
        self.edges.set_segments(segments)
        self.edges.set_color(colors or ["white"])
        self.edges.set_linewidth(widths or [1.0])

    def _code(self, kind: Kind, keep: float) -> Iterator[Label]:
        """The lecture's lines, and what they are called."""
        x, top = self._box.x, self._box.top
        mask, test = kind.code_mask.format(H="H1"), kind.code_test.format(H="H1")
        same = "  # test time is unchanged" if test == "H1" else "  # NOTE: scale the activations"
        lines = (
            (f"{kind.label}; p = {keep:g}, of keeping", INK),
            (f"U1 = {mask}", MASK),
            ("H1 *= U1  # drop!", MASK),
            (f"at test time: H1 = {test}{same}", TEST),
        )
        for line, (text, color) in enumerate(lines):
            yield Label(x, top - 14 - _LINE * line, text, color=color)

    def _outputs(self, result: DrawnNet, kind: str, pinned: DrawnNet | None, texts: Texts) -> Iterator[Label]:
        rows = [
            ("out with this mask", result.masked[kind], MASK),
            (f"mean over all {2**DROPPED:,} masks", result.expected[kind], MEAN),
            ("at test time, all units", result.test[kind], TEST),
        ]
        rows += [("pinned, with its mask", pinned.masked[kind], SUBTLE)] if pinned else []
        for line, (words, found, color) in enumerate(rows):
            y = self._box.y + _FOOT - 22 - _LINE * line
            yield Label(self._box.x, y, words, color=color)
            for place, value in enumerate(found.out.ravel()):
                yield Label(self._box.x + 228 + 62 * place, y, number(value, 3), 1.0, color)


def number(value: Any, digits: int = 2) -> str:
    """So many decimals, and no minus before 0."""
    text = f"{float(value):.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")
