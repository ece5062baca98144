"""The drawn net: its steps against autograd, its mean over masks against its passes."""

import numpy as np
import pytest
import torch

from trainingwheels.engine.regularizers.dropout import KINDS
from trainingwheels.engine.regularizers.three_layers import RATE, drawn_mask, examples, trained


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("step", [0, 7])
def test_a_step_is_autograds(linear, step):
    nets, keep = trained(3, 0.6, linear), 0.6
    X, y = examples(3)
    U1, U2 = (torch.tensor(kept / keep) for kept in drawn_mask(3, step, keep))
    before = [torch.tensor(each, requires_grad=True) for each in nets[step][:6]]
    W1, b1, W2, b2, W3, b3 = before
    bend = (lambda a: a) if linear else torch.relu
    H1 = bend(W1 @ torch.tensor(X) + b1) * U1
    out = W3 @ (bend(W2 @ H1 + b2) * U2) + b3
    torch.nn.functional.cross_entropy(out.T, torch.tensor(y)).backward()
    torch.nn.utils.clip_grad_norm_(before, 1.0)
    for now, then in zip(nets[step + 1][:6], before, strict=True):
        np.testing.assert_allclose(now, (then - RATE * then.grad).detach(), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("linear", [False, True])
def test_whatever_p_is_it_stays_finite(linear):
    """Warnings are errors, an overflow too."""
    for keep in (0.05, 0.1, 1.0):
        for seed in range(5):
            assert all(np.isfinite(each).all() for each in trained(seed, keep, linear)[-1][:6])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [0.3, 0.8])
def test_test_time_is_the_mean_over_masks_in_the_first_layer_and_throughout_a_linear_net(kind, keep):
    x = examples(1)[0][:, :1]
    for linear in (False, True):
        net = trained(1, keep, linear)[50]
        mean, test = net.expected(x, kind, keep), net.predict(x, kind, keep)
        np.testing.assert_allclose(mean.H1, test.H1, atol=1e-12)
        if linear:
            np.testing.assert_allclose(mean.H2, test.H2, atol=1e-12)
            np.testing.assert_allclose(mean.out, test.out, atol=1e-12)


def test_both_kinds_are_one_net_but_for_a_factor_where_nothing_bends():
    """Vanilla's hidden layers are keep and keep^2 times as large."""
    net, x = trained(0, 0.5, True)[0], examples(0)[0][:, :1]
    vanilla, inverted = (net.expected(x, kind, 0.5) for kind in ("vanilla", "inverted"))
    np.testing.assert_allclose(vanilla.H1, 0.5 * inverted.H1)
    np.testing.assert_allclose(vanilla.H2, 0.25 * inverted.H2)


def test_with_dropout_it_learns():
    X, y = examples(0)
    nets = trained(0, 0.9, False)
    right = [(nets[step].predict(X, "inverted", 0.9).out.argmax(0) == y).mean() for step in (0, 300)]
    assert right[1] > max(right[0], 0.7)


def test_another_draw_is_another_mask_and_a_smaller_keep_drops_more():
    first, other = (np.concatenate(drawn_mask(0, 5, 0.5, draw)) for draw in (0, 1))
    assert (first != other).any()
    fewer = np.concatenate(drawn_mask(0, 5, 0.3))
    assert (first | ~fewer).all()
