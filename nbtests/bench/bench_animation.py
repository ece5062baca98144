"""Pictures a second of what moves by itself, counted where the page draws them.

python -m nbtests.bench.bench_animation
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.serving import Server
from trainingwheels.labs import LABS
from trainingwheels.labs.base.animation import AnimatedView

COUNT = """window.frames_drawn = [];
const decode = window.createImageBitmap;
window.createImageBitmap = (...all) => { window.frames_drawn.push(performance.now()); return decode(...all) };"""
HELD = Target("an animation holds its pictures", "pictures/s", at_least=0.95 * AnimatedView.per_second)
REST = 500.0  # milliseconds without a picture, after which it is over


def measure(browser: Browser, server: Server, slug: str, show: str) -> dict[str, Any]:
    """One view, played once."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(COUNT)
    page.goto(f"{server.lab(LABS[slug].notebook)}?show={show}")
    lab = LabPage(page)
    lab.wait_for_picture()
    page.evaluate("() => { window.frames_drawn.length = 0 }")
    lab.page.locator(".tw-lab button:visible", has_text="Play").click()
    page.wait_for_function(
        f"() => window.frames_drawn.length > 10 && performance.now() - window.frames_drawn.at(-1) > {REST}"
    )
    at = page.evaluate("window.frames_drawn")
    page.context.close()
    between = sorted(after - before for before, after in pairwise(at))
    return {
        "lab": slug,
        "view": show,
        "pictures": len(at),
        "pictures/s": 1000 * (len(at) - 1) / (at[-1] - at[0]),
        "median ms": median(between),
        "p95 ms": between[int(0.95 * len(between))],
    }


def main() -> None:
    views = [(slug, view.name) for slug, lab in LABS.items() for view in lab.views if issubclass(view, AnimatedView)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(log=Path(folder) / "log") as server:
            rows = [measure(browser, server, *view) for view in views]
        browser.close()
    report("animation", rows, HELD)


if __name__ == "__main__":
    main()
