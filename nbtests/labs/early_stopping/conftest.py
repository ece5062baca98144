"""Labs of early stopping that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.early_stopping.lab import EarlyStopping

FEW = {"train_size": 64, "width": 8}  # nets that are trained in a moment


@pytest.fixture
def make(settled):
    return partial(settled, EarlyStopping)
