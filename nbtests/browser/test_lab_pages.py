"""The page around a lab: few requests, no code, and one line when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from nbtests.browser.conftest import Visit, wait_for_picture
from nbtests.browser.notebooks import LAB, write_one_lab
from nbtests.browser.serving import Server, wait_for
from trainingwheels.classroom.visits import FAILED, STOPPED

pytestmark = pytest.mark.browser


def test_page_starts_with_few_requests(visit: Visit, classroom: Server) -> None:
    page = visit(classroom.lab(LAB), fresh=True)
    wait_for_picture(page)
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    math = 16  # the pieces of MathJax, which come when there is time
    pieces = [name for name in names if name.endswith(".voila.js")]
    assert len(pieces) <= math, "front-end.txt lacks pieces of this version of Voila"


def test_a_lab_is_seen_before_it_starts(visit: Visit, classroom: Server) -> None:
    shown = "labs/weight-initialization/picture"
    assert classroom.ask(shown).headers["Content-Type"] == "image/webp"  # the server has drawn it by then
    page = visit("about:blank", home=classroom.url)
    held: list[Route] = []
    page.route("**/front-end.js", lambda route: held.append(route))
    page.goto(classroom.lab(LAB), wait_until="commit")
    page.wait_for_function("() => document.querySelector('.wait img')?.naturalWidth > 500")
    expect(page.locator(".wait p")).to_have_text("Starting the lab …")
    held.pop().continue_()
    wait_for_picture(page)
    expect(page.locator(".wait")).to_have_count(0)


def test_a_lab_that_opens_otherwise_is_not_shown_as_it_opens(classroom: Server, odd_classroom: Server) -> None:
    shown = "labs/weight-initialization/picture"
    classroom.ask(shown)
    assert shown in classroom.ask(f"voila/render/{LAB}").text
    assert shown not in classroom.ask(f"voila/render/{LAB}?std=0.05").text
    assert "/picture" not in odd_classroom.ask("voila/render/01-prints.ipynb").text


def test_nobody_sees_code(visit: Visit, odd_classroom: Server) -> None:
    page = visit(odd_classroom.lab("01-prints.ipynb"))
    expect(page.locator(".shown")).to_contain_text("the answer is 42")
    assert "six_times_seven" not in page.content()


def test_failing_notebook_is_one_line_and_its_traceback_is_in_the_log(visit: Visit, odd_classroom: Server) -> None:
    page = visit(odd_classroom.lab("02-broken.ipynb"))
    expect(page.get_by_role("alert")).to_contain_text(FAILED)
    expect(page.get_by_role("button", name="Reload")).to_be_visible()
    for detail in ("hidden_name", "ZeroDivisionError", "Traceback"):
        assert detail not in page.content()
    assert "ZeroDivisionError" in odd_classroom.log


CUT = """sessionStorage.cut ??= "/channels";
window.cut = sessionStorage.cut;
window.lines = [];
const Line = WebSocket;
window.WebSocket = class extends Line {
  constructor(...where) {
    if (String(where[0]).includes(window.cut)) {
      const dead = { close() {} };
      setTimeout(() => dead.onclose?.(), 50);
      return dead;
    }
    super(...where);
    window.lines.push(this);
  }
};"""
"""JavaScript: lines that can be closed, and none that opens to an address with ``cut`` in it, widgets' at first."""


def test_a_network_that_is_away_while_a_lab_starts_costs_time_alone(visit: Visit, classroom: Server) -> None:
    wait_for(lambda: not classroom.kernels(), "the end of earlier kernels")
    page = visit(classroom.lab(LAB), script=CUT)
    page.wait_for_function("() => window.lines?.[0]?.readyState === 1", polling=5)
    wait_for(classroom.kernels, "the page's kernel")
    page.evaluate("window.cut = ''; window.lines.forEach((line) => line.close(1000))")
    wait_for(lambda: not classroom.kernels(), "the end of a kernel without a page")
    page.evaluate("window.cut = '/channels'; sessionStorage.cut = 'nothing'")
    wait_for_picture(page)
    expect(page.locator("#notice")).to_be_hidden()


def test_what_the_widgets_ask_for_is_asked_again(visit: Visit, classroom: Server) -> None:
    page = visit("about:blank", home=classroom.url)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.abort("aborted") if len(asked) < 3 else route.continue_()

    page.route("**/api/kernels/*", answer)
    page.goto(classroom.lab(LAB), wait_until="commit")
    wait_for_picture(page)
    assert len(asked) == 3


def test_a_kernel_that_tells_late_of_its_widgets_is_waited_for(visit: Visit, odd_classroom: Server) -> None:
    wait_for_picture(visit(odd_classroom.lab("08-late.ipynb")))


def test_dead_kernel_is_told(visit: Visit, classroom: Server) -> None:
    before = {kernel.pid for kernel in classroom.kernels()}
    page = visit(classroom.lab(LAB), allow=(404,))
    wait_for_picture(page)
    next(kernel for kernel in classroom.kernels() if kernel.pid not in before).kill()
    expect(page.get_by_role("alert")).to_contain_text(STOPPED)
    page.get_by_role("button", name="Reload").click()
    wait_for_picture(page)
    expect(page.locator("#notice")).to_be_hidden()


def test_lost_server_is_told(visit: Visit, tmp_path: Path) -> None:
    with Server(notebooks=write_one_lab(tmp_path), log=tmp_path / "log") as server:
        page = visit(server.lab(LAB))
        wait_for_picture(page)
        page.evaluate("window.addEventListener('error', (event) => event.preventDefault())")
        for event in ("console", "requestfailed"):  # the browser rightly reports each attempt to dial again
            page._impl_obj.remove_all_listeners(event)
        server.process.kill()
        expect(page.get_by_role("alert")).to_contain_text("connection to the classroom is lost")


def test_query_reaches_the_lab(visit: Visit, odd_classroom: Server) -> None:
    page = visit(odd_classroom.lab("03-query.ipynb", "?std=0.05&activation=relu"))
    expect(page.locator(".shown")).to_contain_text("std=0.05&activation=relu")


def test_a_link_that_is_no_page_does_not_end_the_lab(visit: Visit, odd_classroom: Server) -> None:
    page = visit(odd_classroom.lab("04-link.ipynb"))
    link = page.get_by_role("link", name="write")
    link.evaluate("link => link.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    expect(link).to_have_attribute("target", "_blank")


def test_a_lab_has_one_thread_for_linear_algebra(visit: Visit, odd_classroom: Server) -> None:
    expect(visit(odd_classroom.lab("05-threads.ipynb")).locator(".shown")).to_have_text("1 1")


def test_what_goes_to_stderr_is_for_the_log(visit: Visit, odd_classroom: Server) -> None:
    page = visit(odd_classroom.lab("06-noisy.ipynb"))
    expect(page.locator(".shown")).to_have_text("for the page")
    assert "for the log" in odd_classroom.log


def test_neighbours_are_one_click_away(visit: Visit, odd_classroom: Server) -> None:
    page = visit(odd_classroom.lab("04-link.ipynb"))
    for link, name in (("Next lab", "05-threads.ipynb"), ("Previous lab", "04-link.ipynb")):
        expect(page.locator(".shown")).not_to_be_empty()
        expect(page.locator("[aria-busy]")).to_have_count(0)
        page.get_by_role("link", name=link).click()
        page.wait_for_url(f"**/{name}")
    expect(page.locator("[aria-busy]")).to_have_count(0)
