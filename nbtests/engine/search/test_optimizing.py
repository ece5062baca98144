"""optuna is loaded when a search starts."""

from nbtests.fresh import run_script


def test_whoever_loads_it_first_can_be_forgotten():
    """optuna keeps the errors of imports that failed, which hold all that was under way above them."""
    run_script("""
import gc, sys, weakref
from trainingwheels.engine.search import LogUniform
from trainingwheels.engine.search.spaces import distributions

class Asking: pass

def ask():
    asking = Asking()
    distributions({"lr": LogUniform(1e-4, 1.0)})
    return weakref.ref(asking)

assert "optuna" not in sys.modules
asking = ask()
assert "optuna" in sys.modules
gc.collect()
assert asking() is None
""")
