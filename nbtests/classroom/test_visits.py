"""A server that can open no more files turns visits away politely, and takes them again when there is room."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from nbtests.browser.serving import PATIENCE, Server
from nbtests.loop import Loop
from trainingwheels.classroom.visits import FILES, FULL, RESERVE

LAB = "03-weight-initialization.ipynb"
ROOM = 3  # labs


async def visit(server: Server) -> tuple[WebSocketClientConnection, dict[str, Any]]:
    """The line of a page that has just been opened, and the first news of how that went."""
    address = f"{server.url.replace('http', 'ws')}line/{uuid.uuid4()}/{LAB}"
    line = await websocket_connect(address)
    while True:
        message = json.loads(await asyncio.wait_for(line.read_message(), PATIENCE) or "{}")
        if message["type"] != "outputs":
            return line, message


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
        assert open_files(server) - before <= FILES * ROOM
        for line, _ in visits:
            line.close()
        while open_files(server) > before + FILES:
            await asyncio.sleep(0.05)
        line, message = await visit(server)
        assert message == {"type": "ready"}
        line.close()

    with Server(log=tmp_path / "log") as server, Loop() as loop:
        loop.run(asyncio.wait_for(fill(), PATIENCE))
        assert "Traceback" not in server.log
        assert "Too many open files" not in server.log
