"""Measurements in a process of their own: what other tests leave to the allocator is not their business."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable

import psutil

__all__ = ["alone", "resident"]


def alone(function: Callable[[], None], **environment: str) -> None:
    """Run a function of a test module, by its name, in a process of its own; fail with what it prints if it fails.

    ``environment`` comes on top of this process's.
    """
    code = f"from {function.__module__} import {function.__qualname__} as f; f()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def resident() -> float:
    """Megabytes of memory that this process has, when all garbage is gone."""
    gc.collect()
    return float(psutil.Process().memory_info().rss / 1e6)
