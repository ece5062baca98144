"""What a page sends to a widget reaches it, whichever subshell of the kernel has gone meanwhile."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["outlive_subshells"]


def outlive_subshells() -> None:
    """Send a page's message where the page wants it if the subshell that it would answer is gone.

    JupyterLab has widgets' messages handled in subshells, threads of the kernel; ipykernel 7.4 hands them to the one
    in whose name the widget spoke last. A lab's own thread speaks in the name of whatever came last, which may be the
    end of a subshell: from then on ipykernel drops all that the page sends to that widget. Does nothing outside a
    kernel, and where ipykernel does not do so.
    """
    module = sys.modules.get("ipykernel.comm.comm")
    where = getattr(getattr(module, "BaseComm", None), "_reply_subshell_for", None)
    if where is None or where.__module__ == __name__:
        return

    def where_somebody_is(comm: Any, data: Any, wanted: str | None) -> str | None:
        answered: str | None = where(comm, data, wanted)
        there = comm.kernel.shell_channel_thread.manager.list_subshell()
        return answered if answered is None or answered in there else wanted

    module.BaseComm._reply_subshell_for = where_somebody_is  # type: ignore[union-attr]
