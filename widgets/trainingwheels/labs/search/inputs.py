"""What several views of the search share."""

from __future__ import annotations

from trainingwheels.labs.base.parameters import WholeSlider

__all__ = ["Seeded"]


class Seeded:
    """Of views in which something is drawn."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")
