"""The lecture's questions on optimizers, each with an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset("ravine", "A ravine", {}, question="?", answer="."),
    Preset("turned", "Turned", {"angle": -45.0}, question="?", answer="."),
    Preset("saddle", "A saddle", {"surface": "saddle", "start_y": 0.01}, question="?", answer="."),
    Preset("rosenbrock", "Rosenbrock", {"surface": "rosenbrock"}, question="?", answer="."),
    Preset("plateau", "A plateau", {"surface": "plateau"}, question="?", answer="."),
    Preset("noisy", "Noise", {"surface": "noisy"}, question="?", answer="."),
)
