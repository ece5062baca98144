"""Labs that are closed when their test ends."""

import pytest

from trainingwheels.labs.train_a_net.lab import TrainNet


@pytest.fixture
def train_net():
    made = []

    def make(**settings):
        made.append(TrainNet(**settings))
        return made[-1]

    yield make
    for lab in made:
        lab.close()
