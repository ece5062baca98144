"""The search lab in a real browser: trials at a press, and each view with its controls."""

from __future__ import annotations

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
    ):
        lab.button(button).click()
        expect(lab.text).to_contain_text(words)
        lab.unfold()
        expect(lab.slider(control)).to_be_visible()
        lab.wait_for_picture()
        lab.check_controls()
        seen.append(lab.pixels())
    assert len({str(pixels) for pixels in seen}) == len(seen)
