"""The dropout lab in a real browser: masks at a press, each view with its controls, and nets that train."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "10-dropout.ipynb"


def test_a_learner_draws_masks_and_goes_through_the_views(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    lab.check_controls()
    seen = [lab.pixels()]
    lab.button("New mask").click()
    lab.wait_for_change(seen[-1])
    lab.button("Train 30 steps").click()
    expect(lab.box("training step")).to_have_value("90")
    for button, control, words in (
        ("Which p?", "p, keep", "torch call dropout, 0.2."),
        ("One neuron", "x", "E[a] ="),
        ("A deep net", "units", "Deep net: the scaled pass is neither mean"),
        ("An ensemble", "digit", "The single scaled pass"),
        ("Co-adaptation", "removed", "8 units of 32 removed at random"),
    ):
        lab.button(button).click()
        expect(lab.text).to_contain_text(words)
        lab.unfold()
        expect(lab.slider(control)).to_be_visible()
        lab.wait_for_picture()
        lab.check_controls()
        seen.append(lab.pixels())
    assert len({str(pixels) for pixels in seen}) == len(seen)
    lab.button("Remove a unit").click()
    expect(lab.text).to_contain_text("9 units of 32 removed")
    expect(lab.transport).to_be_hidden()


def test_several_p_train_live(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?show=training&width=8&train_size=64")))
    expect(lab.text).to_contain_text("Not trained yet: 6 nets")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text(re.compile(r"Validation accuracy is highest at p = [\d.]+: "))
