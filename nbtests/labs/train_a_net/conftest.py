"""Train-a-net labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.train_a_net.lab import TrainNet


@pytest.fixture
def train_net(opened):
    return partial(opened, TrainNet)
