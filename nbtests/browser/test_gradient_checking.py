"""Gradient checking in a real browser: the V, its views, a bug to find."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "05-gradient-checking.ipynb"


@pytest.fixture
def lab(visit: Visit, classroom: Server) -> LabPage:
    return shown(visit(classroom.lab(NOTEBOOK)))


def test_move_h_along_the_v_and_back(lab: LabPage) -> None:
    expect(lab.text).to_contain_text("right (at most 1e-7: be happy)")
    first = lab.pixels()
    lab.drag("h", by=-40)
    expect(lab.box("h")).not_to_have_value("1e-05")
    lab.wait_for_change(first)
    lab.type("h", "1e-15")
    expect(lab.text).to_contain_text("probably wrong")
    lab.page.get_by_label("difference").select_option("one-sided")
    lab.page.get_by_label("precision").select_option("float32")
    expect(lab.text).to_contain_text("thresholds are meant for float64")
    lab.button("Reset").click()
    lab.wait_for_same(first)


def test_each_view_has_its_controls(lab: LabPage) -> None:
    expect(lab.slider("x")).to_be_hidden()
    lab.button("A kink").click()
    expect(lab.text).to_contain_text("mixes the slopes of both sides")
    lab.unfold()
    expect(lab.slider("x")).to_be_visible()
    expect(lab.slider("batch")).to_be_hidden()
    lab.type("h", "0.05")
    expect(lab.text).to_contain_text("an h below that does not see it")
    before = lab.pixels()
    lab.tab("entry by entry").click()
    expect(lab.text).to_contain_text("Relative error of each array")
    lab.wait_for_change(before)
    expect(lab.slider("x")).to_be_hidden()


def test_find_the_bug(lab: LabPage) -> None:
    lab.button("Find the bug").click()
    expect(lab.text).to_contain_text("Off by more than 1e-2: W1.")
    expect(lab.question).not_to_contain_text("variance")
    lab.button("Reveal the answer").click()
    expect(lab.question).to_contain_text("variance")
    lab.button("Code").click()
    expect(lab.code).to_contain_text("def batchnorm_backward(d, x, gamma):")
    lab.page.get_by_label("planted bug").select_option("batchnorm: variance held fixed")
    expect(lab.text).to_contain_text("The variance is taken for a constant")
    expect(lab.text).to_contain_text("Off by more than 1e-2: W1.")


def test_bad_input_is_one_line(lab: LabPage) -> None:
    before = lab.pixels()
    for name, bad, says in (
        ("h", "0", "1e-15 to 1"),
        ("batch", "1", "2 to 64 examples"),
        ("seed", "x", "whole number"),
    ):
        lab.type(name, bad)
        expect(lab.message.get_by_role("alert")).to_contain_text(says)
    assert lab.pixels() == before
    lab.type("h", "0.001")
    expect(lab.message.get_by_role("alert")).to_have_count(0)
    lab.wait_for_change(before)


def test_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    lab = run_lab(visit(jupyterlab.lab(NOTEBOOK)))
    lab.button("A bug").click()
    expect(lab.text).to_contain_text(re.compile(r"No h brings the float64 error below 0\.05"))
    lab.tab("a kink").click()
    expect(lab.text).to_contain_text("analytic slope")
    lab.check_controls()
