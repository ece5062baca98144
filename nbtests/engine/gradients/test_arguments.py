"""What f is called with: floats are checked, all else is held fixed."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from trainingwheels.engine import InvalidSetting, gradient_check
from trainingwheels.engine.gradients.arguments import Parts

W, Y = np.ones((3, 3)), np.array([0, 1, 2, 1, 0])
INPUTS = np.random.default_rng(0).standard_normal((5, 3))


def softmax(W, y):
    """Loss and gradient."""
    scores = INPUTS @ W
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    value = -np.log(p[range(5), y]).mean()
    p[range(5), y] -= 1
    return value, INPUTS.T @ p / 5


@pytest.mark.parametrize(
    "gradient",
    [None, lambda W, y: softmax(W, y)[1], lambda W, y: (softmax(W, y)[1],), lambda W, y: (softmax(W, y)[1], None)],
)
def test_labels_are_held_fixed(gradient):
    report = gradient_check(softmax, (W, Y), gradient)
    assert report.ok
    assert [array.name for array in report.arrays] == ["x0"]
    assert "x1 holds no floats, so no slope: held fixed." in str(report)


def test_labels_are_held_fixed_in_torch_and_in_dicts():
    def loss(W, y):
        return functional.cross_entropy(torch.tensor(INPUTS) @ W, y)

    assert gradient_check(loss, (torch.tensor(W), torch.tensor(Y))).ok
    named = gradient_check(lambda p: softmax(**p)[0], {"W": W, "y": Y}, lambda p: {"W": softmax(**p)[1]})
    assert named.ok
    assert "y holds no floats" in str(named)


def test_numbers_words_and_nothing_are_held_fixed():
    report = gradient_check(lambda W, k, how, no: k * (W**2).sum(), (W, 2, "relu", None), lambda W, k, *_: 2 * k * W)
    assert report.ok
    assert "x1, x2, x3 hold no floats" in str(report)


def test_what_is_held_fixed_is_copied():
    def counts(W, y):
        y += 1
        return int(y[0]) * (W**2).sum()

    labels = np.array([1])
    assert gradient_check(counts, (W, labels), lambda W, y: 4 * W).ok
    assert labels.tolist() == [1]


def test_without_floats_there_is_nothing_to_check():
    with pytest.raises(InvalidSetting, match=r"x0 holds whole numbers \(int64\)"):
        gradient_check(lambda a, b: 1.0, (Y, Y), lambda a, b: (a, b))


def test_two_outputs_that_may_be_the_gradient_are_refused():
    scores = np.random.default_rng(0).standard_normal((5, 3))
    target = np.eye(3)[Y]

    def loss(scores):
        p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
        return -(target * np.log(p)).sum(), p, p - target

    with pytest.raises(InvalidSetting, match="f gives 2 outputs of the form of x beside its value"):
        gradient_check(loss, scores)
    assert gradient_check(loss, scores, lambda scores: loss(scores)[2]).ok
    assert gradient_check(lambda scores: loss(scores)[::2], scores).ok


def test_of_several_dicts_the_gradient_is_the_one_with_the_names_of_x():
    report = gradient_check(lambda p: (softmax(**p)[0], {"scores": INPUTS}, {"W": softmax(**p)[1]}), {"W": W, "y": Y})
    assert report.ok, report


@pytest.mark.parametrize(
    ("found", "gradient"),
    [(3.0, None), ((3.0,), None), ((3.0, "more"), None), ((3.0, np.ones(2)), None), ((3.0, W), W), ([3.0, "m", W], W)],
)
def test_the_gradient_is_what_fits(found, gradient):
    assert Parts(W).gradient_in(found) is gradient
