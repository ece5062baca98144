"""The labs, in the lecture's order."""

from trainingwheels.labs.activation_functions import ActivationFunctions
from trainingwheels.labs.batch_normalization import BatchNormalization
from trainingwheels.labs.gradient_checking import GradientChecking
from trainingwheels.labs.lab import Lab
from trainingwheels.labs.learning_curves import LearningCurves
from trainingwheels.labs.parameters import InvalidParameter
from trainingwheels.labs.preprocessing import Preprocessing
from trainingwheels.labs.presets import Preset
from trainingwheels.labs.train_net import TrainNet
from trainingwheels.labs.weight_initialization import WeightInitialization

__all__ = [
    "LABS",
    "ActivationFunctions",
    "BatchNormalization",
    "GradientChecking",
    "InvalidParameter",
    "Lab",
    "LearningCurves",
    "Preprocessing",
    "Preset",
    "TrainNet",
    "WeightInitialization",
]

LABS: dict[str, type[Lab]] = {
    lab.slug: lab
    for lab in (
        ActivationFunctions,
        Preprocessing,
        WeightInitialization,
        BatchNormalization,
        GradientChecking,
        TrainNet,
        LearningCurves,
    )
}
"""Slug to class, in the lecture's order: the gallery, the tests and the documentation are built from it."""
