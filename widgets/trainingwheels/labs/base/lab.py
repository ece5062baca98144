"""The base of every lab: what a lab declares, and all that it then need not do itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

import ipywidgets as w

from trainingwheels.engine.settings import unknown_name
from trainingwheels.labs.base.face import Face
from trainingwheels.labs.base.files import too_large
from trainingwheels.labs.base.history import History
from trainingwheels.labs.base.links import read_query, write_query
from trainingwheels.labs.base.live import Live
from trainingwheels.labs.base.parameters import InvalidParameter
from trainingwheels.labs.base.presets import Preset

__all__ = ["Lab"]


class Lab(Live):
    """A lab: settings on the left, one live picture on the right, and the words that say what it shows.

    A subclass declares its parameters (:mod:`.parameters`), ``slug``, ``number``, ``title``, ``summary``, ``part`` and
    ``presets``, and writes ``compute``, ``picture``, ``explain`` and ``script``. It never touches the rest.

    Parameters are traits: ``lab = SomeLab(std=0.05)`` and ``lab.std = 0.1`` work from code as the sliders do from the
    page; :class:`.Live` says how.
    """

    slug: ClassVar[str] = ""
    number: ClassVar[str] = ""
    title: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    part: ClassVar[str] = ""
    presets: ClassVar[tuple[Preset, ...]] = ()
    notebook: ClassVar[str] = ""  # its file name, which follows from number and slug

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.notebook = f"{cls.number}-{cls.slug}.ipynb"

    def script(self, s: Any) -> str:
        """A short plain script that computes what ``compute`` does for settings ``s``."""
        raise NotImplementedError

    # What everybody uses ---------------------------------------------------------------------------------------------

    _face: Face

    def __init__(self, **settings: Any) -> None:
        self._preset: Preset | None = None
        self._revealed = False
        self._history: History[dict[str, Any]] = History()
        super().__init__(**settings)
        self.add_class("tw-lab")

    @classmethod
    def from_query(cls, query: str) -> Self:
        """The lab that a link describes. What the link has wrong is said under the picture; it raises nothing."""
        settings, notes = read_query(query, cls.parameters())
        lab = cls(**settings)
        if notes:
            lab._say(notes[0], error=True)
        return lab

    def code(self) -> str:
        """The settings on screen as a plain script."""
        return self.script(self._named())

    def query(self) -> str:
        """The settings that differ from the defaults, as the query part of a link."""
        defaults = {name: trait.default_value for name, trait in self._parameters.items()}
        return write_query(self.settings, defaults)

    def apply(self, name: str) -> None:
        """Show a preset: its settings, all others at their defaults, and its question."""
        by_name = {preset.name: preset for preset in self.presets}
        if name not in by_name:
            raise InvalidParameter(unknown_name("preset", name, by_name))
        defaults = {key: trait.default_value for key, trait in self._parameters.items()}
        with self._lock:
            self.set(**{**defaults, **by_name[name].settings})
            self._ask(by_name[name])
            self._face.mark(name)

    def step(self, by: int) -> None:
        """Go on in the lecture: reveal the answer if one is hidden, else show the next preset (``by`` = 1) or the
        one before (-1)."""
        with self._lock:
            if by > 0 and self._preset is not None and self._preset.question and not self._revealed:
                self.reveal()
                return
            names = [preset.name for preset in self.presets]
            here = names.index(self._preset.name) if self._preset else -1
            self.apply(names[min(max(here + by, 0), len(names) - 1)])

    def reveal(self) -> None:
        """Show the answer to the question on screen."""
        with self._lock:
            if self._preset is not None:
                self._revealed = True
                self._face.ask(self._preset.question, self._preset.answer)

    def undo(self) -> None:
        """Take the last change back. One drag of a slider is one change."""
        with self._lock:
            before = self._history.undo()
            if before is not None:
                with self._together(record=False):
                    self._assign(before)

    def reset(self) -> None:
        """Back to how the lab opened, without pin and question. ``undo`` takes it back."""
        with self._lock:
            self.set(**self._initial)
            self.unpin()
            self._ask(None)
            self._say("")

    # How it works ----------------------------------------------------------------------------------------------------

    def _make_face(self, controls: Sequence[w.Widget]) -> Face:
        actions: dict[str, Callable[..., None]] = {
            "preset": self.apply,
            "pin": self._set_pin,
            "undo": self.undo,
            "reset": self.reset,
            "link": self._copy_link,
            "reveal": self.reveal,
        }
        actions = {name: self._guarded(action) for name, action in actions.items()}
        face = Face(controls, self._canvas, self.presets, actions, self._above())
        face.show_code.observe(self._guarded(lambda _: self._show_code()), "value")
        face.page.observe(self._guarded(lambda change: self._open(change.new)), "query")
        face.page.on_event(self._guarded(self._on_event))
        return face

    def _above(self) -> Sequence[w.Widget]:
        """Widgets between the presets and the picture."""
        return ()

    def _follow(self, before: dict[str, Any], record: bool, gesture: str | None) -> None:
        if record:
            self._history.record(before, gesture)
        self._face.mark(None)
        self._show_code()

    def _ask(self, preset: Preset | None) -> None:
        self._preset, self._revealed = preset, False
        self._face.ask(preset.question if preset else "", None)

    def _open(self, query: str) -> None:
        """The page was opened by a link."""
        settings, notes = read_query(query, self._parameters)
        self.set(**settings)
        if notes:
            self._say(notes[0], error=True)

    def _copy_link(self) -> None:
        self._face.page.copy(self.query())

    def _on_event(self, event: Mapping[str, Any]) -> None:
        match event:
            case {"event": "step", "by": 1 | -1 as by}:
                self._guarded(self.step)(by)
            case {"event": "copied", "link": str(link)}:
                self._say(f"Link copied: {link}")
            case {"event": "not-copied", "link": str(link)}:
                self._say(f"Copy this link: {link}")
            case {"event": "too-large", "name": str(name), "size": int(size)}:
                raise too_large(name, size)

    def _show_code(self) -> None:
        self._face.code(self.code() if self._face.show_code.value else None)
