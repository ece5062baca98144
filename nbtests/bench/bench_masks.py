"""How long the mean over all masks of dropout takes: every one of the 2^16 masks of a net with 16 units.

python -m nbtests.bench.bench_masks

Nets that take many masks at once, and one that takes them one at a time; the quietest of a few rounds.
"""

from __future__ import annotations

from typing import Any

from nbtests.bench.bench_training import quietest
from nbtests.bench.table import Target, report
from trainingwheels.engine.regularizers import average_over_masks
from trainingwheels.engine.regularizers.integral import NETS, masked_net

UNITS = 16
QUICK = Target("all masks of 16 units, many at once", "s", at_most=1, of=lambda row: row["masks"] == "at once")


def enumerating(kind: str, together: bool) -> dict[str, Any]:
    """The mean of such a net's outputs over all its masks."""
    net = masked_net(kind, UNITS, 0.5, 2.0, 0)

    def alone(mask: Any) -> Any:
        assert mask.ndim == 1
        return net(mask)

    seconds = quietest({kind: lambda: average_over_masks(net if together else alone, UNITS)}, 3)[kind]
    return {"net": kind, "units": UNITS, "masks": "at once" if together else "one by one", "s": seconds}


if __name__ == "__main__":
    rows = [enumerating(kind, True) for kind in NETS]
    report("masks", [*rows, enumerating("deep", False)], QUICK)
