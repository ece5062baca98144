"""The batch normalization lab in a real browser: its four views, and one line for what cannot be normalized."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "04-batch-normalization.ipynb"


@pytest.fixture
def lab(visit: Visit, classroom: Server) -> LabPage:
    return shown(visit(classroom.lab(NOTEBOOK)))


def test_the_layer_follows_its_sliders(lab: LabPage) -> None:
    before = lab.pixels()
    expect(lab.transport).to_be_hidden()
    lab.slider("mean").press("ArrowRight")
    lab.wait_for_change(before)
    lab.page.get_by_label("recover the identity").check()
    expect(lab.text).to_contain_text("y is x again")
    lab.type("scale", "0")
    expect(lab.text).to_contain_text("its variance is 0")
    lab.type("scale", "2")
    lab.type("batch", "1")
    expect(lab.message.get_by_role("alert")).to_contain_text("batch = 1")
    lab.page.get_by_label("normalize").select_option("layer norm")
    expect(lab.message.get_by_role("alert")).to_have_count(0)


def test_each_view_has_its_own_controls(lab: LabPage) -> None:
    lab.tab("training and test time").click()
    expect(lab.text).to_contain_text("running mean")
    lab.unfold()
    expect(lab.slider("momentum")).to_be_visible()
    expect(lab.slider("γ")).to_be_hidden()
    lab.tab("the backward pass").click()
    expect(lab.text).to_contain_text("through σ²")
    lab.unfold()
    expect(lab.slider("momentum")).to_be_hidden()
    lab.wait_for_picture()
    before = lab.pixels()
    lab.slider("x₁").press("ArrowRight")
    lab.wait_for_change(before)
    expect(lab.text).to_contain_text("Checked with finite differences")


def test_higher_learning_rates_train_live(lab: LabPage) -> None:
    lab.button("Learning rates").click()
    expect(lab.transport).to_be_visible()
    expect(lab.text).to_contain_text("Not trained yet")
    lab.open("more")
    lab.type("nets", "2")  # of ten kinds: on a busy machine more of them take minutes
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text(re.compile(r"With batchnorm: .* at 0\.03, 0\.1, 0\.3, 1, 3\."))
    lab.button("Backward").click()
    expect(lab.transport).to_be_hidden()


def test_the_lab_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    lab = run_lab(visit(jupyterlab.lab(NOTEBOOK)))
    before = lab.pixels()
    lab.slider("scale").press("ArrowRight")
    lab.wait_for_change(before)
