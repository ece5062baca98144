"""From a key press on a slider to the painted picture, for every lab and every view of it that does not train.

python -m nbtests.bench.bench_repaint
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from nbtests.bench.bench_latency import open_page, press_keys
from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.serving import Server
from trainingwheels.labs import LABS, Lab
from trainingwheels.labs.base.training import NetsView

PRESSES, WARM_UP = 12, 2
STRETCH = 3  # steps there, then back: some sliders have few stops
QUICK = Target("every view that does not train answers", "median ms", at_most=60)


def views(lab: type[Lab]) -> list[str]:
    """The queries that open each view of a lab that does not train."""
    silent = [view for view in lab.views if not issubclass(view, NetsView)]
    return [f"?show={view.name}" if len(lab.views) > 1 else "" for view in silent]


def measure(browser: Browser, server: Server, lab: type[Lab], query: str) -> dict[str, Any] | None:
    """A row of the table; None where the view has no slider."""
    page = open_page(browser, server.lab(lab.notebook) + query, 1400, 1)
    LabPage(page).wait_for_picture()
    sliders = page.get_by_role("slider")
    row = None
    if sliders.count():
        name = sliders.first.get_attribute("aria-label")
        times = press_keys(page, PRESSES + WARM_UP, STRETCH)[WARM_UP:]
        row = {
            "lab": lab.slug,
            "view": query.partition("=")[2],
            "slider": name,
            "median ms": median(times),
            "most ms": max(times),
        }
    page.context.close()
    return row


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(log=Path(folder) / "log") as server:
            rows = [measure(browser, server, lab, query) for lab in LABS.values() for query in views(lab)]
        browser.close()
    report("repaint", [row for row in rows if row], QUICK)


if __name__ == "__main__":
    main()
