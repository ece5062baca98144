"""The seven-steps lab in a real browser: steps are passed one after the other, and a patient is mended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "13-seven-steps.ipynb"


def test_steps_are_passed_and_a_patient_is_mended(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    expect(lab.text).to_contain_text("Step 1 is passed")
    expect(lab.page.get_by_text("Passed: 1. Next: 2 small sample.")).to_be_visible()
    lab.tab("2 small sample").click()
    expect(lab.text).to_contain_text("Press Start")
    lab.button("Start").click()
    expect(lab.text).to_contain_text("Step 2 is passed: 200 of 200")
    expect(lab.page.get_by_text("Passed: 1, 2. Next: 3 learning rate.")).to_be_visible()
    lab.button("Patient A").click()
    expect(lab.text).to_contain_text("Step 1 is not passed")
    lab.page.get_by_label("mend").select_option("initialization: Kaiming")
    expect(lab.text).to_contain_text("Step 1 is passed")
    lab.page.reload()
    expect(lab.text).to_contain_text("Step 1 is passed")
    expect(lab.page.get_by_text("Passed: 1, 2. Next: 3 learning rate.")).to_be_visible()
    lab.page.goto(classroom.lab(NOTEBOOK) + "?passed=healthy_3~0.1_x")
    expect(lab.message).to_contain_text("From the link: passed[0] = 'healthy_3~0.1_x' is not what this lab writes")
