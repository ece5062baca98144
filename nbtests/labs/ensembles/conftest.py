"""Labs of ensembles that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.ensembles.lab import Ensembles

FEW = {"train_size": 64, "width": 8, "digits": 64}  # nets that are trained in a moment


@pytest.fixture
def make(settled):
    return partial(settled, Ensembles)
