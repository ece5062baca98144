"""Nets that train with noise: kinds, pairs by seed, words that say what the curves say, and one line for bad input."""

import re

import numpy as np
import pytest

from nbtests.labs.training_with_noise.conftest import SMALL
from nbtests.labs.using import run, trained
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures.kinds import kinds_of
from trainingwheels.figures.panels import percent
from trainingwheels.labs.training_with_noise.methods import METHODS


def test_alone_together_and_none(make):
    lab = make(show="training", method="dropout", partner="mixup", **SMALL)
    assert lab.state == "idle"
    assert "Not trained yet: 2 nets of each kind (no noise, dropout 0.5, mixup 1, both)" in lab.text
    kinds = kinds_of(trained(lab))
    assert [kind.label for kind in kinds] == ["no noise", "dropout 0.5", "mixup 1", "both"]
    found = [(kind.histories[0].config.dropout, kind.histories[0].config.mixup) for kind in kinds]
    assert found == [(0, 0), (0.5, 0), (0, 1), (0.5, 1)]
    assert all([history.config.seed for history in kind.histories] == [0, 1] for kind in kinds)
    starts = {history.val_loss[0] for history in lab.result.histories if history.config.seed == 0}
    assert max(starts) - min(starts) < 1e-5  # equal seeds begin with equal weights


@pytest.mark.parametrize(("method", "conv"), [*((method, ()) for method in METHODS), ("cutout", (4,))])
def test_every_method_trains_and_its_script_is_that_run(make, method, conv):
    lab = make(show="training", method=method, conv=conv, **SMALL)
    last = kinds_of(trained(lab))[-1].histories[0]
    assert getattr(last.config, method)
    assert last.config.conv == conv
    assert "Against no noise" in lab.text
    losses = run(lab)["losses"]
    if method != "dropout":  # whose masks differ, not their law
        assert losses[:8] == pytest.approx(last.train_loss[:8].tolist(), rel=2e-3)


def test_the_words_have_the_numbers_of_the_runs(make):
    lab = make(show="training", method="cutmix", partner="input_noise", **(SMALL | {"nets": 5, "train_size": 100}))
    none, one, other, both = kinds_of(trained(lab))
    number = r"([+−]?[\d.]+)"
    for kind in (one, other, both):
        found = re.search(
            rf"no noise, {re.escape(kind.label)} changes validation accuracy by {number} points \(99 % interval of 5 "
            rf"nets {number} to {number}: ([a-z ]+)\) and the gap by {number} points",
            lab.text,
        ).groups()
        gain, low, high, gap = (float(found[place].replace("−", "-")) for place in (0, 1, 2, 4))
        gains = kind.validation - none.validation
        assert gain == pytest.approx(100 * gains.mean(), abs=0.051)
        assert (low, high) == pytest.approx([100 * end for end in bootstrap_interval(gains)], abs=0.051)
        assert gap == pytest.approx(100 * (kind.gap - none.gap).mean(), abs=0.051)
        ends = bootstrap_interval(gains)
        verdict = "it helps here" if ends[0] > 0 else "it hurts here" if ends[1] < 0 else "not to be told from chance"
        assert found[3] == verdict
    best = max((one.validation - none.validation).mean(), (other.validation - none.validation).mean())
    more = (both.validation - none.validation).mean() > best
    assert ("no more than" in lab.text) is not more
    assert "Of a mixed example the heavier label counts" in lab.text
    for kind in (none, one, other, both):
        assert f"{percent(float(kind.right.mean()))} ({kind.label})" in lab.text


def test_few_nets_have_no_interval(make):
    lab = make(show="training", method="dropout", **SMALL)
    trained(lab)
    assert "too few nets" in lab.text
    assert "interval" not in lab.text


def test_under_the_noise_the_training_accuracy_is_lower(make):
    settings = SMALL | {"nets": 3, "epochs": 64, "label_noise": 0.0}
    lab = make(show="training", method="mixup", **settings)
    none, mixed = kinds_of(trained(lab))
    assert (mixed.noisy < mixed.train - 0.05).all()
    assert np.abs(none.train - none.noisy).max() < 0.05
    assert "Under the noise it is harder" in lab.text
    assert "wrong ones" not in lab.text


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"method": "cutout", "dataset": "moons"}, "dataset = moons has no images for cutout to cut"),
        ({"method": "dropout", "partner": "cutmix", "dataset": "mnist1d"}, "has no images for CutMix to cut"),
        ({"method": "stochastic_depth", "depth": 1}, "depth = 1 leaves stochastic depth no block to drop"),
    ],
)
def test_what_cannot_be_is_one_line(make, settings, says):
    lab = make(show="training", **settings)
    assert lab.state == "failed"
    assert says in lab.message
    assert "\n" not in lab.message


def test_a_strength_of_none_changes_nothing(make):
    lab = make(show="training", method="dropout", dropout=0.0, **SMALL)
    none, same = kinds_of(trained(lab))
    assert (none.validation == same.validation).all()
    assert "changes validation accuracy of no net, nor the gap" in lab.text


def test_a_strength_that_moves_makes_new_nets_and_the_learning_rate_counts_at_once(make):
    """The nets differ in their strengths: a live change of one would be a change of all."""
    lab = make(show="training", method="dropout", **SMALL)
    lab.single_step()
    lab.settle()
    lab.lr = 0.01
    lab.single_step()
    lab.settle()
    assert len(lab.result.histories[0].steps) == 2
    assert all(history.lr.tolist() == pytest.approx([0.03, 0.01]) for history in lab.result.histories)
    lab.dropout = 0.2
    lab.settle()
    assert len(lab.result.histories[0].steps) == 0
    assert {history.config.dropout for history in lab.result.histories} == {0.0, 0.2}
