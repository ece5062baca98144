"""Where studies are kept: in memory, in an SQLite file, or in a PostgreSQL that several machines share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trainingwheels.engine.search.optimizing import load_optuna, silently
from trainingwheels.engine.settings import InvalidSetting, brief

if TYPE_CHECKING:
    from optuna.storages import BaseStorage, RDBStorage

__all__ = ["HEARTBEAT", "Heart", "connect", "disconnect", "reachable", "shown"]

HEARTBEAT = 10  # seconds between the signs of life of a trial; after two without, somebody else takes it up
PATIENCE = 10  # seconds to wait for a locked file, or for a server to answer
DRIVERS = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
CHOOSE = "choose a file, such as study.db, or postgresql://user@host/name."


def connect(storage: str | None, heartbeat: int = HEARTBEAT) -> BaseStorage:
    """The storage at a URL: ``sqlite:///file.db``, or just ``file.db``, or ``postgresql://user@host/name``.

    None is the memory of this process. Raises :class:`InvalidSetting` where it cannot be opened.
    """
    optuna = load_optuna()
    if storage is None:
        memory: BaseStorage = optuna.storages.InMemoryStorage()
        return memory
    url = _url(storage)
    arguments: dict[str, Any] = {"timeout": PATIENCE}
    if not url.startswith("sqlite"):  # a server of no encoding, as under LC_ALL=C, would answer in bytes
        arguments = {"connect_timeout": PATIENCE, "client_encoding": "utf8"}
    with reachable(storage), silently():
        opened: BaseStorage = optuna.storages.RDBStorage(
            url,
            engine_kwargs={"connect_args": arguments},
            heartbeat_interval=heartbeat,
            grace_period=2 * heartbeat,
            heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(),
        )
    return opened


def disconnect(storage: BaseStorage) -> None:
    """Close what this thread has open there."""
    if hasattr(storage, "engine"):
        storage.remove_session()
        storage.engine.dispose()


def _url(storage: str) -> str:
    if not isinstance(storage, str):
        raise InvalidSetting(f"storage = {brief(storage)} is no text: {CHOOSE}")
    kind, separator, rest = storage.partition("://")
    if not separator:
        return f"sqlite:///{storage}"
    if kind not in DRIVERS:
        raise InvalidSetting(f"storage = {shown(storage)} is of an unknown kind: {CHOOSE}")
    return f"{DRIVERS[kind]}://{rest}"


def shown(storage: str) -> str:
    """The URL without its password."""
    kind, separator, rest = storage.partition("://")
    who, at, where = rest.rpartition("@")
    return f"{kind}{separator}{who.partition(':')[0]}{at}{where}"


@contextmanager
def reachable(storage: str | None) -> Iterator[None]:
    """Around what asks a storage: :class:`InvalidSetting`, one line, where it does not answer."""
    if storage is None:
        yield
        return
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except ImportError:
        raise InvalidSetting(
            f"storage = {shown(storage)} needs its driver: install it with pip install 'trainingwheels[postgres]'."
        ) from None
    except (SQLAlchemyError, load_optuna().exceptions.StorageInternalError) as problem:
        raise InvalidSetting(
            f"storage = {shown(storage)} cannot be used: {_reason(problem)}. Is it spelled right, running, "
            "and free? What has finished is kept: try again."
        ) from None


def _reason(problem: BaseException) -> str:
    """What the driver says, in one line."""
    while problem.__cause__ is not None:
        problem = problem.__cause__
    said = str(getattr(problem, "orig", None) or problem).strip()
    lines = said.splitlines() or [type(problem).__name__]
    return lines[0].rstrip(".") if len(lines[0]) <= 160 else lines[0][:159] + "…"


class Heart:
    """Signs of life of the trials in ``beating``, by optuna's ids, from a thread of its own until ``stop``."""

    def __init__(self, storage: RDBStorage, interval: float) -> None:
        self.storage, self.interval = storage, interval
        self.beating: set[int] = set()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)
        self._thread.start()

    def beat(self) -> None:
        """Once for each."""
        for trial in tuple(self.beating):
            self.storage.record_heartbeat(trial)

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _beat_on(self) -> None:
        while not self._stopped.wait(self.interval):
            _try(self.beat)
        self.storage.remove_session()


def _try(act: Callable[[], Any]) -> None:
    """A storage that does not answer now may answer at the next beat; who tells it of a trial says so."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        act()
    except (SQLAlchemyError, load_optuna().exceptions.OptunaError, KeyError):
        return
