import numpy as np
import pytest
import torch

from trainingwheels.engine.evaluation.calibration import negative_log_likelihood, reliability


def test_worked_by_hand():
    p = np.array([[0.95, 0.05], [0.92, 0.08], [0.55, 0.45], [1.0, 0.0]])
    found = reliability(p, [0, 1, 0, 0])
    np.testing.assert_allclose(found.confidence, [0.55, (0.95 + 0.92 + 1.0) / 3])
    np.testing.assert_allclose(found.accuracy, [1, 2 / 3])
    np.testing.assert_allclose(found.share, [0.25, 0.75])
    assert found.error == pytest.approx(0.25 * 0.45 + 0.75 * (2.87 / 3 - 2 / 3))
    assert found.too_sure == pytest.approx(p.max(axis=1).mean() - 0.75)


def test_labels_drawn_from_what_is_said_are_well_calibrated():
    rng = np.random.default_rng(0)
    p = rng.dirichlet([1, 1, 1], 20_000)
    y = (p.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert reliability(p, y).error < 0.03  # each of ten bins has an error of about 0.01
    assert reliability(p**3 / (p**3).sum(axis=1, keepdims=True), y).too_sure > 0.1


def test_likelihood_is_that_of_torch():
    scores, y = torch.randn(50, 4, generator=torch.Generator().manual_seed(0)), torch.arange(50) % 4
    theirs = torch.nn.functional.cross_entropy(scores, y).item()
    assert negative_log_likelihood(torch.softmax(scores, 1).numpy(), y.numpy()) == pytest.approx(theirs, rel=1e-5)
