"""The lecture's slides on ensembles, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "two-per-cent",
        "2 % extra",
        {},
        question="Enjoy 2 % extra performance, the lecture says. How many points do 16 nets gain over one here?",
        answer="It depends on the nets.",
    ),
)
