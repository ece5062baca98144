"""R(W): values by hand and by torch, gradients by differences, proximal steps by search."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import PENALTIES, InvalidSetting

W = np.array([[1.0, -2.0, 0.0], [0.5, 0.0, -3.0]])


def draw(seed=0, shape=(4, 5)):
    return np.random.default_rng(seed).standard_normal(shape)


def test_the_values_of_one_matrix_by_hand():
    assert PENALTIES["l2"].value(W) == 1 + 4 + 0.25 + 9
    assert PENALTIES["l1"].value(W) == 1 + 2 + 0.5 + 3
    assert PENALTIES["elastic"].value(W, beta=0.5) == 0.5 * 14.25 + 6.5
    assert PENALTIES["elastic"].value(W) == PENALTIES["elastic"].value(W, beta=0.5)


def test_the_gradient_of_w_in_bars_at_0_is_0():
    np.testing.assert_array_equal(PENALTIES["l1"].gradient(W), np.sign(W))
    np.testing.assert_array_equal(PENALTIES["l1"].gradient(np.zeros(3)), np.zeros(3))
    np.testing.assert_array_equal(PENALTIES["elastic"].gradient(np.zeros((2, 2)), beta=2.0), np.zeros((2, 2)))
    assert PENALTIES["l2"].gradient(3.0) == 6.0


@pytest.mark.parametrize("name", PENALTIES)
def test_torch_finds_the_same_value_and_gradient(name):
    theirs = torch.tensor(W, requires_grad=True)
    squares, absolutes = {"l2": (1, 0), "l1": (0, 1), "elastic": (0.7, 1)}[name]
    value = squares * theirs.square().sum() + absolutes * theirs.abs().sum()
    value.backward()
    assert PENALTIES[name].value(W, beta=0.7) == pytest.approx(value.item())
    np.testing.assert_allclose(PENALTIES[name].gradient(W, beta=0.7), theirs.grad, atol=1e-12)


@pytest.mark.parametrize("name", PENALTIES)
def test_the_code_is_what_is_computed(name):
    penalty, drawn = PENALTIES[name], draw()
    names = {"np": np, "W": drawn, "beta": 0.3}
    assert eval(penalty.code, names) == pytest.approx(penalty.value(drawn, 0.3))
    np.testing.assert_allclose(eval(penalty.code_gradient, names), penalty.gradient(drawn, 0.3))


@pytest.mark.parametrize("strength", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("name", PENALTIES)
def test_a_proximal_step_ends_where_nothing_is_lower(name, strength):
    penalty, grid = PENALTIES[name], np.linspace(-4, 4, 80_001)
    for w in draw(1, (12,)):
        found = float(penalty.proximal(w, strength, 0.4))
        squares, absolutes = penalty.parts(0.4)
        lowest = (grid - w) ** 2 / 2 + strength * (squares * grid**2 + absolutes * np.abs(grid))
        assert found == pytest.approx(grid[lowest.argmin()], abs=1e-4)


def test_what_is_small_becomes_exactly_0_where_there_are_absolute_values():
    small = np.array([-0.5, 0.2, 0.5])
    for name in ("l1", "elastic"):
        assert (PENALTIES[name].proximal(small, 0.5) == 0).all()
    assert (PENALTIES["l2"].proximal(small, 0.5) != 0).all()


@pytest.mark.parametrize("method", ["value", "gradient"])
@pytest.mark.parametrize("beta", [-1, -1e-9, float("nan"), float("inf")])
def test_a_bad_beta_is_one_line(method, beta):
    with pytest.raises(InvalidSetting, match=r"^beta = \S+ is out of range: choose a finite number from 0\.$"):
        getattr(PENALTIES["elastic"], method)(W, beta=beta)


@pytest.mark.parametrize("strength", [-0.1, float("nan"), None])
def test_a_bad_strength_is_one_line(strength):
    with pytest.raises(InvalidSetting, match=r"^strength = .* choose a number from 0 to inf\.$"):
        PENALTIES["l1"].proximal(W, strength)


def test_an_unknown_penalty_is_told_the_nearest():
    with pytest.raises(InvalidSetting, match="did you mean 'elastic'"):
        PENALTIES["elastc"]


def test_each_has_its_formula_and_source():
    assert all(each.formula and each.source and each.label for each in PENALTIES.values())
