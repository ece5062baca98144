"""Functions of tensors as people write them: those that differentiate, detach, draw, or run without autograd."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from trainingwheels.engine import InvalidSetting, gradient_check

T = torch.arange(6.0).reshape(2, 3) + 0.5


def squares(x):
    return (x**2).sum()


def without(mode):
    """x under this mode, as a tensor and as a function would meet it."""
    return mode()(lambda: T.clone())()


TENSORS = {
    "transposed": T.T,
    "expanded": torch.ones(3).expand(2, 3),
    "channels last": torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
    "strided": torch.ones(4, 6)[::2, 1:4],
    "leaf": T.clone().requires_grad_(),
    "within a graph": T.clone().requires_grad_() * 2,
    "float16": T.half(),
    "bfloat16": T.bfloat16(),
    "parameter": nn.Parameter(T.clone()),
    "inference": without(torch.inference_mode),
}


@pytest.mark.parametrize("x", TENSORS.values(), ids=TENSORS)
def test_any_tensor(x):
    assert gradient_check(squares, x).ok
    assert gradient_check(squares, x, lambda x: 2 * x).ok
    assert not gradient_check(squares, x, lambda x: 2.02 * x).ok


def test_arrays_among_tensors():
    x = np.broadcast_to(np.arange(3.0), (2, 3))  # which torch cannot take as it is, nor the reversed one
    assert gradient_check(lambda a, b: (a * b).sum(), (x, T)).ok
    assert gradient_check(lambda a, b: (a * b).sum(), (x[:, ::-1], T)).ok


def test_a_gradient_penalty():
    def penalty(x):
        (slope,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
        return (slope**2).sum()

    assert gradient_check(penalty, T).ok
    assert gradient_check(penalty, T, lambda x: 36 * x**3).ok
    assert not gradient_check(penalty, T, lambda x: 36.4 * x**3).ok


def test_a_value_that_depends_on_autograd_being_on():
    assert gradient_check(lambda x: squares(x) if torch.is_grad_enabled() else (x**3).sum(), T).ok


def test_torch_func_inside():
    assert gradient_check(lambda x: squares(torch.func.grad(lambda y: (y**3).sum())(x)), T).ok


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_autograd_switched_off(mode):
    """By the caller: no matter. In f: one line, or a gradient of one's own is checked."""
    assert mode()(lambda: gradient_check(squares, T))().ok
    with pytest.raises(InvalidSetting, match="decorate f with no_grad"):
        gradient_check(mode()(squares), T)
    assert gradient_check(mode()(squares), T, lambda x: 2 * x).ok
    assert not gradient_check(mode()(squares), T, lambda x: 2.02 * x).ok


def test_f_that_does_not_use_its_argument():
    other = torch.ones(2, 3, dtype=torch.float64)
    with pytest.raises(InvalidSetting, match="without a gradient"):
        gradient_check(lambda ignored: squares(other), T)
    with pytest.raises(InvalidSetting, match="f does not use x"):
        gradient_check(lambda ignored: squares(other.requires_grad_()), T)
    report = gradient_check(lambda ignored: squares(other), T, lambda x: 2 * x)
    assert "f does not change with x." in str(report)


def test_a_value_beside_others():
    assert gradient_check(lambda x: (squares(x), x @ torch.ones(3, 2)), T).ok
    report = gradient_check(lambda x: (squares(x), 2 * x), T)
    assert report.ok
    assert "what f gives beside its value" in str(report)
    assert not gradient_check(lambda x: (squares(x), 2.02 * x), T).ok


def test_what_may_be_something_else_is_told_where_autograd_finds_another_gradient():
    y = torch.tensor([0, 2])
    words = "Autograd finds another: if it is something else, such as probabilities, let f give the value alone."
    report = gradient_check(lambda s: (functional.cross_entropy(s, y), s.softmax(1)), T)
    assert not report
    assert words in str(report)
    report = gradient_check(lambda s: (functional.cross_entropy(s, y), (s.softmax(1) - torch.eye(3)[y]) / 2), T)
    assert report.ok
    assert words not in str(report)


def test_dropout_has_the_same_mask_in_every_evaluation():
    assert gradient_check(lambda x: squares(functional.dropout(x, 0.5)), T).ok
    own = torch.Generator()
    with pytest.raises(InvalidSetting, match="different values at the same x"):
        gradient_check(lambda x: (x * torch.rand(3, generator=own)).sum(), T)


def test_float32_inside():
    """Cast: judged as far as that is precise. Made inside: of the type of the check. From outside: one line."""
    assert gradient_check(lambda x: squares(x.float()), T).ok
    assert not gradient_check(lambda x: squares(x.float()), T, lambda x: 2.02 * x).ok
    assert gradient_check(lambda x: squares(x @ torch.ones(3, 2)), T).ok
    W = torch.ones(3, 2)
    with pytest.raises(InvalidSetting, match="mixes float32 and float64"):
        gradient_check(lambda x: squares(x @ W), T)
    assert gradient_check(lambda x: squares(x @ W), T, dtype="float32").ok
    assert torch.get_default_dtype() is torch.float32


def test_an_error_of_the_users_own_comes_through():
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        gradient_check(lambda x: (x @ x).sum(), T)


def test_it_runs_on_one_thread_and_leaves_their_number_as_it_was():
    before, seen = torch.get_num_threads(), set()
    torch.set_num_threads(3)
    try:
        assert gradient_check(lambda x: (seen.add(torch.get_num_threads()), (x**2).sum())[1], T).ok
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert seen == {1}
