"""Measurements of memory in a process of their own: what other tests leave to the allocator is not their business."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable

import psutil

__all__ = ["alone", "resident"]


def alone(function: Callable[[], None]) -> None:
    """Run a function of a test module, by its name, in a process of its own; fail with what it prints if it fails."""
    code = f"from {function.__module__} import {function.__qualname__} as f; f()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def resident() -> float:
    """Megabytes of memory that this process has, when all garbage is gone."""
    gc.collect()
    return float(psutil.Process().memory_info().rss / 1e6)
