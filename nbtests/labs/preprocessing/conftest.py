"""Preprocessing labs that are closed when their test ends, and what the tests do with one."""

from functools import partial

import pytest

from trainingwheels.labs.preprocessing.lab import Preprocessing


@pytest.fixture
def make(settled):
    return partial(settled, Preprocessing)


def choose(lab, show, name, content):
    """Open a file with the button above a view."""
    lab._views[show].upload._take(name, content)
    lab.settle()
