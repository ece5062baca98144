"""The full loss of one example: by hand, by torch, and by differences."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import PENALTIES
from trainingwheels.engine.shrinkage.one_example import FullLoss, spread_weights

SCORES = (2.0, 2.4, 1.5, -1.0)


def test_the_slide_by_hand():
    full = FullLoss(SCORES)
    np.testing.assert_allclose(full.terms, [0, 1.4, 0.5, 0])
    assert full.data_loss == pytest.approx(1.9)
    assert full.penalty_value == pytest.approx(4 + 5.76 + 2.25 + 1)
    assert full.total == pytest.approx(1.9 + 0.1 * 13.01)
    np.testing.assert_array_equal(full.score_gradient, [-2, 1, 1, 0])


@pytest.mark.parametrize("seed", range(5))
def test_torch_finds_the_same_data_losses(seed):
    scores = tuple(np.random.default_rng(seed).normal(0, 3, 4).tolist())
    s, y = torch.tensor([scores], dtype=torch.float64), torch.tensor([0])
    hinge = 4 * torch.nn.MultiMarginLoss()(s, y)  # theirs is divided by the number of classes
    assert FullLoss(scores).data_loss == pytest.approx(hinge.item())
    cross_entropy = torch.nn.functional.cross_entropy(s, y)
    assert FullLoss(scores, "softmax").data_loss == pytest.approx(cross_entropy.item())


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_spread_changes_weights_and_no_score(spread):
    np.testing.assert_allclose(spread_weights(SCORES, spread) @ np.ones(4), SCORES)


def test_from_one_weight_to_four_alike_l2_falls_to_a_quarter_and_l1_stays():
    one, alike = (spread_weights(SCORES, spread) for spread in (0.0, 1.0))
    assert PENALTIES["l2"].value(alike) == pytest.approx(PENALTIES["l2"].value(one) / 4)
    assert PENALTIES["l1"].value(alike) == pytest.approx(PENALTIES["l1"].value(one))


@pytest.mark.parametrize("loss", ["hinge", "softmax"])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_gradient_is_that_of_the_loss(loss, penalty):
    """By torch's autograd, of the weights and of all that follows from them."""
    full = FullLoss((1.3, -0.4, 2.2, 0.9), loss, penalty, 0.3, 0.7, 0.4)
    W = torch.tensor(full.weights, requires_grad=True)
    s = (W @ torch.ones(4, dtype=W.dtype))[None]
    y = torch.tensor([0])
    data = 4 * torch.nn.MultiMarginLoss()(s, y) if loss == "hinge" else torch.nn.functional.cross_entropy(s, y)
    squares, absolutes = PENALTIES[penalty].parts(0.7)
    total = data + 0.3 * (squares * W.square().sum() + absolutes * W.abs().sum())
    total.backward()
    assert full.total == pytest.approx(total.item())
    np.testing.assert_allclose(full.gradient, W.grad, atol=1e-12)


def test_large_scores_do_not_overflow():
    full = FullLoss((0.0, 2000.0, 0.0, 0.0), "softmax")
    assert full.data_loss == pytest.approx(2000)
    assert np.isfinite(full.gradient).all()
