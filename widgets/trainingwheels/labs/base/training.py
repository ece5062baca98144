"""The base of labs that train: start, pause, step, progress, and rates that can be changed on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any, ClassVar, Literal, NamedTuple

import ipywidgets as w

from trainingwheels.engine import InvalidSetting, LiveTraining, RunConfig, Snapshot, train_steps
from trainingwheels.engine.training.train import LIVE_RATES
from trainingwheels.labs.base.kept_runs import KEPT, to_text
from trainingwheels.labs.base.lab import Lab

__all__ = ["TrainingLab"]

START = {"idle": "Start", "running": "Pause", "paused": "Resume", "done": "Train again", "failed": "Start"}


Action = Literal["prepare", "look", "step", "run", "again"]


class Request(NamedTuple):
    """What the worker is asked for: ``settings``, and what to do with a net that has them."""

    settings: Any
    action: Action


class TrainingLab(Lab):
    """A lab in which nets train while one watches.

    A subclass writes ``configs`` and ``view`` instead of ``compute``. ``state`` is "idle" while the nets are untrained,
    then "running", "paused" or "done". A change of lr, momentum, dropout, l1 or l2 counts from the next step on; a
    change of anything else but ``looks`` makes new, untrained nets. ``settle`` waits until nothing runs.

    Where ``configs`` gives no runs, there is nothing to train: the lab shows what ``compute`` returns, as any other
    lab, and keeps the nets in hand for later.
    """

    looks: ClassVar[frozenset[str]] = frozenset()
    """The parameters that only say what is shown of the nets, or that belong to views without nets."""

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        """The runs for settings ``s``, and what to call each; two empty lists where nothing is to be trained."""
        raise NotImplementedError

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Any:
        """What the picture shows of a moment."""
        raise NotImplementedError

    def __init__(self, **settings: Any) -> None:
        self._training: LiveTraining | None = None
        self._snapshot: Snapshot | None = None
        self._kept: Snapshot | None = None  # the last one whose runs other labs were given
        self._labels: list[str] = []
        self._prepared: dict[str, Any] = {}  # the settings that the nets in hand have
        self._going = False
        self._trains = True  # whether the view on screen is one of nets
        self._speed = _Speed()
        super().__init__(**settings)
        self.observe(lambda _: self._show_state(), "state")

    # What everybody uses ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Train on, from the beginning if the nets are done."""
        with self._lock:
            self._set_going(True)
            self._ask_worker("again" if self._done else "run")

    def pause(self) -> None:
        """Stop after the picture in hand; ``start`` goes on."""
        self._set_going(False)

    def single_step(self) -> None:
        """Train one step."""
        with self._lock:
            if self.state != "running":
                self._ask_worker("step")

    def restart(self) -> None:
        """New, untrained nets with the same settings."""
        with self._lock:
            self._ask_worker("prepare")

    def close(self) -> None:
        self._going = False
        super().close()
        self._training = None

    # How it works ----------------------------------------------------------------------------------------------------

    @property
    def patience(self) -> float:  # type: ignore[override]
        """A training does not end while a slider moves."""
        return 0.0 if self._trains else Lab.patience

    @property
    def _done(self) -> bool:
        """Whether the nets in hand are trained to their end."""
        return self._snapshot is not None and self._snapshot.done

    def _set_going(self, going: bool) -> None:
        """Whether to train on after the picture in hand. It decides with ``state`` what the buttons say."""
        self._going = going
        self._show_state()

    def _ask_worker(self, action: Action) -> None:
        self._worker.submit(Request(self._named(), action))

    def _submit(self) -> None:
        """The settings have changed: tell the nets in hand, if that is possible, or make new ones."""
        self._trains = self._has_runs(self._named())
        self._transport.layout.display = None if self._trains else "none"
        if not self._trains:
            self._set_going(False)
            self._ask_worker("look")
            return
        changed = {name: value for name, value in self.settings.items() if value != self._prepared.get(name, value)}
        rates = {name: value for name, value in changed.items() if name not in self.looks}
        known = set() if self._done else set(LIVE_RATES)
        if self._training is None or not set(rates) <= known:
            self._set_going(False)
            self._ask_worker("prepare")
            return
        self._training.change(**rates)
        self._prepared |= changed
        if not self._going:  # else the next picture comes by itself
            self._ask_worker("look")

    def _has_runs(self, s: Any) -> bool:
        try:
            return bool(self.configs(s)[0])
        except InvalidSetting:  # the worker will say so
            return True

    def results(self, s: Request) -> Iterator[Any]:
        settings, action = s
        configs, labels = self.configs(settings)
        if not configs:
            yield self.compute(settings)
            return
        if action in ("prepare", "again") or self._training is None or self._differs(settings):
            self._labels = labels
            self._training = train_steps(configs, settings._asdict().get("device", "auto"))
            self._prepared = settings._asdict()
            self._speed = _Speed()
            yield self._look(next(self._training))
        training = self._training  # the lab may be closed meanwhile
        if action == "look" and self._snapshot is not None:
            yield self._look(self._snapshot)
        if action == "step":
            yield self._look(training.step())
        if action in ("run", "again"):
            while self._going and self._snapshot is not None and not self._snapshot.done:
                yield self._look(next(training))

    def _differs(self, settings: Any) -> bool:
        """Whether the nets in hand were made for other settings: a request to make new ones may have been overtaken."""
        return any(
            value != self._prepared.get(name) for name, value in settings._asdict().items() if name not in self.looks
        )

    def _look(self, snapshot: Snapshot) -> Any:
        self._snapshot = snapshot
        self._speed.note(max(len(history.steps) for history in snapshot.histories))
        return self.view(snapshot, self._labels, self._named())

    def _rest(self, is_latest: Callable[[], bool]) -> None:
        with self._lock:
            if is_latest() and not self._trains:
                self.state = "done"
            elif is_latest() and self._snapshot is not None:
                self._set_going(False)
                if self._snapshot.done and self._snapshot is not self._kept:  # looking on ends here as well
                    self._kept = self._snapshot
                    self._face.page.keep(to_text(KEPT.keep(self.title, self._labels, self._snapshot.histories)))
                started = any(len(history.steps) for history in self._snapshot.histories)
                self.state = "done" if self._snapshot.done else "paused" if started else "idle"

    def _fail(self, message: str, is_latest: Callable[[], bool]) -> None:
        with self._lock:
            super()._fail(message, is_latest)
            if is_latest():
                self._set_going(False)  # else the next press of Start would pause what does not run

    def _present(self, result: Any) -> None:
        super()._present(result)
        if self._trains:
            self._show_progress()

    def _say_busy(self) -> None:
        if not self._trains:  # a training says how far it is by its progress bar
            super()._say_busy()

    def _above(self) -> Sequence[w.Widget]:
        self._start = w.Button(description=START["idle"], button_style="primary", tooltip="Train, or pause")
        self._step = w.Button(description="Step", tooltip="Train one step")
        self._again = w.Button(description="Start over", tooltip="New, untrained nets with the same settings")
        self._start.on_click(self._guarded(lambda _: self.pause() if self._going else self.start()))
        self._step.on_click(self._guarded(lambda _: self.single_step()))
        self._again.on_click(self._guarded(lambda _: self.restart()))
        self._bar = w.FloatProgress(0.0, min=0.0, max=1.0, layout={"flex": "1 1 120px", "width": "auto"})
        self._info = w.HTML()
        row = [self._start, self._step, self._again, self._bar, self._info]
        self._transport = w.Box(row, layout={"flex_flow": "row wrap"})
        self._transport.add_class("tw-transport")
        return [self._transport]

    def _show_state(self) -> None:
        preparing = self.state == "running" and not self._going
        self._start.description = START["idle" if preparing else self.state]
        self._step.disabled = self._going or self.state == "done"

    def _show_progress(self) -> None:
        assert self._snapshot is not None
        histories = self._snapshot.histories
        steps, total = max((len(h.steps), h.config.epochs * h.steps_per_epoch) for h in histories)
        self._bar.value = steps / total
        parts = [f"step {steps:,} of {total:,}"]
        if self._speed.per_second and not self._snapshot.done:
            parts += [
                f"{self._speed.per_second:,.0f} steps/s",
                f"{(total - steps) / self._speed.per_second:.0f} s left",
            ]
        parts.append(self._training.device if self._training is not None else "")
        self._info.value = escape(" · ".join(filter(None, parts)))


class _Speed:
    """Steps per second, smoothed over about a second, while the training runs."""

    def __init__(self) -> None:
        self.per_second = 0.0
        self._last: tuple[float, int] | None = None

    def note(self, steps: int) -> None:
        """``steps`` have been taken by now."""
        now = time.perf_counter()
        if self._last is not None and steps > self._last[1]:
            seconds = now - self._last[0]
            if seconds < 1.0:  # longer: it was paused
                speed = (steps - self._last[1]) / seconds
                self.per_second = speed if not self.per_second else 0.9 * self.per_second + 0.1 * speed
        self._last = now, steps
