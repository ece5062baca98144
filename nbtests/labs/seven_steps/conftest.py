"""Seven-steps labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.seven_steps.lab import SevenSteps


@pytest.fixture
def make(settled):
    return partial(settled, SevenSteps)
