"""Pictures of every page, wide and narrow, to be looked at: ``make shots`` puts them into .shots/."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.lab_page import LabPage
from nbtests.browser.serving import REPOSITORY, Server
from trainingwheels.labs import LABS

FOLDER = REPOSITORY / ".shots"
TRAINED = 600_000  # milliseconds in which a preset is trained to its end, beside whatever else the computer does
SIZES = {"wide": (1400, 900), "narrow": (390, 844)}


def shoot_gallery(browser: Browser, server: Server, size: str) -> None:
    page = _page(browser, server.url, size)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"gallery-{size}.png", full_page=True)
    page.context.close()


def shoot_lab(browser: Browser, server: Server, slug: str, size: str) -> None:
    """The first view of a lab, and every preset with its answer."""
    page = _page(browser, server.lab(LABS[slug].notebook), size)
    lab = LabPage(page)
    lab.wait_for_picture()
    page.screenshot(path=FOLDER / f"{slug}-{size}-first.png")
    for number, preset in enumerate(LABS[slug].presets, 1):
        lab.presets.get_by_role("button", name=preset.label, exact=True).click()
        if preset.question:
            lab.button("Reveal the answer").click()
        if (start := lab.button("Start")).count():
            start.click()
            lab.button("Train again").wait_for(timeout=TRAINED)
        expect(lab.waiting).to_be_empty(timeout=TRAINED)
        lab.wait_for_picture()
        page.locator(".tw-lab").screenshot(path=FOLDER / f"{slug}-{size}-{number}-{preset.name}.png")
    page.context.close()


def _page(browser: Browser, url: str, size: str) -> Page:
    width, height = SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(url)
    return page


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(log=Path(folder) / "log") as server:
            for size in SIZES:
                shoot_gallery(browser, server, size)
                for slug in LABS:
                    shoot_lab(browser, server, slug, size)
        browser.close()
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER}")  # noqa: T201 - what the command reports


if __name__ == "__main__":
    main()
