"""The check that users call on their own functions and modules: right where the gradient is right, and only there."""

import copy
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

import trainingwheels
from trainingwheels.engine import GradientReport, InvalidSetting, gradient_check


def cubes(x):
    return (x**3).sum()


def cubes_gradient(x):
    return 3 * x**2


@pytest.fixture
def net():
    torch.manual_seed(0)
    layers = [nn.Linear(20, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Dropout(0.5), nn.Linear(64, 10)]
    return nn.Sequential(*layers)


@pytest.fixture
def batch():
    torch.manual_seed(1)
    return torch.randn(32, 20), torch.randint(10, (32,))


def test_worked_by_hand():
    """f = x^3 at 2: the slope is 12, and the centred difference 12 + h^2."""
    report = gradient_check(cubes, np.array([2.0]), cubes_gradient, h=1e-3)
    (entry,) = report.arrays
    assert entry.analytic[0] == 12
    assert entry.numeric[0] == pytest.approx(12 + 1e-6, abs=1e-9)
    assert report.error == pytest.approx(1e-6 / 12, rel=1e-3)
    assert report.value == 8


def test_three_ways_to_give_a_gradient():
    x = np.linspace(0.5, 2, 6).reshape(2, 3)
    given_as = (cubes_gradient, cubes_gradient(x))
    reports = [gradient_check(cubes, x, gradient) for gradient in given_as]
    reports.append(gradient_check(lambda x: (cubes(x), cubes_gradient(x)), x))
    reports.append(gradient_check(cubes, torch.tensor(x)))
    for report in reports:
        assert report.ok
        assert report.error < 1e-9
        assert report.arrays[0].shape == (2, 3)


@given(st.integers(1, 4), st.integers(0, 2**31), st.floats(0.02, 1))
@settings(max_examples=30)
def test_one_wrong_entry_is_found_wherever_it_is(size, seed, share):
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.5, 2, (size, 3))
    wrong = cubes_gradient(x)
    place = int(rng.integers(x.size))
    wrong.reshape(-1)[place] *= 1 + share
    report = gradient_check(cubes, x, wrong)
    assert not report
    assert report.worst.worst_index == np.unravel_index(place, x.shape)
    assert report.error == pytest.approx(share / (1 + share), rel=1e-3)


@pytest.mark.parametrize(
    ("error", "word"),
    [(0, "right"), (1e-6, "right if there are kinks"), (1e-3, "suspicious"), (0.1, "probably wrong")],
)
def test_the_verdict_follows_the_stated_thresholds(error, word):
    x = np.array([1.0, 2.0])
    report = gradient_check(cubes, x, cubes_gradient(x) * (1 + error))
    assert report.verdict.word == word
    assert report.ok is (error <= 1e-4)
    assert f"{word}: the largest relative error is" in str(report)


def test_several_arrays_by_place_and_by_name():
    a, b = np.ones((2, 2)), np.full(3, 2.0)
    by_place = gradient_check(
        lambda a, b: (a**2).sum() * b.sum(), (a, b), lambda a, b: (2 * a * b.sum(), np.full(3, 4.0))
    )
    assert by_place.ok
    assert [array.name for array in by_place.arrays] == ["x0", "x1"]
    by_name = gradient_check(lambda p: p["a"].sum() * p["b"].prod(), {"a": torch.ones(2), "b": torch.full((2,), 3.0)})
    assert by_name.ok
    assert [array.name for array in by_name.arrays] == ["a", "b"]


def test_a_number_is_a_point_too():
    assert gradient_check(lambda x: (x**2, 2 * x), 1.5).ok
    assert not gradient_check(lambda x: (x**2, 3 * x), 1.5).ok


def test_both_zero_is_no_error_and_is_said():
    report = gradient_check(lambda x: 0.0 * x.sum(), np.ones(3), lambda x: 0 * x)
    assert report.error == 0
    assert "zero everywhere" in str(report)


def test_a_slope_that_is_zero_up_to_rounding_is_not_called_wrong(net, batch):
    """The bias before batchnorm: the gradient is 0, and both sides of the check give rounding, of either sign."""
    report = gradient_check(net, batch, loss=functional.cross_entropy, train=True)
    bias = next(array for array in report.arrays if array.name == "0.bias")
    assert bias.error.max() > 0.9
    assert bias.judged.max() == 0
    assert bias.zero.all()
    assert report.ok
    assert "64 entries are zero in both, up to rounding" in str(report)


def test_a_right_gradient_at_a_kink_is_right_and_a_wrong_one_is_not():
    """A kink within h: a smaller step tells. A kink at x: the slope on one side does."""
    x = np.array([1.0, -2.0, 1e-6, 0.0])
    right = gradient_check(lambda x: np.maximum(0, x).sum(), x, lambda x: 1.0 * (x > 0))
    assert right.ok
    (array,) = right.arrays
    assert array.sidestepped.tolist() == [False, False, True, True]
    assert array.step[2] < 2e-6
    assert "2 entries have a kink or a sharp bend within h" in str(right)
    wrong = gradient_check(lambda x: np.maximum(0, x).sum(), x, lambda x: 1.5 * (x >= 0))
    assert not wrong.ok
    assert wrong.error == pytest.approx(2 / 3)


def test_at_a_kink_what_lies_between_the_two_slopes_is_not_judged():
    report = gradient_check(lambda x: np.abs(x).sum(), np.array([2.0, 0.0]), np.sign)
    assert report.ok
    assert report.arrays[0].kinked.tolist() == [False, True]
    assert "1 entry is at a kink" in str(report)
    alone = gradient_check(lambda x: np.abs(x).sum(), np.zeros(2), np.sign)
    assert not alone.ok
    assert alone.verdict.word == "not judged"
    assert str(alone).endswith("not judged: nothing of x can be told at these kinks; check at another x.")


def test_what_is_not_a_number_in_the_gradient_is_wrong():
    report = gradient_check(cubes, np.ones(3), np.array([3, np.nan, 3]))
    assert report.error == np.inf
    assert report.worst.worst_index == (1,)


@pytest.mark.parametrize("train", [True, False])
def test_a_module_is_right_and_stays_as_it_was(net, batch, train):
    net.train(train)
    net(batch[0]).sum().backward()
    before = copy.deepcopy(net.state_dict())
    gradients = [parameter.grad.clone() for parameter in net.parameters()]
    x = batch[0].clone()
    drawn = torch.random.get_rng_state()
    report = gradient_check(net, batch, loss=functional.cross_entropy, train=not train)
    assert report.ok, report
    assert report.dtype == "float64"
    assert net.training is train
    assert torch.equal(torch.random.get_rng_state(), drawn)
    assert torch.equal(batch[0], x)
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, before[name])
        assert tensor.dtype == before[name].dtype
    for parameter, gradient in zip(net.parameters(), gradients, strict=True):
        assert torch.equal(parameter.grad, gradient)


def test_the_numbers_of_a_module_are_autograds(net, batch):
    report = gradient_check(net, batch, loss=functional.cross_entropy, train=False, entries=None)
    double = copy.deepcopy(net).double().eval()
    loss = functional.cross_entropy(double(batch[0].double()), batch[1])
    loss.backward()
    assert report.value == pytest.approx(loss.item())
    for array, (name, parameter) in zip(report.arrays, double.named_parameters(), strict=True):
        assert array.name == name
        assert array.analytic == pytest.approx(parameter.grad.numpy().ravel(), abs=1e-14)
        assert array.numeric == pytest.approx(array.analytic, abs=1e-8)


def test_large_arrays_are_sampled_by_the_seed(net, batch):
    places = [
        gradient_check(net, batch, loss=functional.cross_entropy, entries=10, seed=seed).arrays[0].places
        for seed in (0, 0, 1)
    ]
    assert len(set(places[0].tolist())) == 10
    assert np.array_equal(places[0], places[1])
    assert not np.array_equal(places[0], places[2])


def test_frozen_and_unused_parameters(batch):
    class Partly(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.unused, self.frozen = nn.Linear(20, 1), nn.Linear(2, 2), nn.Linear(20, 1)
            self.frozen.requires_grad_(False)

        def forward(self, x):
            return (self.used(x) * self.frozen(x)).mean()

    report = gradient_check(Partly(), batch[0])
    assert report.ok
    assert [array.name for array in report.arrays] == ["used.weight", "used.bias", "unused.weight", "unused.bias"]
    assert not report.arrays[2].analytic.any()


def test_tied_weights_whole_inputs_and_outputs_in_a_tuple():
    class Language(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.memory, self.head = nn.Embedding(7, 5), nn.LSTM(5, 5), nn.Linear(5, 7)
            self.head.weight = self.embedding.weight

        def forward(self, words):
            hidden, state = self.memory(self.embedding(words))
            return self.head(hidden), state

    torch.manual_seed(0)
    words = torch.randint(7, (6, 3))
    report = gradient_check(Language(), (words, words), loss=lambda out, y: functional.cross_entropy(out[0].mT, y))
    assert report.ok, report
    assert [array.name for array in report.arrays][:2] == ["embedding.weight", "memory.weight_ih_l0"]
    assert "head.weight" not in [array.name for array in report.arrays]


def test_a_wrong_backward_of_ones_own_is_caught(batch):
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return torch.tanh(x)

        @staticmethod
        def backward(ctx, d):
            return d * (1 - ctx.saved_tensors[0] ** 2)  # of the input, where the output belongs

    class Layer(nn.Module):
        def forward(self, x):
            return Wrong.apply(x)

    report = gradient_check(
        nn.Sequential(nn.Linear(20, 5), Layer(), nn.Linear(5, 10)), batch, loss=functional.cross_entropy
    )
    assert report.verdict.word == "probably wrong"
    judged = {array.name: array.judged.max() for array in report.arrays}
    assert min(judged["0.weight"], judged["0.bias"]) > 0.01
    assert max(judged["2.weight"], judged["2.bias"]) <= 1e-4


def test_float32_says_how_little_it_can_tell(net, batch):
    report = gradient_check(net, batch, loss=functional.cross_entropy, dtype="float32", train=False)
    assert (report.dtype, report.h) == ("float32", 5e-3)
    assert "lost in rounding" in str(report)
    blind = gradient_check(cubes, np.ones(3, np.float32), cubes_gradient, h=3e-7, dtype="float32")
    assert not blind.ok
    assert "leaves only rounding" in str(blind)


def test_a_report_reads_well(net, batch):
    lines = str(gradient_check(net, batch, loss=functional.cross_entropy, entries=10)).splitlines()
    assert lines[0].startswith("gradient check, centred difference, h = 1e-05, float64; f(x) = ")
    assert lines[1].split() == ["array", "entries", "largest", "error", "at", "analytic", "numeric"]
    assert "10 of 1,280" in lines[2]
    assert all(len(line) <= 120 for line in lines)


def fails_on_random(x):
    return np.random.default_rng().random()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: gradient_check(3, 1.0), "f = 3 is not a function"),
        (lambda: gradient_check(lambda x: x, np.ones(3), cubes_gradient), "shape (3,), not one number"),
        (lambda: gradient_check(lambda x: x, torch.ones(3)), "shape (3,), not one number"),
        (lambda: gradient_check(lambda x: "one", 1.0, 1.0), "not a real number"),
        (lambda: gradient_check(cubes, np.arange(3), cubes_gradient), "whole numbers (int64)"),
        (lambda: gradient_check(cubes, torch.arange(3)), "whole numbers (torch.int64)"),
        (lambda: gradient_check(cubes, np.array([True]), cubes_gradient), "whole numbers (bool)"),
        (lambda: gradient_check(cubes, np.array([1j]), cubes_gradient), "complex128, not real"),
        (lambda: gradient_check(cubes, "three", cubes_gradient), "not real numbers"),
        (lambda: gradient_check(cubes, np.array([[1, np.nan]]), cubes_gradient), "x[0, 1] is nan"),
        (lambda: gradient_check(cubes, torch.tensor([1, torch.inf])), "x[1] is inf"),
        (lambda: gradient_check(cubes, np.empty((0, 3)), cubes_gradient), "is empty"),
        (lambda: gradient_check(cubes, np.ones(3)), "pass gradient="),
        (lambda: gradient_check(cubes, np.ones(3), np.ones(2)), "shape (2,), x has (3,)"),
        (lambda: gradient_check(cubes, np.ones(3), "no"), "must be an array of numbers"),
        (
            lambda: gradient_check(lambda a, b: a @ b, (np.ones(2), np.ones(2)), (np.ones(2),)),
            "has 1 arrays and x has 2",
        ),
        (lambda: gradient_check(lambda p: 1.0, {"a": np.ones(2)}, {"b": np.ones(2)}), "not a dict with a"),
        (lambda: gradient_check(fails_on_random, np.ones(3), cubes_gradient), "different values at the same x"),
        (lambda: gradient_check(lambda x: np.log(x).sum(), np.ones(2), lambda x: 1 / x, h=1.0), "at x[0] ± 1"),
        (lambda: gradient_check(cubes, np.ones(3), cubes_gradient, h=1e-30), "lost in rounding at x[0] = 1"),
        (lambda: gradient_check(cubes, np.ones(3), cubes_gradient, h=0.0), "h = 0.0 is out of range"),
        (lambda: gradient_check(cubes, np.ones(3), cubes_gradient, dtype="half"), "float64, float32"),
        (lambda: gradient_check(cubes, np.ones(3), cubes_gradient, entries=0), "entries = 0 is out of range"),
        (lambda: gradient_check(cubes, np.ones(3), cubes_gradient, train=True), "train = True is for an nn.Module"),
        (lambda: gradient_check(cubes, torch.ones(3), loss=cubes), "is for an nn.Module"),
        (lambda: gradient_check(lambda x: x.detach().sum(), torch.ones(3)), "without a gradient"),
        (lambda: gradient_check(lambda x: 1.0, torch.ones(3)), "not a tensor"),
        (lambda: gradient_check(nn.ReLU(), torch.ones(3)), "no parameters"),
        (lambda: gradient_check(nn.Linear(3, 2), torch.ones(4, 3)), "or pass loss="),
        (lambda: gradient_check(nn.Linear(3, 2), torch.ones(4, 3), torch.ones(2, 3)), "leave it out"),
        (lambda: gradient_check(nn.LazyLinear(2), torch.ones(4, 3), loss=torch.sum), "without a shape yet"),
        (lambda: gradient_check(nn.Linear(3, 2), (torch.ones(4, 3),) * 3, loss=torch.sum), "x has 3 parts"),
        (lambda: gradient_check(nn.Linear(1, 1), torch.tensor([torch.nan]), loss=torch.sum), "the inputs[0] is nan"),
    ],
)
@pytest.mark.filterwarnings("ignore:(divide|invalid):RuntimeWarning", "ignore:Lazy modules:UserWarning")
def test_what_will_not_do_is_refused_in_one_line(call, says):
    with pytest.raises(InvalidSetting) as refused:
        call()
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 160


def test_a_module_that_insists_on_float32_is_told_what_to_pass():
    class Single(nn.Linear):
        def forward(self, x):
            return super().forward(torch.ones(1, 3, dtype=torch.float32)).sum()

    with pytest.raises(InvalidSetting, match="mixes float32 and float64"):
        gradient_check(Single(3, 2), torch.ones(1, 3))
    assert gradient_check(Single(3, 2), torch.ones(1, 3), dtype="float32")


def test_it_is_one_import_away_and_loads_torch_only_for_torch():
    assert isinstance(trainingwheels.gradient_check(cubes, np.ones(2), cubes_gradient), GradientReport)
    code = (
        "import sys, numpy as np, trainingwheels;"
        "trainingwheels.gradient_check(lambda x: (x @ x, 2 * x), np.ones(3));"
        "print('torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
    with pytest.raises(AttributeError, match="no_such_thing"):
        trainingwheels.no_such_thing  # noqa: B018
