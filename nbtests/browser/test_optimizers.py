"""The optimizers lab in a real browser: a click starts the paths, which move, and one update is taken apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "08-optimizers.ipynb"
COUNT = """window.drawn = 0;
const decode = window.createImageBitmap;
window.createImageBitmap = (...all) => { window.drawn++; return decode(...all) };"""


def test_a_click_starts_the_paths_and_they_move(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK), script=COUNT))
    before, drawn = lab.pixels(), lab.page.evaluate("window.drawn")
    box = lab.page.locator(".tw-lab canvas").first.bounding_box()
    assert box is not None
    lab.page.mouse.click(box["x"] + 350, box["y"] + 120)
    lab.wait_for_change(before)
    lab.page.wait_for_function("drawn => window.drawn > drawn + 10", arg=drawn)
    lab.wait_for_picture()
    expect(lab.box("w1")).not_to_have_value("-2.7")
    lab.page.get_by_label("taken apart").select_option("SGD + momentum")
    lab.type("step", "12")
    expect(lab.text).to_contain_text("SGD + momentum, step 13 of 150")
    expect(lab.text).not_to_contain_text("root of the second moment (")
    lab.type("momentum", "1.5")
    expect(lab.message.get_by_role("alert")).to_contain_text("momentum = 1.5 is out of range")


def test_a_learner_goes_through_the_other_views(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK) + "?show=momentum"))
    lab.type("β", "0.67")
    lab.type("α", "3.3")
    expect(lab.text).to_contain_text("by 0.8185 in the long run")
    lab.type("α", "3.9")
    expect(lab.text).to_contain_text("does not shrink")
    lab.button("Batches").click()
    expect(lab.text).to_contain_text("mini-batches of 8: 160 steps")
    lab.button("A race").click()
    lab.open("data")
    lab.type("epochs", "2")
    expect(lab.text).to_contain_text("Not trained yet: 1 net of each rule")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text("After 32 steps, 1 net of each rule. Validation accuracy:")
