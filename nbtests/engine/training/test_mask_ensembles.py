"""Masks averaged: their mean is that over all masks, and the accuracies are those of disjoint ensembles."""

import numpy as np
import pytest

from trainingwheels.engine import RunConfig
from trainingwheels.engine.regularizers import average_over_masks
from trainingwheels.engine.training.mask_ensembles import COUNTS, MODELS, mask_ensemble, masked_probabilities

CONFIG = RunConfig(dataset="blobs", hidden=(8, 4), epochs=2, dropout=0.4, label_noise=0.2)


def test_the_mean_over_drawn_masks_nears_that_over_all():
    net, count = mask_ensemble(CONFIG).net, 4000
    x = net.data.X_val[:1]
    drawn = masked_probabilities(net, x, count, 0)[:, 0].astype(np.float64)

    def masked(mask):
        return net.probabilities(x, [mask[:8] / net.keep, mask[8:] / net.keep])[0]

    exact = average_over_masks(masked, 12, net.keep)
    assert (np.abs(drawn.mean(axis=0) - exact) <= 5 * drawn.std(axis=0) / np.sqrt(count) + 1e-5).all()


def test_a_mask_is_the_same_for_all_inputs():
    net = mask_ensemble(CONFIG).net
    X = net.data.X_val
    alone = masked_probabilities(net, X[3:4], 50, 7)[:, 0]
    np.testing.assert_allclose(masked_probabilities(net, X, 50, 7)[:, 3], alone, atol=1e-5)


def test_accuracies_are_those_of_ensembles_that_share_no_mask():
    ensemble = mask_ensemble(CONFIG)
    p, y = masked_probabilities(ensemble.net, ensemble.net.data.X_val, MODELS, CONFIG.seed), ensemble.net.data.y_val
    for count, found in zip(COUNTS, ensemble.accuracies, strict=True):
        assert len(found) == MODELS // count
        first = (p[:count].mean(axis=0).argmax(axis=1) == y).mean()
        assert found[0] == pytest.approx(first, abs=0.005)  # a tie or two may fall otherwise
    assert ensemble.single == ensemble.net.accuracy()
