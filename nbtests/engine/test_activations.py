"""Every nonlinearity against finite differences, against torch, and at the ends of float32."""

import math
import warnings

import numpy as np
import pytest
import torch
from scipy.integrate import quad

from trainingwheels.engine import ACTIVATIONS, elu, leaky_relu, maxout

TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda x: torch.nn.functional.leaky_relu(x, 0.1),
    "maxout": lambda x: torch.maximum(*x.chunk(2, dim=-1)),
    "elu": torch.nn.functional.elu,
    "selu": torch.nn.functional.selu,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
}
# An even number of inputs, none at a kink; for maxout they are two halves.
X = np.linspace(-8, 8, 1000)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_the_slope_of_the_value(name):
    activation, h = ACTIVATIONS[name], 1e-6
    if activation.pieces == 1:
        numeric = (activation.value(X + h) - activation.value(X - h)) / (2 * h)
    else:
        first, second = np.split(X, 2)
        of_first = activation.value(np.r_[first + h, second]) - activation.value(np.r_[first - h, second])
        of_second = activation.value(np.r_[first, second + h]) - activation.value(np.r_[first, second - h])
        numeric = np.r_[of_first, of_second] / (2 * h)
    np.testing.assert_allclose(activation.derivative(X), numeric, atol=2e-7)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 2e-8), (np.float32, 5e-7)])
def test_value_and_derivative_agree_with_torch(name, dtype, tolerance):
    x = torch.tensor(X.astype(dtype).astype(float), requires_grad=True)  # torch at float64 in any case
    value = TORCH[name](x)
    value.sum().backward()
    ours, inputs = ACTIVATIONS[name], X.astype(dtype)
    np.testing.assert_allclose(ours.value(inputs), value.detach().numpy(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(ours.derivative(inputs), x.grad.numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_extremes_give_no_warning(name, dtype):
    x = np.array([-1e30, -100, -1e-30, 0, 1e-30, 100, 1e30, 2], dtype=dtype)
    value, derivative = ACTIVATIONS[name].value(x), ACTIVATIONS[name].derivative(x)
    assert value.dtype == derivative.dtype == dtype
    assert np.isfinite(value).all()
    assert np.isfinite(derivative).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_stay_in_the_stated_range_and_reach_for_its_ends(name):
    activation = ACTIVATIONS[name]
    low, high = activation.range
    value = activation.value(np.linspace(-60, 60, 120_000))
    assert low - 1e-5 <= value.min()
    assert value.max() <= high
    for end, reached in ((low, value.min()), (high, value.max())):
        assert abs(reached - end) < 1e-4 if math.isfinite(end) else True


def test_those_not_zero_centred():
    not_centred = [name for name in ACTIVATIONS if not ACTIVATIONS[name].zero_centered]
    assert not_centred == ["sigmoid", "relu", "gelu", "silu"]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "selu"])
def test_gain_is_the_one_torch_calculates(name):
    param = 0.1 if name == "leaky_relu" else None
    assert ACTIVATIONS[name].gain == pytest.approx(torch.nn.init.calculate_gain(name, param))


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "gelu", "silu"])
def test_gain_keeps_the_size_of_a_unit_gaussian_signal(name):
    f = ACTIVATIONS[name].value
    power, _ = quad(lambda z: f(np.array([z]))[0] ** 2 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi), -12, 12)
    assert ACTIVATIONS[name].gain == pytest.approx(1 / math.sqrt(power), rel=1e-6)


def test_gain_of_maxout_is_one():
    z = np.random.default_rng(0).standard_normal(2_000_000)
    assert np.mean(ACTIVATIONS["maxout"].value(z) ** 2) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "elu", "selu", "gelu", "silu"])
def test_saturated_is_a_slope_below_five_percent_of_the_largest(name):
    activation = ACTIVATIONS[name]
    slope = np.abs(activation.derivative(np.linspace(-30, 30, 600_001)))
    for threshold, outwards in ((activation.flat.below, -1), (activation.flat.above, 1)):
        if math.isfinite(threshold):
            at = np.abs(activation.derivative(np.array([threshold])))[0]
            beyond = np.abs(activation.derivative(threshold + outwards * np.linspace(1e-3, 20, 1000)))
            assert at == pytest.approx(0.05 * slope.max(), rel=1e-5)
            assert beyond.max() < 0.05 * slope.max()


def test_relu_is_off_where_its_slope_is_exactly_zero_and_some_are_never_flat():
    x = np.array([-2.0, -0.0, 0.0, 1e-30, 3.0])
    relu = ACTIVATIONS["relu"]
    assert relu.flat.word == "off"
    assert relu.saturated(x) == np.mean(relu.derivative(x) == 0) == 0.6
    assert ACTIVATIONS["leaky_relu"].saturated(x) == ACTIVATIONS["maxout"].saturated(x) == 0


def test_saturated_counts_both_ends_and_leaves_out_nan():
    assert ACTIVATIONS["tanh"].saturated(np.array([-9.0, -1.0, 2.5, np.nan])) == 0.5
    assert ACTIVATIONS["tanh"].flat.rule.startswith("saturated: its slope is below 5 %")


def test_slope_of_leaky_relu_is_a_choice():
    assert leaky_relu(0.01).value(np.array([-2.0, 2.0])).tolist() == [-0.02, 2.0]
    assert leaky_relu(0.01).gain == pytest.approx(torch.nn.init.calculate_gain("leaky_relu", 0.01))


@pytest.mark.parametrize("alpha", [0.0, 0.02, 0.5, 1.0, 2.5])
def test_alpha_of_elu_is_a_choice(alpha):
    made, x = elu(alpha), torch.tensor(X, requires_grad=True)
    value = torch.nn.functional.elu(x, alpha)
    value.sum().backward()
    np.testing.assert_allclose(made.value(X), value.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(made.derivative(X), x.grad.numpy(), atol=1e-12)
    assert made.range[0] == -alpha
    cut = made.flat.below
    largest = max(1.0, alpha)
    if alpha > 0.05 * largest:
        assert made.derivative(np.array([cut]))[0] == pytest.approx(0.05 * largest)
    else:
        assert cut == 0
    assert made.flat.word == ("saturated" if alpha else "off")


LINES = [(1, 0, -0.5, 0), (1, 0, 0, 0), (2, -1, 2, 1), (0, 1, 0, 2), (-1, 3, 0, -1), (0.5, 0.3, -3, -0.2)]


@pytest.mark.parametrize("lines", LINES)
def test_maxout_of_one_input_is_the_tables_maxout_with_both_lines_as_inputs(lines):
    w1, b1, w2, b2 = lines
    made, pieces = maxout(*lines), np.concatenate([w1 * X + b1, w2 * X + b2])
    np.testing.assert_array_equal(made.value(X), ACTIVATIONS["maxout"].value(pieces))
    first, second = np.split(ACTIVATIONS["maxout"].derivative(pieces), 2)
    np.testing.assert_array_equal(made.derivative(X), w1 * first + w2 * second)
    far = np.linspace(-1e3, 1e3, 200_001)
    low, high = made.range
    assert (
        (made.value(far).min() <= -100) if low == -math.inf else made.value(far).min() == pytest.approx(low, abs=0.01)
    )
    assert (made.value(far).max() >= 100) if high == math.inf else made.value(far).max() == high
    off = made.derivative(far) == 0
    assert made.saturated(far) == pytest.approx(np.mean(off), abs=1e-4)


def test_maxout_can_be_written_and_become_a_relu():
    assert maxout().written == "max(x, −x)"
    assert maxout(0.5, 1, 0, -2).written == "max(0.5x + 1, −2)"
    assert maxout(1, -1, 2, 0).written == "max(x − 1, 2x)"
    np.testing.assert_array_equal(maxout(1, 0, 0, 0).value(X), ACTIVATIONS["relu"].value(X))


@pytest.mark.parametrize("made", [elu(0.5), elu(0), leaky_relu(0.3), maxout(1.5, -1, -0.25, 2)], ids=lambda f: f.label)
def test_chosen_forms_export_what_they_compute(made):
    np.testing.assert_allclose(eval(made.code, {"np": np, "x": X}), made.value(X), atol=1e-12)
    np.testing.assert_allclose(eval(made.code_derivative, {"np": np, "x": X}), made.derivative(X), atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_exported_expressions_compute_the_same(name):
    activation = ACTIVATIONS[name]
    names = {"np": np}
    exec(activation.code_setup, names)
    x = X.reshape(10, 100)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, derivative = eval(activation.code, names | {"x": x}), eval(activation.code_derivative, names | {"x": x})
    np.testing.assert_allclose(value, activation.value(x), atol=1e-6)
    np.testing.assert_allclose(derivative, activation.derivative(x), atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_entry_is_complete(name):
    activation = ACTIVATIONS[name]
    assert activation.name == name
    assert all((activation.label, activation.formula, activation.source, activation.code, activation.code_derivative))
    assert all((activation.written, activation.written_derivative))
