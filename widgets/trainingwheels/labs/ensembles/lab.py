"""Ensembles: nets trained apart and averaged, what that is worth, and cheaper ways to several nets."""

from __future__ import annotations

from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.ensembles.cheaper import Cheaper
from trainingwheels.labs.ensembles.how_many import HowMany
from trainingwheels.labs.ensembles.one_example import OneExample
from trainingwheels.labs.ensembles.plane import InThePlane
from trainingwheels.labs.ensembles.presets import PRESETS

__all__ = ["Ensembles"]


class Ensembles(Lab):
    """Many nets averaged: how many, how, on which examples they differ, and what cheaper ensembles are worth."""

    slug = "ensembles"
    number = "16"
    title = "Ensembles"
    summary = "Nets that differ by their seed, averaged: how many, how, where they disagree, and cheaper ways."
    part = "Evaluation"
    presets = PRESETS
    views = (HowMany, OneExample, InThePlane, Cheaper)
