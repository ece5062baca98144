"""The classifier's weights: sentences, slides and script say what the engine finds, whatever the settings."""

import re

import numpy as np
import pytest

from nbtests.labs.using import apply, change, run, slide
from trainingwheels.engine import PENALTIES
from trainingwheels.engine.shrinkage.classifier import LAMBDAS, METHODS
from trainingwheels.labs.penalties.classifier import CONVERGED, LinearClassifier, classifier_view

EVERY = [(rule, method) for rule in PENALTIES for method in METHODS]


@pytest.mark.parametrize(("rule", "method"), EVERY)
def test_the_sentences_are_true_at_every_lambda(rule, method):
    view = LinearClassifier(None)
    for lam in LAMBDAS:
        result = classifier_view(rule, 0.5, 50, method, lam)
        paths, at = result.here
        count, why, best = view.explain(result)
        W = paths.W[at]
        zeros, size = map(int, re.search(r"(\d+) of (\d+) weights are exactly 0", count).groups())
        assert (zeros, size) == ((W == 0).sum(), W.size)
        if rule == "l2":
            assert zeros == 0
            assert "nothing holds" in why
        elif method == "subgradient":
            assert zeros == 0
            near = int(re.search(r"(\d+) weights are within", why).group(1))
            assert near == (np.abs(W) < lam / 10).sum()
        else:
            held = paths.violations[at] <= CONVERGED * lam
            assert ("not converged" in why) != held
            if held:
                slack = np.abs(paths.gradients[at][W == 0]).max() - lam
                assert slack <= CONVERGED * lam
        assert f"λ = {LAMBDAS[int(paths.val_accuracy.argmax())]:.2g}" in best


@pytest.mark.parametrize(("rule", "method"), EVERY)
def test_the_script_computes_the_same(make, rule, method):
    lab = make(show="weights", rule=rule, method=method, examples=50, beta_w=0.75)
    names, (paths, at) = run(lab), lab.result.here
    np.testing.assert_allclose(names["W"], paths.W[at], atol=1e-6)
    np.testing.assert_allclose(names["b"], paths.b[at], atol=1e-6)
    assert names["zeros"] == pytest.approx(paths.zeros[at], abs=2)
    assert (names["train"], names["val"]) == pytest.approx((paths.train_accuracy[at], paths.val_accuracy[at]), abs=0.01)


def test_a_lambda_between_those_of_the_grid_is_computed(make):
    lab = make(show="weights", examples=50)
    result = change(lab, lam_w=0.004)
    paths, at = result.here
    assert paths.lams == (0.004,)
    assert result.grid.zeros[4] <= paths.zeros[at] <= result.grid.zeros[5]
    assert change(lab, lam_w=LAMBDAS[3]).own is None


def test_the_slides_are_right(make):
    lab = make()
    result, answer = apply(lab, "exact-zeros"), slide(lab, "exact-zeros").answer
    (paths, at), size = result.here, 590
    assert paths.W[at].size == size
    assert size - paths.zeros[at] == pytest.approx(100, abs=8)
    assert 0.88 < paths.val_accuracy[at] < 0.94
    assert paths.zeros[-1] == size
    assert "0.0032" in answer
    result = apply(lab, "no-zeros")
    assert (result.grid.zeros == 0).all()
    result, answer = apply(lab, "subgradient"), slide(lab, "subgradient").answer
    assert (result.grid.zeros == 0).all()
    assert "400 steps" in answer
