"""Many short labels in one artist. A matplotlib ``Text`` that changes costs 0.8 ms; fifty of these cost 1 ms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import combining

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from trainingwheels.figures.theme import CSS_DPI, FONT, INK

__all__ = ["Label", "Labels", "capital", "compact", "hundredths", "many", "points", "precise", "rounded", "short"]

_EM = 100.0  # size at which outlines are taken from the font, points; large, so that hinting does not show


class Label(NamedTuple):
    """``text`` at ``(x, y)``, its baseline's anchor in data units; ``anchor`` is 0 for left, 0.5 centre, 1 right."""

    x: float
    y: float
    text: str
    anchor: float = 0.0
    color: str = INK


@lru_cache(maxsize=512)
def _glyph(character: str) -> tuple[Path | None, float]:
    """The outline of one character, with its marks (None for a space), and how far it moves the pen, in font sizes."""
    font = FontProperties(family=FONT, size=_EM)
    width, _, _ = text_to_path.get_text_width_height_descent(character, font, ismath=False)
    if character.isspace():
        return None, width / _EM
    return TextPath((0, 0), character, prop=font).transformed(Affine2D().scale(1 / _EM)), width / _EM


def _characters(text: str) -> list[str]:
    """The characters of ``text``, each with the marks on top of it: x̂ is one."""
    characters: list[str] = []
    for letter in text:
        if characters and combining(letter):
            characters[-1] += letter
        else:
            characters.append(letter)
    return characters


@lru_cache(maxsize=4096)
def _set(text: str) -> tuple[list[Path], NDArray[np.float64], float]:
    """The outlines of ``text``, where each begins, and where the text ends, in units of the font size."""
    glyphs = [_glyph(character) for character in _characters(text)]
    ends = np.cumsum([0.0, *(advance for _, advance in glyphs)])
    drawn = [index for index, (outline, _) in enumerate(glyphs) if outline is not None]
    return [outline for outline, _ in glyphs if outline is not None], ends[drawn], float(ends[-1])


_rgba = lru_cache(maxsize=64)(to_rgba)


class Labels(PathCollection):
    """Labels of one ``size`` (points) on ``axes``, whose data units are CSS pixels."""

    def __init__(self, axes: Axes, size: float) -> None:
        # Snapping to whole pixels would lose the thin stem of an l.
        super().__init__([], linewidths=0, snap=False, clip_on=False, offset_transform=axes.transData)
        self._pixels = size * CSS_DPI / 72
        self.set_transform(Affine2D().scale(self._pixels))
        self.labels: Sequence[Label] = ()
        axes.add_collection(self, autolim=False)

    def line(self, x: float, y: float, *parts: tuple[str, str]) -> list[Label]:
        """Labels for one line from ``(x, y)`` on, made of ``(text, color)`` parts."""
        labels = []
        for text, color in parts:
            labels.append(Label(x, y, text, color=color))
            x += self.width(text)
        return labels

    def width(self, text: str) -> float:
        """How wide ``text`` is, CSS pixels."""
        return self._pixels * _set(text)[2]

    def draw(self, renderer: Any) -> None:
        # Outlines do not follow the figure's dpi by themselves, as a marker's would.
        self.set_transform(Affine2D().scale(self._pixels * self.figure.dpi / CSS_DPI))
        super().draw(renderer)

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Show these labels instead of the present ones."""
        self.labels = labels
        paths: list[Path] = []
        offsets: list[Any] = [np.empty((0, 2))]
        colors: list[Any] = []
        for label in labels:
            outlines, starts, width = _set(label.text)
            begin = label.x - label.anchor * width * self._pixels
            paths += outlines
            offsets.append(np.column_stack([begin + starts * self._pixels, np.full(len(starts), label.y)]))
            colors += [_rgba(label.color)] * len(outlines)
        self.set_paths(paths)
        self.set_offsets(np.concatenate(offsets))
        self.set_facecolor(colors)
        self.set_visible(bool(paths))


def capital(text: str) -> str:
    """As a sentence begins: the first letter large, and the others, as in PCA, as they are."""
    return text[:1].upper() + text[1:]


def compact(value: float) -> str:
    """A number to two digits, without trailing zeros: 0.25, 1e−5, −2.2e−5, 3,100."""
    text = f"{value + 0.0:.2g}"  # -0.0 is 0
    if "e+0" in text and abs(value) < 99_500:
        text = f"{float(text):,.0f}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")


def rounded(value: float, digits: int = 3) -> str:
    """A number to so many digits, without trailing zeros: 2.98, −0.514, 12.3, 5."""
    return f"{value:.{digits}g}".replace("-", "−")


def hundredths(value: float) -> str:
    """A number to two decimals: 0.25, −12.30; what rounds to nothing has no sign: 0.00."""
    return f"{value:z.2f}".replace("-", "−")


def short(value: float) -> str:
    """A float32 number in at most eight characters: 0.63, −12, 3.1e−5."""
    if not np.isfinite(value):
        return "overflow"
    if value == 0:
        return "0"
    if 0.01 <= abs(value) < 1000:
        text = f"{value:.2g}" if abs(value) < 99.5 else f"{value:.0f}"
    else:
        mantissa, exponent = f"{value:.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def precise(value: float) -> str:
    """As ``short``, but nothing is a whole number that is none: 0.995, 0.99995, 1 − 4.1e−9."""
    text = short(value)
    whole = round(value) if math.isfinite(value) and abs(value) < 1000 else 0
    gap = value - whole
    if whole == 0 or gap == 0 or text != short(whole):
        return text
    if abs(gap) < 1e-5:
        return f"{short(whole)} {'+' if gap > 0 else '−'} {short(abs(gap))}"
    return f"{value:.{-math.floor(math.log10(abs(gap)))}f}".replace("-", "−")


def many(count: int, what: str) -> str:
    """So many of something: 1 step, 1,024 steps."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def points(share: float, signed: bool = False, unit: str = " points") -> str:
    """A difference of shares: 3.2 points; with its sign, unless there is none: +3.2 points, 0.0 points."""
    text = f"{100 * share:{'+' if signed else ''}.1f}"
    return f"{'0.0' if float(text) == 0 else text}{unit}".replace("-", "−")
