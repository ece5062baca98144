"""The flagship in a real browser, in Voila and in JupyterLab: move everything, break nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from nbtests.browser.conftest import Visit, visiting
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server, wait_for

pytestmark = pytest.mark.browser

NOTEBOOK = "03-weight-initialization.ipynb"
OUTLINE = (217, 223, 229)  # the fill of a pinned histogram

OpenLab = Callable[[str], LabPage]


@pytest.fixture(scope="module")
def in_jupyterlab(
    profile: BrowserContext, jupyterlab: JupyterLab, chromium: Browser
) -> Iterator[tuple[LabPage, list[object]]]:
    """The lab in JupyterLab and its first pixels; it takes so long to start that all tests share it."""
    with visiting(profile, lambda: chromium) as visit:
        lab = run_lab(visit(jupyterlab.lab(NOTEBOOK), fresh=True))
        yield lab, lab.pixels()


@pytest.fixture(params=["voila", "jupyterlab"])
def open_lab(request: pytest.FixtureRequest, visit: Visit) -> OpenLab:
    """``open_lab(query)`` shows the lab in a page of its own, in either front end."""
    if request.param == "voila":
        classroom: Server = request.getfixturevalue("classroom")
        return lambda query: shown(visit(classroom.lab(NOTEBOOK, query and "?" + query)))
    server: JupyterLab = request.getfixturevalue("jupyterlab")
    return lambda query: run_lab(visit(server.lab(NOTEBOOK, query)))


@pytest.fixture
def lab(request: pytest.FixtureRequest, open_lab: OpenLab) -> LabPage:
    """The lab as it opens, in either front end."""
    if request.node.callspec.params["open_lab"] == "voila":
        return open_lab("")
    lab, first = request.getfixturevalue("in_jupyterlab")
    lab.button("Reset").click()
    lab.wait_for_same(first)
    return lab  # type: ignore[no-any-return]


def test_a_learner_moves_everything(lab: LabPage) -> None:
    expect(lab.box("std")).to_have_value("0.01")

    first = lab.pixels()
    lab.drag("std", by=20)
    expect(lab.box("std")).not_to_have_value("0.01")
    lab.wait_for_change(first)
    lab.wait_for_picture()  # all of the drag's moves have arrived

    lab.type("std", "0.01")
    lab.wait_for_same(first)  # the same settings give the same picture, to the last pixel
    lab.slider("std").press("ArrowRight")
    expect(lab.box("std")).to_have_value("0.0112")
    lab.slider("depth").press("ArrowRight")
    expect(lab.box("depth")).to_have_value("7")
    expect(lab.text).to_contain_text("layer 7")

    lab.page.get_by_label("batchnorm").check()
    expect(lab.text).to_contain_text("keeps its size")
    lab.button("Undo").click()
    expect(lab.text).to_contain_text("shrinks")
    lab.button("Reset").click()
    lab.wait_for_same(first)


def test_the_lecture_step_by_step(lab: LabPage) -> None:
    lab.button("std 0.01").click()
    expect(lab.question).to_contain_text("What do the gradients dL/dW look like?")
    expect(lab.question).not_to_contain_text("no learning")
    lab.wait_for_picture()  # of 24 layers, which moves all that stands below it
    lab.button("Reveal the answer").click()
    expect(lab.question).to_contain_text("no learning")
    lab.button("std 0.01").press("PageDown")  # a presenter's clicker
    expect(lab.text).to_contain_text("saturated")
    lab.button("std 0.01").press("PageDown")
    expect(lab.question).to_contain_text("Local gradients all zero")

    lab.button("Xavier").click()
    expect(lab.text).to_contain_text(re.compile("Signal: .* keeps its size"))
    lab.button("Pin").click()
    lab.button("Xavier, ReLU").click()
    expect(lab.text).to_contain_text(re.compile("Signal: .* shrinks"))
    wait_for(lambda: lab.count(OUTLINE) > 500, "the outline")
    lab.button("Kaiming, ReLU").click()
    expect(lab.text).to_contain_text(re.compile("Signal: .* keeps its size"))
    lab.button("Pin").click()
    wait_for(lambda: lab.count(OUTLINE) == 0, "the end of the outline")


def test_code_is_that_of_the_settings(lab: LabPage) -> None:
    lab.button("Kaiming, ReLU").click()
    lab.button("Code").click()
    expect(lab.code).to_contain_text("np.sqrt(2 / Din)")
    lab.button("std 0.05").click()
    expect(lab.code).to_contain_text("0.05")
    lab.button("Code").click()
    expect(lab.code).to_be_hidden()


def test_a_copied_link_leads_back(lab: LabPage, open_lab: OpenLab) -> None:
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.button("Xavier, ReLU").click()
    expect(lab.text).to_contain_text("off")
    lab.type("width", "3000")
    expect(lab.box("width")).to_have_value("3,000")
    lab.button("Copy link").click()
    expect(lab.message).to_contain_text("Link copied")
    link = lab.page.evaluate("navigator.clipboard.readText()")
    assert "token" not in link
    other = open_lab(link.partition("?")[2])
    expect(other.box("width")).to_have_value("3,000")
    assert other.text.inner_text() == lab.text.inner_text()


@pytest.mark.parametrize("query", ["std=1e99&activation=%3Cscript%3E", "std=nan", "activation=re&std=0.0", "foo=1"])
def test_a_hostile_or_truncated_link_gives_one_line(visit: Visit, classroom: Server, query: str) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?" + query)))
    expect(lab.message).to_contain_text("From the link: ")
    expect(lab.message.get_by_role("alert")).to_have_count(1)
    lab.type("std", "0.05")
    expect(lab.text).to_contain_text("saturated")
    expect(lab.message.get_by_role("alert")).to_have_count(0)


def test_bad_input_is_one_line_and_nothing_is_lost(lab: LabPage) -> None:
    for name, bad, says in (
        ("std", "nan", "a number from 0.0001 to 1"),
        ("std", "-1", "a number from 0.0001 to 1"),
        ("width", "0", "16 to 65,536 units"),
        ("dropout", "1.0", "0 to 0.95"),
        ("depth", "many", "1 to 100 layers"),
    ):
        good, before, words = lab.box(name).input_value(), lab.pixels(), lab.text.inner_text()
        lab.type(name, bad)
        expect(lab.message.get_by_role("alert")).to_contain_text(says)
        expect(lab.box(name)).to_have_value(bad)  # there to be mended
        assert (lab.pixels(), lab.text.inner_text()) == (before, words)
        lab.type(name, good)
        expect(lab.message.get_by_role("alert")).to_have_count(0)
        lab.wait_for_same(before)


def test_two_hundred_fast_moves_leave_no_pixels_behind(lab: LabPage) -> None:
    first = lab.pixels()
    lab.type("std", "0.0112")
    lab.wait_for_change(first)
    lab.wait_for_picture()
    wanted = lab.pixels()
    lab.type("std", "0.01")
    lab.wait_for_same(first)
    handle = lab.slider("std")
    handle.focus()
    for step in range(200):
        lab.page.keyboard.press("ArrowRight" if step % 40 < 20 else "ArrowLeft")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_same(wanted)


def test_on_a_dense_screen_a_moved_picture_comes_to_rest_with_all_its_pixels(visit: Visit, classroom: Server) -> None:
    linked, moved = (shown(visit(classroom.lab(NOTEBOOK, f"?std={std}"), scale=2)) for std in ("0.0112", "0.01"))
    moved.slider("std").press("ArrowRight")
    expect(moved.box("std")).to_have_value("0.0112")
    moved.wait_for_same(linked.pixels())


def test_the_picture_follows_the_width_of_its_page(lab: LabPage) -> None:
    for width in (1100, 700, 390, 1400):
        lab.page.set_viewport_size({"width": width, "height": 900})
        lab.page.wait_for_function(
            """() => {
              const room = document.querySelector(".tw-picture").clientWidth;
              const canvas = document.querySelector(".tw-lab canvas");
              const width = canvas.clientWidth;
              return width <= room && width > room - 24 && canvas.width === width;
            }""",
        )
