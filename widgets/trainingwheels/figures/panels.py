"""One panel of a picture: axes at a place in CSS pixels whose limits are round, and labels beside its lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import CSS_DPI

__all__ = [
    "HEADING",
    "Box",
    "Panel",
    "Stroke",
    "curve",
    "label_size",
    "percent",
    "percents",
    "plain",
    "round_below",
    "row_of_boxes",
    "rows_of_boxes",
    "ticks",
]

Floats = NDArray[Any]
HEADING = 10.0  # from the top of a panel to the baseline of its heading, CSS pixels
NEARLY = 5e-4  # a share that a decimal of a percent does not tell from nothing, or from all
_LEFT, _FOOT, _HEAD, _RIGHT = 48.0, 38.0, 9.0, 22.0  # room for an axis and its numbers, CSS pixels


def label_size(width: float) -> float:
    """Size of all text in a picture of this width, points."""
    return 8.0 if width < NARROW else 9.5


def plain(value: float) -> str:
    """A round number: 200, 0.005, 2e−4; of one that is not, far from 1, three digits: 5.56e−5."""
    text = f"{value:g}"
    if value != 0 and not 0.001 <= abs(value) < 1e5:
        mantissa, exponent = f"{value:.2e}".split("e")
        text = f"{float(mantissa):g}e{exponent}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")


def percent(share: float) -> str:
    """A share from 0 to 1 in words: 93 %, 99.2 %. All is 100 %, and nothing 0 %, not what is nearly so."""
    if share != 0 and abs(share) < NEARLY:
        return "under 0.1 %"
    if 1 - NEARLY < share < 1 - 1e-9:
        return "over 99.9 %"
    digits = 1 if 0.945 <= share < 1 - 1e-9 or 0 < share < 0.05 else 0
    return in_percent(share, digits)


def percents(low: float, high: float) -> str:
    """From the least to the largest share in words, or the one that both are: 22 % to 39 %, 100 %."""
    return " to ".join(dict.fromkeys([percent(low), percent(high)]))


def _write_percents(places: Sequence[float]) -> Callable[[float], str]:
    """Writes the marks of an axis in percent: all but nothing and all with the decimals that the finest needs."""
    digits = next((d for d in range(3) if all(abs(share - round(share, d + 2)) < 1e-9 for share in places)), 3)

    def write(share: float) -> str:
        return in_percent(share, 0 if share in (0.0, 1.0) else digits)

    return write


class Box(NamedTuple):
    """A rectangle in CSS pixels, y pointing up."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def top(self) -> float:
        return self.y + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x <= x <= self.right and self.y <= y <= self.top


def row_of_boxes(x: float, y: float, width: float, height: float, count: int, right: float) -> tuple[Box, ...]:
    """Panels side by side in a rectangle: what is left for axes, with ``right`` for the labels of lines."""
    each = width / count
    return tuple(
        Box(x + place * each + _LEFT, y + _FOOT + 2, each - _LEFT - right, height - _FOOT - HEADING - 16)
        for place in range(count)
    )


def rows_of_boxes(width: float, tall: float, columns: Sequence[int], right: float) -> list[Box]:
    """Rows of so many panels each, from the top, ``tall`` pixels high; see :func:`row_of_boxes`."""
    rows = len(columns)
    return [
        box
        for row, count in enumerate(columns, 1)
        for box in row_of_boxes(0, (rows - row) * tall, width, tall, count, right)
    ]


class Stroke(NamedTuple):
    """One line of a panel."""

    x: Floats
    y: Floats
    color: str
    style: Any = "-"
    width: float = 1.8


def curve(points: Floats, color: str, width: float, style: Any = "-") -> Stroke:
    """A line through points (n, 2)."""
    return Stroke(points[:, 0], points[:, 1], color, style, width)


class Panel:
    """Axes that fill ``box``, their numbers outside it, in a figure of ``size`` CSS pixels.

    ``number`` writes the numbers on y, ``across`` those on x, which is the training step if nothing else is said. It
    holds any number of lines and dots in two artists (``lines``, ``dots``), and pale lines behind (``behind``).
    ``rectangle`` is the room it takes with its numbers, as :class:`.Picture` wants it for its parts.
    """

    def __init__(
        self,
        figure: Figure,
        box: Box,
        size: tuple[float, float],
        number: Callable[[float], str] = plain,
        across: Callable[[float], str] = "{:,.10g}".format,
    ) -> None:
        self.axes: Axes = figure.add_axes((0, 0, 1, 1))
        self.axes.grid(axis="y")
        self.axes.set_axisbelow(True)
        font = label_size(size[0])
        self.axes.tick_params(labelsize=font)
        self.axes.tick_params(axis="y", length=0)
        self.axes.xaxis.label.set_fontsize(font)
        self._formats = across, number
        self._size = size
        self._limits: tuple[Any, ...] = ()
        self.move(box)
        self.behind = self._add(LineCollection([], capstyle="butt"))
        self.bands = self._add(PolyCollection([], linewidths=0))
        self.dots = self._circles(5.0, linewidths=0)
        self.lines = self._add(LineCollection([], capstyle="butt", joinstyle="round"))
        self.marks = self._circles(26.0, linewidths=1.5, clip_on=False)

    def _add(self, artist: Any) -> Any:
        return self.axes.add_collection(artist, autolim=False)

    def _circles(self, area: float, **style: Any) -> PathCollection:
        circle = MarkerStyle("o").get_path().transformed(MarkerStyle("o").get_transform())
        circles: PathCollection = self._add(
            PathCollection([circle], (area,), offset_transform=self.axes.transData, **style)
        )
        circles.set_transform(IdentityTransform())
        circles.set_visible(False)  # without offsets it would draw one circle at the origin
        return circles

    @property
    def live(self) -> list[Any]:
        """The artists that move, from back to front."""
        return [self.behind, self.bands, self.dots, self.lines, self.marks]

    def move(self, box: Box) -> None:
        """Stand somewhere else."""
        width, height = self._size
        self.box = box
        self.axes.set_position((box.x / width, box.y / height, box.width / width, box.height / height))
        self._limits = ()

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        return self.box.x - _LEFT, self.box.y - _FOOT, self.box.right + _RIGHT, self.box.top + _HEAD

    def with_room(self, more: float) -> tuple[float, float, float, float]:
        """Its ``rectangle`` with so much ``more`` at the left, for long numbers."""
        left, bottom, right, top = self.rectangle
        return left - more, bottom, right, top

    def limit(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        log: str = "",
        marks: Sequence[float] | None = None,
        number: Callable[[float], str] | None = None,
        across: Callable[[float], str] | None = None,
    ) -> bool:
        """Set limits, which axes are logarithmic ("", "x", "y" or "xy"), the marks on y and what writes the numbers
        of y and of x where it is not what always does; say whether this is new."""
        limits = (x, y, log, None if marks is None else tuple(marks), number, across)
        if limits == self._limits:
            return False
        self._limits = limits
        scales = ["log" if name in log else "linear" for name in "xy"]
        self.axes.set(xscale=scales[0], yscale=scales[1], xlim=x, ylim=y)
        places = (
            ticks(*x, "x" in log, self.box.width / 56),
            ticks(*y, "y" in log, self.box.height / 28) if marks is None else marks,
        )
        formats = (across or self._formats[0], number or self._formats[1])
        for axis, at, write in zip((self.axes.xaxis, self.axes.yaxis), places, formats, strict=True):
            word = _write_percents(at) if write is percent else write
            form = FuncFormatter(lambda value, _, word=word: word(value))
            axis.set(major_locator=FixedLocator(at), major_formatter=form, minor_locator=NullLocator())
        return True

    def name_steps(self, steps_per_epoch: set[int], counted: Collection[str] = ("step",)) -> bool:
        """Say under the panel what is ``counted``, and how many steps are an epoch if all runs agree; say whether this
        is new."""
        known = len(steps_per_epoch) == 1 and max(steps_per_epoch) > 0 and set(counted) == {"step"}
        words = f"step ({max(steps_per_epoch)} in an epoch)" if known else " or ".join(sorted(counted)) or "step"
        return self.name(words)

    def name(self, name: str) -> bool:
        """Write ``name`` under the panel, in its middle or, if it is longer, to where its part of the picture ends;
        say whether this is new."""
        if name == self.axes.get_xlabel():
            return False
        label = self.axes.set_xlabel(name, labelpad=1)
        half = label.get_window_extent().width / (self.axes.figure.dpi / CSS_DPI) / 2
        label.set_x(min(0.5, 1 + (_RIGHT - half) / self.box.width))
        return True

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the panel lies in the picture, CSS pixels; points off the scale lie on its edge."""
        (x_ends, y_ends, log, *_), box = self._limits, self.box
        return (
            box.x + box.width * _share(x, x_ends, "x" in log),
            box.y + box.height * _share(y, y_ends, "y" in log),
        )

    def values(self, x: float, y: float) -> tuple[float, float] | None:
        """What a place in the picture (CSS pixels) means in the panel, both axes linear; None outside."""
        (left, right), (low, high), *_ = self._limits
        box = self.box
        if not box.holds(x, y):
            return None
        return left + (right - left) * (x - box.x) / box.width, low + (high - low) * (y - box.y) / box.height

    def draw(self, strokes: Sequence[Stroke], artist: LineCollection | None = None) -> None:
        """Show these lines instead of the present ones."""
        artist = artist or self.lines
        artist.set_segments([np.column_stack([stroke.x, stroke.y]) for stroke in strokes])
        artist.set_color([stroke.color for stroke in strokes])
        artist.set_linewidth([stroke.width for stroke in strokes] or [1.0])
        artist.set_linestyle([stroke.style for stroke in strokes] or ["-"])
        artist.set_visible(bool(strokes))

    def dot(self, x: Floats, y: Floats, colors: Any) -> None:
        """Show these small dots instead of the present ones; ``colors`` is one, or one for each."""
        self.dots.set_offsets(np.column_stack([x, y]))
        self.dots.set_facecolor(colors)
        self.dots.set_visible(len(x) > 0)

    def mark(self, marks: Sequence[tuple[float, float, str, bool]]) -> None:
        """Show a circle at each (x, y, color, filled), instead of the present ones."""
        self.marks.set_offsets([mark[:2] for mark in marks] or np.empty((0, 2)))
        self.marks.set_edgecolor([color for _, _, color, _ in marks])
        self.marks.set_facecolor([color if filled else "white" for _, _, color, filled in marks])
        self.marks.set_visible(bool(marks))

    def band(self, bands: Sequence[tuple[Floats, Floats, Floats, str]]) -> None:
        """Fill between low and high for each (x, low, high, color), instead of the present ones."""
        outlines = [np.column_stack([[*x, *x[::-1]], [*low, *high[::-1]]]) for x, low, high, _ in bands]
        self.bands.set_verts(outlines)
        self.bands.set_facecolor([to_rgba(color, 0.18) for *_, color in bands])
        self.bands.set_visible(bool(bands))


def _share(value: float, ends: tuple[float, float], log: bool) -> float:
    """Where ``value`` lies between the ends of an axis, from 0 to 1."""
    low, high = ends
    if not math.isfinite(value):
        return 1.0 if value > 0 or math.isnan(value) else 0.0
    if log:
        value, low, high = math.log(max(value, low)), math.log(low), math.log(high)
    return min(max((value - low) / (high - low), 0.0), 1.0)


def round_below(smallest: float) -> float:
    """The last of 1, 2, 5, 10, 20, ... (times any power of ten) that is not above ``smallest``."""
    return 1 / reach(1 / smallest)


def ticks(low: float, high: float, log: bool, most: float) -> list[float]:
    """About ``most`` round numbers from ``low`` to ``high``, at least two."""
    most = max(2, int(most))
    if not log:
        step = reach((high - low) / most)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        places = [round(index * step, 12) for index in range(first, last + 1)]
        return places if len(places) > 1 else [low, low + round_below(high - low)]
    exponents = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    found: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        places = [float(f"{step}e{exponent}") for exponent in exponents for step in steps]
        inside = [place for place in places if low * 0.999 <= place <= high * 1.001]
        found = inside if len(inside) > 1 else found
        if len(found) <= most:
            break
    return found[:: math.ceil(len(found) / most)] if found else ticks(low, high, False, most)
