"""A kernel that starts on its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from nbtests.browser.serving import wait_for
from trainingwheels.classroom.kernel import NAME


@pytest.mark.skipif(sys.platform != "linux", reason="a process has its name on Linux alone")
def test_an_interrupt_before_it_runs_is_none(tmp_path: Path) -> None:
    """The server interrupts a kernel before it ends it, and may do so while the kernel imports."""
    told = tmp_path / "kernel.json"  # written when the kernel is about to run
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "trainingwheels.classroom.kernel", "-f", told],
            stdout=log,
            stderr=log,
            env={**os.environ, "JPY_PARENT_PID": str(os.getpid())},
        ) as kernel,
    ):
        wait_for(lambda: psutil.Process(kernel.pid).name() == NAME, "the kernel's name")
        kernel.send_signal(signal.SIGINT)
        wait_for(told.exists, "the kernel")
        kernel.kill()
    assert "Traceback" not in (tmp_path / "log").read_text()
