"""Winners: chosen by their score among what nobody trained; the curse against what theory says of it."""

import numpy as np
import pytest

from trainingwheels.engine.search import winners as module
from trainingwheels.engine.search.winners import LOOKS, NETS, SIZES, Pool, winners

EXAMPLES = 1497


@pytest.fixture(scope="module")
def equals():
    """Winners of nets that are equally good, each right on any example with probability 0.9, and independent."""
    right = np.random.default_rng(0).random((NETS, EXAMPLES)) < 0.9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "pool", lambda kind, conv: Pool(kind, right))
        module._looks.cache_clear()
        winners.cache_clear()
        yield winners("seeds")
    module._looks.cache_clear()
    winners.cache_clear()


def test_a_winner_is_the_best_of_those_before_it(equals):
    assert equals.val.shape == equals.new.shape == equals.best.shape == (len(SIZES), LOOKS, NETS)
    assert (np.diff(equals.val, axis=2) >= 0).all()
    assert (equals.best >= equals.new - 1e-6).all()
    assert equals.shown.shape == (len(SIZES), 2, NETS)


def test_both_scores_of_one_net_are_of_all_examples(equals):
    """A single net, chosen from nobody, is flattered by nothing: its two scores differ by chance alone."""
    difference = (equals.val - equals.new)[:, :, 0]
    error = np.sqrt(0.09 / np.array(SIZES) + 0.09 / (EXAMPLES - np.array(SIZES))) / np.sqrt(LOOKS)
    assert (np.abs(difference.mean(axis=1)) < 4.5 * error).all()


def test_among_equals_the_winner_gains_what_the_largest_of_n_normals_does(equals):
    """sqrt(p (1 - p) / size) times the mean maximum of n standard normals: 2.07 for 32. Binomials are not quite that,
    and a pool of 128 differs by chance a little: within a quarter."""
    largest = np.random.default_rng(0).normal(size=(4000, 32)).max(axis=1).mean()
    for place, size in enumerate(SIZES[2:], 2):
        gain = (equals.val[place, :, 31] - equals.val[place, :, 0]).mean()
        assert gain == pytest.approx(np.sqrt(0.09 / size) * largest, rel=0.25)


def test_more_contenders_promise_more_and_more_examples_less(equals):
    curse = (equals.val - equals.new).mean(axis=1)
    assert (curse[:, 31] > curse[:, 3]).all()
    assert (np.diff(curse[:, 31]) < 0).all()
