"""From a key press on the std slider to the painted picture, in Chromium through the classroom's server.

Beside it, in the same run: ``ipywidgets.interact`` with the lecture's code and ``plt.hist``, and the three sliders of a
rule of early stopping that is replayed on a finished run.

python -m nbtests.bench.bench_latency
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.notebooks import LAB, write_notebook
from nbtests.browser.serving import REPOSITORY, Server

INTERACT = """
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

@ipywidgets.interact(std=ipywidgets.FloatLogSlider(0.01, min=-4, max=0, step=0.05))
def show(std):
    dims = [4096] * 7
    hs = []
    x = np.random.randn(16, dims[0])
    for Din, Dout in zip(dims[:-1], dims[1:]):
        W = std * np.random.randn(Din, Dout)
        x = np.tanh(x.dot(W))
        hs.append(x)
    _, panels = plt.subplots(1, 6, figsize=(11, 3))
    for panel, h in zip(panels, hs):
        panel.hist(h.ravel(), 61, (-1, 1))
    plt.show()
"""

REST, SHARP = 60, 350  # ms, after which a picture is at rest, and, on a dense screen, has all of its pixels
LEFT, RIGHT = "ArrowLeft", "ArrowRight"
STOPPING = "15-early-stopping.ipynb"
RULE = ("patience", "smoothing", "threshold")

# Both pages note when a key went down; the picture is there when the frame after the one that shows it begins.
PAINTS = """
window.paints = [];
let pressed = 0;
addEventListener("keydown", () => { pressed = performance.now(); }, true);
function painted() {
  if (!pressed) return;
  const since = pressed;
  pressed = 0;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.paints.push(performance.now() - since);
    port2.postMessage(null);
  });
}
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...image) {
  draw.apply(this, image);
  if (this.canvas.isConnected) painted();
};
document.addEventListener("load", (event) => event.target.tagName === "IMG" && painted(), true);
"""


def press_keys(page: Page, count: int, stretch: int = 20, name: str | None = None, rest: float = REST) -> list[float]:
    """Milliseconds from key to picture for ``count`` presses on the slider of this name, or the first one: ``stretch``
    there and as many back, and fewer where it comes to an end.

    A key goes down when the page has come to rest after the last one: what a key costs that does not wait for the
    one before. ``frames_per_second`` measures what happens when it does.
    """
    handle = page.get_by_role("slider", name=name, exact=True).first if name else page.get_by_role("slider").first
    page.evaluate("window.paints.length = 0")
    handle.focus()
    key = RIGHT
    for step in range(count):
        now, low, high = (handle.get_attribute(f"aria-value{what}") for what in ("now", "min", "max"))
        if now in (low, high):
            key = RIGHT if now == low else LEFT
        elif step and step % stretch == 0:
            key = LEFT if key == RIGHT else RIGHT
        before = page.evaluate("window.paints.length")
        page.keyboard.press(key)
        page.wait_for_function("before => window.paints.length > before", arg=before, timeout=60_000)
        page.wait_for_timeout(rest)
    return [float(each) for each in page.evaluate("window.paints")]


def frames_per_second(page: Page, seconds: float) -> float:
    """Pictures painted while a key is held down, which repeats it 30 times a second."""
    page.evaluate("window.paints.length = 0")
    count = page.evaluate(
        """async (seconds) => {
          const end = performance.now() + 1000 * seconds;
          const handle = document.querySelector(".noUi-handle");
          let frames = 0;
          const draw = CanvasRenderingContext2D.prototype.drawImage;
          CanvasRenderingContext2D.prototype.drawImage = function (...image) {
            draw.apply(this, image);
            if (this.canvas.isConnected) frames++;
          };
          for (let step = 0; performance.now() < end; step++) {
            const key = step % 40 < 20 ? "ArrowRight" : "ArrowLeft";
            handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            await new Promise((resolve) => setTimeout(resolve, 33));
          }
          CanvasRenderingContext2D.prototype.drawImage = draw;
          return frames;
        }""",
        seconds,
    )
    return float(count) / seconds


def open_page(browser: Browser, url: str, width: int, ratio: float) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, device_scale_factor=ratio).new_page()
    page.add_init_script(PAINTS)
    page.goto(url)
    return page


def row(what: str, times: list[float], fps: float, baseline: float) -> dict[str, Any]:
    ordered = sorted(times)
    return {
        "what": what,
        "presses": len(times),
        "median ms": median(times),
        "p95 ms": ordered[int(0.95 * len(times))],
        "frames/s": fps,
        "times faster": baseline / median(times),
    }


def is_the_lab(row: Mapping[str, Any]) -> bool:
    return str(row["what"]).startswith("the lab")


def is_a_rule(row: Mapping[str, Any]) -> bool:
    return str(row["what"]).startswith("early stopping")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        interact = write_notebook(place / "notebooks", "01-interact.ipynb", "# interact", INTERACT)
        for notebook in (LAB, STOPPING):
            shutil.copy(REPOSITORY / "notebooks" / notebook, place / "notebooks")
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(notebooks=place / "notebooks", log=place / "log") as server:
            server.wait_until_settled()
            page = open_page(browser, server.lab(interact), 1400, 1)
            page.wait_for_selector("img[src^='data:image']", timeout=60_000)
            times = press_keys(page, 6)[1:]
            page.context.close()
            baseline = median(times)
            rows = [row("interact and plt.hist", times, 1000 / baseline, baseline)]
            for width, ratio in ((1400, 1), (1400, 2), (390, 3)):
                page = open_page(browser, server.lab(LAB), width, ratio)
                LabPage(page).wait_for_picture()
                times = press_keys(page, 30, rest=SHARP)[10:]
                fps = frames_per_second(page, 3)
                rows.append(row(f"the lab, {width} px, pixel ratio {ratio:g}", times, fps, baseline))
                page.context.close()
            page = open_page(browser, server.lab(STOPPING), 1400, 1)
            LabPage(page).wait_for_picture()
            for name in RULE:
                times = press_keys(page, 25, 10, name)[5:]
                rows.append(row(f"early stopping, {name}", times, float("nan"), baseline))
            page.context.close()
        browser.close()
    report(
        "latency",
        rows,
        Target("the lab against interact", "times faster", at_least=50, of=is_the_lab),
        Target("a rule replayed", "median ms", at_most=60, of=is_a_rule),
    )


if __name__ == "__main__":
    main()
