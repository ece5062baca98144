"""What all tests share: the same examples every time, and one thread of arithmetic for each process."""

import os

from hypothesis import settings

# Before NumPy and torch load, and for every process that a test starts: two threads collapse when anything else runs
# beside them, and the suite runs beside itself. Whoever wants another number sets it: `make test-kernels` does.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Property tests draw the same examples every time: what fails once fails again, and what passed goes on passing.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
