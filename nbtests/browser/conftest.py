"""A classroom, a Chromium, and pages that tell of everything that goes wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from nbtests.browser.chromium import FLAGS, find
from nbtests.browser.jupyterlab import JupyterLab
from nbtests.browser.notebooks import write_notebook
from nbtests.browser.serving import PATIENCE, Server, wait_for

SIZES = {"desktop": {"width": 1400, "height": 900}, "phone": {"width": 390, "height": 844}}

ODD_NOTEBOOKS = {
    "01-prints.ipynb": "six_times_seven = 6 * 7\nprint('the answer is', six_times_seven)",
    "02-broken.ipynb": "hidden_name = 1 / 0",
    "03-query.ipynb": "import os\nprint(os.environ['QUERY_STRING'])",
    "04-link.ipynb": "from IPython.display import HTML\nHTML('<a href=\"mailto:someone@example.org\">write</a>')",
    "05-threads.ipynb": "import os\nprint(os.environ['MKL_NUM_THREADS'], os.environ['OPENBLAS_NUM_THREADS'])",
    "06-noisy.ipynb": "import sys\nprint('for the log', file=sys.stderr)\nprint('for the page')",
    "07-slow.ipynb": """
import time

from trainingwheels.labs import BatchNormalization
from trainingwheels.labs.batch_normalization.what_it_buys import WhatItBuys

make = WhatItBuys.configs

def slowly(view, s):
    time.sleep(5)  # longer than a busy page takes to see that nothing comes
    return make(view, s)

WhatItBuys.configs = slowly
BatchNormalization()""",
    "08-late.ipynb": """
import time

import comm
import ipywidgets as widgets
from trainingwheels.labs import WeightInitialization

tell_all = widgets.Widget._handle_control_comm_msg

def late(message):
    time.sleep(5)  # longer than ipywidgets waits by itself
    tell_all(message)

widgets.Widget._handle_control_comm_msg = late
gone = comm.create_comm(target_name="jupyter.widget")  # a widget that does not answer any more
WeightInitialization()""",
    "09-shared.ipynb": """
import os
from urllib.parse import parse_qs

from trainingwheels.labs import Search

lab = Search(trials=8, width=8, epochs=2)
lab.share(parse_qs(os.environ["QUERY_STRING"])["path"][0], "class")
lab""",
}

Visit = Callable[..., Page]


class Watch:
    """What goes wrong in one page: errors, failed requests, and requests to anybody but its server."""

    def __init__(self, page: Page, home: str, allowed: frozenset[int]) -> None:
        self.problems: list[str] = []
        self._home = urlsplit(home).netloc
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", lambda request: self._check_origin(request.url))
        page.on("requestfailed", lambda request: self._check_failure(request.url, request.failure))
        page.on("response", lambda answer: self._check_status(answer.status, answer.url, allowed))
        page.on("console", lambda message: self._check_console(message.type, message.text, allowed))

    def _check_origin(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._home:
            self.problems.append(f"foreign request: {url}")

    def _check_failure(self, url: str, failure: str | None) -> None:
        # What a page gives up itself because it goes elsewhere is no failure; what a server does has other names.
        # Nobody stays to hear the answer to the page's goodbye.
        if failure != "net::ERR_ABORTED" and "/voila/api/shutdown/" not in url:
            self.problems.append(f"failed: {url} {failure}")

    def _check_status(self, status: int, url: str, allowed: frozenset[int]) -> None:
        if status >= 400 and status not in allowed:
            self.problems.append(f"{status}: {url}")

    def _check_console(self, kind: str, text: str, allowed: frozenset[int]) -> None:
        if kind == "error" and not any(f"status of {status}" in text for status in allowed):
            self.problems.append(f"console: {text}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium, for pages that nothing has been loaded for before."""
    browser = playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profile(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A Chromium that keeps what it has loaded, as a learner's does: a page is a third less work."""
    folder = tmp_path_factory.mktemp("profile")
    context = playwright.chromium.launch_persistent_context(folder, executable_path=find(playwright), args=FLAGS)
    context.set_default_timeout(1000 * PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The classroom with the repository's notebooks. Its end asserts that no process is left."""
    with Server(log=tmp_path_factory.mktemp("classroom") / "log") as server:
        yield server


@pytest.fixture(scope="session")
def odd_classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A classroom with notebooks that try out what the real ones do not do."""
    folder = tmp_path_factory.mktemp("odd")
    for name, code in ODD_NOTEBOOKS.items():
        write_notebook(folder / "notebooks", name, "# A title\n\nProse.", code)
    with Server(notebooks=folder / "notebooks", log=folder / "log") as server:
        yield server


@pytest.fixture
def quiet(classroom: Server) -> Server:
    """The classroom when nobody is in it."""
    wait_for(lambda: not classroom.kernels(), "the end of earlier kernels")
    return classroom


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """JupyterLab with the repository's notebooks."""
    with JupyterLab(tmp_path_factory.mktemp("jupyterlab")) as server:
        yield server


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """A projector and a phone."""
    return str(request.param)


@pytest.fixture
def visit(profile: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """:func:`visiting`, for one test."""
    with visiting(profile, lambda: request.getfixturevalue("chromium")) as visit:
        yield visit


@contextmanager
def visiting(profile: BrowserContext, chromium: Callable[[], Browser]) -> Iterator[Visit]:
    """``visit(url)`` opens a page; at the end all of them must be without a fault, and what they kept is forgotten.

    ``size`` is a key of SIZES; ``allow`` lists the HTTP statuses from 400 up that the test expects; ``home`` is the
    server that the page may ask, if not that of ``url``. Nothing is cached for a page that is ``fresh`` or has
    another device pixel ratio, ``scale``.
    """
    visits: list[tuple[Page, Watch]] = []

    def open_page(
        url: str,
        size: str = "desktop",
        allow: tuple[int, ...] = (),
        script: str = "",
        scale: int = 1,
        home: str = "",
        fresh: bool = False,
    ) -> Page:
        if fresh or scale != 1:
            page = chromium().new_context(device_scale_factor=scale).new_page()
            page.context.set_default_timeout(1000 * PATIENCE)
        else:
            page = profile.new_page()
        page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
        visits.append((page, Watch(page, home or url, frozenset(allow))))
        if script:
            page.add_init_script(script)
        page.goto(url, wait_until="commit")
        return page

    yield open_page
    problems = [problem for _, watch in visits for problem in watch.problems]
    for page, _ in visits:
        forget(page)
        leave(page)
        if page.context is not profile:
            page.context.close()
    profile.clear_permissions()
    assert not problems, "\n".join(problems)


def forget(page: Page) -> None:
    """Forget what the page's site has kept in the browser, but for what can be loaded again."""
    if not page.is_closed():
        devtools = page.context.new_cdp_session(page)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage"})


def leave(page: Page) -> None:
    """Close the page as a person does, so that it can say goodbye; it may be closed already."""
    if not page.is_closed():
        with page.expect_event("close"):
            page.close(run_before_unload=True)


PICTURE_IS_DRAWN = """() => {
  const canvas = document.querySelector(".shown canvas");
  if (!canvas || !canvas.width) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 3; i < data.length; i += 388) if (data[i]) return performance.now();
  return false;
}"""
"""JavaScript: milliseconds since the navigation when the first canvas of the page has a pixel, else false."""


def wait_for_picture(page: Page) -> float:
    """Wait until the lab of ``page`` shows its picture; returns milliseconds since the navigation."""
    return float(page.wait_for_function(PICTURE_IS_DRAWN, polling=10).json_value())
