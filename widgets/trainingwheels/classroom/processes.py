"""What the classroom asks of the system: processes that belong together, and how many files there may be."""

import asyncio.subprocess
import ctypes
import math
import os
import signal
import sys
from contextlib import suppress

__all__ = [
    "adopt_orphans",
    "allow_more_files",
    "die_with_server",
    "kill",
    "name_this_process",
    "reap_group",
    "spare_files",
]

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


def kill(process: asyncio.subprocess.Process) -> None:
    """Kill it, if it lives. Its own `kill` asks first how it is, and so may take its status from who waits for that."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def name_this_process(name: str) -> None:
    """What `ps -o comm` and `top` call this process (on Linux), in at most 15 bytes: a fork keeps its command line."""
    _control(_PR_SET_NAME, name.encode())


def allow_more_files() -> None:
    """Raise the number of files and sockets that this process may have open as far as it is free to."""
    if os.name != "posix":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # some systems name a limit that they do not allow
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def spare_files() -> float:
    """How many more files and sockets this process may open; infinite where that cannot be known."""
    if sys.platform != "linux":
        return math.inf
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return math.inf if allowed == resource.RLIM_INFINITY else allowed - len(os.listdir("/proc/self/fd"))


def _control(option: int, value: int | bytes) -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)
