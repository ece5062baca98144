"""From a key press on a slider to the painted picture, for every lab and every view of it that does not train.

python -m nbtests.bench.bench_repaint
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from nbtests.bench.bench_latency import open_page, press_keys
from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.serving import Server
from trainingwheels.labs import LABS, Lab

PRESSES, WARM_UP = 24, 4
STRETCH = 3  # steps there, then back: some sliders have few stops
QUICK = Target("every view that does not train answers", "median ms", at_most=60)


def measure(browser: Browser, server: Server, lab: type[Lab]) -> Iterator[dict[str, Any]]:
    """A row of the table for each view of a lab, but for those that train or have no slider."""
    page = open_page(browser, server.lab(lab.notebook), 1400, 1)
    shown = LabPage(page)
    shown.wait_for_picture()
    for view in lab.views:
        if len(lab.views) > 1:
            shown.tab(view.label).click()
            expect(shown.tab(view.label)).to_have_attribute("aria-selected", "true")
            shown.wait_for_picture()
        sliders = page.get_by_role("slider")
        trains = any(button.is_visible() for button in shown.transport.get_by_role("button", name="Start").all())
        if trains or not sliders.count():
            continue
        times = sorted(press_keys(page, PRESSES + WARM_UP, STRETCH)[WARM_UP:])
        yield {
            "lab": lab.slug,
            "view": view.name,
            "slider": sliders.first.get_attribute("aria-label"),
            "median ms": median(times),
            "p95 ms": times[int(0.95 * len(times))],
        }
    page.context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(log=Path(folder) / "log") as server:
            rows = [row for lab in LABS.values() for row in measure(browser, server, lab)]
        browser.close()
    report("repaint", rows, QUICK)


if __name__ == "__main__":
    main()
