"""Every lab, by its slug, in the lecture's order."""

from __future__ import annotations

from trainingwheels.labs.activation_functions.lab import ActivationFunctions
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import InvalidParameter
from trainingwheels.labs.base.presets import Preset
from trainingwheels.labs.batch_normalization.lab import BatchNormalization
from trainingwheels.labs.data_augmentation.lab import DataAugmentation
from trainingwheels.labs.dropout.lab import Dropout
from trainingwheels.labs.early_stopping.lab import EarlyStopping
from trainingwheels.labs.ensembles.lab import Ensembles
from trainingwheels.labs.gradient_checking.lab import GradientChecking
from trainingwheels.labs.learning_curves.lab import LearningCurves
from trainingwheels.labs.optimizers.lab import Optimizers
from trainingwheels.labs.penalties.lab import Penalties
from trainingwheels.labs.preprocessing.lab import Preprocessing
from trainingwheels.labs.search.lab import Search
from trainingwheels.labs.seven_steps.lab import SevenSteps
from trainingwheels.labs.train_a_net.lab import TrainNet
from trainingwheels.labs.training_with_noise.lab import TrainingWithNoise
from trainingwheels.labs.transfer_learning.lab import TransferLearning
from trainingwheels.labs.weight_initialization.lab import WeightInitialization

__all__ = [
    "LABS",
    "ActivationFunctions",
    "BatchNormalization",
    "DataAugmentation",
    "Dropout",
    "EarlyStopping",
    "Ensembles",
    "GradientChecking",
    "InvalidParameter",
    "Lab",
    "LearningCurves",
    "Optimizers",
    "Penalties",
    "Preprocessing",
    "Preset",
    "Search",
    "SevenSteps",
    "TrainNet",
    "TrainingWithNoise",
    "TransferLearning",
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
        Optimizers,
        Penalties,
        Dropout,
        DataAugmentation,
        TrainingWithNoise,
        SevenSteps,
        Search,
        EarlyStopping,
        Ensembles,
        TransferLearning,
    )
}
"""Slug to class: the gallery, the tests and the documentation are built from it."""
