"""What several views of the search share."""

from __future__ import annotations

from trainingwheels.labs.base.convolutions import convolutions
from trainingwheels.labs.base.parameters import WholeSlider

__all__ = ["Convolved", "Filtered", "Seeded"]


class Seeded:
    """Of views in which something is drawn."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")


class Convolved:
    """Of views in which nets train while one watches."""

    conv = convolutions(data=None, channels=32, most=2)


class Filtered:
    """Of views for which hundreds of nets have trained: with more convolutions they would take minutes."""

    filters = convolutions(
        data=None, channels=16, most=2, when=lambda s: s["show"] != "grid" or s["landscape"] != "made"
    )
