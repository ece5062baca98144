"""Labs of transfer learning that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.transfer_learning.lab import TransferLearning

QUICK = {"task": "digits", "width": 8, "steps": 64, "nets": 2}  # nets that are trained in a moment


@pytest.fixture
def make(settled):
    return partial(settled, TransferLearning)
