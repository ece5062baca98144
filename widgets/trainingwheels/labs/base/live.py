"""From settings to picture: the half of a lab that computes, draws, and never shows anything stale."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets as w
from matplotlib.figure import Figure
from traitlets import Enum

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.settings import unknown_name
from trainingwheels.engine.training.machine import give_back_memory
from trainingwheels.figures import Picture
from trainingwheels.figures.picture import clear
from trainingwheels.figures.theme import CSS_DPI
from trainingwheels.labs.base.canvas import MOVING, LabCanvas
from trainingwheels.labs.base.controls import Control
from trainingwheels.labs.base.dragging import Dragging
from trainingwheels.labs.base.face import Frame, close_below
from trainingwheels.labs.base.parameters import InvalidParameter, Parameter, Slider, declared, named
from trainingwheels.labs.base.subshells import outlive_subshells
from trainingwheels.labs.base.worker import QUIET, LatestWins

__all__ = ["Live"]

_log = logging.getLogger(__name__)


class Live(w.VBox):  # type: ignore[misc]
    """A widget whose parameters are settings and whose picture follows them.

    A change of a parameter, from code or from the page, asks the worker for ``results``; each is drawn if the settings
    are still the same then. A value that is not allowed raises :class:`InvalidParameter`, says so under the
    picture, and changes nothing. Callbacks may come from any thread, several at once.

    Attributes
    ----------
    state : str
        "idle" before the first result; "running" while one is computed; "paused" (for labs that train); "done" when
        the picture shows the present settings; "failed" when they gave no result (``message`` says why, and the last
        good picture stays, greyed).
    result
        What the picture on screen shows; None before the first.
    figure : Figure
        The picture's figure, one for the whole life.
    """

    grace = 0.1
    """Seconds that a slider's callback waits for its picture. A quick lab answers within the callback, and the page,
    which sends the next move only after that, slows down by itself; a slow one computes on while moves arrive."""

    _closed = True  # until it is open: what was refused its settings has nothing to release
    _face: Frame
    _picture: Picture

    state = Enum(["idle", "running", "paused", "done", "failed"], "idle")

    # What a subclass writes ------------------------------------------------------------------------------------------

    def results(self, s: Any) -> Iterator[Any]:
        """What there is to show for settings ``s`` (a named tuple of the parameters), each shown as it comes."""
        raise NotImplementedError

    def picture(self, figure: Figure) -> Picture:
        """The picture that shows a result, built once in the lab's life."""
        raise NotImplementedError

    def explain(self, result: Any) -> Sequence[str]:
        """What the picture shows, in sentences with numbers, true for every setting."""
        raise NotImplementedError

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, Any]:
        """What changes when the learner drags in the picture, as :meth:`.View.drag` says."""
        return {}

    @property
    def about(self) -> str:
        """What the picture shows, whatever the settings; it stands before what ``explain`` says."""
        return ""

    def seconds(self, s: Any) -> float | None:
        """About how long the results for ``s`` take, if that is long enough to say so."""
        return None

    # What everybody uses ---------------------------------------------------------------------------------------------

    def __init__(self, **settings: Any) -> None:
        self._parameters = self.parameters()
        self._refuse_unknown(settings)
        settings = {name: self._parameters[name].check(value) for name, value in settings.items()}
        super().__init__()
        outlive_subshells()
        self._lock = threading.RLock()  # guards the figure and everything below
        self._applying = False
        self._message = ""
        self._sentences: Sequence[str] = ()
        self._pinned: Any = None
        self.result: Any = None
        self._assign(settings)
        self._initial = self._last = self.settings
        self.figure = Figure(dpi=CSS_DPI)
        self._picture = self.picture(self.figure)
        self._canvas = LabCanvas(self._picture, self._lock)
        self._dragging = Dragging(
            self._canvas, self._picture.point, self._guarded(self._begin_drag), self._guarded(self._drag)
        )
        self._begin_drag()
        self._controls = self._make_controls()
        self._face = self._make_face()
        self._face.page.observe(self._guarded(lambda _: self._fit()), ["width", "room"])
        self.children = self._face.children
        rests = (MOVING, self._guarded(self._canvas.sharpen)), (QUIET, give_back_memory)
        self._worker: LatestWins[Any] = LatestWins(self._work, f"{type(self).__name__} worker", rests)
        if self._parameters:  # traitlets takes an empty list of names for all names
            self.observe(self._changed, list(self._parameters))
        self._closed = False
        self._show_usable()
        self._submit()

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """The parameters by name, in the order of their declaration."""
        return declared(cls)

    @property
    def settings(self) -> dict[str, Any]:
        """The present value of each parameter."""
        return {name: getattr(self, name) for name in self._parameters}

    @property
    def text(self) -> str:
        """What the picture shows, in sentences: the words under it."""
        return "\n".join(self._sentences)

    @property
    def on_page(self) -> bool:
        """Whether a page shows it: somebody may be watching."""
        return self._face.page.width > 0

    @property
    def message(self) -> str:
        """The line under the picture: an error with value, range and fix, or a note; empty most of the time."""
        return self._message

    def set(self, **settings: Any) -> None:
        """Change several parameters at once, or, if one value is not allowed, none of them."""
        self._refuse_unknown(settings)
        with self._lock:
            for name, value in settings.items():
                self._parameters[name].validate(self, value)
            with self._together():
                self._assign(settings)
            self._mend()

    def pin(self) -> None:
        """Keep the present result as a pale outline behind the next ones."""
        self._face.pin.value = True

    def unpin(self) -> None:
        """Remove the outline."""
        self._face.pin.value = False

    def settle(self, timeout: float | None = None) -> None:
        """Wait until the picture shows the latest settings; TimeoutError after ``timeout`` seconds (None: never)."""
        if not self._worker.wait(timeout):
            raise TimeoutError(f"{type(self).__name__} is not done yet")

    def close(self) -> None:
        """Release the worker, the figure and all widgets. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        with self._lock:
            self._worker.close()
            self.unobserve_all()
            close_below(self)
            clear(self.figure)
            self.result = self._pinned = None
            super().close()

    # How it works ----------------------------------------------------------------------------------------------------

    def _make_face(self) -> Frame:
        """The widgets around the picture; a subclass says which."""
        raise NotImplementedError

    def _follow(self, before: dict[str, Any], record: bool, gesture: str | None) -> None:
        """What else to do when settings have changed; a subclass says."""
        raise NotImplementedError

    def _make_controls(self) -> dict[str, Control]:
        layout = w.Layout()
        return {
            name: Control(parameter, getattr(self, name), self._moved, self._typed, layout)
            for name, parameter in self._parameters.items()
        }

    def _assign(self, settings: Mapping[str, Any]) -> None:
        for name, value in settings.items():
            setattr(self, name, value)

    def _named(self) -> Any:
        """The present settings as ``results`` takes them."""
        return named(self.settings)

    def _refuse_unknown(self, settings: Mapping[str, Any]) -> None:
        for name in settings:
            if name not in self._parameters:
                raise InvalidParameter(unknown_name("setting", name, self._parameters))

    def refused(self, message: str) -> None:
        """Called by a parameter that has refused a value."""
        self._say(message, error=True)

    def _moved(self, name: str, value: Any) -> None:
        """The learner has moved a control."""
        self._canvas.moves()
        with self._lock:
            setattr(self, name, value)
        self._worker.wait_for_answer(self.grace)

    def _typed(self, name: str, text: str) -> None:
        """The learner has typed a value. What is wrong stays in the box, to be mended."""
        try:
            value = self._parameters[name].domain.read(name, text)
        except InvalidSetting as error:
            self._say(str(error), error=True)
            return
        self._say("")
        self._controls[name].show(value)
        self._moved(name, value)

    def _begin_drag(self) -> None:
        self._dragged_from, self._drags = self._named(), 0

    def _drag(self, start: Any, now: Any) -> None:
        """The mouse has moved with its button down. The whole way is one change, for undo."""
        near = dict(self.drag(self._dragged_from, start, now))
        for name, value in near.items():
            if isinstance(slider := self._parameters[name], Slider):
                near[name] = slider.nearest_stop(value)
        if any(getattr(self, name) != value for name, value in near.items()):
            self._drags += 1
            with self._together(record=self._drags == 1):
                self._assign(near)

    def _changed(self, change: Any) -> None:
        """A parameter has a new value, wherever it came from."""
        with self._lock:
            self._controls[change.name].show(change.new)
            if not self._applying:
                self._take(gesture=change.name)

    @contextmanager
    def _together(self, record: bool = True) -> Iterator[None]:
        """Take the changes made inside as one."""
        self._applying = True
        try:
            yield
        finally:
            self._applying = False
        self._take(record)

    def _mend(self) -> None:
        """Take back what was typed and refused, and what was said of it."""
        for control in self._controls.values():
            if control.mend():
                self._say("")

    def _take(self, record: bool = True, gesture: str | None = None) -> None:
        """The settings have changed: show what follows from them, and ask for their picture."""
        before, self._last = self._last, self.settings
        if before == self._last:
            return
        self._submit()  # first: the rest is done while the worker computes
        self._say("")
        self._show_usable()
        self._follow(before, record, gesture)

    def _submit(self) -> None:
        self._ask_for(self._named())

    def _ask_for(self, request: Any) -> None:
        """Ask the worker for results. Until the first comes, what is on screen is old: the page greys it, and says what
        is under way. It is told before the worker begins, who may keep this process from saying anything."""
        self._wait_for(self._under_way())
        self._worker.submit(request)

    def _under_way(self) -> str:
        seconds = self.seconds(self._named())
        return "Computing …" if seconds is None else f"Computing, about {seconds:.0f} s …"

    def _wait_for(self, what: str | None) -> None:
        """What has to come before the picture shows the present settings; "" if nothing will, None if it does."""
        self._face.page.waiting = what

    def _work(self, s: Any, is_latest: Callable[[], bool]) -> None:
        """Compute and show the result for ``s``; the worker calls this in its own thread."""
        self.state = "running"
        try:
            for result in self.results(s):
                with self._lock:
                    if not is_latest():
                        return
                    self._present(result)
            self._rest(is_latest)
        except InvalidSetting as error:
            self._fail(str(error), is_latest)
        except Exception as error:  # noqa: BLE001 - whatever it is, a learner gets one line and the log the rest
            _log.exception("%s failed for %s", type(self).__name__, s)
            self._fail(_unexpected(error), is_latest)

    def _present(self, result: Any) -> None:
        self._picture.update(result, self._pinned)
        self.result = result
        self._canvas.paint()
        self._face.page.held = list(self._picture.held)
        self._sentences = self.explain(result)
        self._show_words()
        self._wait_for(None)
        self._worker.answered()

    def _rest(self, is_latest: Callable[[], bool]) -> None:
        """All results are shown."""
        with self._lock:
            if is_latest():
                self.state = "done"

    def _fail(self, message: str, is_latest: Callable[[], bool]) -> None:
        with self._lock:
            if is_latest():
                self._say(message, error=True)
                self._wait_for("")
                self.state = "failed"

    def _guarded(self, action: Callable[..., None]) -> Callable[..., None]:
        """``action`` for a button: an error becomes one line under the picture."""

        def act(*args: Any) -> None:
            try:
                action(*args)
            except InvalidSetting as error:
                self._say(str(error), error=True)
            except Exception as error:  # noqa: BLE001 - as in _work
                _log.exception("%s: a button failed", type(self).__name__)
                self._say(_unexpected(error), error=True)

        return act

    def _set_pin(self, on: bool) -> None:
        with self._lock:
            self._pinned = self.result if on else None
            if self.result is not None:
                self._picture.update(self.result, self._pinned)
                self._canvas.paint()

    def _say(self, message: str, *, error: bool = False) -> None:
        self._message = message
        self._face.say(message, error=error)

    def _fit(self) -> None:
        with self._lock:
            self._canvas.fit(self._face.page.width, self._face.page.room)
            self._face.page.held = list(self._picture.held)
            self._show_words()
        self._worker.stir()

    def _show_words(self) -> None:
        """Show the text under the picture; not before there is one, which would push it down the page."""
        if self._face.page.width:
            self._face.explain(self._sentences, self.about)

    def _show_usable(self) -> None:
        settings = self.settings
        for name, control in self._controls.items():
            control.limit(settings)
            control.enable(self._usable(name, settings))
            control.stand(self._instead(name, settings))
            control.appear(self._in_sight(name, settings))

    def _usable(self, name: str, settings: Mapping[str, Any]) -> bool:
        """Whether a change of a parameter would change anything."""
        return self._parameters[name].usable(settings)

    def _instead(self, name: str, settings: Mapping[str, Any]) -> str:
        """What stands in a parameter's box instead of its value, if anything."""
        return self._parameters[name].instead(settings)

    def _in_sight(self, name: str, settings: Mapping[str, Any]) -> bool:
        """Whether the control of a parameter is to be seen."""
        return self._parameters[name].in_sight(settings)


def _unexpected(error: Exception) -> str:
    return f"That did not work ({type(error).__name__}). The last good picture stays; change a setting to go on."
