"""Code in a process of its own, as a learner runs it, but with torch and the labs loaded, which saves a second each."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import traceback
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import matplotlib
from IPython.core.interactiveshell import InteractiveShell

__all__ = ["run_cells", "run_script"]

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["torch", "trainingwheels.labs.catalog", "IPython.core.interactiveshell"])


def run_script(code: str, folder: Path | None = None) -> str:
    """What a script prints, run in ``folder``; fails with its traceback if it raises or warns."""
    return _run(_run_script, code, folder)


def run_cells(*cells: str, folder: Path) -> str:
    """What the cells of a notebook print, run one after another in ``folder``; fails with the traceback of one that
    raises."""
    return _run(_run_cells, cells, folder)


def _run(how: Callable[[Any], None], what: Any, folder: Path | None) -> str:
    here, there = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_report, args=(how, what, folder, there))
    process.start()
    there.close()
    try:
        printed, raised = here.recv()
    finally:
        process.join()
    assert not raised, raised
    return printed


def _report(how: Callable[[Any], None], what: Any, folder: Path | None, line: Connection) -> None:
    if folder is not None:
        os.chdir(folder)
    raised = ""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            how(what)
        except Exception:  # noqa: BLE001 - whatever it raises, it is told
            raised = traceback.format_exc()
    line.send((printed.getvalue(), raised))


def _run_script(code: str) -> None:
    matplotlib.use("agg")
    warnings.simplefilter("error")
    exec(compile(code, "script", "exec"), {"__name__": "__main__"})


def _run_cells(cells: tuple[str, ...]) -> None:
    shell = InteractiveShell.instance()
    for cell in cells:
        shell.run_cell(cell).raise_error()
