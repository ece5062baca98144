"""The lab of training with noise in a real browser: methods and their sliders, nets that train, and the average."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "12-training-with-noise.ipynb"


def test_a_method_has_its_slider_trains_and_is_averaged(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    expect(lab.text).to_contain_text("Each batch draws one λ")
    expect(lab.transport).to_be_hidden()
    before = lab.pixels()
    lab.slider("mixup α").press("ArrowRight")
    lab.wait_for_change(before)
    lab.button("Stochastic depth").click()
    expect(lab.text).to_contain_text("of 54")
    expect(lab.slider("last block falls")).to_be_visible()
    expect(lab.slider("mixup α")).to_be_hidden()
    lab.button("Two noises").click()
    expect(lab.text).to_contain_text("Not trained yet")
    lab.unfold()
    lab.type("epochs", "8")
    lab.type("nets", "2")
    expect(lab.text).to_contain_text("Not trained yet: 2 nets of each kind")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text(re.compile(r"Alone they change it by .* together by"))
    lab.tab("at test time").click()
    expect(lab.transport).to_be_hidden()
    expect(lab.text).to_contain_text(re.compile(r"in one noisy pass, .* for the single pass"))
