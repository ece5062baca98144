"""What the classroom answers to a browser, apart from files: lab pages, their line, and their kernel."""

import asyncio
import json
import uuid
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError, authenticated
from tornado.websocket import WebSocketClosedError, WebSocketHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from trainingwheels.classroom.kernels import kernel_environment
from trainingwheels.classroom.lessons import Lesson
from trainingwheels.classroom.visits import STOPPED, Visit

__all__ = ["Channels", "Farewell", "KernelModel", "LabPage", "Line", "NotFound", "Page"]

_LONGEST_QUERY = 4000  # characters; a lab's whole state needs a few hundred
_SILENCE = 4  # pings in a row without an answer, after which nobody is there; a starved page or server misses some


class Page(JupyterHandler):
    """A page in the classroom's own design; errors are such pages too."""

    @property
    def classroom(self) -> Any:
        """The server this request came to."""
        return self.settings["classroom"]

    def lesson(self, name: str) -> Lesson:
        """The lesson of that name; 404 if there is none, 414 if its query is no lab's."""
        if len(self.request.query) > _LONGEST_QUERY:
            raise HTTPError(414)
        try:
            lesson: Lesson = self.classroom.shelf.read(name)
        except FileNotFoundError:
            raise HTTPError(404) from None
        return lesson

    def begin(self, kernel_id: str, lesson: Lesson) -> Visit:
        """Start the kernel of a page."""
        environment = kernel_environment(self.request.query, self.classroom.shelf.folder, kernel_id, self.base_url)
        visit: Visit = self.classroom.visits.open(kernel_id, lesson, environment)
        return visit

    def show(self, template: str, **values: Any) -> None:
        """Render a template of the `templates` folder and finish."""
        self.set_header("Cache-Control", "no-store")
        self.finish(self.classroom.render(template, **values))

    def write_error(self, status_code: int, **_: Any) -> None:
        """One friendly line for the learner; the log has the rest."""
        if status_code == 404:
            line = "There is no such page in this classroom."
        elif status_code < 500:
            line = "This classroom cannot answer that request."
        else:
            line = "Something went wrong on the server."
        self.show("error.html", status=status_code, line=line)


class NotFound(Page):
    """Every address that nothing else answers."""

    def get(self) -> None:
        raise HTTPError(404)

    head = post = put = patch = delete = get


class LabPage(Page):
    """A lesson: its prose at once, and room for the lab that its code will show."""

    @authenticated
    def get(self, name: str) -> None:
        lesson = self.lesson(name)
        before, after = self.classroom.shelf.neighbours(name)
        kernel_id = str(uuid.uuid4())
        if _is_navigation(self.request.headers):
            self.begin(kernel_id, lesson)  # 0.1 s before the page's line can ask for it
        line = f"{self.base_url}line/{kernel_id}/{quote(name)}"
        config = {**self.classroom.page_config, "kernelId": kernel_id, "line": line}
        self.show("lab.html", lesson=lesson, before=before, after=after, config=config, preview=self._preview(name))

    def _preview(self, name: str) -> str | None:
        """The slug of the lab, if it opens as its card shows it: in our own notebook, and without settings."""
        opens_as_drawn = not self.request.query and self.classroom.shelf.is_ours
        return self.classroom.cards.drawn(name) if opens_as_drawn else None


class Pinged(WebSocketMixin, WebSocketHandler):
    """A socket that is closed when pings remain without an answer. Pings are counted, not seconds: what was asleep, or
    starved, gets as many more as anybody.

    jupyter_server's own way, with a limit no longer than the interval, closes every socket at the first interval, for
    want of an answer to a ping that it has not sent yet; and tornado complains of a longer one.
    """

    unanswered = 0

    def send_ping(self) -> None:
        if self.ws_connection is None:
            super().send_ping()  # it has gone: there are no more
        elif self.unanswered < _SILENCE:
            self.unanswered += 1
            self.ping(b"")
        else:
            self.close()

    def on_pong(self, _: bytes) -> None:
        self.unanswered = 0


class Line(Pinged, Page):
    """The line a page holds: hears the lesson's outputs, and by closing tells that the page is gone."""

    async def get(self, kernel_id: str, name: str) -> None:
        if self.current_user is None:
            raise HTTPError(403)
        self.lesson(name)  # or an error, while one can still be sent
        await super().get(kernel_id, name)

    def open(self, kernel_id: str, name: str) -> None:
        super().open()
        self._visit: Visit | None = None
        visit = self.classroom.visits.get(kernel_id) or self._begin(kernel_id, name)
        if visit is None:
            self._say({"type": "over", "message": STOPPED})
        elif not visit.ending:
            self._visit = visit
            visit.join(self._say)
        if visit is None or visit.ending or visit.state == "over":
            self.close()  # all has been said; where nothing has, the page dials again and finds the visit gone

    def on_close(self) -> None:
        if self._visit is not None:
            self._visit.leave(self._say, broken=self.close_code is None or self.unanswered >= _SILENCE)

    def on_message(self, message: str | bytes) -> None:
        """Pages only listen."""

    def _begin(self, kernel_id: str, name: str) -> Visit | None:
        if self.get_argument("resume", None) is not None:  # a page that dials again after its kernel ended
            return None
        return self.begin(kernel_id, self.lesson(name))

    def _say(self, message: dict[str, Any]) -> None:
        with suppress(WebSocketClosedError):
            _forget(self.write_message(json.dumps(message)))


def _is_navigation(headers: Any) -> bool:
    """Whether a person opens this page; previews, prefetches and pictures that point here are something else."""
    return headers.get("Sec-Fetch-Mode") == "navigate" and "Sec-Purpose" not in headers


class KernelModel(KernelHandler):
    """What the page's widget manager asks first. The answer waits until the lesson has run, however long that takes.

    It waits as long as the page does: where the lesson failed, the page has said so and asks no more.
    """

    SUPPORTED_METHODS = ("GET",)

    def initialize(self) -> None:
        self._waiting: asyncio.Task[Any] | None = None

    def on_connection_close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    @authenticated
    async def get(self, kernel_id: str) -> None:
        self._waiting = asyncio.create_task(self.settings["classroom"].visits.lesson_has_run(kernel_id))
        with suppress(asyncio.CancelledError):
            await self._waiting
            if (answer := super().get(kernel_id)) is not None:
                await answer


class Channels(Pinged, VoilaKernelWebsocketHandler):  # type: ignore[misc] # Voila ships no types
    """Messages between the widgets of a page and its kernel."""

    async def open(self, kernel_id: str) -> None:
        # Without this, a short message after a picture waits 40 ms for the page to acknowledge the picture.
        self.set_nodelay(True)
        await super().open(kernel_id)

    def write_error(self, status_code: int, **_: Any) -> None:
        """No words: nobody reads them, and jupyter_server's own come on a page whose files are not to be had here."""
        self.finish()

    def write_message(self, message: bytes | str | dict[str, Any], binary: bool = False) -> Any:
        sent = super().write_message(message, binary)
        _forget(sent)
        return sent


def _forget(sent: Any) -> None:
    """Do not complain of a message that came too late for its page: `on_close` will tell that it has gone."""
    if sent is not None:
        sent.add_done_callback(lambda future: future.cancelled() or future.exception())


class Farewell(APIHandler):
    """A page says that it is closing."""

    SUPPORTED_METHODS = ("POST",)

    def check_xsrf_cookie(self) -> None:
        """No token: the page of a deep link has none to send. The kernel's id cannot be guessed, and is the proof."""
        if not self.check_origin():
            raise HTTPError(403)

    @authenticated
    def post(self, kernel_id: str) -> None:
        visit = self.settings["classroom"].visits.get(kernel_id)
        if visit is not None:
            visit.end()
        self.set_status(204)
        self.finish()
