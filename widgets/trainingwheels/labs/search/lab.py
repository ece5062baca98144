"""Searching for hyperparameters: grid against random, with real runs, and how far to believe the winner."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.search.features import WrongAndRight
from trainingwheels.labs.search.folds import CrossValidation
from trainingwheels.labs.search.presets import PRESETS
from trainingwheels.labs.search.scales import LogOrLinear
from trainingwheels.labs.search.searching import RealRuns
from trainingwheels.labs.search.two_parameters import GridAndRandom
from trainingwheels.labs.search.winners import WinnersCurse

__all__ = ["Search"]


class Search(TrainingLab):
    """Grid and random search on a landscape and with real runs, scales, the winner's curse and cross-validation."""

    slug = "search"
    number = "14"
    title = "Search"
    summary = "Grid against random on one budget, with real runs; log scales, the winner's curse, cross-validation."
    part = "Training dynamics"
    presets = PRESETS
    views = (GridAndRandom, RealRuns, LogOrLinear, WinnersCurse, CrossValidation, WrongAndRight)
