"""From a deep link to each lab's first picture, and what labs take in memory, against Voila as it comes.

`python -m nbtests.bench.bench_pages`. The two servers run side by side and take turns lab by lab, so that what else the
computer does meets both. cold: a browser that has never been there; warm: the same browser once more, for one lab;
first: whoever comes as soon as the server listens, while the classroom still prepares what kernels are forked from;
faint: what the lab will show, on a cold visit, while it starts.
Every visit has a kernel of its own. Memory is PSS, which divides what processes share: of a kernel, and of all that the
server has started, for each kernel.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from nbtests.bench.table import Target, report
from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.conftest import SIZES
from nbtests.browser.serving import REPOSITORY, Server, is_kernel, wait_for
from trainingwheels.labs import LABS

PICTURE = """() => {
  for (const canvas of document.querySelectorAll("canvas")) {
    if (!canvas.width) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 3; i < data.length; i += 388) if (data[i]) return performance.now();
  }
  return false;
}"""
FAINT = """() => {
  const [drawn] = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/picture"));
  return (drawn?.responseEnd ?? NaN) / 1000;
}"""
MEGABYTE = 1e6
COMPANY = 5  # labs that are open at once when memory is measured
COMPANIONS = "train-a-net"
PATIENCE = 120_000  # milliseconds

FIVE_TIMES = Target(
    "link to picture against stock Voila", "ratio", at_least=5, of=lambda row: not row["median"].endswith("faint")
)
MODEST = [
    Target(
        f"all of a lab's memory, {when}",
        "classroom",
        at_most=most,
        of=lambda row, when=when: row["median"].endswith(when),
    )
    for when, most in (("as it opens", 60), ("trained", 80))
]

Figures = dict[str, float]  # what was measured, and how much it was


@dataclass(frozen=True)
class Running:
    """A server: its process, the start of the address of every lab, and what to wait for until all is at its best."""

    process: psutil.Process
    labs: str
    is_kernel: Callable[[psutil.Process], bool]
    settle: Callable[[], object]

    def memory(self, when: str) -> Figures:
        """Megabytes."""
        sizes = {each: each.memory_full_info().pss / MEGABYTE for each in self.process.children(recursive=True)}
        kernels = [size for each, size in sizes.items() if self.is_kernel(each)]
        assert len(kernels) == COMPANY
        return {
            f"a kernel, {when}": statistics.mean(kernels),
            f"all, for each kernel, {when}": sum(sizes.values()) / len(kernels),
        }


@contextmanager
def classroom() -> Iterator[Running]:
    """Our server."""
    with tempfile.TemporaryDirectory() as folder, Server(log=Path(folder, "log")) as server:
        yield Running(psutil.Process(server.process.pid), server.lab(""), is_kernel, server.wait_until_settled)


@contextmanager
def stock_voila() -> Iterator[Running]:
    """Voila with its default template and settings on the same folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "voila", "notebooks", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=REPOSITORY, start_new_session=True, **quiet)  # type: ignore[call-overload]
    try:
        wait_for(lambda: _listens(port), "Voila", 60)
        labs = f"http://127.0.0.1:{port}/voila/render/"
        yield Running(psutil.Process(server.pid), labs, lambda _: True, lambda: None)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


SERVERS: dict[str, Callable[[], AbstractContextManager[Running]]] = {
    "classroom": classroom,
    "stock voila": stock_voila,
}


def first(kind: str, slug: str, browser: Browser) -> Figures:
    """Seconds from a link to the picture, on a server that has just begun to listen."""
    with SERVERS[kind]() as server:
        return {f"{slug}, first": _visit(_new_context(browser), server, slug)[0]}


def seconds(server: Running, slug: str, browser: Browser, whens: Sequence[str]) -> Figures:
    """From a link to the picture."""
    context = _new_context(browser)
    visits = {when: _visit(context, server, slug) for when in whens}
    context.close()
    pictures = {f"{slug}, {when}": picture for when, (picture, _) in visits.items()}
    return pictures | {f"{slug}, faint": visits[whens[0]][1]}


def megabytes(server: Running, browser: Browser) -> Figures:
    """Of labs in company, as they open and when their nets have been trained, on a server that has no others yet."""
    context = _new_context(browser)
    pages = [_open(context, server, COMPANIONS)[0] for _ in range(COMPANY)]
    found = server.memory("as it opens")
    for page in pages:
        page.get_by_role("button", name="Start", exact=True).click(timeout=PATIENCE)
    for page in pages:
        page.get_by_role("button", name="Train again", exact=True).wait_for(timeout=PATIENCE)
    found |= server.memory("trained")
    context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--labs", nargs="+", choices=LABS, default=[*LABS])
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
        rows = _measure(options.runs, lambda kind: first(kind, options.labs[0], browser))
        with ExitStack() as stack:
            servers = {kind: stack.enter_context(serve()) for kind, serve in SERVERS.items()}
            for server in servers.values():
                server.settle()
            taken = _measure(1, lambda kind: megabytes(servers[kind], browser))
            report(f"pages: {COMPANY} x {COMPANIONS}, MB", taken, *MODEST)
            for slug in options.labs:
                whens = ("cold", "warm") if slug == options.labs[0] else ("cold",)
                rows += _measure(options.runs, lambda kind, of=(slug, browser, whens): seconds(servers[kind], *of))
        report("pages: link to picture, s", rows, FIVE_TIMES)
        browser.close()


def _measure(runs: int, measure: Callable[[str], Figures]) -> list[dict[str, Any]]:
    """A row for each figure: its medians on both servers, which take turns."""
    measured: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(runs):
        for kind in SERVERS:
            for what, figure in measure(kind).items():
                measured[what][kind].append(figure)
    rows = []
    for what, of in measured.items():
        ours, stock = (statistics.median(of[kind]) for kind in SERVERS)
        rows.append({"median": what, "classroom": ours, "stock voila": stock, "ratio": stock / ours, "runs": runs})
    return rows


def _new_context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]


def _visit(context: BrowserContext, server: Running, slug: str) -> tuple[float, float]:
    """Seconds to the picture, and to the faint one; NaN where there is none."""
    page, seconds = _open(context, server, slug)
    faint = float(page.evaluate(FAINT))
    page.close()
    return seconds, faint


def _open(context: BrowserContext, server: Running, slug: str) -> tuple[Page, float]:
    page = context.new_page()
    page.goto(server.labs + LABS[slug].notebook, wait_until="commit")
    drawn = page.wait_for_function(PICTURE, timeout=PATIENCE, polling=10)
    return page, drawn.json_value() / 1000


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
