"""A JupyterLab in a process of its own, and a page in it that has run a notebook."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self

import psutil
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as Late

from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import PATIENCE, REPOSITORY, wait_for

TOKEN = "for-this-test-only"
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--port=0",
    f"--IdentityProvider.token={TOKEN}",
    "--LabApp.expose_app_in_browser=True",
    # It would ask the network for news and updates.
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=",
]

OUTPUTS = "window.jupyterapp.shell.currentWidget.content.widgets.map(({ model }) => model.outputs?.toJSON() ?? [])"
COMES_OR_FAILS = f"""() => document.querySelector(".tw-lab canvas")
  || {OUTPUTS}.flat().some(({{ output_type }}) => output_type === "error")"""
HOW_IT_IS = f"""() => JSON.stringify({{
  kernel: window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status, outputs: {OUTPUTS} }})"""


class JupyterLab:
    """JupyterLab on a free port with a copy of the notebooks. A context manager: nothing is left when it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.notebooks = folder / "notebooks"
        self._log = folder / "log"
        self._visits = count(1)

    def __enter__(self) -> Self:
        notebooks = self.notebooks
        shutil.copytree(REPOSITORY / "notebooks", notebooks)
        places = {name: str(self._folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
        places |= {f"JUPYTERLAB_{name}_DIR": str(self._folder / name) for name in ("SETTINGS", "WORKSPACES")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebooks}", *OPTIONS],
                env={**os.environ, **places},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.url = wait_for(self._read_url, "JupyterLab's address")
        return self

    def __exit__(self, *_: object) -> None:
        family = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
        for process in alive:
            process.kill()
        assert not alive, f"left behind: {alive}"

    def _read_url(self) -> str | None:
        found = re.search(r"http://127\.0\.0\.1:\d+/", self._log.read_text(errors="replace"))
        return found.group() if found else None

    def lab(self, notebook: str, query: str = "") -> str:
        """The link that opens a notebook, in a workspace of its own: the default one opens earlier notebooks again."""
        workspace = f"lab/workspaces/visit-{next(self._visits)}/tree"
        return f"{self.url}{workspace}/{notebook}?token={TOKEN}{query and '&' + query.removeprefix('?')}"


def wait_for_kernel(page: Page) -> None:
    """Wait until the kernel of the notebook that ``page`` has open is there and has nothing to do."""
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")


def run_cell(page: Page, index: int) -> None:
    """Run one cell, as soon as the kernel is there and has nothing to do; does not wait for its end."""
    wait_for_kernel(page)
    page.evaluate(
        """index => {
          window.jupyterapp.shell.collapseLeft(); // the list of files would take most of a narrow window
          window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
          window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )


def run_lab(page: Page, cell: int = 1) -> LabPage:
    """Run the cell with the lab in the notebook that ``page`` has open, scroll to it, and wait for its picture.

    Not all cells: JupyterLab would scroll to the last and take the lab out of sight.
    """
    run_cell(page, cell)
    with suppress(Late):
        page.wait_for_function(COMES_OR_FAILS)
    assert page.locator(".tw-lab canvas").count(), page.evaluate(HOW_IT_IS)
    page.locator(".tw-presets").scroll_into_view_if_needed()
    return shown(page)
