"""Penalties labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.penalties.lab import Penalties


@pytest.fixture
def make(settled):
    return partial(settled, Penalties)
