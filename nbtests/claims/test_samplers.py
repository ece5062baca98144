"""What came after grid and random search, on the same budget, over paired seeds: the mean with its 99 % interval.

On a landscape what is told is the distance that the best trial leaves from a top that lies anywhere in the square. Real
nets are 64-16-10 on 512 digits, five epochs for each of 16 trials (lr from 1e-4 to 1, L2 from 1e-7 to 1e-3), and what
is told is the winner's accuracy on a test set.
"""

from functools import cache

import numpy as np
import pytest

from nbtests.claims.bootstrap import holds, interval
from nbtests.claims.test_hyperparameters import BASE, left
from trainingwheels.engine.search import LogUniform, search

SPACE = {"lr": LogUniform(1e-4, 1.0), "l2": LogUniform(1e-7, 1e-3)}


def test_who_looks_at_earlier_trials_comes_much_nearer():
    """Holds on a smooth landscape of two parameters that both matter: of 60 trials in a row TPE leaves 0.012 (0.009 to
    0.014) where random search leaves 0.054 (0.040 to 0.072), over 24 tops."""
    tpe, random = (np.array([left(name, 60, 1.0, seed) for seed in range(24)]) for name in ("tpe", "random"))
    assert holds(tpe, 0.005, 0.02)
    assert holds(tpe - random, -0.1, -0.02)


@cache
def judged(sampler):
    """Test accuracy of the winner, (seeds,)."""
    found = [search(SPACE, base=BASE, sampler=sampler, trials=16, seed=seed, device="cpu") for seed in range(10)]
    assert all(result.spent <= result.budget == 80 for result in found)
    return np.array([result.best.test for result in found])


@pytest.mark.parametrize("sampler", ["grid", "sobol", "tpe", "halving"])
def test_where_it_does_not_show_with_real_nets_and_16_trials(sampler):
    """Random search has 0.828, and what came after does not have much more, or less: Sobol -0.004 (-0.038 to 0.019),
    TPE, which learns from one batch of 8 only, -0.029 (-0.064 to 0.010), successive halving, which tries 49 nets, 0.011
    (0.000 to 0.031). The grid, two of whose four rates happen to be good, has 0.020 (0.003 to 0.041) more."""
    low, high = interval(judged(sampler) - judged("random"))
    assert low > -0.1
    assert high < 0.08
    assert low < 0.03
    assert high > -0.03
