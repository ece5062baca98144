"""A grid against random trials on a landscape, as a short plain NumPy script."""

from __future__ import annotations

from trainingwheels.engine.search.landscapes import BITS, DESIGNS, DRAWS, SIDES, Ridge

__all__ = ["landscape_script", "measured_script"]

_RIVALS = {
    "random": "points = rng.random((draws, most, 2))[:, : side**2]",
    "sobol": f"""\
first = (qmc.Sobol(2, scramble=False).random(most)[: side**2] * 2**{BITS}).astype(np.uint32)
shift = rng.integers(0, 2**{BITS}, (draws, 1, 2), dtype=np.uint32)
points = ((first ^ shift) + 0.5) / 2**{BITS}""",
}


def landscape_script(ridge: Ridge, rival: str, side: int) -> str:
    """Leaves ``grid`` and ``rival``, the best scores of each draw."""
    return f"""import numpy as np
{"from scipy.stats import qmc" if rival == "sobol" else ""}
importance, peak, width = {ridge.importance:g}, ({ridge.peak[0]:g}, {ridge.peak[1]:g}), {ridge.width:g}
side, draws, most = {side}, {DRAWS}, {SIDES[-1] ** 2}


def score(points):
    g, h = (np.exp(-0.5 * ((points[..., axis] - peak[axis]) / width) ** 2) for axis in (0, 1))
    return (g + importance * h) / (1 + importance)


rng = np.random.default_rng((0, {DESIGNS.index("grid")}))
steps = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(1, -1, 2)
grid = score((steps + rng.random((draws, 1, 2))) / side).max(axis=1)  # where a grid lies is arbitrary

rng = np.random.default_rng((0, {DESIGNS.index(rival)}))
{_RIVALS[rival]}
rival = score(points).max(axis=1)

print(f"the best of {{side**2}} trials: grid {{grid.mean():.3f}}, {rival} {{rival.mean():.3f}}")
print(f"{rival} has the better one in {{np.mean(rival > grid):.0%}} of {{draws}} draws")
"""


def measured_script(name: str, rival: str, side: int, conv: tuple[int, ...] = ()) -> str:
    """The same on accuracies of real nets, which the engine trains."""
    return f"""from trainingwheels.engine.search.landscapes import contest
from trainingwheels.engine.search.measured import measured

landscape = measured({name!r}{f", conv={conv}" * bool(conv)})  # trains a net at each place of a fine grid
found = contest(landscape, {side})
grid, rival = found.here("grid"), found.here({rival!r})

print(f"the highest accuracy of any of the nets: {{landscape.scores.max():.3f}}")
print(f"the best of {side**2} trials: grid {{grid.mean():.3f}}, {rival} {{rival.mean():.3f}}")
print(f"{rival} has the better one in {{(rival > grid).mean():.0%}} of {{len(grid)}} draws")
"""
