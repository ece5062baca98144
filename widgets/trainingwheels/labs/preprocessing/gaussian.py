"""The Gaussian cloud that the first views look at."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine.geometry.clouds import Cloud
from trainingwheels.labs.base.parameters import LogWholeSlider, Slider, WholeSlider

__all__ = ["GaussianCloud", "Place"]

DRAWN: dict[str, Any] = {"section": "cloud", "when": {"data": "gaussian"}}  # where the points are not the learner's own


class Place:
    """How a cloud is turned, and where it is."""

    angle = Slider(
        -90.0, 90.0, 35.0, step=1.0, unit="degrees", label="rotation", help="by how much the cloud is turned"
    )
    shift_x = Slider(
        -10.0, 10.0, 4.0, step=0.1, label="shift, x", section="cloud", help="where the cloud's middle is, across"
    )
    shift_y = Slider(
        -10.0, 10.0, 3.0, step=0.1, label="shift, y", section="cloud", help="where the cloud's middle is, up"
    )


class GaussianCloud(Place):
    """How a cloud is spread, and which points are drawn of it."""

    stretch = Slider(
        0.0, 5.0, 2.5, step=0.1, label="long std", help="spread of the cloud along its first axis", **DRAWN
    )
    squeeze = Slider(
        0.0, 5.0, 0.7, step=0.1, label="short std", help="spread of the cloud along its second axis", **DRAWN
    )
    points = LogWholeSlider(1, 2048, 256, unit="points", section="cloud", help="number of points")
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")

    def gaussian(self, s: Any) -> Cloud:
        """The cloud for settings ``s``."""
        return Cloud((s.stretch, s.squeeze), s.angle, (s.shift_x, s.shift_y), s.points, s.seed)
