"""Shares in words: in per cent, and beside a bound so that one sees on which side they lie."""

from __future__ import annotations

__all__ = ["beside", "in_percent", "reaches"]

LOST = 1e-6  # of a share that is kept as a float32: 342 of 360 are 0.95, and not less
MOST = 4  # decimals of a per cent


def in_percent(share: float, decimals: int = 0) -> str:
    """A share in per cent, with so many decimals: 30 %, 99.98 %, −0.5 %; what rounds to nothing has no sign."""
    return f"{100 * share:z.{decimals}f} %".replace("-", "−")


def reaches(share: float, bound: float) -> bool:
    """Whether a share is at least ``bound``."""
    return share >= bound - LOST


def beside(share: float, bound: float, decimals: int = 0) -> str:
    """A share in per cent, with so many ``decimals`` or as many as tell it from ``bound``, from nothing and from all:
    30 % if the bound is 30 %, but 29.8 % if it is less, and 99.98 %."""
    for digits in range(decimals, MOST + 1):
        shown = float(f"{100 * share:.{digits}f}") / 100  # as it is written
        if all(_side(shown, end) == _side(share, end) for end in (0.0, bound, 1.0)):
            break
    return in_percent(share, digits)


def _side(share: float, bound: float) -> int:
    return int(share > bound + LOST) - int(share < bound - LOST)
