"""A fork is a kernel like any other: it shares memory with its siblings, and nothing else."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbtests.classroom.starting import Kernel, Kernels, open_files
from trainingwheels.classroom import zygote as module
from trainingwheels.labs import LABS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")

RANDOM = """
import multiprocessing, random, secrets, tempfile, uuid
import numpy as np, torch
print(random.random(), np.random.rand(), torch.initial_seed(), torch.rand(1).item(), np.random.default_rng().random())
print(uuid.uuid4(), secrets.token_hex(), next(tempfile._get_candidate_names()))
kernel = get_ipython().kernel
print(kernel.session.session, kernel.session.key, kernel.ident, bytes(multiprocessing.current_process().authkey).hex())
"""
TEXTS = """
from trainingwheels.labs import LABS
for make in LABS.values():
    lab = make()
    lab.settle()
    print(lab.text)
    lab.close()
"""
WIDGETS = """
import ipywidgets
print(len(ipywidgets.widgets.widget._instances), len(get_ipython().kernel.comm_manager.comms))
print(sorted(get_ipython().kernel.comm_manager.targets))
"""
THREADS = "import threading; print(sorted(type(each).__name__ for each in threading.enumerate()))"
PLACE = """
import ctypes, os, sys
at_c_level = ctypes.CDLL(None).getenv
at_c_level.restype = ctypes.c_char_p
print(os.environ["QUERY_STRING"], at_c_level(b"QUERY_STRING").decode(), os.getcwd(), repr(sys.stdin.read()))
"""
TALK = """
from IPython.display import publish_display_data
for place in range(5000):
    publish_display_data({"text/plain": str(place)})
open("done", "w").close()
"""
PDEATHSIG = """
import ctypes
signal = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(signal))
print(signal.value)
"""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    with Kernels(tmp_path_factory.mktemp("forks")) as kernels:
        yield kernels


@pytest.fixture(scope="module")
def forks(nursery: Kernels) -> tuple[Kernel, Kernel]:
    """Two kernels of one zygote."""
    pair = nursery.start("std=1"), nursery.start("std=2")
    assert all(each.forked for each in pair)
    return pair


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that started on its own."""
    with Kernels(tmp_path_factory.mktemp("stock"), forks=False) as kernels:
        kernel = kernels.start("std=3")
        assert not kernel.forked
        yield kernel


def test_forks_share_no_random_state(forks: tuple[Kernel, Kernel]) -> None:
    one, other = (fork.prints(RANDOM).split() for fork in forks)
    assert len(one) == 12
    assert not set(one) & set(other)


def test_forks_share_no_open_file(nursery: Kernels, forks: tuple[Kernel, Kernel]) -> None:
    zygote = open_files(nursery.zygote.pid)
    assert len(zygote) == 4  # with its line to the server
    line = next(what for file, what in zygote.items() if file > 2)
    one, other, server = ({what for file, what in open_files(pid).items() if file > 2 and not what.startswith("anon")}
                          for pid in (*(fork.pid for fork in forks), os.getpid()))  # fmt: skip
    assert not one & other
    assert not (one | other) & {*server, line}
    assert all(what.startswith(("socket:", "pipe:")) for what in one | other)


def test_a_fork_has_the_threads_of_a_kernel_and_no_other(
    nursery: Kernels, forks: tuple[Kernel, Kernel], stock: Kernel
) -> None:
    assert len(os.listdir(f"/proc/{nursery.zygote.pid}/task")) == 1
    assert forks[0].prints(THREADS) == stock.prints(THREADS)
    assert forks[0].status("Threads") == stock.status("Threads")


def test_a_fork_has_its_own_place(forks: tuple[Kernel, Kernel], nursery: Kernels, stock: Kernel) -> None:
    for fork, query in zip(forks, ("std=1", "std=2"), strict=True):
        assert fork.prints(PLACE) == f"{query} {query} {nursery.folder} ''"
        assert os.getsid(fork.pid) == os.getpgid(fork.pid) == fork.pid
        assert {file: open_files(fork.pid)[file] for file in (1, 2)} == {
            file: open_files(os.getpid())[file] for file in (1, 2)
        }
    names = "import os; print(sorted(os.environ))"
    assert forks[0].prints(names) == stock.prints(names)


def test_a_fork_hears_signals_as_any_kernel(forks: tuple[Kernel, Kernel], stock: Kernel) -> None:
    masks = ("SigBlk", "SigIgn", "SigCgt", "SigPnd")
    assert forks[0].status(*masks) == stock.status(*masks)


@pytest.mark.parametrize("kind", ["fork", "stock"])
def test_nothing_is_lost_while_the_server_does_something_else(
    forks: tuple[Kernel, Kernel], stock: Kernel, kind: str
) -> None:
    kernel = forks[0] if kind == "fork" else stock
    shown = kernel.shows_late(TALK, kernel.folder / "done")
    assert [output["data"]["text/plain"] for output in shown] == [str(place) for place in range(5000)]


def test_a_fork_is_a_child_of_the_server_and_dies_with_it(forks: tuple[Kernel, Kernel], stock: Kernel) -> None:
    for kernel in (*forks, stock):
        assert kernel.status("PPid") == {"PPid": str(os.getpid())}
        assert kernel.prints(PDEATHSIG) == "9"


def test_a_fork_begins_without_widgets_and_is_ready_for_them(forks: tuple[Kernel, Kernel], stock: Kernel) -> None:
    said = forks[0].prints(WIDGETS)
    assert said.startswith("0 0")
    assert said == stock.prints(WIDGETS)


def test_a_fork_shows_figures_inline_as_any_kernel(forks: tuple[Kernel, Kernel], stock: Kernel) -> None:
    code = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()"
    for kernel in (forks[1], stock):
        shown = [output.get("data", {}) for output in kernel.shows(code)]
        assert any("image/png" in data for data in shown)
        assert not any("application/vnd.jupyter.widget-view+json" in data for data in shown), "a canvas of ipympl"


def test_every_lab_says_in_a_fork_what_it_says_elsewhere(nursery: Kernels, stock: Kernel) -> None:
    texts = nursery.start().prints(TEXTS)
    assert len(texts.splitlines()) >= len(LABS)
    assert texts == stock.prints(TEXTS)


def test_a_fork_has_torch_at_once_and_takes_half_of_the_memory_for_itself(nursery: Kernels, stock: Kernel) -> None:
    fork = nursery.start()
    assert fork.prints("import sys; print('torch' in sys.modules)") == "True"
    show = "from trainingwheels.labs import LABS; lab = LABS['train-a-net'](); lab.settle(); print(lab.state)"
    assert fork.prints(show) == stock.prints(show) == "idle"
    assert own_memory(fork.pid) < own_memory(stock.pid) / 2


def test_the_labs_of_the_notebooks_are_rehearsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert module._named_here(LABS.values()) == list(LABS.values())
    (tmp_path / "a.ipynb").write_text("from trainingwheels.labs import Dropout, Search")
    assert module._named_here(LABS.values()) == [LABS["dropout"], LABS["search"]]


def test_what_keeps_from_forking_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_open_files", lambda: {line.fileno(), file.fileno()})
    monkeypatch.setattr(module, "_is_alone", lambda: False)
    line, other = socket.socketpair()
    with line, other, (tmp_path / "some-file").open("w") as file:
        assert module._faults(line) == ["threads that do not end", f"open: {tmp_path / 'some-file'}"]


def own_memory(pid: int) -> float:
    """Megabytes that only this process has."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000
