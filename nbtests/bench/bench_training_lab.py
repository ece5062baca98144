"""While a net trains: key to picture, click to pause, and the kernel's memory, in Chromium through the classroom.

python -m nbtests.bench.bench_training_lab

A key goes down on the slider of the learning rate. The picture that counts is one of a net that has trained with the
new rate: the lab under test writes the number of changes of the rate in its history into the picture's first pixel.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.notebooks import write_notebook
from nbtests.browser.serving import Server, wait_for

MARKED = """
import numpy as np

from trainingwheels.labs.base import canvas
from trainingwheels.labs import TrainNet
from trainingwheels.labs.train_a_net.training import TrainOne

encode, changes, view = canvas.encode, [0], TrainOne.view

def encode_marked(pixels):
    pixels = pixels.copy()
    pixels[:4, :4, :3] = changes[0]
    return encode(pixels)

def counted_view(self, snapshot, labels, s):
    changes[0] = np.count_nonzero(np.diff(snapshot.histories[0].lr))
    return view(self, snapshot, labels, s)

canvas.encode, TrainOne.view = encode_marked, counted_view
"""
LABS = {
    "spirals, 8-8": "TrainNet(batch_size=8, epochs=8192)",
    "digits, 100-100": 'TrainNet(dataset="digits", hidden=(100, 100), batch_size=64, epochs=8192)',
    "digits, 100-100, 4 rates": (
        'TrainNet(dataset="digits", hidden=(100, 100), batch_size=64, epochs=8192, compare="dropout", '
        'values=("0", "0.2", "0.4", "0.6"))'
    ),
}
PRESSES, PAUSES, RUNS = 30, 10, 3

# The mark of each picture and when it was there: as the frame after the one that shows it begins.
PAINTS = """
window.paints = [];
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...image) {
  draw.apply(this, image);
  if (!this.canvas.isConnected) return;
  const mark = this.getImageData(1, 1, 1, 1).data[0];
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.paints.push([mark, performance.now()]);
    port2.postMessage(null);
  });
};
addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
"""
CLICK_UNTIL = """([button, text]) => new Promise((resolve) => {
  const buttons = [...document.querySelectorAll(".tw-transport button")];
  const start = performance.now();
  const wanted = buttons.find((each) => each.textContent.trim() === button);
  new MutationObserver(() => {
    if (wanted.textContent.trim() === text) resolve(performance.now() - start);
  }).observe(wanted, { childList: true, subtree: true, characterData: true });
  wanted.click();
})"""


def key_to_picture(page: Page) -> list[float]:
    """Milliseconds from each key press on the slider of lr to the first picture after a step with the new rate."""
    pause = random.Random(0)  # so that keys do not beat time with the pictures
    handle = LabPage(page).slider("lr")
    times = []
    for press in range(PRESSES):
        handle.focus()
        marked = page.evaluate("window.paints.at(-1)[0]")
        page.keyboard.press("ArrowRight" if press % 2 else "ArrowLeft")
        painted = page.wait_for_function(
            "marked => window.paints.find(([mark, _]) => mark === marked)", arg=marked + 1, timeout=10_000, polling=20
        )
        times.append(painted.json_value()[1] - page.evaluate("window.pressed"))
        page.wait_for_timeout(pause.uniform(100, 300))
    return times


def click_to_pause(page: Page) -> list[float]:
    """Milliseconds from a click on Pause until nothing trains any more."""
    pause = random.Random(1)
    times = []
    for _ in range(PAUSES):
        times.append(float(page.evaluate(CLICK_UNTIL, ["Pause", "Resume"])))
        page.evaluate(CLICK_UNTIL, ["Resume", "Pause"])
        page.wait_for_timeout(pause.uniform(200, 400))
    return times


def p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def watch(browser: Browser, server: Server, notebook: str, what: str) -> dict[str, Any]:
    """One row: a lab that trains while keys go down and its button is clicked."""
    page = open_page(browser, server, notebook)
    LabPage(page).button("Start").click()
    page.wait_for_function("() => /steps.s/.test(document.querySelector('.tw-transport').innerText)")
    keys, pauses = key_to_picture(page), click_to_pause(page)
    row = {
        "what": what,
        "presses": PRESSES,
        "key to picture, median ms": median(keys),
        "p95 ms": p95(keys),
        "click to pause, median ms": median(pauses),
        "pause p95 ms": p95(pauses),
        "kernel MB": kernel_megabytes(server),
    }
    page.context.close()
    return row


def runs_in_a_row(browser: Browser, server: Server, notebook: str) -> list[dict[str, Any]]:
    """The memory of one kernel after each of some runs."""
    page = open_page(browser, server, notebook)
    lab, rows = LabPage(page), []
    for run in range(RUNS):
        page.evaluate(CLICK_UNTIL, ["Train again" if run else "Start", "Pause"])
        expect(lab.button("Train again")).to_be_visible(timeout=60_000)
        rows.append({"run": run + 1, "kernel MB": kernel_megabytes(server)})
    page.context.close()
    return rows


def open_page(browser: Browser, server: Server, notebook: str) -> Page:
    """The page of a lab whose kernel is the only one."""
    wait_for(lambda: not server.kernels(), "the end of the kernel before")
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.add_init_script(PAINTS)
    page.goto(server.lab(notebook))
    LabPage(page).wait_for_picture()
    return page


def kernel_megabytes(server: Server) -> float:
    return max(kernel.memory_info().rss for kernel in server.kernels()) / 1e6


def of_digits(row: Mapping[str, Any]) -> bool:
    return str(row["what"]).startswith("digits")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        names = {
            what: write_notebook(place / "notebooks", f"{i:02d}-lab.ipynb", f"# {what}", f"{MARKED}\n{code}")
            for i, (what, code) in enumerate(LABS.items())
        }
        short = 'TrainNet(dataset="digits", hidden=(100, 100), batch_size=64, epochs=40)'
        again = write_notebook(
            place / "notebooks", "90-again.ipynb", "# again", f"from trainingwheels.labs import TrainNet\n{short}"
        )
        with Server(notebooks=place / "notebooks", log=place / "log") as server:
            server.wait_until_settled()
            rows = [watch(browser, server, name, what) for what, name in names.items()]
            memory = runs_in_a_row(browser, server, again)
        browser.close()
    report("training_lab", rows, Target("a key while digits train", "p95 ms", at_most=100, of=of_digits))
    report("training_memory", memory)


if __name__ == "__main__":
    main()
