"""Labs of training with noise that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.training_with_noise.lab import TrainingWithNoise

SMALL = {"width": 16, "epochs": 8, "nets": 2, "train_size": 64}


@pytest.fixture
def make(settled):
    return partial(settled, TrainingWithNoise)
