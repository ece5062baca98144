"""A net of one's own watched in JupyterLab: its pictures come while the cell that trains it still runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_cell
from nbtests.browser.lab_page import PIXELS, LabPage
from nbtests.browser.notebooks import write_notebook

pytestmark = pytest.mark.browser

NET = """\
from pathlib import Path
import torch
import trainingwheels
torch.set_num_threads(1)
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.Tanh())
X = torch.randn(64, 16)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
def step():
    optimizer.zero_grad()
    (net(X) - X.repeat(1, 4)).square().mean().backward()
    optimizer.step()
"""
WATCH = "watcher = trainingwheels.watch(net, X, loss=lambda out: (out - X.repeat(1, 4)).square().mean())\nwatcher"
TRAIN = "while not Path({stop!r}).exists():\n    step()\n    watcher.update()"
THREAD = """\
from threading import Thread
def train():
    while not Path({stop!r}).exists():
        step()
        watcher.update()
thread = Thread(target=train)
thread.start()"""
INSIDE = """\
with trainingwheels.watch(net, X) as watcher:
    while not Path({stop!r}).exists():
        step()
        watcher.update()"""

SEE_NEW_PICTURES = f"""() => {{
  const now = JSON.stringify(({PIXELS})());
  window.pictures = window.pictures ?? new Set();
  if (document.querySelector(".tw-lab canvas")?.width) window.pictures.add(now);
  return window.pictures.size >= 5;
}}"""
"""JavaScript: whether the canvas has shown five different pictures since it was first asked."""


@pytest.fixture
def notebook(visit: Visit, jupyterlab: JupyterLab, tmp_path: Path) -> Page:
    """A notebook in JupyterLab: 0 a net, 1 its watch, 2 a loop, 3 the same in a thread, 4 both in one cell.

    The loops run until there is a file ``stop`` in ``tmp_path``.
    """
    stop = str(tmp_path / "stop")
    loops = [cell.format(stop=stop) for cell in (TRAIN, THREAD, INSIDE)]
    name = write_notebook(jupyterlab.notebooks, f"{tmp_path.name}.ipynb", NET, WATCH, *loops)
    page = visit(jupyterlab.lab(name))
    run_cell(page, 0)
    return page


def prompt(page: Page, index: int) -> Locator:
    """What stands before a cell: ``[*]:`` while it runs. The kernel's status says less: subshells have a say in it."""
    return page.locator(".jp-CodeCell").nth(index).locator(".jp-InputPrompt")


def test_pictures_come_while_a_cell_runs_and_from_a_thread(notebook: Page, tmp_path: Path) -> None:
    run_cell(notebook, 1)
    lab = LabPage(notebook)
    lab.wait_for_picture()
    expect(lab.text).to_contain_text("Signal: std")
    expect(lab.text).to_contain_text("of your loss")
    run_cell(notebook, 2)
    notebook.wait_for_function(SEE_NEW_PICTURES, polling=20)
    expect(lab.message).to_contain_text("update() called")
    expect(prompt(notebook, 2)).to_have_text("[*]:")  # they came while the loop ran
    (tmp_path / "stop").touch()
    expect(prompt(notebook, 2)).to_have_text(re.compile(r"\[\d+\]:"))
    (tmp_path / "stop").unlink()
    notebook.evaluate("window.pictures = new Set()")
    run_cell(notebook, 3)
    notebook.wait_for_function(SEE_NEW_PICTURES, polling=20)
    (tmp_path / "stop").touch()


def test_one_cell_that_shows_and_trains(notebook: Page, tmp_path: Path) -> None:
    """Without subshells, the page is not heard before the cell ends: nothing may wait for its word."""
    notebook.evaluate(
        "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.commsOverSubshells = 'disabled'"
    )
    run_cell(notebook, 4)
    notebook.wait_for_function(SEE_NEW_PICTURES, polling=20)
    expect(prompt(notebook, 4)).to_have_text("[*]:")  # they came while the loop ran
    (tmp_path / "stop").touch()
    expect(prompt(notebook, 4)).to_have_text(re.compile(r"\[\d+\]:"))
    lab = LabPage(notebook)
    lab.wait_for_picture()
    room = notebook.locator(".tw-picture").bounding_box()
    picture = notebook.locator(".tw-lab canvas").first.bounding_box()
    assert room is not None
    assert picture is not None
    assert room["width"] - 24 < picture["width"] <= room["width"]
