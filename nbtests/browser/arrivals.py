"""Whether labs come and answer, however slow the line, the page or the server: `python -m nbtests.browser.arrivals`.

Many pages at once, slow lines, throttled processors, messages that are late, and a server that stands still for half a
minute at each stage of the start. For each it prints after how many seconds the last page had its picture, and how many
never had one; it ends with 1 if any is missing. All of it for all labs takes hours: say which and what.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong

from nbtests.bench.table import show
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.conftest import SIZES, wait_for_picture
from nbtests.browser.lab_page import PIXELS
from nbtests.browser.serving import Server, wait_for
from trainingwheels.labs import LABS

PATIENT = 600  # seconds after which a page counts as missing
AT_ONCE = (3, 6, 10, 20)
LINES = {  # milliseconds and bytes per second
    "1.6 Mbit/s, 150 ms": {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000},
    "400 kbit/s, 400 ms": {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000},
}
THROTTLES = (4, 8)
STAND_STILL = 30  # seconds
LATE = """{
  let seed = 1;
  const late = () => new Promise((go) => {
    seed = (seed * 48271) % 2147483647;
    seed < 0.02 * 2147483647 ? setTimeout(go, 3000) : go();
  });
  window.WebSocket = class extends window.WebSocket {
    #coming = Promise.resolve();
    #going = Promise.resolve();
    send(data) {
      this.#going = this.#going.then(late).then(() => super.send(data));
    }
    get onmessage() {
      return super.onmessage;
    }
    set onmessage(hear) {
      super.onmessage = (event) => {
        this.#coming = this.#coming.then(late).then(() => hear.call(this, event));
      };
    }
  };
}"""
"""JavaScript: of a page's messages, coming and going, one in fifty is 3 s late, and with it those behind it."""

Visit = Callable[[Page, str, Server], None]


def plainly(page: Page, url: str, _server: Server) -> None:
    page.goto(url, wait_until="commit")


def on_a_line(page: Page, url: str, _server: Server, line: dict[str, int]) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **line})
    page.goto(url, wait_until="commit")


def throttled(page: Page, url: str, _server: Server, times: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})
    page.goto(url, wait_until="commit")


def with_late_messages(page: Page, url: str, _server: Server) -> None:
    page.add_init_script(LATE)
    page.goto(url, wait_until="commit")


def stand_still(server: Server) -> None:
    """The server does nothing for a while, from now on; what it has started goes on."""
    server.process.send_signal(signal.SIGSTOP)
    threading.Timer(STAND_STILL, server.process.send_signal, [signal.SIGCONT]).start()


def stopped_before(page: Page, url: str, server: Server) -> None:
    stand_still(server)
    page.goto(url, wait_until="commit")


def stopped_with_its_page(page: Page, url: str, server: Server) -> None:
    page.goto(url, wait_until="commit")
    stand_still(server)


def stopped_with_its_kernel(page: Page, url: str, server: Server) -> None:
    page.goto(url, wait_until="commit")
    wait_for(server.kernels, "a kernel")
    stand_still(server)


def stopped_with_its_line(page: Page, url: str, server: Server) -> None:
    with page.expect_websocket():
        page.goto(url, wait_until="commit")
    stand_still(server)


def stopped_in_the_session(page: Page, url: str, server: Server) -> None:
    """What is asked for meanwhile is answered."""
    page.goto(url, wait_until="commit")
    wait_for_picture(page)
    before = page.evaluate(PIXELS)
    stand_still(server)
    handle = page.get_by_role("slider").first
    at_its_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    handle.press("Home" if at_its_end else "End")
    page.wait_for_function(f"before => String(({PIXELS})()) !== before", arg=",".join(map(str, before)))


VISITS: dict[str, Visit] = {
    **{f"line of {name}": partial(on_a_line, line=line) for name, line in LINES.items()},
    **{f"processor / {times}": partial(throttled, times=times) for times in THROTTLES},
    "late messages": with_late_messages,
    "server stands still before": stopped_before,
    "server stands still with the page there": stopped_with_its_page,
    "server stands still with the kernel there": stopped_with_its_kernel,
    "server stands still with the line open": stopped_with_its_line,
    "server stands still in the session": stopped_in_the_session,
}


@contextmanager
def fresh(browser: Browser, count: int) -> Iterator[list[Page]]:
    """Pages of browsers that have never been there."""
    contexts = [browser.new_context(viewport=SIZES["desktop"]) for _ in range(count)]  # type: ignore[arg-type]
    for context in contexts:
        context.set_default_timeout(1000 * PATIENT)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def comes(page: Page, step: Callable[[], object]) -> bool:
    """Whether ``step`` is done before all patience is gone."""
    try:
        step()
    except TookTooLong:
        print(f"{page.url}: {page.inner_text('body')[:200]!r}")  # noqa: T201 - what the command reports
        return False
    return True


def arrive(browser: Browser, server: Server, slug: str, what: str, visit: Visit, count: int) -> dict[str, Any]:
    """A row: when the last of ``count`` pages had its picture, and how many had none."""
    url, start = server.lab(LABS[slug].notebook), time.perf_counter()
    with fresh(browser, count) as pages:
        asked = [page for page in pages if comes(page, partial(visit, page, url, server))]
        there = [page for page in asked if comes(page, partial(wait_for_picture, page))]
        seconds = time.perf_counter() - start
    row = {"what": what, "lab": slug, "pages": count, "last after s": seconds, "missing": count - len(there)}
    print(what, slug, f"{seconds:.1f} s", flush=True)  # noqa: T201
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labs", nargs="+", choices=LABS, default=[*LABS])
    parser.add_argument("--at-once", nargs="*", type=int, default=AT_ONCE, metavar="PAGES")
    parser.add_argument("--visits", nargs="*", choices=VISITS, default=[*VISITS])
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the browser and the server, too
    cases: list[tuple[str, Visit, int]] = [("at once", plainly, count) for count in options.at_once]
    cases += [(what, VISITS[what], 1) for what in options.visits]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        with Server(log=Path(folder, "log")) as server:
            server.wait_for_zygote()
            slugs = options.labs * options.rounds
            rows = [arrive(browser, server, slug, *case) for slug in slugs for case in cases]
        browser.close()
    show(rows)
    missing = sum(row["missing"] for row in rows)
    print(f"{sum(row['pages'] for row in rows)} pages, {missing} missing")  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
