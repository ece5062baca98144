"""The functions that the lab checks: against torch, against differences, against the scripts it prints."""

import contextlib
import io
import warnings

import numpy as np
import pytest
import torch
from torch.nn import functional

from trainingwheels.engine import (
    ACTIVATIONS,
    BUGS,
    CHECKS,
    KINKS,
    InvalidSetting,
    Planted,
    applies,
    check_script,
    error_curve,
    gradient_check,
    kink_script,
    run_check,
    secant,
)
from trainingwheels.engine.gradients.checked import _Problem

PLANTED = [(bug, function) for bug in BUGS for function in CHECKS if applies(bug, function)]


def tensors(function, seed=3):
    """The arrays of a check, as tensors that know what a gradient is, and as they are."""
    parameters, constants = CHECKS[function].draw(np.random.default_rng(seed), 6)
    return (
        {name: torch.tensor(array, requires_grad=True) for name, array in parameters.items()},
        {name: torch.tensor(array) for name, array in constants.items()},
    )


def by_torch(function, p, c):
    """The same function in torch's own words."""
    kind = {"net": ("tanh", "softmax"), "kinked-net": ("relu", "hinge")}
    losses = {
        "softmax": lambda scores, y: functional.cross_entropy(scores, y.argmax(1)),
        "hinge": lambda scores, y: (
            4 * functional.multi_margin_loss(scores, y.argmax(1))
        ),  # torch divides by the classes
    }
    if function in kind:
        activation, loss = kind[function]
        a = functional.batch_norm(c["x"] @ p["W1"], None, None, p["gamma"][0], p["beta"][0], training=True)
        scores = (getattr(torch, activation)(a) * c["mask"]) @ p["W2"] + p["b2"]
        return losses[loss](scores, c["y"]) + 0.01 * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
    if function in losses:
        return losses[function](p["scores"], c["y"])
    layers = {
        "linear": lambda: functional.linear(p["x"], p["W"].T, p["b"][0]),
        "batchnorm": lambda: functional.batch_norm(p["x"], None, None, p["gamma"][0], p["beta"][0], training=True),
        "dropout": lambda: p["x"] * c["mask"],
    }
    if function in layers:
        return ((layers[function]() - c["y"]) ** 2).sum(1).mean()
    own = {
        "leaky_relu": lambda x: functional.leaky_relu(x, 0.1),
        "maxout": lambda x: torch.maximum(*x.chunk(2, 1)),
        "silu": functional.silu, "elu": functional.elu, "selu": functional.selu, "gelu": functional.gelu,
    }  # fmt: skip
    return (c["r"] * own.get(function, getattr(torch, function, None))(p["x"])).sum()


@pytest.mark.parametrize("function", CHECKS)
def test_values_and_gradients_are_torchs(function):
    p, c = tensors(function)
    value = by_torch(function, p, c)
    value.backward()
    problem = _Problem(Planted(function, batch=6, seed=3))
    assert float(problem.value(problem.theta)) == pytest.approx(float(value.detach()), rel=1e-7)
    expected = np.concatenate([tensor.grad.numpy().ravel() for tensor in p.values()])
    assert problem.gradient() == pytest.approx(expected, rel=1e-7, abs=1e-8 if function == "gelu" else 1e-12)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("function", CHECKS)
def test_a_stack_gives_what_each_gives_alone(function, precision):
    problem = _Problem(Planted(function, precision, batch=5))
    thetas = problem.theta + 0.1 * np.arange(6, dtype=precision).reshape(2, 3, 1)
    together = problem.value(thetas)
    assert together.shape == (2, 3)
    assert together.dtype == problem.gradient().dtype == precision
    alone = [[problem.value(theta) for theta in row] for row in thetas]
    np.testing.assert_allclose(together, alone, rtol=1e-12 if precision == "float64" else 1e-5)


@pytest.mark.parametrize("function", CHECKS)
def test_differences_agree_with_the_check_for_users(function):
    problem = _Problem(Planted(function))
    report = gradient_check(
        lambda theta: float(problem.value(theta)), problem.theta, problem.gradient(), h=1e-5, entries=None
    )
    assert report.ok, report
    ours = run_check(Planted(function), 1e-5)
    np.testing.assert_allclose(report.arrays[0].numeric, ours.numeric, atol=1e-9)


@pytest.mark.parametrize(("bug", "function"), PLANTED)
def test_every_bug_is_a_floor_under_the_error(bug, function):
    hs = tuple(10.0**exponent for exponent in range(-15, 0))
    assert error_curve(Planted(function), hs).min() < 1e-8
    assert error_curve(Planted(function, bug=bug), hs).min() > 5e-3


@pytest.mark.parametrize(
    ("bug", "wrong"),
    [
        ("not-averaged", {"W1", "gamma", "beta", "W2", "b2"}),
        ("wrong-sign", {"W1", "gamma", "beta", "W2", "b2"}),
        ("wrong-label", {"W1", "gamma", "beta", "W2", "b2"}),
        ("no-slope", {"W1", "gamma", "beta"}),
        ("transposed", {"W1", "W2"}),
        ("not-transposed", {"W1", "gamma", "beta"}),
        ("bias", {"b2"}),
        ("variance", {"W1"}),
        ("statistics", {"W1"}),
        ("no-mask", {"W1", "gamma", "beta"}),
        ("half-penalty", {"W1", "W2"}),
    ],
)
def test_a_bug_is_where_its_description_says(bug, wrong):
    for seed in range(5):
        found = run_check(Planted("net", bug=bug, seed=seed), 1e-5)
        worst = {name: found.error[found.owner == place].max() for place, name in enumerate(found.names)}
        assert {name for name, error in worst.items() if error > 0.01} == wrong
        assert all(error < 1e-6 for name, error in worst.items() if name not in wrong)


def test_what_the_descriptions_say_of_single_entries():
    net = {bug: run_check(Planted("net", bug=bug), 1e-5) for bug in ("none", "transposed", "bias", "not-averaged")}
    transposed = net["transposed"]
    diagonal = np.isin(np.flatnonzero(transposed.owner == 0), [0, 5, 10, 15])
    assert transposed.error[transposed.owner == 0][diagonal].max() < 1e-6
    bias = net["bias"]
    assert bias.analytic[bias.owner == 4] * 8 == pytest.approx(bias.numeric[bias.owner == 4], rel=1e-6)
    steep = net["not-averaged"]
    assert steep.analytic[steep.owner == 4] == pytest.approx(8 * steep.numeric[steep.owner == 4], rel=1e-6)
    masked = run_check(Planted("dropout", bug="no-mask"), 1e-5)
    dropped = CHECKS["dropout"].draw(np.random.default_rng(0), 8)[1]["mask"].ravel() == 0
    assert np.abs(masked.numeric[dropped]).max() < 1e-9
    assert np.abs(masked.analytic[dropped]).min() > 1e-3


@pytest.mark.parametrize("difference", ["centred", "one-sided"])
@pytest.mark.parametrize("function", [name for name in CHECKS if CHECKS[name].kinks])
def test_an_entry_that_straddles_no_kink_has_no_jump_in_its_error(function, difference):
    """Where no kink lies between the points, the error is that of a smooth function: small for a small h."""
    found = run_check(Planted(function, batch=32), 0.3 if function == "maxout" else 0.05, difference)
    assert found.straddles.any()
    bound = 0.1 if difference == "one-sided" else 0.01
    assert np.abs(found.analytic - found.numeric)[~found.straddles].max() < bound * np.abs(found.analytic).max()


@pytest.mark.parametrize(("bug", "function"), [("none", function) for function in CHECKS] + PLANTED)
def test_a_script_gives_the_engines_numbers(bug, function):
    planted = Planted(function, "float64", 4, 7, bug)
    script = check_script(planted, 1e-4, "one-sided" if function == "hinge" else "centred")
    names = executed(script)
    expected = run_check(planted, 1e-4, "one-sided" if function == "hinge" else "centred")
    np.testing.assert_allclose(names["analytic"], expected.analytic, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(names["numeric"], expected.numeric, rtol=1e-6, atol=1e-9)
    assert names["whole"] == pytest.approx(expected.whole, rel=1e-2, abs=1e-8)


def test_a_script_in_float32_rounds_as_the_engine_does():
    planted = Planted("net", "float32")
    names = executed(check_script(planted, 1e-5))
    assert names["whole"] == pytest.approx(run_check(planted, 1e-5).whole, rel=0.5)
    assert names["x"].dtype == np.float32


@pytest.mark.parametrize("difference", ["centred", "one-sided"])
@pytest.mark.parametrize("name", KINKS)
def test_a_kinks_script_gives_the_engines_slopes(name, difference):
    for x in (-0.7, 0.1, 0.9):
        expected = secant(name, x, 0.3, difference)
        names = executed(kink_script(name, x, 0.3, difference))
        assert names["analytic"] == pytest.approx(expected.analytic, rel=1e-12)
        assert names["numeric"] == pytest.approx(expected.numeric, rel=1e-12, abs=1e-15)


def executed(script):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="error"):
        exec(script, names)
    return names


@pytest.mark.parametrize("name", KINKS)
def test_the_slope_jumps_where_it_says_and_nowhere_else(name):
    kink = KINKS[name]
    xs = np.linspace(-2.0, 2.0, 400) + 1e-3
    numeric = (kink.value(xs + 1e-6) - kink.value(xs - 1e-6)) / 2e-6
    assert kink.derivative(xs) == pytest.approx(numeric, abs=1e-5)
    if kink.at is not None:
        sides = kink.derivative(np.array([kink.at - 1e-6, kink.at + 1e-6]))
        assert abs(sides[1] - sides[0]) > 0.5


def test_a_secant_across_a_kink_by_hand():
    """ReLU at 0.1 with h = 0.3: (0.4 - 0) / 0.6."""
    found = secant("relu", 0.1, 0.3)
    assert (found.analytic, found.straddles) == (1.0, True)
    assert found.numeric == pytest.approx(2 / 3)
    assert found.error == pytest.approx(1 / 3)
    assert not secant("relu", 0.1, 0.09).straddles
    assert not secant("relu", 0.1, 0.3, "one-sided").straddles


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"function": "nett"}, "did you mean 'net'"),
        ({"precision": "float16"}, "float64, float32"),
        ({"batch": 1}, "2 to 64 examples"),
        ({"seed": -1}, "out of range"),
        ({"bug": "variances"}, "did you mean 'variance'"),
    ],
)
def test_bad_settings_are_refused(setting, says):
    with pytest.raises(InvalidSetting, match=says):
        Planted(**setting)


def test_every_activation_has_a_check():
    assert set(ACTIVATIONS) <= set(CHECKS)
