"""The lecture's slides on early stopping, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "always",
        "Always do this",
        {},
        question="Two in five training labels are wrong. Where would you stop, and what does it spare you?",
        answer="Where validation accuracy is highest, long before the net has learned the wrong labels by heart: the "
        "restored snapshot is right on some 90 % of the test digits, the net at the end of all epochs on 60 %.",
    ),
)
