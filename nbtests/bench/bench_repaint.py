"""From a key press on a slider to the painted picture, for every lab and every view of it that does not train.

python -m nbtests.bench.bench_repaint
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from nbtests.bench.bench_latency import open_page, press_keys
from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.serving import Server
from trainingwheels.labs import LABS, Lab
from trainingwheels.labs.base.training import NetsView

PRESSES, WARM_UP = 5, 2
STRETCH = 3  # steps there, then back: some sliders have few stops
QUICK = Target("every view that does not train answers", "median ms", at_most=60)


def measure(browser: Browser, server: Server, lab: type[Lab]) -> list[dict[str, Any]]:
    """A row for each view that does not train and has a slider, one after the other on one page."""
    views = [view for view in lab.views if not issubclass(view, NetsView)]
    if not views:
        return []
    query = f"?show={views[0].name}" if len(lab.views) > 1 else ""
    page = open_page(browser, server.lab(lab.notebook) + query, 1400, 1)
    on_page, rows = LabPage(page), []
    for view in views:
        if view is not views[0]:
            on_page.tab(view.label).click()
            expect(on_page.tab(view.label)).to_have_attribute("aria-selected", "true")
        on_page.wait_for_picture()
        if page.get_by_role("slider").count():
            rows.append({"lab": lab.slug, "view": view.name} | times(page))
    page.context.close()
    return rows


def times(page: Page) -> dict[str, Any]:
    """Of the first slider on the page."""
    name = page.get_by_role("slider").first.get_attribute("aria-label")
    taken = press_keys(page, PRESSES + WARM_UP, STRETCH)[WARM_UP:]
    return {"slider": name, "median ms": median(taken), "most ms": max(taken)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(log=Path(folder) / "log") as server:
            server.wait_until_settled()
            rows = [row for lab in LABS.values() for row in measure(browser, server, lab)]
        browser.close()
    report("repaint", rows, QUICK)


if __name__ == "__main__":
    main()
