"""What all tests share: the same examples every time, and one thread of arithmetic for each process."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Before NumPy and torch load, and for every process that a test starts: two threads collapse when anything else runs
# beside them, and the suite runs beside itself. Whoever wants another number sets it: `make test-kernels` does.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Property tests draw the same examples every time: what fails once fails again, and what passed goes on passing.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="module", autouse=True)
def what_is_left_is_not_looked_through_again() -> Iterator[None]:
    """Thousands of tests leave millions of objects that stay. To look through all of them takes Python seconds, and it
    does so now and then, and whenever a test asks for it."""
    yield
    gc.collect()
    gc.freeze()
