"""Live notebook labs that teach how neural networks are trained."""

import os
from importlib import import_module
from typing import Any

__all__ = ["__version__", "gradient_check", "watch"]

__version__ = "0.1.0"

# Threads of torch spin while they wait for each other, ten times longer if nothing is said: beside other work they wait
# for one that is not running. Ten times shorter, and they sleep between products. It is read when torch is loaded.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "30000")

# Products of matrices by MKL do not depend on where in memory they lie: equal seeds give equal curves. Read likewise.
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")

_ON_DEMAND = {  # loaded when first asked for
    "gradient_check": "trainingwheels.engine",
    "watch": "trainingwheels.labs.watch",
}


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return getattr(import_module(_ON_DEMAND[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
