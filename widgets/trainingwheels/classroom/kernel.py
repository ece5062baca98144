"""The process behind one open lab: an IPython kernel without what only an author needs.

Run as `python -m trainingwheels.classroom.kernel -f CONNECTION_FILE` by the classroom's server, or in a fork by
`trainingwheels.classroom.zygote`.
"""

import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from trainingwheels.classroom.processes import die_with_server, name_this_process

__all__ = ["NAME", "main", "make_kernel", "skip_author_tools"]

NAME = "tw-kernel"
"""What a process that is a kernel is called."""


def skip_author_tools() -> None:
    """Keep out what only someone typing code needs: the debugger and the completion engine, 0.1 s of imports."""
    for name in ("debugpy", "jedi"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # None makes an import fail, which IPython expects


def make_kernel(arguments: Sequence[str]) -> Any:
    """The kernel as ipykernel's application, which answers from `start()` on until the server ends it."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False  # no database file that hundreds of kernels would share
    settings.IPKernelApp.capture_fd_output = False
    settings.InteractiveShell.colors = "nocolor"
    app: Any = IPKernelApp.instance(config=settings)
    app.init_iopub = partial(_open_output, app.init_iopub)
    app.initialize(list(arguments))
    sys.stderr = sys.__stderr__  # errors go to the server's log, not to the learner's browser
    logging.getLogger("Comm").setLevel(logging.ERROR)  # it warns of each widget that a page closes first
    app.shell._showtraceback = _log_traceback
    app.shell.events.register("post_run_cell", lambda _: gc.enable())
    return app


def _open_output(open_it: Callable[[Any], None], context: Any) -> None:
    """Lose nothing that a busy server has not fetched yet: by itself ZeroMQ throws away all after 1,000 messages."""
    import zmq

    context.setsockopt(zmq.SNDHWM, 0)
    open_it(context)


def _log_traceback(_kind: type, _error: BaseException, lines: list[str]) -> None:
    """What IPython calls to show a traceback. Learners have no use for it; whoever runs the server has."""
    sys.stderr.write("\n".join([*lines, ""]))


def main() -> None:
    """Run the kernel until the server ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server interrupts before it ends, perhaps while this imports
    die_with_server()
    name_this_process(NAME)
    skip_author_tools()
    gc.disable()  # importing makes many objects and no garbage: 8 % of the time until the lab is there
    make_kernel(sys.argv[1:]).start()


if __name__ == "__main__":
    main()
