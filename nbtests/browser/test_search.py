"""The search lab in a real browser: trials at a press, each view with its controls, and a search that runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "14-search.ipynb"


def test_a_learner_draws_trials_and_goes_through_the_views(visit: Visit, classroom: Server, size: str) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK), size))
    lab.check_controls()
    seen = [lab.pixels()]
    lab.button("New draw").click()
    lab.wait_for_change(seen[-1])
    for button, control, words in (
        ("Both matter", "importance of y", "the grid is ahead by"),
        ("Log or linear", "trials n", "log is ahead by"),
        ("Winner's curse", "digits to choose by", "too much is promised"),
        ("Done wrong", "features", "Chosen before splitting"),
        ("Five folds", "folds", "Not trained yet: 35 nets"),
    ):
        lab.button(button).click()
        expect(lab.text).to_contain_text(words)
        lab.unfold()
        expect(lab.slider(control)).to_be_visible()
        lab.wait_for_picture()
        lab.check_controls()
        seen.append(lab.pixels())
    assert len({str(pixels) for pixels in seen}) == len(seen)


def test_a_search_runs_live_and_its_best_come_together(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?show=search&trials=8&width=8&epochs=2")))
    expect(lab.text).to_contain_text("Not tried yet: 8 trials, chosen at random")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text(re.compile(r"The best, trial \d, has lr "))
    lab.unfold()
    lab.page.get_by_label("best five together").check()
    expect(lab.text).to_contain_text("The best 5 together, their probabilities averaged")
