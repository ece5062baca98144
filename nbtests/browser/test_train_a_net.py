"""Training in a real browser: start, watch, change a rate on the way, compare, pause."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server, wait_for

pytestmark = pytest.mark.browser

NOTEBOOK = "06-train-a-net.ipynb"
ACCURATE = re.compile(r"validation accuracy (9\d\.\d|100\.0) %")


@pytest.fixture
def lab(visit: Visit, classroom: Server) -> LabPage:
    return shown(visit(classroom.lab(NOTEBOOK)))


def test_a_net_learns_the_spirals(lab: LabPage) -> None:
    expect(lab.transport).to_contain_text("press Start to see it learn")
    still = lab.pixels()
    lab.button("Start").click()
    lab.wait_for_change(still)
    expect(lab.transport).to_contain_text("steps/s")
    expect(lab.text).to_contain_text(ACCURATE)
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.transport).to_contain_text("cpu")


def test_pause_change_and_go_on(lab: LabPage) -> None:
    lab.press("epochs", "ArrowRight", 9, then="Start")  # which starts what comes of the drag
    expect(lab.transport).to_contain_text("steps/s")
    expect(lab.box("epochs")).to_have_value("8,192")
    lab.type("dropout", "0.5")  # while it trains: the same net goes on
    lab.button("Pause").click()
    expect(lab.button("Resume")).to_be_visible()
    step = lab.transport.inner_text()
    lab.button("Step").click()
    expect(lab.transport).not_to_contain_text(step.split("·")[0].strip())
    lab.button("Resume").click()
    expect(lab.button("Pause")).to_be_visible()
    lab.button("Start over").click()
    expect(lab.text).to_contain_text("not trained yet")
    expect(lab.button("Start")).to_be_visible()


def test_three_learning_rates_side_by_side(lab: LabPage) -> None:
    lab.page.get_by_label("compare").select_option("learning rate")
    lab.page.get_by_label("values").fill("0.001, 0.01, 0.1")
    lab.page.get_by_label("values").press("Enter")
    lab.type("epochs", "200")
    expect(lab.text).to_contain_text("lr 0.1: not trained yet")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    for rate in ("0.001", "0.01", "0.1"):
        expect(lab.text).to_contain_text(f"lr {rate}: validation accuracy")


def test_layers_are_added_and_removed_by_key_and_mouse(lab: LabPage) -> None:
    lab.button("Start over").click()
    expect(lab.text).to_contain_text("not trained yet")
    lab.wait_for_picture()
    before = lab.pixels()
    lab.button("add a layer").press("Enter")
    expect(lab.page.get_by_label("layers", exact=True)).to_have_value("8, 8, 8")
    lab.wait_for_change(before)
    lab.button("Undo").click()
    expect(lab.page.get_by_label("layers", exact=True)).to_have_value("8, 8")
    lab.wait_for_same(before)
    lab.button("remove the last layer").click()
    expect(lab.page.get_by_label("layers", exact=True)).to_have_value("8")


def test_bad_input_is_one_line(lab: LabPage) -> None:
    before = lab.pixels()
    lab.page.get_by_label("layers").fill("8, 0")
    lab.page.get_by_label("layers").press("Enter")
    expect(lab.message.get_by_role("alert")).to_contain_text("1 to 1,024 units")
    lab.page.get_by_label("dataset").select_option("CIFAR-10")
    expect(lab.message.get_by_role("alert")).to_contain_text("not on this computer")
    assert lab.pixels() == before
    lab.page.get_by_label("dataset").select_option("two moons")
    expect(lab.message.get_by_role("alert")).to_have_count(0)
    lab.wait_for_change(before)


def test_closing_the_page_while_it_trains_ends_the_kernel(visit: Visit, quiet: Server) -> None:
    lab = shown(visit(quiet.lab(NOTEBOOK)))
    lab.type("epochs", "8192")
    lab.button("Start").click()
    expect(lab.transport).to_contain_text("steps/s")
    lab.page.close()
    wait_for(lambda: not quiet.kernels(), "the end of the kernel")


def test_a_net_learns_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    lab = run_lab(visit(jupyterlab.lab(NOTEBOOK)))
    lab.button("Start").click()
    expect(lab.text).to_contain_text(ACCURATE)
