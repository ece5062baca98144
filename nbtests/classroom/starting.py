"""Kernels that start as the classroom's do, without its pages."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

import psutil
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from traitlets.config import Config

from nbtests.browser.serving import wait_for
from nbtests.loop import Loop
from trainingwheels.classroom.execution import connect, run_lesson
from trainingwheels.classroom.forking import ForkedProcess, Zygote
from trainingwheels.classroom.kernels import KERNEL, LabKernelSpec, common_environment, kernel_environment
from trainingwheels.classroom.lessons import Cell, Lesson

Result = TypeVar("Result")


class Kernels:
    """A server's kernels; with a ``zygote`` that is ready, unless there is to be none. A context manager."""

    def __init__(self, folder: Path, forks: bool = True) -> None:
        self.folder = folder
        self._loop = Loop()
        self.zygote = Zygote(folder, common_environment(), logging.getLogger(__name__)) if forks else None
        self._started: list[Kernel] = []
        settings = Config({"KernelManager": {"transport": "ipc", "autorestart": False}})
        self._sockets = tempfile.TemporaryDirectory(prefix="tw-")  # pytest's own folders are too deep for a socket
        self._manager = AsyncMultiKernelManager(
            config=settings, kernel_spec_manager=LabKernelSpec(zygote=self.zygote), connection_dir=self._sockets.name
        )

    def __enter__(self) -> Self:
        if self.zygote is not None:
            self.do(self.zygote.start())
            assert self.do(self.zygote.settled())
        return self

    def __exit__(self, *_: object) -> None:
        for kernel in self._started:
            kernel.hang_up()
        self.do(self._manager.shutdown_all(now=True))
        self._manager.context.destroy(linger=0)
        if self.zygote is not None:
            self.do(self.zygote.close())
        self._loop.close()
        self._sockets.cleanup()

    def do(self, what: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run(what)

    def start(self, query: str = "") -> Kernel:
        self._started.append(self.do(self._start(query)))
        return self._started[-1]

    async def _start(self, query: str) -> Kernel:
        environment = kernel_environment(query, self.folder, "some-id", "/")
        name = await self._manager.start_kernel(kernel_name=KERNEL, env=environment, cwd=str(self.folder))
        return Kernel(self, self._manager.get_kernel(name), await connect(self._manager.get_kernel(name)))


class Kernel:
    """One of them."""

    def __init__(self, house: Kernels, manager: Any, client: Any) -> None:
        self._house, self._manager, self._client = house, manager, client
        self.pid: int = manager.provisioner.pid
        self.forked = isinstance(manager.provisioner.process, ForkedProcess)

    @property
    def folder(self) -> Path:
        """Where it runs."""
        return self._house.folder

    def shows(self, code: str) -> list[dict[str, Any]]:
        """The outputs of a cell."""
        return self._house.do(self._run(code))

    def shows_late(self, code: str, done: Path) -> list[dict[str, Any]]:
        """The outputs of a cell that nobody listens to until it has written a file."""
        return self._house.do(self._run_unheard(code, done))

    def prints(self, code: str) -> str:
        """What a cell prints."""
        return "".join(output["text"] for output in self.shows(code)).strip()

    def ends_by(self, code: str) -> int:
        """Run a cell that ends the kernel; returns the exit status."""
        return int(self._house.do(self._end_by(code)) or 0)

    def end(self) -> None:
        self._house.do(self._manager.shutdown_kernel(now=True))

    def hang_up(self) -> None:
        self._house.do(self._hang_up())

    @property
    def alive(self) -> bool:
        return bool(self._house.do(self._manager.is_alive())) and self.prints("print(6 * 7)") == "42"

    def status(self, *keys: str) -> dict[str, str]:
        """Lines of /proc/<pid>/status."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines) if key in keys}

    async def _end_by(self, code: str) -> int | None:
        self._client.execute(code)
        status: int | None = await self._manager.provisioner.wait()
        return status

    async def _hang_up(self) -> None:
        self._client.stop_channels()
        self._client.context.destroy(linger=0)

    async def _run_unheard(self, code: str, done: Path) -> list[dict[str, Any]]:
        running = asyncio.ensure_future(self._run(code))
        await asyncio.sleep(0)  # it asks
        wait_for(done.exists, "the end of the cell")  # without a look at anything else, as a busy server
        return await running

    async def _run(self, code: str) -> list[dict[str, Any]]:
        lesson = Lesson("a.ipynb", "A", (Cell(0, code=code),))
        return [output async for _, outputs in run_lesson(self._client, lesson) for output in outputs]


def open_files(pid: int) -> dict[int, str]:
    """File descriptor to what it is open on."""
    files = {}
    for file in os.listdir(f"/proc/{pid}/fd"):
        with suppress(FileNotFoundError):  # the listing's own
            files[int(file)] = os.readlink(f"/proc/{pid}/fd/{file}")
    return files


def children() -> set[psutil.Process]:
    """What this process has started or adopted, zombies included; but not what a Chromium of other tests has left,
    which is adopted too, whenever it comes."""
    return {each for each in psutil.Process().children() if not each.name().startswith("chrom")}
