"""The ensembles lab in a real browser: nets are toggled, a digit is clicked on, each view has its controls."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "16-ensembles.ipynb"


def test_a_learner_averages_nets_and_clicks_on_a_digit(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?train_size=64&width=8")))
    lab.check_controls()
    before = lab.pixels()
    lab.type("members", "2")
    expect(lab.text).to_contain_text("2 nets, mean of the probabilities")
    lab.wait_for_change(before)
    lab.open("members")
    lab.page.get_by_role("button", name="1", exact=True).click()
    expect(lab.message.get_by_role("alert")).to_contain_text("1 of the first 2 nets left makes no ensemble")
    lab.button("One example").click()
    expect(lab.text).to_contain_text("It is a")
    lab.wait_for_picture()
    first = lab.text.inner_text()
    lab.page.locator(".tw-lab canvas").first.scroll_into_view_if_needed()
    box = lab.page.locator(".tw-lab canvas").first.bounding_box()
    assert box is not None
    lab.page.mouse.click(box["x"] + 16 + 3 * 60 + 20, box["y"] + box["height"] - 60)
    expect(lab.box("digit")).not_to_have_value("1")
    expect(lab.text).not_to_have_text(first)
    for tab, words in (("in the plane", "They disagree on"), ("cheaper ways", "Expected calibration error")):
        lab.page.get_by_role("tab", name=tab).click()
        expect(lab.text).to_contain_text(re.compile(words))
        lab.unfold()
        lab.check_controls()
