"""The lecture's slides on transfer, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (Preset("adapt", "Few labels", {}),)
