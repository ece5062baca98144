"""What training loses beside others: ``train`` as it is against the same call on one thread, in turns, under loads.

python -m nbtests.bench.bench_company

A ratio above 1 is a loss. Every load is met by a process of its own, a fork of one that has imported everything. Half a
core needs a control group that can be written to; without one its rows are left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import torch

from nbtests.bench.table import Target, report
from trainingwheels.engine import RunConfig, load_dataset, train

LOOP = """
print(flush=True)  # it begins
while True:
    pass
"""
MULTIPLY = """
import torch
a = torch.rand(300, 300)
print(flush=True)
while True:
    a = torch.relu(a @ a).clamp(0, 1)
"""
LOADS: dict[str, list[str]] = {
    "idle": [],
    "a loop": [LOOP],
    "one that multiplies": [MULTIPLY],
    "two that multiply": [MULTIPLY, MULTIPLY],
    "its own thread draws": [],
    "one core": [],
    "half a core": [],
}
NETS = {"1 net 4 x 100": (1, 100, 10), "25 nets 4 x 100": (25, 100, 1), "6 nets 4 x 64": (6, 64, 5)}
ROUNDS = 3
NO_LOSS = Target("training is not slower than on one thread", "ratio", at_most=1.3)


def compare(members: int, width: int, epochs: int) -> tuple[float, float]:
    """Median seconds of ``train``, as it comes and on one thread."""
    base = RunConfig(dataset="digits", hidden=(width,) * 4, batchnorm=True, epochs=epochs)
    runs = [replace(base, lr=0.05 * (1 + k / members)) for k in range(members)]
    threads, rounds = torch.get_num_threads(), []
    for _ in range(ROUNDS + 1):
        for count in (threads, 1):
            torch.set_num_threads(count)
            start = time.perf_counter()
            train(runs, "cpu")
            rounds.append(time.perf_counter() - start)
    return median(rounds[2::2]), median(rounds[3::2])  # the first of each also loads things


def draw_for_ever() -> None:
    """Ten pictures a second. Without a pause, each of a step's sixty products would wait 5 ms for Python's lock: on one
    thread or several, all would take forty times as long."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot(range(1000))
    canvas = FigureCanvasAgg(figure)
    while True:
        canvas.draw()
        time.sleep(0.1)


@contextmanager
def half_a_core() -> Iterator[Callable[[], None] | None]:
    """What a process calls to have half a core from then on; None where that cannot be."""
    old, new = Path("/sys/fs/cgroup/cpu/trainingwheels-bench"), Path("/sys/fs/cgroup/trainingwheels-bench")
    group = old if old.parent.is_dir() else new
    try:
        group.mkdir()
        if group == old:
            (group / "cpu.cfs_quota_us").write_text("50000")
        else:
            (group / "cpu.max").write_text("50000 100000")
    except OSError:
        yield None
        return
    try:
        yield lambda: (group / "cgroup.procs").write_text(str(os.getpid())) and None
    finally:
        group.rmdir()


def beside(load: str) -> list[dict[str, Any]]:
    """A row for each of ``NETS``."""
    with ExitStack() as stack:
        enter = stack.enter_context(half_a_core()) if load == "half a core" else None
        if load == "half a core" and enter is None:
            return []
        for code in LOADS[load]:
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE))
            stack.callback(process.kill)
            assert process.stdout is not None
            process.stdout.readline()
        one = stack.enter_context(ProcessPoolExecutor(1, get_context("fork"), enter))
        times = one.submit(measure, load).result()
    return [
        {"beside": load, "nets": name, "train s": ours, "one thread s": alone, "ratio": ours / alone}
        for name, (ours, alone) in zip(NETS, times, strict=True)
    ]


def measure(load: str) -> list[tuple[float, float]]:
    """The times of each of ``NETS``, in a process of their own."""
    if load == "one core":
        os.sched_setaffinity(0, {0})
    if load == "its own thread draws":
        threading.Thread(target=draw_for_ever, daemon=True).start()
    return [compare(*sizes) for sizes in NETS.values()]


if __name__ == "__main__":
    load_dataset("digits")
    report("company", [row for load in LOADS for row in beside(load)], NO_LOSS)
