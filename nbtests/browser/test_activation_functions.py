"""The lab of activation functions in a real browser: look, compare, drag, train."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "01-activation-functions.ipynb"


def drag_picture(lab: LabPage, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag in the picture, from and to shares of its width and height."""
    box = lab.page.locator(".tw-lab canvas").last.bounding_box()
    assert box is not None
    (x, y), (to_x, to_y) = (
        (box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in (start, end)
    )
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(to_x, to_y, steps=8)
    lab.page.mouse.up()


def test_look_compare_and_go_back(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    expect(lab.text).to_contain_text("Sigmoid at x = 1: output 0.73, slope 0.2")
    first = lab.pixels()
    lab.type("x", "-10")
    expect(lab.text).to_contain_text("slope 4.5e−5")
    lab.page.get_by_label("function").select_option("ELU")
    lab.open("shape")
    lab.type("alpha", "0.5")
    expect(lab.text).to_contain_text("ELU at x = −10: output −0.5")
    expect(lab.slider("w1")).to_be_hidden()
    lab.presets.get_by_role("button", name="tanh", exact=True).click()
    expect(lab.text).to_contain_text("tanh at x = 3")
    lab.page.locator(".tw-chips").get_by_role("button", name="ReLU", exact=True).click()
    expect(lab.text).to_contain_text("ReLU: mean 0.4")
    lab.type("input std", "0")
    expect(lab.message.get_by_role("alert")).to_contain_text("0.1 to 10")
    lab.button("Reset").click()
    lab.wait_for_same(first)


def test_drag_maxouts_lines_the_bell_and_the_input(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?activation=maxout&x=0"), scale=2))
    expect(lab.box("w1")).to_have_value("1")
    # Line 1 runs through (4, 4) in a picture whose panel reaches from -10 to 10 and from -5 to 5.
    drag_picture(lab, (0.57, 0.087), (0.57, 0.2))
    expect(lab.box("w1")).to_have_value(re.compile(r"^0\.[345]"))  # all of the drag's moves have arrived
    expect(lab.box("w2")).to_have_value("-0.5")
    expect(lab.box("x")).to_have_value("0")
    lab.button("Undo").click()
    expect(lab.box("w1")).to_have_value("1")
    drag_picture(lab, (0.43, 0.89), (0.7, 0.89))
    expect(lab.box("input mean")).not_to_have_value("0")
    drag_picture(lab, (0.43, 0.65), (0.2, 0.65))
    expect(lab.text).to_contain_text(re.compile("Maxout at x = −"))


def test_units_in_a_row(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    lab.button("Ten sigmoids").click()
    expect(lab.text).to_contain_text("2.8e−7")
    lab.unfold()
    expect(lab.slider("input mean")).to_be_hidden()
    expect(lab.transport).to_be_hidden()
    before = lab.pixels()
    lab.slider("units").press("ArrowRight")
    expect(lab.text).to_contain_text("after 11 units")
    lab.wait_for_change(before)


def test_nets_train_seed_by_seed_on_a_phone(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?seeds=5"), size="phone"))
    lab.tab("nets that train").click()
    lab.page.locator(".tw-chips").get_by_role("button", name="ReLU", exact=True).click()
    expect(lab.text).to_contain_text("ReLU: validation accuracy")
    expect(lab.text).to_contain_text("untrained")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text("ReLU minus Sigmoid, seed by seed: +")


def test_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    lab = run_lab(visit(jupyterlab.lab(NOTEBOOK)))
    before = lab.pixels()
    drag_picture(lab, (0.45, 0.3), (0.6, 0.3))
    lab.wait_for_change(before)
    lab.button("In practice").click()
    expect(lab.text).to_contain_text("untrained, 10 seeds")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text(re.compile(r"Sigmoid minus ReLU, seed by seed: −[89]\d"))
