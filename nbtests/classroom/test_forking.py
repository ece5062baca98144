"""Whatever becomes of the zygote, a lab comes; whatever becomes of a lab, the others stay."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from nbtests.browser.notebooks import write_one_lab
from nbtests.browser.serving import wait_for
from nbtests.classroom.starting import Kernels, children
from trainingwheels.classroom import forking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")

SEGMENTATION_FAULT = "import ctypes; ctypes.string_at(0)"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    with Kernels(write_one_lab(tmp_path_factory.mktemp("forks"))) as kernels:
        yield kernels


@pytest.fixture
def kernels(house: Kernels) -> Kernels:
    """With a zygote that is ready, whatever the last test did to it."""
    assert house.do(house.zygote.settled())
    return house


def test_the_first_kernel_does_not_wait_for_the_zygote(tmp_path: Path) -> None:
    before = children()
    kernels = Kernels(write_one_lab(tmp_path))
    kernels.do(kernels.zygote.start())
    first = kernels.start()
    assert not first.forked
    assert first.alive
    kernels.__exit__()
    assert children() == before


def test_where_no_zygote_can_be_started_kernels_start_on_their_own(tmp_path: Path) -> None:
    kernels = Kernels(write_one_lab(tmp_path))
    kernels.zygote._folder = tmp_path / "not there"
    kernels.do(kernels.zygote.start())
    first = kernels.start()
    assert not first.forked
    assert first.alive
    kernels.__exit__()


@pytest.mark.parametrize(
    ("end", "status"),
    [("import os; os._exit(3)", 3), (SEGMENTATION_FAULT, -signal.SIGSEGV), ("import os; os.abort()", -signal.SIGABRT)],
    ids=["exits", "segmentation fault", "aborts"],
)
def test_a_lab_that_crashes_takes_nobody_with_it(kernels: Kernels, end: str, status: int) -> None:
    others = [kernels.start(), kernels.start()]
    crashing = kernels.start()
    assert crashing.forked
    assert crashing.ends_by(end) == status
    assert not psutil.pid_exists(crashing.pid)  # not even as a zombie
    assert all(other.alive for other in others)
    assert kernels.start().forked


def test_a_kernel_that_ends_leaves_no_process(kernels: Kernels) -> None:
    kernel = kernels.start()
    child = int(kernel.prints("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
    kernel.end()
    wait_for(lambda: not psutil.pid_exists(child), "the end of what the kernel started")
    assert kernel.pid not in psutil.pids()


def test_labs_outlive_the_zygote_and_another_takes_its_place(kernels: Kernels) -> None:
    before, zygote = kernels.start(), kernels.zygote.pid
    assert before.forked
    os.kill(zygote, signal.SIGKILL)
    meanwhile = kernels.start()
    assert not meanwhile.forked
    assert before.alive
    assert meanwhile.alive
    assert kernels.do(kernels.zygote.settled())
    assert kernels.zygote.pid != zygote
    assert kernels.start().forked
    assert zygote not in psutil.pids()


def test_a_zygote_that_does_not_answer_is_given_up(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "_PATIENCE", 0.2)
    os.kill(kernels.zygote.pid, signal.SIGSTOP)
    count = len(children())
    kernel = kernels.start()
    assert not kernel.forked
    assert kernel.alive
    assert len(children()) == count + 1  # the new zygote in place of the old one, and this kernel


def test_what_cannot_be_forked_is_not_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kernels = Kernels(write_one_lab(tmp_path))
    kernels.zygote = forking.Zygote(tmp_path, {**os.environ, "PYTHONPATH": str(tmp_path)}, kernels.zygote._log)
    (tmp_path / "trainingwheels.py").touch()  # hides the package
    kernels.do(kernels.zygote.start())
    for _ in range(4):
        assert not kernels.do(kernels.zygote.settled())
        assert kernels.do(kernels.zygote.fork({})) is None
    assert len(caplog.messages) == 3
    kernels.__exit__()
