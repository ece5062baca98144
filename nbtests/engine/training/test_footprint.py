import multiprocessing
import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from nbtests.alone import alone
from trainingwheels.engine import RunConfig, load_dataset, train, train_steps
from trainingwheels.engine.training.footprint import bytes_needed

WIDE = RunConfig(dataset="digits", hidden=(512,) * 3, epochs=1, train_size=256)
MANY = RunConfig(dataset="digits", hidden=(100,) * 4, epochs=1, batch_size=512)
CONVOLVING = RunConfig(conv=(16, 32), hidden=(64,), epochs=1)
POPULATIONS = {
    "wide": [replace(WIDE, optimizer="adam", lr=0.001 * (k + 1), l2=0.001 * k) for k in range(12)],
    "large batches": [
        replace(MANY, batchnorm=True, dropout=0.5, activation="tanh", lr=0.01 * (k + 1)) for k in range(60)
    ],
    "noisy": [
        replace(
            MANY,
            residual=True,
            dropout=0.1,
            dropconnect=0.1,
            stochastic_depth=0.5,
            mixup=0.1 * k,
            cutout=k % 8,
            cutmix=0.1 * k,
            input_noise=0.1 * k,
        )
        for k in range(60)
    ],
    "pieces": [replace(MANY, activation="maxout", batch_size=8, train_size=256)] * 60,
    "convolutions": [replace(CONVOLVING, lr=0.01 * (k + 1)) for k in range(24)],
    "normalized convolutions": [
        replace(CONVOLVING, batchnorm=True, dropout=0.5, activation="tanh", batch_size=256) for _ in range(12)
    ],
}


def peak():
    """The most memory that this process has had, in bytes; what ``resource`` says is its parent's at first."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024 * int(status["VmHWM"].split()[0])


def measure(name, watched):
    runs = POPULATIONS[name]
    train([replace(WIDE, hidden=(8,))], "cpu")
    before = peak()
    if watched:
        training = train_steps(runs, "cpu", snapshots=3)
        for _ in range(3):
            next(training)
    else:
        train(runs, "cpu", evaluations=2)
    taken, said = peak() - before, bytes_needed(runs, load_dataset("digits", runs[0].train_size), watched)
    assert taken < 1.1 * said, (taken, said)
    assert said < 2 * taken, (taken, said)


MEASURED = [
    ("wide", False),
    ("wide", True),
    ("large batches", False),
    ("noisy", False),
    ("pieces", False),
    ("convolutions", True),
    ("normalized convolutions", False),
]


def each_in_a_fork():
    """What has been imported is there at once, and nothing is left from the others."""
    forks = multiprocessing.get_context("fork")
    for case in MEASURED:
        fork = forks.Process(target=measure, args=case)
        fork.start()
        fork.join()
        assert fork.exitcode == 0, case


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nobody counts the most memory")
def test_populations_take_about_as_much_memory_as_is_said():
    alone(each_in_a_fork)


LIMIT = 10**9


@contextmanager
def limited():
    """This process in a control group of its own, with a gigabyte; None where such a one cannot be made."""
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    paths = {controllers: path.lstrip("/") for _, controllers, path in lines}
    old = "memory" in paths
    home = Path("/sys/fs/cgroup", "memory", paths["memory"]) if old else Path("/sys/fs/cgroup", paths[""])
    group = home / f"trainingwheels-{os.getpid()}"
    try:
        group.mkdir()
        (group / ("memory.limit_in_bytes" if old else "memory.max")).write_text(str(LIMIT))
        (group / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:
        yield None
        return
    try:
        yield group
    finally:
        (home / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


def too_many_for_a_gigabyte():
    base = replace(WIDE, optimizer="adam", train_size=128)
    runs = [replace(base, lr=0.001 * (k + 1)) for k in range(100)]
    assert bytes_needed(runs, load_dataset("digits", 128), watched=False) > 1.5 * LIMIT
    with limited() as group:
        assert group, "no control group"
        histories = train(runs, "cpu", evaluations=1)
        *_, last = train_steps(runs, "cpu", snapshots=1)
    assert all(len(history.steps) == 2 and not history.failed for history in histories)
    trained = [not history.failed for history in last.histories]
    assert any(trained)
    assert not all(trained)  # those that advance together have to be in memory together


def can_be_limited():
    with limited() as group:
        return group is not None


@pytest.mark.skipif(not can_be_limited(), reason="no control group can be made here")
def test_a_population_too_large_for_its_container_is_trained_in_parts_and_nobody_is_killed():
    alone(too_many_for_a_gigabyte)
