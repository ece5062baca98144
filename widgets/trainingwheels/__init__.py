"""Live notebook labs that teach how neural networks are trained."""

from importlib import import_module
from typing import Any

__all__ = ["__version__", "gradient_check", "watch"]

__version__ = "0.1.0"

_ON_DEMAND = {  # loaded when first asked for
    "gradient_check": "trainingwheels.engine",
    "watch": "trainingwheels.labs.watch",
}


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return getattr(import_module(_ON_DEMAND[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
