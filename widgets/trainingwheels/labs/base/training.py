"""Labs in which nets train: start, pause, step, progress, and rates that can be changed on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from html import escape
from typing import Any, ClassVar, Literal, NamedTuple

import ipywidgets as w

from trainingwheels.engine import RunConfig, Snapshot, train_steps
from trainingwheels.engine.training.train import LIVE_RATES
from trainingwheels.labs.base.face import classed
from trainingwheels.labs.base.kept_runs import KEPT, to_text
from trainingwheels.labs.base.lab import Lab, Shown
from trainingwheels.labs.base.nets import Nets, Training
from trainingwheels.labs.base.view import View

__all__ = ["NetsView", "TrainingLab"]

START = {"idle": "Start", "running": "Pause", "paused": "Resume", "done": "Train again", "failed": "Start"}

Action = Literal["still", "prepare", "look", "step", "run", "again"]


class NetsView(View):
    """A view in which nets train while one watches.

    A subclass writes ``configs`` and ``view`` instead of ``compute``, and ``explain`` and ``script`` as any other.
    ``state`` is "idle" while the nets are untrained, then "running", "paused" or "done". A change of a rate
    that is in ``at_once`` counts from the next step on; a change of any other parameter of the view makes new,
    untrained nets, but for those that are declared with ``looks``.
    """

    at_once: ClassVar[Collection[str]] = LIVE_RATES
    """The parameters whose changes count from the next step on, for all nets alike. A view whose nets differ in one of
    them leaves it out."""

    still: ClassVar[int] = 0
    """Epochs for which the nets of a lab that opens with this view, untouched, are trained to be shown until somebody
    presses Start, so that there is something to see. Choose few: the page waits for them. 0 shows untrained nets."""

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        """The runs for settings ``s``, and what to call each."""
        raise NotImplementedError

    def training(self, s: Any, configs: Sequence[RunConfig]) -> Training:
        """What trains these runs. A view whose runs become known on the way writes it, and has none to begin with."""
        return train_steps(configs, getattr(s, "device", "auto"))

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Any:
        """What the picture shows of a moment."""
        raise NotImplementedError

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.in_hand = Nets()


class Request(NamedTuple):
    """What the worker is asked for: ``settings``, and what to do with nets that have them."""

    settings: Any
    action: Action


class TrainingLab(Lab):
    """A lab some of whose views are :class:`.NetsView`. ``settle`` waits until nothing runs."""

    def __init__(self, **settings: Any) -> None:
        self._going = False
        self._kept: Snapshot | None = None  # the last one whose runs other labs were given
        super().__init__(**settings)
        self.observe(lambda _: self._show_state(), "state")
        for button in (self._start, self._step):
            self._face.page.tell_again(button, "description", "disabled")
        for words in (self._bar, self._info):
            self._face.page.tell_again(words, "value")

    # What everybody uses ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Train on, from the beginning if the nets are done."""
        with self._lock:
            self._set_going(True)
            nets = self._nets
            self._ask_to("again" if nets is not None and (nets.done or nets.still) else "run")

    def pause(self) -> None:
        """Stop after the picture in hand; ``start`` goes on."""
        self._set_going(False)

    def single_step(self) -> None:
        """Train one step, unless they train already."""
        with self._lock:
            if not self._going:
                self._ask_to("step")

    def restart(self) -> None:
        """New, untrained nets with the same settings."""
        with self._lock:
            self._ask_to("prepare")

    def close(self) -> None:
        self._going = False
        super().close()
        for view in self._views.values():
            if isinstance(view, NetsView):
                view.in_hand = Nets()

    # What Live asks for ----------------------------------------------------------------------------------------------

    @property
    def grace(self) -> float:  # type: ignore[override]
        """A training does not end while a slider moves."""
        return Lab.grace if self._nets is None or self._nets.training is None else 0.0

    def results(self, s: Request) -> Iterator[Shown]:
        view = self._view_of(s.settings)
        if not isinstance(view, NetsView):
            yield from super().results(s.settings)
            return
        for snapshot in self._moments(view, s.settings, s.action):
            yield Shown(view, view.view(snapshot, view.in_hand.labels, self._named()))

    # How it works ----------------------------------------------------------------------------------------------------

    @property
    def _nets(self) -> Nets | None:
        """The nets of the view on screen; None if nothing trains in it."""
        return self.view.in_hand if isinstance(self.view, NetsView) else None

    def _moments(self, view: NetsView, settings: Any, action: Action) -> Iterator[Snapshot]:
        nets = view.in_hand
        if action == "still":
            yield nets.make_still(*view.configs(settings), settings._asdict(), view.still)
            return
        if action in ("prepare", "again") or nets.training is None or self._changes(view, settings._asdict()):
            configs, labels = view.configs(settings)
            yield nets.make(view.training(settings, configs), labels, settings._asdict())
        training = nets.training  # the lab may be closed meanwhile
        if training is None or nets.snapshot is None:
            return
        if action == "look":
            yield nets.see(nets.snapshot)
        if action == "step" and not nets.done:
            yield nets.see(training.step())
        if action in ("run", "again"):
            yield from nets.run(lambda: self._going)

    def _matters(self, view: NetsView, name: str) -> bool:
        """Whether nets depend on a parameter, and not only what is shown of them."""
        shared = name not in self._of_views and name != "show"
        return (shared or name in view.parameters()) and not self._parameters[name].looks

    def _changes(self, view: NetsView, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings that the nets in hand do not have: a request to make new ones may have been overtaken."""
        prepared = view.in_hand.prepared
        compared = view.compared(settings)
        names = [name for name in settings if self._matters(view, name) and name not in compared]
        return {name: settings[name] for name in names if name not in prepared or settings[name] != prepared[name]}

    def _set_going(self, going: bool) -> None:
        """Whether to train on after the picture in hand. It decides with ``state`` what the buttons say."""
        self._going = going
        self._show_state()

    def _ask_to(self, action: Action) -> None:
        request = Request(self._named(), action)
        if action in ("step", "run") and self._in_hand:  # what is on screen is theirs
            self._worker.submit(request)
        else:
            self._ask_for(request)

    @property
    def _in_hand(self) -> bool:
        """Whether there are nets that have the present settings."""
        view = self.view
        if not isinstance(view, NetsView) or view.in_hand.training is None:
            return False
        return not self._changes(view, self.settings)

    def _under_way(self) -> str:
        if self._nets is None:
            return super()._under_way()
        return "Making the nets …" if "torch" in sys.modules else "Loading PyTorch and the data …"

    def _wait_for(self, what: str | None) -> None:
        super()._wait_for(what)
        self._show_state()

    def _submit(self) -> None:
        """The settings have changed: tell the nets in hand, if that is possible, or make new ones."""
        view = self.view
        trains = isinstance(view, NetsView)
        (self._transport.remove_class if trains else self._transport.add_class)("tw-away")
        if not isinstance(view, NetsView):
            self._set_going(False)
            self._ask_to("look")
            return
        nets, changes = view.in_hand, self._changes(view, self.settings)
        if nets.training is None or not changes.keys() <= (set() if nets.done else set(view.at_once)):
            self._set_going(False)
            untouched = self.result is None and view.still and self.settings == self._defaults()
            self._ask_to("still" if untouched else "prepare")
            return
        nets.training.change(**changes)
        nets.prepared |= changes
        if not self._going:  # else the next picture comes by itself
            self._ask_to("look")

    def _rest(self, is_latest: Callable[[], bool]) -> None:
        with self._lock:
            nets = self._nets
            if is_latest() and nets is None:
                self.state = "done"
            elif is_latest() and nets is not None and nets.snapshot is not None:
                self._set_going(False)
                if nets.done and nets.snapshot is not self._kept:  # looking on ends here as well
                    self._kept = nets.snapshot
                    self._face.page.keep(to_text(KEPT.keep(self.title, nets.labels, nets.snapshot.histories)))
                self.state = "done" if nets.done else "paused" if nets.steps and not nets.still else "idle"

    def _fail(self, message: str, is_latest: Callable[[], bool]) -> None:
        with self._lock:
            super()._fail(message, is_latest)
            if is_latest():
                self._set_going(False)  # else the next press of Start would pause what does not run

    def _present(self, shown: Shown) -> None:
        super()._present(shown)
        if isinstance(shown.view, NetsView):
            self._show_progress(shown.view.in_hand)

    def above(self) -> Sequence[w.Widget]:
        start = w.Button(description=START["idle"], button_style="primary", tooltip="Train, or pause")
        self._start = classed("tw-start", start)  # the page tells what it said when it was pressed
        self._step = w.Button(description="Step", tooltip="Train one step")
        self._again = w.Button(description="Start over", tooltip="New, untrained nets with the same settings")
        self._step.on_click(self._guarded(lambda _: self.single_step()))
        self._again.on_click(self._guarded(lambda _: self.restart()))
        self._bar = w.FloatProgress(0.0, min=0.0, max=1.0, layout={"flex": "1 1 120px", "width": "auto"})
        self._info = w.HTML()
        row = [self._start, self._step, self._again, self._bar, self._info]
        self._transport = w.Box(row, layout={"flex_flow": "row wrap"})
        self._transport.add_class("tw-transport")
        return [self._transport]

    def _on_event(self, event: Mapping[str, Any]) -> None:
        match event:
            case {"event": "press", "says": "Pause"}:
                self.pause()
            case {"event": "press"} if not self._going:
                self.start()
            case _:
                super()._on_event(event)

    def _show_state(self) -> None:
        if self._nets is None:  # the buttons are away: each word to them would be a message
            return
        waiting = self._face.page.waiting
        preparing = not self._going and (bool(waiting) or self.state == "running")
        state = "idle" if preparing else self.state
        hopeless = waiting == ""  # what will come can be started before it is there
        self._start.description = START[state]
        self._start.disabled = hopeless and not self._going
        self._step.disabled = hopeless or self._going or state == "done"

    def _show_progress(self, nets: Nets) -> None:
        self._bar.value = nets.steps / nets.total
        parts = [f"step {nets.steps:,} of {nets.total:,}"]
        if nets.still:
            parts = [f"after {nets.steps:,} steps: press Start to see it learn"]
            self._bar.value = 0.0
        elif nets.speed.per_second and not nets.done:
            left = (nets.total - nets.steps) / nets.speed.per_second
            parts += [f"{nets.speed.per_second:,.0f} steps/s", f"{left:.0f} s left"]
        parts.append(nets.training.device if nets.training is not None else "")
        self._info.value = escape(" · ".join(filter(None, parts)))
