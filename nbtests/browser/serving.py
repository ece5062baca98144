"""A classroom in a process of its own, for tests and benchmarks."""

from __future__ import annotations

import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil

from trainingwheels.classroom.kernel import NAME
from trainingwheels.classroom.zygote import READY_NAME

__all__ = ["PATIENCE", "Answer", "Server", "is_kernel", "wait_for"]

REPOSITORY = Path(__file__).parents[2]

PATIENCE = 240.0
"""Seconds within which whatever a test waits for must come, also on a computer that has other things to do."""


def wait_for(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """The first true value of ``condition()``; fails after ``seconds``, saying ``what`` did not come."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(0.02)  # the only one in these tests: between two looks
    return value


class Answer:
    """What the server said to one request."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()


class Server:
    """``trainingwheels serve`` on a free port. A context manager: nothing is left when it ends."""

    def __init__(self, *options: str, notebooks: Path | None = None, log: Path) -> None:
        self._command = [sys.executable, "-m", "trainingwheels", "serve", "--port", "0", *options]
        if notebooks is not None:
            self._command += ["--notebooks", str(notebooks)]
        self._log = log

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.url = self._read_url(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        family = self.family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
        for process in [*alive, *([self.process] if self.process.poll() is None else [])]:
            process.kill()
        assert not alive, f"left behind: {alive}\n{self.log}"

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return self._log.read_text(errors="replace")

    def family(self) -> list[psutil.Process]:
        """All processes that the server has started, directly or not."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def kernels(self) -> list[psutil.Process]:
        """The kernels among them, forks as well as those that started on their own."""
        return [each for each in self.family() if is_kernel(each)]

    def wait_for_zygote(self) -> None:
        """Wait until kernels are forked, where they are."""
        if sys.platform == "linux":
            ready = lambda: any(_name(each) == READY_NAME for each in self.family())  # noqa: E731
            wait_for(ready, "the zygote, which lets others go first", 2 * PATIENCE)

    def wait_until_settled(self) -> None:
        """Wait until kernels are forked, where they are, and the gallery's cards are made: what it does on its own."""
        self.wait_for_zygote()
        busy = lambda: [each for each in self.family() if not is_kernel(each) and _name(each) != READY_NAME]  # noqa: E731
        wait_for(lambda: not busy(), "the end of what makes the gallery's cards", 2 * PATIENCE)

    def lab(self, notebook: str, query: str = "") -> str:
        """The deep link of a notebook."""
        return f"{self.url}voila/render/{notebook}{query}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request for ``path``, which is sent as it is."""
        request = Request(self.url + path, method=method, headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urlopen(request, timeout=PATIENCE) as response:
                return Answer(response.status, response.headers, response.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def _read_url(self, seconds: float) -> str:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else ""
        found = re.search(r"http://\S+", line)
        if not found:
            self.process.kill()
            raise AssertionError(f"the classroom did not open: {line!r}\n{self.log}")
        return found.group()


def is_kernel(process: psutil.Process) -> bool:
    """Whether a process of the classroom is a kernel. A fork has the command line of what it was forked from."""
    with suppress(psutil.NoSuchProcess):
        return process.name() == NAME or "trainingwheels.classroom.kernel" in process.cmdline()
    return False


def _name(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return str(process.name())
    return ""
