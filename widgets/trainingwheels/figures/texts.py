"""The labels of a picture: headings, and names at the ends of lines that make room for each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from trainingwheels.figures.labels import Label, Labels
from trainingwheels.figures.panels import HEADING, Panel

__all__ = ["LINE", "OUT", "Texts", "apart"]

Floats = NDArray[Any]
LINE = 13.0  # between the baselines of two labels, CSS pixels
OUT = 34.0  # a heading begins so far left of its panel, CSS pixels
MOST = 14  # labels beside the lines of one panel


def apart(labels: Sequence[Label], widths: Sequence[float], low: float, high: float) -> list[Label]:
    """The labels, moved up or down until those beside each other no longer overlap, between ``low`` and ``high``.

    ``widths`` are those of their texts. As many as find no room are left out, the last ones first.
    """
    room = max(1, int((high - low) / LINE) + 1)
    order = sorted(range(min(len(labels), room)), key=lambda place: labels[place].y)
    ys = np.array([labels[place].y for place in order])
    if not len(ys):
        return []
    spans = [_span(labels[place], widths[place]) for place in order]
    for _ in range(50):  # push overlapping neighbours apart, equally; then back between the ends
        moved = False
        for below in range(len(ys) - 1):
            for above in range(below + 1, len(ys)):
                beside = spans[below][0] < spans[above][1] and spans[above][0] < spans[below][1]
                lack = LINE - (ys[above] - ys[below])
                if beside and lack > 1e-6:
                    ys[below] -= lack / 2
                    ys[above] += lack / 2
                    moved = True
        ys = np.clip(ys, low + LINE * _rank(spans), high - LINE * _rank(spans[::-1])[::-1])
        if not moved:
            break
    return [labels[place]._replace(y=float(y)) for place, y in zip(order, ys, strict=True)]


def _span(label: Label, width: float) -> tuple[float, float]:
    left = label.x - label.anchor * width
    return left - 3, left + width + 3


def _rank(spans: Sequence[tuple[float, float]]) -> Floats:
    """How many of the labels below each one stand beside it or beside those."""
    ranks = np.zeros(len(spans))
    for one, (left, right) in enumerate(spans):
        beside = [ranks[other] + 1 for other in range(one) if spans[other][0] < right and left < spans[other][1]]
        ranks[one] = max(beside, default=0)
    return ranks


class Texts:
    """All labels of a picture, on axes of CSS pixels. Those that stand among lines have a white ground, so that no line
    strikes through them."""

    def __init__(self, axes: Axes, size: float) -> None:
        self._grounds, self._letters = (
            PolyCollection([], facecolor="white", linewidths=0, clip_on=False),
            Labels(axes, size),
        )
        axes.add_collection(self._grounds, autolim=False)
        self.live = [self._grounds, self._letters]
        self._rimmed: list[Label] = []
        self._plain: list[Label] = []

    @property
    def labels(self) -> Sequence[Label]:
        """What is written now."""
        return self._letters.labels

    def width(self, text: str) -> float:
        """How wide a text is, CSS pixels."""
        first, second = self._letters.line(0, 0, (text, "k"), ("", "k"))
        return second.x - first.x

    def shortened(self, text: str, room: float) -> str:
        """The text, or as much of its beginning as fits in ``room`` CSS pixels with three dots."""
        kept = text
        while kept and self.width(text) > room:
            kept = kept[:-1]
            text = kept.rstrip() + "…"
        return text

    def put(self, *labels: Label) -> None:
        """Write these, at the next ``flush``."""
        self._plain += labels

    def put_rimmed(self, *labels: Label) -> None:
        """Write these with white around each, at the next ``flush``: they stand among lines."""
        self._rimmed += labels

    def heading(self, x: float, y: float, room: float, *parts: tuple[str, str]) -> None:
        """A line from (x, y) on: as many of the (text, color) parts as end before ``room``."""
        for text, color in parts:
            if x + self.width(text) > room:
                break
            if text:
                self.put(Label(x, y, text, color=color))
                x += self.width(text) + 9

    def over(self, panel: Panel, room: float, *parts: tuple[str, str]) -> None:
        """The :meth:`heading` of a panel, from over the numbers of its axis on."""
        self.heading(panel.box.x - OUT, panel.box.top + HEADING, room, *parts)

    def beside_lines(self, panel: Panel, labels: Sequence[Label], room: float, *, in_line: bool = False) -> None:
        """The labels at the ends of a panel's lines, none beyond ``room``, moved until no two overlap.

        Of more than ``MOST`` the last are left out: nobody reads them, and to move them apart takes longest. With
        ``in_line``, those whose lines end in one place, as before training, stand one after the other if they find
        room.
        """
        labels = [label for label in labels if label.text][:MOST]
        labels = self._in_line(labels, room) if in_line else labels
        widths = [self.width(label.text) for label in labels]
        kept = [
            label._replace(x=max(2.0, min(label.x, room - width))) for label, width in zip(labels, widths, strict=True)
        ]
        self._rimmed += apart(kept, widths, panel.box.y - 3, panel.box.top - 7)

    def _in_line(self, labels: Sequence[Label], room: float) -> list[Label]:
        """Neighbours that are less than a line apart, one after the other; as they were where that takes more room."""
        found: list[list[Label]] = []
        for label in sorted(labels, key=lambda label: (label.x, label.y)):
            beside = bool(found) and label.x == found[-1][0].x and label.y - found[-1][-1].y < LINE
            found[-1].append(label) if beside else found.append([label])
        placed = []
        for group in found:
            group.sort(key=labels.index)
            xs = np.cumsum([group[0].x, *(self.width(label.text) + 9 for label in group)])
            middle = float(np.mean([label.y for label in group]))
            fits = xs[-1] - 9 <= room
            placed += [
                label._replace(x=float(x), y=middle) if fits else label for label, x in zip(group, xs, strict=False)
            ]
        return placed

    def flush(self) -> None:
        """Write what has been put since the last time, and nothing else."""
        spans = [(label.x - 1, label.x + self.width(label.text) + 1) for label in self._rimmed]
        rows = [(label.y - 3, label.y + LINE - 3) for label in self._rimmed]
        self._grounds.set_verts(
            [
                [(left, low), (right, low), (right, top), (left, top)]
                for (left, right), (low, top) in zip(spans, rows, strict=True)
            ]
        )
        self._letters.set_labels([*self._plain, *self._rimmed])
        self._rimmed, self._plain = [], []
