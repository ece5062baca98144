import numpy as np
import pytest
import torch

from trainingwheels.engine.softmax import softmax


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_is_that_of_torch_in_the_precision_of_the_scores(dtype):
    scores = (1000 * np.random.default_rng(0).normal(size=(3, 5, 4))).astype(dtype)  # e^1000 is infinite
    theirs = torch.softmax(torch.from_numpy(scores), -1).numpy()
    found = softmax(scores)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, theirs, rtol=20 * np.finfo(dtype).eps, atol=np.finfo(dtype).tiny)


def test_a_class_without_a_chance_has_none():
    np.testing.assert_array_equal(softmax(np.array([-np.inf, 0.0, 0.0])), [0, 0.5, 0.5])
