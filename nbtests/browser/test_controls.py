"""The controls of every lab: for hands, keys, ears and thumbs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server
from trainingwheels.labs import LABS

pytestmark = pytest.mark.browser

SHORTEST_TRACK = 220  # CSS pixels
TRACKS = """() => [...document.querySelectorAll(".tw-large .slider-container")]
  .map((track) => track.getBoundingClientRect().width).filter((width) => width > 0)"""
CUT_OFF = """() => [...document.querySelectorAll(".tw-control .widget-label, .tw-control .widget-label-basic > span")]
  .filter((label) => label.scrollWidth > label.clientWidth + 1).map((label) => label.textContent)"""
WHERE = "element => [element.getBoundingClientRect().top, element.getBoundingClientRect().bottom]"


@pytest.mark.parametrize("slug", LABS)
def test_tracks_are_long_and_names_are_whole(visit: Visit, classroom: Server, slug: str) -> None:
    lab = shown(visit(classroom.lab(LABS[slug].notebook)))
    tabs = lab.page.get_by_role("tab")
    for place in range(max(tabs.count(), 1)):
        if tabs.count():
            tabs.nth(place).click()
            expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
            lab.wait_for_picture()
            lab.unfold()
        assert min(lab.page.evaluate(TRACKS), default=SHORTEST_TRACK) >= SHORTEST_TRACK
        assert lab.page.evaluate(CUT_OFF) == []


def folded(lab: LabPage, name: str):  # type: ignore[no-untyped-def]
    """The heading of a section, which may go on with what differs in it."""
    return lab.page.locator(".tw-head:visible", has_text=name).first


def test_a_folded_section_says_what_in_it_differs(visit: Visit, classroom: Server) -> None:
    lab = LabPage(visit(classroom.lab("03-weight-initialization.ipynb")))
    lab.wait_for_picture()
    net = folded(lab, "net")
    expect(net).to_have_attribute("aria-expanded", "false")
    expect(lab.slider("depth")).to_be_hidden()
    net.press("Enter")
    expect(net).to_have_attribute("aria-expanded", "true")
    lab.type("depth", "9")
    expect(lab.text).to_contain_text("layer 9")
    net.press("Enter")
    expect(net).to_have_text("net: depth 9")
    lab.presets.get_by_role("button", name="std 0.05, batchnorm").click()  # which touches it
    expect(lab.page.get_by_label("batchnorm")).to_be_visible()
    lab.button("Xavier").click()  # which does not
    expect(lab.page.get_by_label("batchnorm")).to_be_hidden()


def test_tabs_by_key(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab("04-batch-normalization.ipynb")))
    expect(lab.page.get_by_role("tablist", name="views")).to_be_visible()
    expect(lab.tab("the layer")).to_have_attribute("aria-selected", "true")
    lab.tab("the layer").press("ArrowRight")
    expect(lab.tab("training and test time")).to_be_focused()
    expect(lab.tab("training and test time")).to_have_attribute("aria-selected", "true")
    expect(lab.tab("the layer")).to_have_attribute("tabindex", "-1")
    expect(lab.text).to_contain_text("running mean")
    lab.tab("training and test time").press("Home")
    expect(lab.text).not_to_contain_text("running mean")
    lab.tab("the layer").press("ArrowLeft")
    expect(lab.tab("what it buys, trained")).to_have_attribute("aria-selected", "true")


def test_train_a_net_fits_a_projector(visit: Visit, classroom: Server) -> None:
    """22 controls, and the last of them is reached without scrolling."""
    page = visit(classroom.lab("06-train-a-net.ipynb"))
    page.set_viewport_size({"width": 1400, "height": 1000})
    lab = LabPage(page)
    lab.wait_for_picture()
    folded(lab, "more").click()
    assert lab.slider("seed").evaluate(WHERE)[1] < 1000
    assert page.locator(".tw-text").evaluate(WHERE)[0] < 1000
    assert page.evaluate("scrollY") == 0


def thumb_reaches(page: Page) -> None:
    """Scroll through the picture: the first control is in sight all the way."""
    picture = page.locator(".tw-lab canvas").first
    for share in (0.0, 0.5, 0.95):
        picture.evaluate(
            "(canvas, share) => { const { top, height } = canvas.getBoundingClientRect();"
            " scrollBy(0, top + share * height - innerHeight / 2) }",
            share,
        )
        top, bottom = page.locator(".tw-first").evaluate(WHERE)
        assert top < bottom <= page.evaluate("innerHeight") + 1


@pytest.mark.parametrize("slug", LABS)
def test_on_a_phone_the_first_controls_are_under_the_thumb(visit: Visit, classroom: Server, slug: str) -> None:
    page = visit(classroom.lab(LABS[slug].notebook), size="phone")
    LabPage(page).wait_for_picture()
    thumb_reaches(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_sections_and_tabs_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    page = visit(jupyterlab.lab("05-gradient-checking.ipynb"))
    run_lab(page)
    lab = shown(page)
    lab.tab("a kink").click()
    expect(lab.text).to_contain_text("analytic slope")
    assert min(page.evaluate(TRACKS)) >= SHORTEST_TRACK
    assert page.evaluate(CUT_OFF) == []
