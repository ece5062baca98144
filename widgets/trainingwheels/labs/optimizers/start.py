"""What the views with a map have in common: where paths start, and the luck on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainingwheels.engine.descent.surfaces import START
from trainingwheels.labs.base.parameters import Slider, WholeSlider

__all__ = ["Started"]


class Started:
    """A map in which a click says where to start."""

    start_x = Slider(-3.0, 3.0, START[0], step=0.01, section="start", label="w1", help="or click in the map")
    start_y = Slider(-3.0, 3.0, START[1], step=0.01, section="start", label="w2", help="or click in the map")
    noise_seed = WholeSlider(0, 99, 0, section="more", label="seed", help="of all that is random")

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        return {"start_x": now[0], "start_y": now[1]}
