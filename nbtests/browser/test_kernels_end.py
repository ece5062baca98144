"""A kernel lives as long as its page, whichever way the page or the server ends."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from nbtests.browser.conftest import Visit, leave, wait_for_picture
from nbtests.browser.notebooks import LAB, write_one_lab
from nbtests.browser.serving import PATIENCE, Server, wait_for
from trainingwheels.classroom.visits import ARRIVAL_TIMEOUT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("goodbye", [True, False], ids=["with goodbye", "goodbye lost"])
def test_closing_a_deep_link_ends_its_kernel(visit: Visit, quiet: Server, goodbye: bool) -> None:
    page = visit(quiet.lab(LAB))
    wait_for_picture(page)
    assert len(quiet.kernels()) == 1
    leave(page) if goodbye else page.close()
    wait_for(lambda: not quiet.kernels(), "the end of the kernel")


def test_leaving_for_the_gallery_ends_the_kernel(visit: Visit, quiet: Server) -> None:
    page = visit(quiet.url)
    page.get_by_role("link", name="Weight initialization", exact=True).click()
    wait_for_picture(page)
    assert len(quiet.kernels()) == 1
    page.get_by_role("link", name="trainingwheels").click()
    page.wait_for_selector(".card")
    wait_for(lambda: not quiet.kernels(), "the end of the kernel")


def test_reload_leaves_one_kernel(visit: Visit, quiet: Server) -> None:
    page = visit(quiet.lab(LAB))
    wait_for_picture(page)
    page.wait_for_load_state("networkidle")  # a reload would cut off the fonts, which come last
    page.reload(wait_until="commit")
    wait_for_picture(page)
    wait_for(lambda: len(quiet.kernels()) == 1, "one kernel")


def test_ten_tabs_closed_before_their_labs_have_come(chromium: Browser, quiet: Server) -> None:
    context = chromium.new_context()
    for _ in range(10):
        context.new_page().goto(quiet.lab(LAB), wait_until="commit")
    wait_for(lambda: len(quiet.kernels()) == 10, "ten kernels")
    context.close()  # one that has not yet dialed is waited for
    wait_for(lambda: not quiet.kernels(), "the end of all kernels", ARRIVAL_TIMEOUT + PATIENCE)


def test_reading_a_page_without_a_browser_starts_nothing(quiet: Server) -> None:
    for _ in range(3):
        assert quiet.ask(f"voila/render/{LAB}").status == 200
    assert quiet.ask(f"voila/render/{LAB}", Sec_Fetch_Mode="navigate", Sec_Purpose="prefetch").status == 200
    assert quiet.kernels() == []


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda way: way.name)
def test_no_process_outlives_the_server(chromium: Browser, tmp_path: Path, way: signal.Signals) -> None:
    """Neither a kernel that started on its own nor, on Linux, one that was forked; Ctrl+C comes before any is."""
    if way is signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux can end the children of a killed process at once")
    with Server(notebooks=write_one_lab(tmp_path), log=tmp_path / "log") as server:
        context = chromium.new_context()
        context.new_page().goto(server.lab(LAB), wait_until="commit")
        (own,) = wait_for(server.kernels, "a kernel")
        assert "trainingwheels.classroom.zygote" not in own.cmdline()
        if sys.platform == "linux" and way is not signal.SIGINT:
            server.wait_for_zygote()
            context.new_page().goto(server.lab(LAB), wait_until="commit")
            wait_for(lambda: len(server.kernels()) == 2, "another kernel")
            assert any("trainingwheels.classroom.zygote" in kernel.cmdline() for kernel in server.kernels())
        family = server.family()
        server.process.send_signal(way)
        assert server.process.wait(PATIENCE) == (0 if way is not signal.SIGKILL else -signal.SIGKILL), server.log
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
        assert not alive
        context.close()
        if way is not signal.SIGKILL:
            assert "Traceback" not in server.log
