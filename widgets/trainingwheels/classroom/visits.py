"""A visit: one page that one learner has open, and the kernel that lives exactly as long as the page does.

The page holds a line to the server. The kernel starts when the line opens and ends shortly after it closes, so that
neither a page that is only fetched nor one whose goodbye is lost leaves a process behind.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from trainingwheels.classroom.execution import connect, run_lesson
from trainingwheels.classroom.kernels import KERNEL
from trainingwheels.classroom.lessons import Lesson
from trainingwheels.classroom.processes import spare_files

__all__ = ["STOPPED", "Visit", "Visits"]

Line = Callable[[dict[str, Any]], None]  # sends one message to the page

GRACE = 4.0  # seconds before the kernel ends of a page that has closed its line: it may dial again
LOST = 60.0  # and of one whose line broke: it may be starved, or without a network for a while
ARRIVAL_TIMEOUT = 120.0  # seconds in which a page has to open its line; one that is later begins a new visit
FILES = 20  # sockets in the server for each lab: to its kernel, and to its page
RESERVE = 100  # and for pages that are just being fetched, each by up to six connections
_PULSE = 0.5  # seconds between two looks at whether the process lives

FULL = "This classroom is full: no more labs can be open at once. Please reload the page when somebody has left."
FAILED = "This lab could not start. Please reload the page; if it happens again, tell your instructor."
STOPPED = "This lab has stopped working. Reload the page to start it again."


class Visit:
    """One open page: its kernel, what the lesson has shown so far, and whether all is well.

    `state` is "starting", then "ready"; or "over", after which it never changes. When it is `ending`, nothing more is
    said of it.
    """

    def __init__(self, kernel_id: str, lesson: Lesson, kernels: Any, log: logging.Logger) -> None:
        self.kernel_id = kernel_id
        self.lesson = lesson
        self.state = "starting"
        self.ending = False
        self._kernels = kernels
        self._log = log
        self._shown: list[dict[str, Any]] = []
        self._lines: set[Line] = set()
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._start: asyncio.Future[str] | None = None
        self._farewell: asyncio.TimerHandle | None = None

    def start(self, environment: dict[str, str], when_over: Callable[[], object]) -> None:
        """Start the kernel and run the lesson in it; `when_over` is called once, at the end of everything."""
        self._task = asyncio.create_task(self._live(environment))
        self._task.add_done_callback(lambda _: when_over())
        self._end_after(ARRIVAL_TIMEOUT)

    def turn_away(self, why: str, when_over: Callable[[], object]) -> None:
        """Be over at once, without a kernel."""
        self._close(why)
        asyncio.get_running_loop().call_soon(when_over)

    def join(self, line: Line) -> None:
        """Open a line: it hears at once what was said before it came."""
        self._lines.add(line)
        if self._farewell is not None:
            self._farewell.cancel()
        for message in self._shown:
            line(message)

    def leave(self, line: Line, broken: bool = False) -> None:
        """Close a line; without any the kernel ends after `GRACE` seconds, or `LOST` if nobody has closed it."""
        self._lines.discard(line)
        if not self._lines:
            self._end_after(LOST if broken else GRACE)

    def end(self) -> None:
        """End the kernel now. May be called again: what is under way is not broken off."""
        if self._task is not None and not self.ending:
            self._task.cancel()
        self.ending = True

    async def gone(self) -> None:
        """End the kernel now and wait until it has."""
        self.end()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def settled(self) -> bool:
        """Wait until the lesson has run; False if it will not."""
        await self._settled.wait()
        return self.state == "ready"

    def _end_after(self, seconds: float) -> None:
        self._farewell = asyncio.get_running_loop().call_later(seconds, self.end)

    async def _live(self, environment: dict[str, str]) -> None:
        try:
            await self._run(environment)
            await self._until_dead()
            self._close(STOPPED)
        except asyncio.CancelledError:
            self._close("")
            raise
        except Exception as error:  # noqa: BLE001 # whatever it was, the learner reads one line and the log the rest
            self._log.error("%s in %s: %s", type(error).__name__, self.lesson.name, error)
            self._close(FAILED)
        finally:
            await self._end_kernel()

    async def _run(self, environment: dict[str, str]) -> None:
        self._start = asyncio.ensure_future(
            self._kernels.start_kernel(kernel_id=self.kernel_id, kernel_name=KERNEL, path="", env=environment)
        )
        await asyncio.shield(self._start)  # a start broken off half way would leave a process that nobody knows
        manager = self._kernels.get_kernel(self.kernel_id)
        lesson = asyncio.create_task(self._show_lesson(manager))
        death = asyncio.create_task(self._until_dead())
        done, pending = await asyncio.wait((lesson, death), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if lesson not in done:
            raise RuntimeError("the kernel died")
        await lesson
        self.state = "ready"
        self._settled.set()
        self._say({"type": "ready"})

    async def _show_lesson(self, manager: Any) -> None:
        client = await connect(manager)  # for as long as the process lives: fifty may be starting at once
        try:
            async for index, outputs in run_lesson(client, self.lesson):
                self._say({"type": "outputs", "cell": index, "outputs": outputs})
        finally:
            client.stop_channels()

    async def _until_dead(self) -> None:
        manager = self._kernels.get_kernel(self.kernel_id)
        while await manager.is_alive():
            await asyncio.sleep(_PULSE)

    def _say(self, message: dict[str, Any]) -> None:
        self._shown.append(message)
        for line in tuple(self._lines):
            line(message)

    def _close(self, message: str) -> None:
        self.state = "over"
        self._settled.set()
        if message:
            self._say({"type": "over", "message": message})

    async def _end_kernel(self) -> None:
        if self._farewell is not None:
            self._farewell.cancel()
        if self._start is not None:
            await asyncio.wait([self._start])
        if self.kernel_id in self._kernels:
            await self._kernels.shutdown_kernel(self.kernel_id, now=True)


class Visits:
    """All visits of this server, by the id of their kernel."""

    def __init__(self, kernels: Any, log: logging.Logger) -> None:
        self._kernels = kernels
        self._log = log
        self._visits: dict[str, Visit] = {}
        self._arrivals: dict[str, set[asyncio.Future[Visit]]] = {}
        self._closing = False

    async def lesson_has_run(self, kernel_id: str) -> None:
        """Wait until the page with this kernel has come and its lesson has run; for ever, if that never happens."""
        while not await (await self._arrival(kernel_id)).settled():
            pass  # that visit is over: perhaps its page came too late, and begins another

    async def _arrival(self, kernel_id: str) -> Visit:
        visit = self._visits.get(kernel_id)
        if visit is not None and visit.state != "over":
            return visit
        arrival: asyncio.Future[Visit] = asyncio.get_running_loop().create_future()
        waiting = self._arrivals.setdefault(kernel_id, set())
        waiting.add(arrival)
        try:
            return await arrival
        finally:
            waiting.discard(arrival)
            if not waiting and self._arrivals.get(kernel_id) is waiting:
                del self._arrivals[kernel_id]

    def get(self, kernel_id: str) -> Visit | None:
        """The visit with this kernel, until the kernel has gone."""
        return self._visits.get(kernel_id)

    def open(self, kernel_id: str, lesson: Lesson, environment: dict[str, str]) -> Visit:
        """Begin a visit. The id must be a new one."""
        visit = Visit(kernel_id, lesson, self._kernels, self._log)
        starting = sum(each.state == "starting" for each in self._visits.values())
        self._visits[kernel_id] = visit
        for arrival in self._arrivals.pop(kernel_id, ()):
            if not arrival.done():
                arrival.set_result(visit)
        forget = partial(self._visits.pop, kernel_id, None)
        if self._closing:
            visit.turn_away(STOPPED, forget)
        elif spare_files() < RESERVE + FILES * (1 + starting):
            visit.turn_away(FULL, forget)
        else:
            visit.start(environment, forget)
        return visit

    async def close(self) -> None:
        """End every visit and wait for the kernels to be gone. A page that comes meanwhile is turned away."""
        self._closing = True
        await asyncio.gather(*(visit.gone() for visit in tuple(self._visits.values())))
