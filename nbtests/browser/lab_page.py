"""A lab on a page, driven and read as a learner does."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from nbtests.browser.serving import PATIENCE

expect.set_options(timeout=1000 * PATIENCE)

PIXELS = """() => {
  const canvas = document.querySelector(".tw-lab canvas");
  if (!canvas?.width) return [];
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  let hash = 2166136261;
  for (let i = 0; i < pixels.length; i++) hash = Math.imul(hash ^ pixels[i], 16777619);
  return [canvas.width, canvas.height, hash];
}"""
"""JavaScript: the size of the picture and a hash (as FNV-1a, a pixel at a time) of all its pixels."""

COUNT_COLOR = """([red, green, blue]) => {
  const canvas = document.querySelector(".tw-lab canvas");
  if (!canvas?.width) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) count++;
  }
  return count;
}"""

SHORTEST_TRACK = 220  # CSS pixels
TRACKS = """() => [...document.querySelectorAll(".tw-large .slider-container")]
  .map((track) => track.getBoundingClientRect().width).filter((width) => width > 0)"""
CUT_OFF = """() => [...document.querySelectorAll(".tw-control .widget-label, .tw-control .widget-label-basic > span")]
  .filter((label) => label.scrollWidth > label.clientWidth + 1).map((label) => label.textContent)"""
LISTS_CUT_OFF = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll(".tw-control select")].filter((list) => list.offsetParent).flatMap((list) => {
    pen.font = getComputedStyle(list).font;
    const room = list.clientWidth - 28; // the arrow and what is around it
    return [...list.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
  });
}"""
PRESS = """(handle, [key, times, then]) => {
  for (let i = 0; i < times; i++) handle.dispatchEvent(new KeyboardEvent("keydown", { key }));
  [...document.querySelectorAll(".tw-lab button")].find((button) => button.textContent === then)?.click();
}"""
WHERE = "element => [element.getBoundingClientRect().top, element.getBoundingClientRect().bottom]"


class LabPage:
    """The lab on ``page``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.locator(".tw-text")
        self.message = page.locator(".tw-message")
        self.waiting = page.locator(".tw-waiting")
        self.question = page.locator(".tw-question")
        self.code = page.locator(".tw-code")
        self.presets = page.locator(".tw-presets")
        self.transport = page.locator(".tw-transport")

    def slider(self, name: str) -> Locator:
        """The handle of a slider, found by the name that a screen reader reads out."""
        return self.page.get_by_role("slider", name=name, exact=True)

    def box(self, name: str) -> Locator:
        """The box with the exact value."""
        return self.page.get_by_role("textbox", name=f"{name}, exact value", exact=True)

    def button(self, name: str) -> Locator:
        return self.page.locator(".tw-lab").get_by_role("button", name=name, exact=True)

    def tab(self, name: str) -> Locator:
        """The tab of a view."""
        return self.page.locator(".tw-lab").get_by_role("tab", name=name, exact=True)

    def open(self, section: str) -> None:
        """Open a section of the controls, as soon as it is there."""
        head = self.page.locator(".tw-head:visible", has_text=section).first
        expect(head).to_have_attribute("aria-expanded", re.compile("true|false"))
        if head.get_attribute("aria-expanded") == "false":
            head.click()

    def unfold(self) -> None:
        """Open every section of controls that the view on screen has."""
        expect(self.page.locator(".tw-head:not([aria-expanded])")).to_have_count(0)
        folded = self.page.locator(".tw-head[aria-expanded=false]:visible")
        for _ in range(folded.count()):
            folded.first.click()
        expect(folded).to_have_count(0)

    def type(self, name: str, value: str) -> None:
        self.box(name).fill(value)
        self.box(name).press("Enter")

    def drag(self, name: str, by: float) -> None:
        """Drag a slider by so many pixels."""
        box = self.slider(name).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by, y, steps=12)
        self.page.mouse.up()

    def press(self, name: str, key: str, times: int, then: str = "") -> None:
        """Press a key on a slider, and at once, before the kernel has heard of it, a button."""
        self.slider(name).evaluate(PRESS, [key, times, then])

    def wait_for_picture(self) -> None:
        """Wait until there are words, and a picture that does not change any more while the page comes to rest."""
        expect(self.text).not_to_be_empty()
        self.page.wait_for_function(f"() => ({COUNT_COLOR})([255, 255, 255]) > 1000")
        self.page.evaluate("() => { window.seen = ''; window.since = 0 }")
        self.page.wait_for_function(
            f"""() => {{
              const now = JSON.stringify(({PIXELS})());
              const waits = document.querySelector(".tw-waiting:not(:empty)");
              if (waits || now !== window.seen) [window.seen, window.since] = [now, performance.now()];
              return performance.now() - window.since > 300;
            }}""",
            polling=50,
        )

    def check_controls(self) -> None:
        """The tracks of all sliders on screen can be dragged, and all names are read to their end."""
        assert min(self.page.evaluate(TRACKS), default=SHORTEST_TRACK) >= SHORTEST_TRACK
        assert self.page.evaluate(CUT_OFF) == []
        assert self.page.evaluate(LISTS_CUT_OFF) == []

    def pixels(self) -> list[Any]:
        return list(self.page.evaluate(PIXELS))

    def wait_for_change(self, before: list[Any]) -> None:
        """Wait until the picture differs from ``before``."""
        self.page.wait_for_function(f"before => JSON.stringify(({PIXELS})()) !== before", arg=js(before))

    def wait_for_same(self, wanted: list[Any]) -> None:
        """Wait until the picture is ``wanted`` to the last pixel."""
        self.page.wait_for_function(f"wanted => JSON.stringify(({PIXELS})()) === wanted", arg=js(wanted))

    def count(self, color: tuple[int, int, int]) -> int:
        """How many pixels have exactly this colour."""
        return int(self.page.evaluate(COUNT_COLOR, list(color)))


def shown(page: Page) -> LabPage:
    """The lab on ``page``, when its picture has come; with every section of its controls open."""
    lab = LabPage(page)
    lab.wait_for_picture()
    lab.unfold()
    return lab


def js(value: Any) -> str:
    """``value`` as JSON.stringify writes it."""
    return json.dumps(value, separators=(",", ":"))
