"""One look for every picture: colour-blind-safe, and readable from the last row of a lecture hall."""

from __future__ import annotations

from typing import Any

__all__ = [
    "BLUE",
    "CSS_DPI",
    "DASHED",
    "DOTTED",
    "FONT",
    "GREEN",
    "GUIDE",
    "INK",
    "MEANING",
    "PANEL",
    "PINNED",
    "SUBTLE",
    "THEME",
    "VERMILION",
]

CSS_DPI = 96
"""CSS pixels per inch, by definition of CSS: a picture of this dpi is laid out in the page's own unit."""

# Okabe and Ito (2008), "Color Universal Design": told apart with every common colour vision deficiency.
BLUE, VERMILION, GREEN = "#0072B2", "#C25400", "#007F5C"  # the last two darkened until text of them has contrast 4.5

MEANING = {
    "activations": BLUE,
    "gradients": VERMILION,
    "weight gradients": GREEN,
    "saturated": "#A3457F",  # the palette's purple, darkened
    "dead": "#7A5200",  # its orange, darkened
    "train": BLUE,
    "validation": VERMILION,
    "positive": BLUE,
    "negative": VERMILION,
}
"""The same colour for the same thing in every lab."""

INK, SUBTLE, PANEL, PINNED = "#1F2933", "#52606D", "#F2F5F8", "#8C99A6"

DASHED, DOTTED, GUIDE = (0, (3.2, 1.6)), (0, (1, 2)), (0, (2, 2))
"""Styles of lines: a second kind of curve, a level to compare with, and a place on an axis."""

FONT = "DejaVu Sans"
"""It comes with matplotlib."""

THEME: Any = {
    "font.family": FONT,
    "font.size": 9.5,
    "axes.edgecolor": "#9AA5B1",
    "axes.labelcolor": SUBTLE,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.unicode_minus": True,
    "figure.facecolor": "white",
    "grid.color": "#E4E9EE",
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "text.color": INK,
    "xtick.color": SUBTLE,
    "ytick.color": SUBTLE,
}
"""matplotlib settings, beside its defaults, under which every figure is built (``style.context(["default", THEME])``).
What is drawn later asks for none."""
