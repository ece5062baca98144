"""The lab of data augmentation in a real browser: transforms switched on in their order, crops, colours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "11-data-augmentation.ipynb"


def test_transforms_are_switched_on_slid_and_pasted(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    expect(lab.text).to_contain_text("16 samples of cat")
    before = lab.pixels()
    lab.slider("rotation").press("ArrowRight")
    lab.wait_for_change(before)
    lab.button("shear sideways").click()
    expect(lab.button("4. shear sideways")).to_be_visible()
    expect(lab.slider("shear sideways")).to_be_visible()
    json = lab.page.get_by_label("JSON")
    expect(json).to_have_value('[["flip", 0.5], ["rotate", 16.0], ["brightness", 0.4], ["shear_x", 0.3]]')
    json.fill('[["invert", 1]]')
    json.press("Enter")
    expect(lab.text).to_contain_text("Turns light into dark")
    expect(lab.slider("rotation")).to_be_hidden()
    lab.tab("crops and scales").click()
    expect(lab.text).to_contain_text("becomes a random L from 256 to 480")
    lab.tab("colour").click()
    expect(lab.text).to_contain_text("λ is a variance")
