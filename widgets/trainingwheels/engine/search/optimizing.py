"""optuna, imported when a search starts."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType

from trainingwheels.engine.settings import InvalidSetting

__all__ = ["load_optuna", "silently"]


@cache
def load_optuna() -> ModuleType:
    """The package, which says nothing while all goes well. :class:`InvalidSetting` where it is not installed."""
    try:
        with ThreadPoolExecutor(1) as alone:  # it keeps the errors of its own imports, and with them who asked for it
            optuna = alone.submit(import_module, "optuna").result()
    except ModuleNotFoundError as missing:
        if missing.name != "optuna":
            raise
        raise InvalidSetting("A search needs optuna: install it with pip install 'trainingwheels[train]'.") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


@contextmanager
def silently() -> Iterator[None]:
    """Without optuna's warnings that something is experimental, or is used as it also can be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", load_optuna().exceptions.ExperimentalWarning)
        warnings.filterwarnings("ignore", message="Heartbeat of storage is supposed")
        yield
