"""The transfer lab in a real browser: nets that adapt, the other views, and a class that is drawn with the mouse
or a finger."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from nbtests.browser.conftest import Visit
from nbtests.browser.lab_page import shown
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

NOTEBOOK = "17-transfer-learning.ipynb"
QUICK = "?task=digits&width=8&steps=64&nets=2"


def test_nets_adapt_and_a_class_is_drawn(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, QUICK)))
    expect(lab.text).to_contain_text("Not trained yet: 40 nets")
    lab.check_controls()
    before = lab.pixels()
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    expect(lab.text).to_contain_text(re.compile(r"Against from scratch: new head on frozen features [+−][\d.]+ points"))
    lab.wait_for_change(before)
    lab.tab("which layers").click()
    expect(lab.text).to_contain_text("Not trained yet: 2 nets for each of 4 ways")
    lab.check_controls()
    lab.tab("batchnorm, frozen").click()
    expect(lab.text).to_contain_text("though no weight has")
    lab.type("labels", "256")
    expect(lab.message.get_by_role("alert")).to_contain_text("choose at most")
    lab.tab("your own classes").click()
    expect(lab.text).to_contain_text("4 images of A")
    expect(lab.transport).to_be_hidden()
    lab.button("Clear").click()
    expect(lab.text).to_contain_text("Nothing is drawn")
    lab.wait_for_picture()
    canvas = lab.page.locator(".tw-lab canvas").last.bounding_box()
    assert canvas is not None
    lab.page.mouse.move(canvas["x"] + 60, canvas["y"] + 80)
    lab.page.mouse.down()
    lab.page.mouse.move(canvas["x"] + 220, canvas["y"] + 240, steps=8)
    lab.page.mouse.up()
    expect(lab.text).to_contain_text("What is drawn is, by the heads")
    lab.button("Add the drawing").click()
    expect(lab.text).to_contain_text("5 images of A")
    expect(lab.text).to_contain_text("Nothing is drawn")
    move_finger(lab.page, (canvas["x"] + 220, canvas["y"] + 240), (canvas["x"] + 60, canvas["y"] + 80))
    expect(lab.text).to_contain_text("What is drawn is, by the heads")
    assert lab.page.evaluate("scrollY") == 0
    move_finger(lab.page, (canvas["x"] + 500, canvas["y"] + 300), (canvas["x"] + 500, canvas["y"] + 60))
    lab.page.wait_for_function("scrollY > 0")  # beside the field it moves the page


def move_finger(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for step in range(steps + 1):
        x, y = (begin + (to - begin) * step / steps for begin, to in zip(start, end, strict=True))
        what = "touchMove" if step else "touchStart"
        line.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": [{"x": x, "y": y}]})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    line.detach()
