"""The sockets of a page live as long as somebody answers at their other end."""

from __future__ import annotations

import asyncio
import logging

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import websocket_connect

from nbtests.browser.serving import PATIENCE
from nbtests.loop import Loop
from trainingwheels.classroom.pages import _SILENCE, Pinged

EVERY = 5  # milliseconds


class Socket(Pinged):
    """Notes what is said to it until ``heard`` is full or it is closed."""

    log = logging.getLogger(__name__)
    heard: asyncio.Queue[str]

    def ping(self, data: bytes = b"") -> None:
        self.heard.put_nowait("ping")
        super().ping(data)

    def on_close(self) -> None:
        self.heard.put_nowait("closed")


@pytest.mark.parametrize("answers", [True, False])
def test_a_socket_is_closed_when_nobody_has_answered_several_pings(answers: bool) -> None:
    async def listen() -> list[str]:
        Socket.heard = asyncio.Queue()
        listening, port = bind_unused_port()
        settings = {"ws_ping_interval": EVERY, "ws_ping_timeout": EVERY, "allow_unauthenticated_access": True}
        server = HTTPServer(Application([("/", Socket)], **settings))
        server.add_sockets([listening])
        client = await websocket_connect(f"ws://127.0.0.1:{port}/")
        assert client.protocol is not None
        if not answers:
            client.protocol._send_pong = lambda data: None
        heard = [await Socket.heard.get() for _ in range(2 * _SILENCE)] if answers else []
        while not answers and "closed" not in heard:
            heard.append(await Socket.heard.get())
        client.close()
        server.stop()
        return heard

    with Loop() as loop:
        heard = loop.run(asyncio.wait_for(listen(), PATIENCE))
    assert heard == (["ping"] * 2 * _SILENCE if answers else [*["ping"] * _SILENCE, "closed"])
