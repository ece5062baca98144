"""Live notebook labs that teach how neural networks are trained."""

from importlib import import_module
from typing import Any

__all__ = ["__version__", "gradient_check"]

__version__ = "0.1.0"

_ON_DEMAND = {"gradient_check": "trainingwheels.engine"}  # loaded when first asked for


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return getattr(import_module(_ON_DEMAND[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
