"""What is done to the data before training: centre, normalize, decorrelate, whiten; and why it matters."""

from __future__ import annotations

from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.preprocessing.cloud import StepByStep
from trainingwheels.labs.preprocessing.components import FewComponents
from trainingwheels.labs.preprocessing.descent import Descent
from trainingwheels.labs.preprocessing.images import ImageMeans
from trainingwheels.labs.preprocessing.leak import WhoseStatistics
from trainingwheels.labs.preprocessing.presets import PRESETS
from trainingwheels.labs.preprocessing.turn import TurningWeights

__all__ = ["Preprocessing"]


class Preprocessing(Lab):
    """Five steps from raw data to white data, the means of images, and what each is good for."""

    slug = "preprocessing"
    number = "02"
    title = "Preprocessing"
    summary = "Centre, normalize, decorrelate and whiten data, subtract an image's mean, and see what it buys."
    part = "One-time setup"
    presets = PRESETS
    views = (StepByStep, TurningWeights, Descent, ImageMeans, FewComponents, WhoseStatistics)
