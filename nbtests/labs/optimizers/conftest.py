"""Optimizers labs that are closed when their test ends."""

from functools import partial

import pytest

from trainingwheels.labs.optimizers.lab import Optimizers


@pytest.fixture
def make(settled):
    return partial(settled, Optimizers)


@pytest.fixture(scope="module")
def opened_once():
    """``opened_once(**settings)`` is a lab for all tests of a file."""
    made = []

    def open_lab(**settings):
        made.append(Optimizers(**settings))
        made[-1].settle()
        return made[-1]

    yield open_lab
    for lab in made:
        lab.close()
