"""What holds for every lab: on a projector, on a phone, and on a slow line."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from nbtests.browser.conftest import Visit, wait_for_picture
from nbtests.browser.jupyterlab import JupyterLab, run_lab, wait_for_kernel
from nbtests.browser.lab_page import WHERE, LabPage
from nbtests.browser.notebooks import write_notebook
from nbtests.browser.serving import Server
from nbtests.browser.test_gallery import overflow
from nbtests.browser.test_preprocessing import choose
from trainingwheels.labs import LABS, Lab

pytestmark = pytest.mark.browser
every_lab = pytest.mark.parametrize("lab", LABS.values(), ids=LABS.keys())
AT_ONCE = 4  # pages that keep the machine busy
GROUPS = [list(LABS.values())[first : first + AT_ONCE] for first in range(0, len(LABS), AT_ONCE)]

SUM_LAYOUT_SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifted += entry.value)))
  .observe({ type: "layout-shift", buffered: true });"""
SCROLLED_INSIDE = """[...document.body.querySelectorAll("*")]
  .filter((each) => each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY))
  .map((each) => each.className)"""
LEAST_IN_SIGHT = 100  # of a picture, CSS pixels, between what stands above it and the first controls
STILL = 0.1  # sum of layout shifts that browsers still call good
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 400_000, "uploadThroughput": 100_000}  # ms, bytes/s
QUICK = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}  # as it is


def jumps(page: Page) -> float:
    """By how much the layout has shifted in sight, from the first byte to a second after the picture."""
    drawn = wait_for_picture(page)
    page.wait_for_function("drawn => performance.now() > drawn + 1000", arg=drawn)
    return float(page.evaluate("window.shifted"))


def arrives(page: Page, lab: type[Lab]) -> None:
    """A lab comes by its deep link, and nothing that is in sight moves while it does."""
    expect(page).to_have_title(f"{lab.title} · trainingwheels")
    expect(page.locator("h1")).to_have_count(1)
    assert jumps(page) < STILL
    expect(page.locator(".wait")).to_have_count(0)
    expect(page.locator("#notice")).to_be_hidden()
    assert overflow(page) <= 0


@pytest.mark.parametrize("labs", GROUPS, ids=lambda labs: labs[0].slug)
def test_several_arrive_at_once_on_a_slow_line_and_fit_a_projector(
    visit: Visit, classroom: Server, labs: list[type[Lab]]
) -> None:
    pages = []
    for lab in labs:
        page = visit("about:blank", script=SUM_LAYOUT_SHIFTS, home=classroom.url, fresh=True)
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
        page.goto(classroom.lab(lab.notebook), wait_until="commit")
        pages.append((page, line))
    for (page, line), lab in zip(pages, labs, strict=True):
        arrives(page, lab)
        line.send("Network.emulateNetworkConditions", QUICK)
        fits_a_projector(page)
        has_long_tracks_and_whole_names(page)


def has_long_tracks_and_whole_names(page: Page) -> None:
    """All its controls, those of other views too, with all sections unfolded."""
    page.evaluate("document.querySelectorAll('.tw-away').forEach((each) => each.classList.remove('tw-away'))")
    lab = LabPage(page)
    lab.unfold()
    lab.check_controls()


def fits_a_projector(page: Page) -> None:
    """The whole picture is in sight, and large."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function("() => document.querySelector('.tw-lab canvas').clientWidth > 1400")
    LabPage(page).wait_for_picture()
    assert page.locator(".tw-lab canvas").first.evaluate(WHERE)[1] + page.evaluate("scrollY") <= 1080
    assert overflow(page) <= 0


@every_lab
def test_on_a_phone_it_arrives_with_its_first_controls_under_the_thumb(
    visit: Visit, classroom: Server, lab: type[Lab]
) -> None:
    page = visit(classroom.lab(lab.notebook), size="phone", script=SUM_LAYOUT_SHIFTS)
    arrives(page, lab)
    picture = page.locator(".tw-lab canvas").first
    assert picture.evaluate(WHERE)[0] + LEAST_IN_SIGHT <= page.locator(".tw-first").evaluate(WHERE)[0]
    for share in (0.0, 0.5, 0.95):  # the first control is in sight all the way
        picture.evaluate(
            "(canvas, share) => { const { top, height } = canvas.getBoundingClientRect();"
            " scrollBy(0, top + share * height - innerHeight / 2) }",
            share,
        )
        top, bottom = page.locator(".tw-first").evaluate(WHERE)
        assert top < bottom <= page.evaluate("innerHeight") + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SCROLLED_INSIDE) == [], "a finger on it would not move the page"


def test_labs_with_buttons_of_their_own_work_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    """One after the other in one notebook: a mask, a score, and a photograph that somebody brings."""
    cells = [
        f"from trainingwheels.labs import {name}\n\n{name}()" for name in ("Dropout", "Penalties", "DataAugmentation")
    ]
    page = visit(jupyterlab.lab(write_notebook(jupyterlab.notebooks, "several.ipynb", *cells)))

    lab = run_alone(page, 0)
    before = lab.pixels()
    lab.button("New mask").click()
    lab.wait_for_change(before)
    lab.button("Train 30 steps").click()
    expect(lab.box("training step")).to_have_value("90")

    lab = run_alone(page, 1)
    lab.type("cat", "4")
    expect(lab.text).to_contain_text("L_i = 0.00")
    lab.button("L1: corners").click()
    expect(lab.text).to_contain_text("it is exactly 0")

    lab = run_alone(page, 2)
    choose(lab, "Open a photo", "song.png", b"this is no image")
    expect(lab.message.get_by_role("alert")).to_contain_text("'song.png' cannot be read as an image")
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (255, 0, 255)).save(file, "PNG")
    choose(lab, "Open a photo", "pink.png", file.getvalue())
    expect(lab.text).to_contain_text("16 samples of pink")
    expect(lab.message.get_by_role("alert")).to_have_count(0)


def run_alone(page: Page, cell: int) -> LabPage:
    """The lab of a cell, and no other on the page."""
    wait_for_kernel(page)
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    expect(page.locator(".tw-lab")).to_have_count(0)
    return run_lab(page, cell)
