"""The process that kernels are forked from: it has imported everything and shown every lab of its notebooks once.

Run as `python -m trainingwheels.classroom.zygote LINE` by the classroom's server on Linux, where LINE is the file
descriptor of one end of a socket. It says "ready", or why it will not be, and reads orders, one a line; each becomes a
kernel that says its process id. Memory that a kernel does not write to is then everybody's, and what took seconds to
import is there at once.

A kernel must share nothing but memory. Threads do not come along into a fork and leave their locks behind, an open
file has one position for all, random numbers would repeat: so it is forked while there is one thread, and no open file
but the line, and draws its random state anew. multiprocessing's fork server would keep the kernels as its own children,
which would end with it; ours hands them on to the server.
"""

import gc
import json
import multiprocessing
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypedDict

from trainingwheels.classroom.kernel import NAME, make_kernel, skip_author_tools
from trainingwheels.classroom.processes import die_with_server, name_this_process

__all__ = ["READY", "READY_NAME", "Order", "main"]

READY = b"ready\n"
READY_NAME = "tw-zygote"
"""What the process is called when it is ready."""

_MODULES = (
    "torch",
    "trainingwheels.labs.catalog",
    # and what a kernel imports when it starts
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "psutil",
    "tornado.platform.asyncio",
    "tornado.queues",
)
_MODEST = 10  # niceness of the preparations: a tenth of a core that somebody else wants
_PAGE = 1000.0  # CSS pixels: the width of a page on which to draw
_PATIENCE = 10.0  # seconds for a thread to end


class Order(TypedDict):
    """What a fork is to be: a kernel with these arguments, environment variables, and working directory."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str


def main() -> None:
    """Prepare, then fork a kernel for each order until the server goes."""
    die_with_server()
    name_this_process("tw-preparing")
    line = socket.socket(fileno=int(sys.argv[1]))
    with ThreadPoolExecutor(1, initializer=_be_modest) as modest:
        modest.submit(_prepare).result()
    if faults := _faults(line):
        line.sendall(f"{'; '.join(faults)}\n".encode())
        return
    name_this_process(READY_NAME)
    line.sendall(READY)
    order = _await_orders(line)
    if order is not None:
        _be_a_kernel(order)


# What is done once ---------------------------------------------------------------------------------------------------


def _be_modest() -> None:
    """Leave the computer to others in this thread; niceness cannot be taken back, but is a thread's own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _MODEST)


def _prepare() -> None:
    skip_author_tools()
    # A kernel sets this before anything is imported; matplotlib reads it then.
    backend = os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    gc.disable()
    for module in _MODULES:
        import_module(module)
    import_module("matplotlib").rcParams["backend"] = backend  # ipympl, which the labs import, makes itself the one
    gc.freeze()  # what was imported stays; looking through it for garbage after each lab would take seconds
    _rehearse()
    _clean_up()


def _rehearse() -> None:
    """Show each lab as it opens, and train a step where nets train."""
    import torch

    from trainingwheels.labs import LABS
    from trainingwheels.labs.base.training import TrainingLab

    if torch.cuda.is_available():
        return  # no fork could use it then
    for make in _named_here(LABS.values()):
        lab = make()
        lab.settle()
        lab.figure.canvas.fit(_PAGE)  # of a LabCanvas
        if isinstance(lab, TrainingLab):
            lab.single_step()
            lab.settle()
        lab.close()
        gc.collect()


def _named_here(labs: Iterable[type[Any]]) -> list[type[Any]]:
    """The labs that a notebook of this folder, the classroom's, names; all of them where none does."""
    text = "".join(path.read_text("utf-8", "replace") for path in Path().glob("*.ipynb"))
    every = list(labs)
    return [lab for lab in every if lab.__name__ in text] or every


def _clean_up() -> None:
    """Leave no widget, no thread, no open font, and as little as possible that a fork would write to."""
    import ipywidgets
    from matplotlib.font_manager import _get_font  # type: ignore[attr-defined]

    from trainingwheels.engine.training.machine import give_back_memory

    ipywidgets.Widget.close_all()
    for thread in threading.enumerate():
        if thread not in (threading.main_thread(), threading.current_thread()):
            thread.join(_PATIENCE)
    _get_font.cache_clear()  # as matplotlib does in every fork, where it would be too late for the files
    gc.collect()
    gc.freeze()  # the collector writes to every object that it looks at
    give_back_memory()


def _faults(line: socket.socket) -> list[str]:
    """Why this process must not be forked, in words; an empty list if it may."""
    import torch

    faults = []
    if not _is_alone():
        faults.append("threads that do not end")
    if files := _open_files() - {line.fileno()}:
        faults.append(f"open: {', '.join(sorted(map(_name_of, files)))}")
    if torch.cuda.is_available():
        faults.append("a GPU, which no fork could use")
    return faults


def _is_alone() -> bool:
    """Whether this is the only thread. One that has been joined takes a moment more to go."""
    deadline = time.monotonic() + _PATIENCE
    while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < deadline:
        time.sleep(0.001)
    return len(os.listdir("/proc/self/task")) == 1


def _open_files() -> set[int]:
    """The file descriptors of this process but the standard ones."""
    listed = {int(name) for name in os.listdir("/proc/self/fd")}
    return {file for file in listed if file > 2 and os.path.exists(f"/proc/self/fd/{file}")}  # one was the listing


def _name_of(file: int) -> str:
    return os.readlink(f"/proc/self/fd/{file}")


# What is done for each kernel ----------------------------------------------------------------------------------------


def _await_orders(line: socket.socket) -> Order | None:
    """Fork for each order. Returns it in the fork; None here, once the server has closed the line."""
    with line, line.makefile("rb") as orders:
        for text in orders:
            if _fork_for_the_server():
                line.sendall(b"%d\n" % os.getpid())
                order: Order = json.loads(text)
                return order
    return None


def _fork_for_the_server() -> bool:
    """Fork by way of a process between, whose end makes an orphan of the fork, for the server to adopt. True in it."""
    if between := os.fork():
        os.waitpid(between, 0)
        return False
    between = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == between:
        time.sleep(0.001)
    os.setsid()
    die_with_server()
    name_this_process(NAME)
    return True


def _be_a_kernel(order: Order) -> None:
    """Run the kernel of an order, in a fork. What the zygote has put off until its own end does not happen here."""
    try:
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["folder"])
        sys.argv[1:] = order["arguments"]
        _draw_random_state()
        with _modules_out_of_sight():
            kernel = make_kernel(order["arguments"])
        _listen_to_widgets()
        kernel.start()
    except BaseException:  # noqa: BLE001 # none may get back to where the zygote was
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


@contextmanager
def _modules_out_of_sight() -> Iterator[None]:
    """Keep ipykernel from asking each module for its file, for a debugger that it does not have.

    To ask is to count a reference, which writes: of two thousand modules, 10 MB that would be this kernel's alone.
    """
    from ipykernel import ipkernel

    class NoModules:
        modules: ClassVar[dict[str, Any]] = {}

        def __getattr__(self, name: str) -> Any:
            return getattr(sys, name)

    vars(ipkernel)["sys"] = NoModules()
    try:
        yield
    finally:
        vars(ipkernel)["sys"] = sys


def _draw_random_state() -> None:
    """Anew where it is not drawn anyway: `random` does so itself in a fork, `uuid` and `secrets` ask the system."""
    import numpy as np
    import torch

    multiprocessing.current_process().authkey = os.urandom(32)
    np.random.seed()  # noqa: NPY002 # the state that whoever does not know better shares
    torch.seed()


def _listen_to_widgets() -> None:
    """What ipywidgets does when it is imported in a kernel."""
    import ipywidgets

    ipywidgets.register_comm_target()


if __name__ == "__main__":
    main()
