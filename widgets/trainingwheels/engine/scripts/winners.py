"""The winner's curse without any net, as a short plain NumPy script."""

from __future__ import annotations

__all__ = ["winners_script"]


def winners_script(contenders: int, size: int) -> str:
    """Leaves ``val`` and ``new``, the winner's mean accuracies on both kinds of examples."""
    return f"""import numpy as np

contenders, size, looks = {contenders}, {size}, 2000
rng = np.random.default_rng(0)
truth = rng.normal(0.90, 0.012, (looks, contenders))  # how good each net is; it shows by chance only
val = rng.binomial(size, truth) / size
new = rng.binomial(1000, truth) / 1000
winner = val.argmax(axis=1)[:, None]
val, new = (np.take_along_axis(each, winner, axis=1).mean() for each in (val, new))
print(f"the winner of {{contenders}} by {{size}} examples: {{val:.1%}} on these, {{new:.1%}} on new ones")
"""
