"""The base of every lab: what a lab declares, and all that it then need not do itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self

import ipywidgets as w
from matplotlib.figure import Figure

from trainingwheels.engine.settings import Option, Table, unknown_name
from trainingwheels.figures import Views
from trainingwheels.labs.base.face import Face, Parts, classed
from trainingwheels.labs.base.files import too_large
from trainingwheels.labs.base.history import History
from trainingwheels.labs.base.links import read_query, write_query
from trainingwheels.labs.base.live import Live
from trainingwheels.labs.base.parameters import InvalidParameter, Parameter, Tabs
from trainingwheels.labs.base.presets import Preset
from trainingwheels.labs.base.sections import FIRST, sections
from trainingwheels.labs.base.view import View

__all__ = ["Lab", "Shown"]


class Shown(NamedTuple):
    """A result, and the view whose it is."""

    view: View
    result: Any


class Lab(Live):
    """A lab: settings on the left, one live picture on the right, and the words that say what it shows.

    A subclass declares ``slug``, ``number``, ``title``, ``summary``, ``part``, ``presets`` and its ``views``
    (:class:`.View`), and the parameters (:mod:`.parameters`) that belong to all of them. It may write ``above`` and
    ``below``, and touches nothing else. With several views there are tabs above the picture, and ``show`` says which is
    on screen.

    The parameters of all views are traits of the lab: ``lab = SomeLab(std=0.05)`` and ``lab.std = 0.1`` work from code
    as the sliders do from the page; :class:`.Live` says how.
    """

    slug: ClassVar[str] = ""
    number: ClassVar[str] = ""
    title: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    part: ClassVar[str] = ""
    presets: ClassVar[tuple[Preset, ...]] = ()
    views: ClassVar[tuple[type[View], ...]] = ()
    keepsakes: ClassVar[Mapping[str, Parameter]] = {}
    """What a link and the tab's session keep beside the settings, by name: nothing is computed from it. A lab that has
    some writes ``remembered`` and ``remember``, and calls ``put_down`` when there is more to keep."""

    notebook: ClassVar[str] = ""  # its file name, which follows from number and slug

    def above(self) -> Sequence[w.Widget]:
        """Widgets between the tabs and the picture, in sight whatever the view. Asked for once."""
        return ()

    def below(self) -> Sequence[w.Widget]:
        """Widgets below the words under the picture. Asked for once."""
        return ()

    @property
    def remembered(self) -> Mapping[str, Any]:
        """The keepsakes as they are now, by name."""
        return {}

    def remember(self, **found: Any) -> None:
        """Add what a link or the session has kept to what there is."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.notebook = f"{cls.number}-{cls.slug}.ipynb"
        if "views" in vars(cls):
            cls._adopt(cls.views)

    @classmethod
    def _adopt(cls, views: Sequence[type[View]]) -> None:
        """Make the parameters of the views parameters of the lab. Raises TypeError for a name that is taken."""
        found = [(view.__name__, name, each) for view in views for name, each in view.parameters().items()]
        if len(views) > 1:
            table = Table("show", tuple(Option(view.name, view.label) for view in views))
            found.insert(0, (cls.__name__, "show", Tabs(table, views[0].name, help="which side of it to look at")))
        for owner, name, parameter in found:
            if getattr(cls, name, parameter) is not parameter:
                raise TypeError(
                    f"{owner} declares {name}, a name that is taken in {cls.__name__}: views that share a parameter "
                    "inherit it from one class, and what all labs have keeps its name."
                )
            setattr(cls, name, parameter)
            parameter.class_init(cls, name)

    # What everybody uses ---------------------------------------------------------------------------------------------

    _face: Face
    _picture: Views

    def __init__(self, **settings: Any) -> None:
        self._preset: Preset | None = None
        self._revealed = False
        self._history: History[dict[str, Any]] = History()
        self._views = {view.name: view(self) for view in self.views}
        self._of_views = frozenset(name for view in self.views for name in view.parameters())
        self._shown: View = next(iter(self._views.values()))  # whose result the picture shows
        super().__init__(**settings)
        self.add_class("tw-lab")

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """The parameters by name: ``show``, those of the views, then those that belong to all of them."""
        found = super().parameters()
        order = ["show", *(name for view in cls.views for name in view.parameters()), *found]
        return {name: found[name] for name in dict.fromkeys(order) if name in found}

    @property
    def view(self) -> View:
        """The view on screen."""
        return self._view_of(self)

    @classmethod
    def from_query(cls, query: str) -> Self:
        """The lab that a link describes. What the link has wrong is said under the picture; it raises nothing."""
        settings, notes = read_query(query, {**cls.parameters(), **cls.keepsakes})
        kept = {name: settings.pop(name) for name in cls.keepsakes if name in settings}
        lab = cls(**settings)
        lab.remember(**kept)
        if notes:
            lab._say(notes[0], error=True)
        return lab

    def code(self) -> str:
        """The settings on screen as a plain script."""
        return self.view.script(self._named())

    def query(self) -> str:
        """The settings that differ from the defaults, and the keepsakes, as the query part of a link."""
        return "&".join(filter(None, (write_query(self.settings, self._defaults()), self._kept_query())))

    def put_down(self) -> None:
        """Keep the keepsakes for this tab's session, too."""
        self._face.page.put_down(self._kept_query())

    def apply(self, name: str) -> None:
        """Show a preset: its settings, all others at their defaults, and its question."""
        by_name = {preset.name: preset for preset in self.presets}
        if name not in by_name:
            raise InvalidParameter(unknown_name("preset", name, by_name))
        with self._lock:
            self.set(**{**self._defaults(), **by_name[name].settings})
            self._open_sections(by_name[name].settings)
            self._ask(by_name[name])
            self._face.mark(name)

    def renew(self, **settings: Any) -> None:
        """Change these parameters, and compute again even if they have these values: a view calls it when what they
        stand for is another now, such as a file of the learner's."""
        with self._lock:
            before = self.settings
            self.set(**settings)
            if self.settings == before:
                self._say("")
                self._submit()
                self._show_code()

    def advance(self, by: int) -> None:
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
            self._mend()

    def reset(self) -> None:
        """Back to how the lab opened, without pin and question. ``undo`` takes it back."""
        with self._lock:
            self.set(**self._initial)
            self._open_sections(())
            self.unpin()
            self._ask(None)
            self._say("")

    # What Live asks for ----------------------------------------------------------------------------------------------

    def results(self, s: Any) -> Iterator[Shown]:
        view = self._view_of(s)
        return (Shown(view, result) for result in view.results(s))

    def picture(self, figure: Figure) -> Views:
        return Views(figure, self._shown.picture)

    def explain(self, result: Any) -> Sequence[str]:
        return self._shown.explain(result)

    @property
    def about(self) -> str:
        return self._shown.about

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, Any]:
        return self._view_of(s).drag(s, start, now)

    def seconds(self, s: Any) -> float | None:
        return self._view_of(s).seconds(s)

    # How it works ----------------------------------------------------------------------------------------------------

    def _defaults(self) -> dict[str, Any]:
        return {name: parameter.default_value for name, parameter in self._parameters.items()}

    def _kept_query(self) -> str:
        return write_query(self.remembered, {name: keepsake.default_value for name, keepsake in self.keepsakes.items()})

    def _view_of(self, settings: Any) -> View:
        return self._views[getattr(settings, "show", self.views[0].name)]

    def _present(self, shown: Shown) -> None:
        self._shown = shown.view
        self._picture.turn_to(shown.view.picture)
        super()._present(shown.result)

    def _make_face(self) -> Face:
        actions: dict[str, Callable[..., None]] = {
            "preset": self.apply,
            "pin": self._set_pin,
            "undo": self.undo,
            "reset": self.reset,
            "link": self._copy_link,
            "reveal": self.reveal,
        }
        actions = {name: self._guarded(action) for name, action in actions.items()}
        controls = dict(self._controls)
        tabs = controls.pop("show", None)
        self._sections = sections(self._parameters, controls)
        first = [controls[name].widget for name in controls if not self._parameters[name].section]
        self._above = {
            name: classed("tw-above", w.Box(list(found)))
            for name, view in self._views.items()
            if (found := view.above())
        }
        above = [*self.above(), *self._above.values()]
        parts = Parts(
            first,
            [section.widget for section in self._sections if section.name != FIRST],
            tabs and tabs.widget,
            above,
            self._canvas,
            self.below(),
            [section.widget for section in self._sections if section.name == FIRST],
        )
        face = Face(parts, self.presets, actions)
        face.page.session = self.slug if self.keepsakes else ""
        face.show_code.observe(self._guarded(lambda _: self._show_code()), "value")
        face.page.observe(self._guarded(lambda change: self._open(change.new)), "query")
        face.page.on_event(self._guarded(self._on_event))
        return face

    def _show_usable(self) -> None:
        super()._show_usable()
        settings = self.settings
        for section in self._sections:
            section.show(settings)
        for name, box in self._above.items():
            (box.remove_class if name == self.view.name else box.add_class)("tw-away")

    def _usable(self, name: str, settings: Mapping[str, Any]) -> bool:
        return name not in self.view.compared(settings) and super()._usable(name, settings)

    def _instead(self, name: str, settings: Mapping[str, Any]) -> str:
        values = self.view.compared(settings).get(name)
        return f"{len(values)} values" if values else super()._instead(name, settings)

    def _in_sight(self, name: str, settings: Mapping[str, Any]) -> bool:
        here = name not in self._of_views or name in self.view.parameters()
        return here and super()._in_sight(name, settings)

    def _open_sections(self, touched: Collection[str]) -> None:
        """Open the sections with a setting that somebody else has touched, so that the learner sees it; fold others."""
        for section in self._sections:
            section.open(section.has(touched))

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
        settings, notes = read_query(query, {**self._parameters, **self.keepsakes})
        self.remember(**{name: settings.pop(name) for name in self.keepsakes if name in settings})
        self.set(**settings)
        if notes:
            self._say(notes[0], error=True)

    def _copy_link(self) -> None:
        self._face.page.copy(self.query())

    def _on_event(self, event: Mapping[str, Any]) -> None:
        match event:
            case {"event": "step", "by": 1 | -1 as by}:
                self._guarded(self.advance)(by)
            case {"event": "copied", "link": str(link)}:
                self._say(f"Link copied: {link}")
            case {"event": "not-copied", "link": str(link)}:
                self._say(f"Copy this link: {link}")
            case {"event": "too-large", "name": str(name), "size": int(size)}:
                raise too_large(name, size)

    def _show_code(self) -> None:
        self._face.code(self.code() if self._face.show_code.value else None)
