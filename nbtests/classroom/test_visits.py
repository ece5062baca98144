"""A server that can open no more files turns visits away politely, and takes them again when there is room."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from nbtests.browser.notebooks import LAB, write_one_lab
from nbtests.browser.serving import PATIENCE, Server
from nbtests.loop import Loop
from trainingwheels.classroom.lessons import Lesson
from trainingwheels.classroom.visits import FILES, FULL, RESERVE, STOPPED, Visits

ROOM = 3  # labs


async def visit(server: Server) -> tuple[WebSocketClientConnection, dict[str, Any]]:
    """The line of a page that has just been opened, and the first news of how that went."""
    address = f"{server.url.replace('http', 'ws')}line/{uuid.uuid4()}/{LAB}"
    line = await websocket_connect(address)
    while True:
        message = json.loads(await asyncio.wait_for(line.read_message(), PATIENCE) or "{}")
        if message["type"] != "outputs":
            return line, message


class SlowKernels(dict[str, str]):
    """Kernels that take a while to come and to go."""

    def __init__(self) -> None:
        self.may_go = asyncio.Event()

    async def start_kernel(self, kernel_id: str, **_: Any) -> str:
        await self.may_go.wait()
        self[kernel_id] = kernel_id
        return kernel_id

    async def shutdown_kernel(self, kernel_id: str, now: bool) -> None:
        del self[kernel_id]


def test_who_comes_while_a_kernel_goes_is_not_left_without_a_word() -> None:
    async def come_late() -> None:
        kernels = SlowKernels()
        visits = Visits(kernels, logging.getLogger(__name__))
        first = visits.open("a", Lesson("a.ipynb", "A", ()), {})
        first.join(lambda _: None)
        assert not first.ending
        first.end()
        assert visits.get("a") is first
        assert first.ending  # and so the line of a page that dials now is closed, and it dials again
        kernels.may_go.set()
        while visits.get("a") is not None:
            await asyncio.sleep(0)

    with Loop() as loop:
        loop.run(asyncio.wait_for(come_late(), PATIENCE))


def test_a_kernel_that_is_told_twice_to_end_while_it_starts_is_ended() -> None:
    async def end_twice() -> None:
        kernels = SlowKernels()
        visits = Visits(kernels, logging.getLogger(__name__))
        visit = visits.open("a", Lesson("a.ipynb", "A", ()), {})
        for _ in range(2):  # the page says goodbye, and the server stops
            await asyncio.sleep(0.01)
            visit.end()
        closing = asyncio.create_task(visits.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        kernels.may_go.set()
        await closing
        assert not kernels

    with Loop() as loop:
        loop.run(asyncio.wait_for(end_twice(), PATIENCE))


def test_a_page_that_comes_while_the_server_stops_starts_nothing() -> None:
    async def come_late() -> None:
        kernels = SlowKernels()
        kernels.may_go.set()
        visits = Visits(kernels, logging.getLogger(__name__))
        await visits.close()
        heard: list[dict[str, Any]] = []
        visits.open("a", Lesson("a.ipynb", "A", ()), {}).join(heard.append)
        assert heard == [{"type": "over", "message": STOPPED}]
        await visits.close()
        assert not kernels

    with Loop() as loop:
        loop.run(asyncio.wait_for(come_late(), PATIENCE))


def test_nothing_is_kept_of_who_asks_for_a_kernel_and_goes() -> None:
    async def ask() -> None:
        visits = Visits({}, logging.getLogger(__name__))
        askers = [asyncio.create_task(visits.lesson_has_run("a")) for _ in range(2)]
        await asyncio.sleep(0)
        askers[0].cancel()
        await asyncio.wait(askers[:1])
        assert len(visits._arrivals["a"]) == 1
        askers[1].cancel()
        await asyncio.wait(askers)
        assert not visits._arrivals

    with Loop() as loop:
        loop.run(asyncio.wait_for(ask(), PATIENCE))


def open_files(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


@pytest.mark.skipif(sys.platform != "linux", reason="how many files are open is known on Linux alone")
def test_a_full_classroom_says_so_and_has_room_again(tmp_path: Path) -> None:
    import resource

    async def fill() -> None:
        before = open_files(server)
        limit = before + RESERVE + FILES * ROOM
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
        visits = await asyncio.gather(*(visit(server) for _ in range(3 * ROOM)))
        inside = [line for line, message in visits if message == {"type": "ready"}]
        assert len(inside) in (ROOM - 1, ROOM)  # the lines themselves are files
        assert [message for line, message in visits if line not in inside] == [
            {"type": "over", "message": FULL} for _ in range(3 * ROOM - len(inside))
        ]
        turned_away = [line for line, _ in visits if line not in inside]
        assert await asyncio.gather(*(line.read_message() for line in turned_away)) == [None] * len(turned_away)
        assert open_files(server) - before <= FILES * ROOM
        for line, _ in visits:
            line.close()
        while open_files(server) > before + FILES:
            await asyncio.sleep(0.05)
        line, message = await visit(server)
        assert message == {"type": "ready"}
        line.close()

    with Server(notebooks=write_one_lab(tmp_path), log=tmp_path / "log") as server, Loop() as loop:
        loop.run(asyncio.wait_for(fill(), PATIENCE))
        assert "Traceback" not in server.log
        assert "Too many open files" not in server.log
