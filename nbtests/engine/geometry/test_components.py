"""Principal components of digits, against scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from trainingwheels.engine import load_dataset
from trainingwheels.engine.geometry.components import digit_components
from trainingwheels.engine.preprocessing import SMALLEST


def test_components_of_digits_are_scikit_learns():
    X, others = load_dataset("digits").X_train, load_dataset("digits").X_val
    ours, theirs = digit_components(len(X)), PCA(12).fit(X)
    assert ours.kept(12) == pytest.approx(theirs.explained_variance_ratio_.sum(), abs=1e-4)
    np.testing.assert_allclose(ours.rebuilt(others, 12), theirs.inverse_transform(theirs.transform(others)), atol=1e-3)
    np.testing.assert_allclose(ours.rebuilt(others, 64), others, atol=1e-4)
    variances = ours.fitted(X).var(axis=0)[: ours.rank]
    np.testing.assert_allclose(
        variances, ours.variances[: ours.rank] / (ours.variances[: ours.rank] + SMALLEST), rtol=1e-2
    )


@pytest.mark.parametrize("examples", [1, 2, 20, 64])
def test_the_rank_is_less_than_the_number_of_examples(examples):
    found = digit_components(examples)
    assert found.rank <= examples - 1
    assert found.constant >= 1
    assert np.isfinite(found.whitened(load_dataset("digits").X_val)).all()
