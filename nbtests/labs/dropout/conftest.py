"""Dropout labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.dropout.lab import Dropout

FEW = {"examples": 64, "label_noise": 0.0}  # nets that are trained in a moment


@pytest.fixture
def make(settled):
    return partial(settled, Dropout)
