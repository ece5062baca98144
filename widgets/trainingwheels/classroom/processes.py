"""Processes that belong together: none outlives the server, and each says what it is."""

import ctypes
import os
import signal
import sys
from contextlib import suppress

__all__ = ["adopt_orphans", "die_with_server", "name_this_process", "reap_group"]

# <linux/prctl.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36


def die_with_server() -> None:
    """Ask Linux to kill this process when the server goes, however it goes.

    A kernel notices a vanished parent only when its Python code comes to breathe; one that is deep in a matrix
    product does not. Elsewhere than on Linux ipykernel's own polling has to do.
    """
    if not _control(_PR_SET_PDEATHSIG, signal.SIGKILL):
        return
    server = int(os.environ.get("JPY_PARENT_PID", 0))
    if server and os.getppid() != server:  # it was gone before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> bool:
    """Become the parent of every descendant whose own parent ends; False where that cannot be had."""
    return _control(_PR_SET_CHILD_SUBREAPER, 1)


def reap_group(group: int) -> None:
    """Let the dead of a process group go that this process has adopted. Does not wait for the living."""
    with suppress(ChildProcessError):
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass


def name_this_process(name: str) -> None:
    """What `ps -o comm` and `top` call this process (on Linux), in at most 15 bytes: a fork keeps its command line."""
    _control(_PR_SET_NAME, name.encode())


def _control(option: int, value: int | bytes) -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)
