"""What is said of somebody's module, and what is not."""

import itertools
import re

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from nbtests.engine.probing.architectures import ARCHITECTURES, made
from nbtests.engine.probing.modules import noise
from trainingwheels.labs.base.module_words import VERDICTS, _course, _runs
from trainingwheels.labs.watch import Watch

BAD = ("it dies", "it explodes", "no learning", "nothing is left")


def said(module, batch, loss=None):
    watcher = Watch(module, batch, loss, 0.1, ())
    watcher.close()
    return watcher.text


def plain(depth, activation, gain, width=32):
    torch.manual_seed(0)
    layers = []
    for _ in range(depth):
        linear = nn.Linear(width, width)
        nn.init.normal_(linear.weight, 0, gain / width**0.5)
        nn.init.zeros_(linear.bias)
        layers += [linear, activation()]
    return nn.Sequential(*layers, nn.Linear(width, 5))


X, Y = noise(64, 32), torch.arange(64) % 5


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_nothing_bad_is_said_of_what_learns(name):
    text = said(*made(name))
    assert not [words for words in BAD if words in text], text


@pytest.mark.parametrize(
    ("net", "says"),
    [
        (plain(10, nn.Tanh, 0.1), ["Signal: .* it dies", "Gradient .* it dies"]),
        (plain(16, nn.ReLU, 10), ["Signal: .* it explodes", "Gradient .* it explodes"]),
        (plain(10, nn.Sigmoid, 1), ["Gradient .* it dies"]),
        (plain(10, nn.ReLU, 2**0.5), ["Signal: .* it keeps its size", "Gradient .* it keeps its size"]),
        (plain(6, nn.Tanh, 0.5), ["Gradient .* it shrinks"]),
        (plain(6, nn.ReLU, 5), ["Signal: .* it grows"]),
    ],
)
def test_what_dies_and_explodes_is_said_to(net, says):
    text = said(net, X, lambda scores: cross_entropy(scores, Y))
    assert all(re.search(words, text) for words in says), text


def test_no_learning_is_said_where_no_parameter_gets_a_gradient():
    net = plain(3, nn.ReLU, 1.4)
    nn.init.zeros_(net[-1].weight)
    text = said(net, X, lambda scores: cross_entropy(scores, Y))
    others = "dL/dW is exactly zero in the layers shown. Other parameters do get a gradient: those learn first."
    assert others in text
    zeros = plain(3, nn.Tanh, 0)
    nn.init.zeros_(zeros[-1].weight)
    scores = zeros(X)
    slopes = torch.autograd.grad(cross_entropy(scores, Y), list(zeros.parameters()))
    assert [name for (name, _), slope in zip(zeros.named_parameters(), slopes, strict=True) if slope.any()] == [
        "6.bias"
    ]
    assert others in said(zeros, X, lambda scores: cross_entropy(scores, Y)), "a bias is no W"
    with torch.no_grad():
        net[2].bias.fill_(-100)
        net[-1].bias.requires_grad_(False)
    text = said(net, X, lambda scores: cross_entropy(scores, Y))
    assert "dL/dW is exactly zero in every layer: no learning from this batch." in text


def test_only_what_is_on_one_scale_is_compared():
    net = nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(128, 8), nn.Tanh(),
        nn.Linear(8, 8), nn.Tanh(),
    )  # fmt: skip
    text = said(net, noise(4, 1, 8, 8))
    assert re.search(r"Signal: .* per layer among layers of one kind, [\d.e−]+ in all: it", text)
    assert "among layers" not in said(plain(3, nn.ReLU, 1), X)
    pair = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 8), nn.Tanh())
    assert re.search(r"Signal: std \S+ at ReLU 1, \S+ at Tanh 4\.\n", said(pair, noise(4, 1, 8, 8)))


@pytest.mark.parametrize(
    ("scales", "runs"),
    [
        ("aaaa", [(0, 3, 3)]),
        ("aabbbcc", [(0, 1, 1), (2, 4, 2), (5, 6, 1)]),
        ("aabaabaa", [(0, 7, 5)]),
        ("abcba", [(1, 3, 1)]),
        ("aabbbaa", [(0, 1, 1), (2, 4, 2)]),
        ("abc", []),
    ],
)
def test_the_runs_of_one_scale_do_not_overlap(scales, runs):
    found = _runs(scales)
    assert sum(steps for *_, steps in found) == sum(steps for *_, steps in runs)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found))
    assert all(scales[first] == scales[last] for first, last, _ in found)


def test_a_unit_that_is_off_in_few_examples_is_not_called_silent():
    net = plain(2, nn.ReLU, 1.4)
    assert "silent" not in said(net, X[:4])
    net[0].bias.data[:16] = -100
    assert "silent on this batch: zero throughout, most in ReLU 1" in said(net, X)
    assert "silent" not in said(net, X[:4])


def test_where_no_gradient_comes_the_others_are_told_of():
    net = nn.Sequential(plain(2, nn.Tanh, 1, 8), nn.Tanh())
    net[0][0].requires_grad_(False)
    text = said(net, noise(16, 8))
    assert re.search(r"Gradient dL/da: std \S+ at .* None comes back to 0\.1\.", text)


def test_a_cause_is_named():
    from nbtests.engine.probing.test_batches import checkpointed

    assert "use_reentrant=False shows it" in said(checkpointed(True), noise(5, 4))


def test_long_lists_of_names_are_cut():
    net = nn.Sequential(*[nn.Linear(4, 4) for _ in range(6)], nn.Tanh(), nn.Linear(4, 4), nn.Tanh())
    assert "Not shown: Linear 0, Linear 1, Linear 2 and 2 more." in said(net, noise(16, 4))


def test_each_verdict_is_said_up_to_its_limit_and_the_next_one_beyond():
    def said_of(ratio):
        return _course("Signal", ["a", "b"], [1.0, ratio], ["Tanh", "Tanh"], "of one kind").rpartition(": ")[2]

    for (limit, words), (_, following) in itertools.pairwise(VERDICTS):
        assert said_of(0.99 * limit) == f"{words}."
        assert said_of(1.01 * limit) == f"{following}."
