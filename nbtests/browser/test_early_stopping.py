"""The early stopping lab in a real browser: a rule is replayed, each view has its controls, and a net trains."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "15-early-stopping.ipynb"


def test_a_learner_replays_a_rule_and_goes_through_the_views(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?train_size=64&width=8")))
    lab.check_controls()
    before = lab.pixels()
    lab.type("patience", "1")
    expect(lab.text).to_contain_text("after 1 epoch in a row without improvement")
    lab.wait_for_change(before)
    lab.type("patience", "0")
    expect(lab.message.get_by_role("alert")).to_contain_text("is out of range: choose a whole number from 1 to 30")
    lab.button("Training ends first").click()
    expect(lab.text).to_contain_text("was kept all the same, and is restored")
    for tab, words in (("how sure is it", "Against the end, the rule"), ("when, exactly", "Highest of all")):
        lab.page.get_by_role("tab", name=tab).click()
        expect(lab.text).to_contain_text(words)
        lab.unfold()
        lab.check_controls()
    lab.page.get_by_role("tab", name="watch it").click()
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text("The rule keeps the snapshot of epoch")
