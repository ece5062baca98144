"""Optimizers labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.optimizers.lab import Optimizers


@pytest.fixture
def make(settled):
    return partial(settled, Optimizers)
