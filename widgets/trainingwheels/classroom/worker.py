"""A process that takes part in a search, on this machine or another, and says what it does."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from typing import Any

from trainingwheels.engine.search import LiveSearch, Result, join
from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.settings import InvalidSetting

__all__ = ["work"]

SILENCES, PAUSE = 30, 2.0  # how often a storage may not answer in a row, and how many seconds to wait after each


class Stopped(Exception):
    """Somebody has asked the process to end."""


def work(study: str, storage: str, batch: int | None, heartbeat: int) -> Iterator[str]:
    """Train trials of ``study`` until none is left: a line for each that ends, and one at the end.

    Ctrl-C, or a request to end, gives back what is under way, for others to take up. Raises :class:`InvalidSetting`
    where there is no such study, or the storage does not answer.
    """
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with join(study, storage, batch=batch, heartbeat=heartbeat) as live:
            yield f"Working on {study!r}: {live.plan.count:,} trials (Ctrl-C gives back what is under way)"
            yield from _lines(live)
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_: Any) -> None:
    raise Stopped


def _lines(live: LiveSearch) -> Iterator[str]:
    told: set[int] = set()
    try:
        for found in _patiently(live):
            if isinstance(found, str):
                yield found
                continue
            for trial in found.finished:
                if trial.number in live.own and trial.number not in told:
                    told.add(trial.number)
                    yield _line(trial)
        yield _end(live.result, len(told))
    except (KeyboardInterrupt, Stopped):
        live.stop()
        yield f"Stopped after {len(told):,} trials; the others wait"


def _patiently(live: LiveSearch) -> Iterator[Result | str]:
    """The results, and what a storage says that does not answer; an error when it has not for a minute."""
    silences = 0
    while True:
        try:
            yield next(live)
            silences = 0
        except StopIteration:
            return
        except InvalidSetting as refusal:
            silences += 1
            if silences > SILENCES:
                raise
            yield f"{refusal}"
            time.sleep(PAUSE)


def _line(trial: Trial) -> str:
    params = ", ".join(f"{name} {_brief(value)}" for name, value in trial.params.items())
    if trial.state == "diverged":
        return f"trial {trial.number}: {params}: diverged"
    return f"trial {trial.number}: {params}: {trial.value:.3f}, {trial.state}"


def _brief(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _end(result: Result, own: int) -> str:
    done = f"All {len(result.trials):,} trials are done, {own:,} of them here"
    return f"{done}; the best: {_line(result.best)}" if result.best else done
