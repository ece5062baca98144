"""Least squares with batches: gradients, full batches in closed form, and what all examples agree on."""

import numpy as np
import pytest

from trainingwheels.engine.descent.batches import EPOCHS, EXAMPLES, Examples
from trainingwheels.engine.descent.surfaces import START


def test_the_gradient_is_that_of_the_loss():
    examples, h = Examples(0.5), 1e-5
    for w in np.random.default_rng(0).standard_normal((5, 2)):
        slopes = [(examples.excess(w + step) - examples.excess(w - step)) / (2 * h) for step in h * np.eye(2)]
        loss = ((examples.X @ w - examples.y) ** 2).mean() / 2
        assert examples.excess(w) + examples.lowest == pytest.approx(loss)
        np.testing.assert_allclose(examples.gradient(w, slice(None)), slopes, atol=1e-8)
        single = np.mean([examples.gradient(w, [row]) for row in range(EXAMPLES)], axis=0)
        np.testing.assert_allclose(single, slopes, atol=1e-8)


def test_nothing_is_lower_than_the_best_weights():
    examples = Examples(1.0, 3)
    np.testing.assert_allclose(examples.gradient(examples.best, slice(None)), 0, atol=1e-12)
    around = examples.best + np.random.default_rng(0).standard_normal((20, 2))
    assert (examples.excess(around) > examples.excess(examples.best)).all()
    assert examples.excess(examples.best) == 0


def test_full_batches_are_gradient_descent():
    examples = Examples(0.5)
    path = examples.descend(EXAMPLES, 0.1, "constant", np.array(START))
    step = np.eye(2) - 0.1 * examples.X.T @ examples.X / EXAMPLES
    e = np.linalg.matrix_power(step, EPOCHS) @ (START - examples.best)
    np.testing.assert_allclose(path.points[-1] - examples.best, e, atol=1e-12)


@pytest.mark.parametrize("size", [1, 8, EXAMPLES])
def test_each_path_sees_as_many_examples(size):
    path = Examples(0.5).descend(size, 0.01, "linear", np.array(START))
    assert path.seen[-1] == EPOCHS * EXAMPLES
    assert path.points.shape == (EPOCHS * EXAMPLES // size + 1, 2)
    assert path.diverged_at is None


def test_single_examples_come_to_rest_where_all_agree_and_not_where_they_do_not():
    late = [Examples(noise).descend(1, 0.1, "constant", np.array(START)).points[-100:] for noise in (0.0, 0.5)]
    assert np.ptp(late[0], axis=0).max() < 1e-3 < np.ptp(late[1], axis=0).max()


def test_full_batches_diverge_from_two_over_the_curvature_on():
    examples = Examples(0.5)
    for share, smaller in ((0.95, True), (1.05, False)):
        above = examples.descend(EXAMPLES, share * 2 / examples.curvature, "constant", np.array(START)).above
        assert (above[-1] < above[0]) == smaller
    assert examples.descend(1, 10.0, "constant", np.array(START)).diverged_at is not None
