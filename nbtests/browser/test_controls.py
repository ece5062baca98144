"""Controls: for hands, keys and ears."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import WHERE, LabPage, shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser


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


def test_what_is_being_typed_is_not_written_over_and_what_is_done_after_a_drag_counts_after_it(
    visit: Visit, classroom: Server
) -> None:
    lab = shown(visit(classroom.lab("05-gradient-checking.ipynb")))
    box = lab.box("h")
    box.fill("1e-15")
    lab.press("h", "ArrowLeft", 1)  # as an animation would, or a drag of which the kernel tells late
    expect(lab.text).to_contain_text("h = 7.9e−6")
    expect(box).to_have_value("1e-15")
    lab.press("h", "ArrowLeft", 30)
    box.press("Enter")
    expect(lab.text).to_contain_text("probably wrong")
    expect(box).to_have_value("1e-15")
    box.focus()
    lab.press("h", "ArrowRight", 1)
    box.blur()
    expect(box).not_to_have_value("1e-15")
    lab.press("h", "ArrowLeft", 30, then="Reset")
    lab.press("h", "ArrowRight", 0, then="Code")  # and that comes after all before it
    expect(lab.code).to_contain_text("1e-05")
    expect(box).to_have_value("1e-05")


def test_what_is_awaited_is_said_over_the_old_picture(visit: Visit, odd_classroom: Server) -> None:
    lab = shown(visit(odd_classroom.lab("07-slow.ipynb")))
    lab.tab("what it buys, trained").click()
    expect(lab.waiting).to_contain_text("…")
    expect(lab.page.locator(".tw-old .tw-text")).to_have_css("opacity", "0.3")
    lab.button("Start").click()
    expect(lab.waiting).to_be_empty()
    expect(lab.page.locator(".tw-old")).to_have_count(0)
    lab.button("Pause").click()
    expect(lab.button("Resume")).to_be_visible()


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
