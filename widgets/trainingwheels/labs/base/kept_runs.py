"""The finished runs of this session: what any lab has trained, kept for whoever wants to look at it later."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trainingwheels.engine import FileRun, History, InvalidSetting, read_runs, write_csv
from trainingwheels.engine.records.csv import settings_text

__all__ = ["KEPT", "KeptRun", "KeptRuns", "from_texts", "to_text"]

MOST = 40
"""Runs that are kept; the oldest go first. A long one (100,000 steps) is 2 MB."""


ROWS = 400
"""Losses of a run that a text keeps: what a picture shows of it. 20 kB a run."""


@dataclass(frozen=True)
class KeptRun:
    """A finished run, and the lab and label under which it was trained."""

    lab: str
    label: str
    history: History

    @property
    def name(self) -> str:
        config = self.history.config
        return self.label or f"{config.dataset}, lr {config.lr:g}"


class KeptRuns:
    """The finished runs of a process, oldest first. Labs keep and read from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: tuple[KeptRun, ...] = ()
        self._listeners: tuple[Callable[[], None], ...] = ()

    @property
    def runs(self) -> tuple[KeptRun, ...]:
        return self._runs

    def keep(self, lab: str, labels: Sequence[str], histories: Sequence[History]) -> list[KeptRun]:
        """Keep these runs, and return them. One that was trained before with the same settings is replaced."""
        new = [
            KeptRun(lab, label, history) for label, history in zip(labels, histories, strict=True) if len(history.steps)
        ]
        again = [run.history.config for run in new]
        with self._lock:
            others = [run for run in self._runs if run.history.config not in again]
            self._runs = (*others, *new)[-MOST:]
        self._tell()
        return new

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._runs = ()
        self._tell()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener``, in whatever thread, when there are other runs; until ``unlisten``."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Call it no more."""
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each != listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


KEPT = KeptRuns()
"""The runs of this kernel."""


def to_text(runs: Sequence[KeptRun]) -> str:
    """The runs as CSV, thinned to what a picture shows: for another page, whose kernel knows nothing of them."""
    named: dict[str, History] = {}
    for run in runs:
        name = run.name
        while name in named:
            name += "'"
        named[name] = _thinned(run.history)
    return write_csv(named)


def _thinned(history: History) -> History:
    count = len(history.steps)
    kept = np.unique([*np.linspace(0, count - 1, min(count, ROWS)).astype(int), *_first_bad(history)]).astype(int)
    return replace(history, steps=history.steps[kept], train_loss=history.train_loss[kept], lr=history.lr[kept])


def _first_bad(history: History) -> list[int]:
    return [int(np.argmin(np.isfinite(history.train_loss)))] if history.diverged_at is not None else []


def from_texts(texts: Any, known: Sequence[KeptRun]) -> tuple[FileRun, ...]:
    """The runs in what a browser says it has kept, oldest first, but for those ``known``. What is no such text is
    passed over: anybody may have written it."""
    here = [settings_text(run.history) for run in known]
    found: list[FileRun] = []
    for text in reversed(texts[:MOST]) if isinstance(texts, list) else ():
        try:
            runs = read_runs("kept.csv", text.encode()) if isinstance(text, str) else []
        except (InvalidSetting, UnicodeEncodeError):
            continue
        given = [run.given for run in runs]
        found = [run for run in found if run.given not in given] + [run for run in runs if _settings(run) not in here]
    return tuple(found[-MOST:])


def _settings(run: FileRun) -> dict[str, str]:
    epoch = {"steps_per_epoch": str(run.steps_per_epoch)} if run.steps_per_epoch else {}
    return {**run.given, **epoch}
