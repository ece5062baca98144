"""Search labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.search.lab import Search


@pytest.fixture
def make(settled):
    return partial(settled, Search)
