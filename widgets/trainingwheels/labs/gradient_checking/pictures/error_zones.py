"""The zones of a relative error, as tints behind a panel: right, right with kinks, suspicious, probably wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes

from trainingwheels.engine import VERDICTS

__all__ = ["ERROR_MARKS", "LEAST", "MOST", "clipped", "tint", "zone_names"]

LEAST, MOST = 1e-17, 10.0  # of a relative error that is shown; zero lies on the lower edge
ERROR_MARKS = (1e-16, 1e-13, 1e-10, 1e-7, 1e-4, 1e-2, 1.0)
_TINTS = ("#E5F2EC", "#F1F4DF", "#FBEFD8", "#F8E1D8")
_NAMES = ("right", "fine with kinks", "suspicious", "wrong")


def tint(axes: Axes, along: str) -> None:
    """Paint the zones along "x" or "y", the axis of the error."""
    paint = axes.axvspan if along == "x" else axes.axhspan
    for (low, high, _), color in zip(zone_names(), _TINTS, strict=True):
        paint(low, high, color=color, linewidth=0, zorder=0)


def zone_names() -> Iterator[tuple[float, float, str]]:
    """Lower end, upper end and name of each zone."""
    low = LEAST
    for each, name in zip(VERDICTS, _NAMES, strict=True):
        high = min(each.most, MOST)
        yield low, high, name
        low = high


def clipped(errors: Sequence[float]) -> list[float]:
    """The errors, moved to the edge where they lie beyond."""
    return [min(max(error, LEAST), MOST) for error in errors]
