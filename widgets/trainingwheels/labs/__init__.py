"""The labs, in the lecture's order. What is asked for here is loaded then: a lab's pictures are of use without widgets.

``LABS`` maps slug to class; beside it are the classes themselves, ``Lab``, ``Preset`` and ``InvalidParameter``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainingwheels.labs.catalog import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    catalog = import_module("trainingwheels.labs.catalog")
    if name not in catalog.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(catalog, name)
