"""The browser's side of a lab: one small anywidget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as w
from traitlets import Bool, Float, Int, List, Unicode

__all__ = ["Page"]

_HERE = Path(__file__).parent


class Page(anywidget.AnyWidget):
    """What only the browser knows or can do.

    ``waiting`` says what has to come before the picture shows the present settings ("" if nothing will come, None if it
    does): the picture and the words under it are greyed then, and it is said over them, unless it comes at once.
    ``width`` is the room for the picture in CSS pixels, ``room`` how high it can be without a scroll (0: not known),
    ``query`` the query part of the link that was opened, and ``canvas`` the model id of the picture's canvas.
    ``held`` is where on the picture a finger draws (:class:`.Picture`). With ``session``, a name, what was put down
    under it in this tab (``put_down``) is added to the query when the page is loaded again. Events from the page come
    to ``on_event`` as ``{"event": "step" | "press" | "copied" | "not-copied" | "too-large" | "recalled", ...}``.
    With ``recalls``, the page says at once what ``keep`` has kept in this browser, on any page of this site.
    What the page asks, to know that all it sent before has come, is answered here: a press or a typed value just after
    a drag waits for that, and so comes after the drag's last place.
    """

    _esm = (_HERE / "page.js").read_text("utf-8")  # of a path, anywidget would hold every widget there ever was
    _css = (_HERE / "lab.css").read_text("utf-8")
    width = Int(0).tag(sync=True)
    room = Int(0).tag(sync=True)
    query = Unicode("").tag(sync=True)
    canvas = Unicode("").tag(sync=True)
    held = List(Float()).tag(sync=True)
    waiting = Unicode(None, allow_none=True).tag(sync=True)
    recalls = Bool(False).tag(sync=True)
    session = Unicode("").tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._missed: list[tuple[w.Widget, tuple[str, ...]]] = []
        self.tell_again(self, "waiting", "held")
        self.observe(lambda _: self._arrive(), "width")

    def tell_again(self, widget: w.Widget, *names: str) -> None:
        """Tell the page these values of a widget once more when it first says how wide it is.

        Between the state that a page asks for and the moment at which its models listen, ipywidgets loses what they
        are told.
        """
        self._missed.append((widget, names))

    def _arrive(self) -> None:
        for widget, names in self._missed:
            widget.send_state(names)
        self._missed.clear()

    def on_event(self, handle: Callable[[dict[str, Any]], None]) -> None:
        """Call ``handle`` with each event from the page."""

        def take(_: object, content: object, __: object) -> None:
            match content:
                case {"event": "asks", "number": number}:
                    self.send({"heard": number})
                case dict():
                    handle(content)

        self.on_msg(take)

    def copy(self, query: str) -> None:
        """Put a link with this query on the clipboard; answers with a "copied" or "not-copied" event."""
        self.send({"copy": query})

    def keep(self, text: str) -> None:
        """Keep ``text`` in the browser for half a day, beside what is kept already; an empty text forgets all."""
        self.send({"keep": text})

    def put_down(self, query: str) -> None:
        """Keep this part of a query as long as the tab is open, instead of what was put down before."""
        self.send({"put_down": query})

    def save(self, name: str, data: bytes) -> None:
        """Give the learner a file to keep."""
        self.send({"save": name}, [data])
