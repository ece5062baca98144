"""The penalties lab in a real browser: a score is dragged, each view has its controls, and nets train."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "09-penalties.ipynb"


def test_a_learner_goes_through_the_views(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    first = lab.pixels()
    expect(lab.transport).to_be_hidden()
    lab.open("example")
    lab.type("cat", "4")
    expect(lab.text).to_contain_text("L_i = 0.00")
    lab.wait_for_change(first)
    lab.type("λ", "-1")
    expect(lab.message.get_by_role("alert")).to_contain_text("lam = -1.0 is out of range: choose a number from 0")
    lab.button("L1: corners").click()
    expect(lab.text).to_contain_text("it is exactly 0")
    lab.type("λ", "0")
    expect(lab.text).to_contain_text("Nothing holds a weight at 0")
    lab.button("Exact zeros").click()
    expect(lab.text).to_contain_text("of 590 weights are exactly 0")
    lab.page.get_by_label("method").select_option("plain subgradient")
    expect(lab.text).to_contain_text("0 of 590 weights are exactly 0")
    lab.button("16 values of λ").first.click()
    lab.open("optimizer")
    lab.type("epochs", "32")
    expect(lab.text).to_contain_text("Not trained yet: 16 nets")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text("validation is best at")
    lab.wait_for_picture()
    before = lab.pixels()
    lab.slider("λ").press("ArrowLeft")
    lab.wait_for_change(before)
    expect(lab.button("Train again")).to_be_visible()
