"""Adapt: the nets that are compared, what is said of them, and the script of one."""

import numpy as np
import pytest

from nbtests.labs.transfer_learning.conftest import QUICK
from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.engine import load_dataset
from trainingwheels.engine.evaluation import METHODS
from trainingwheels.labs.transfer_learning.adapt import COUNTS, counts_of


@pytest.fixture
def lab(make):
    lab = make(**QUICK)
    assert "40 nets: 2 seeds" in lab.text
    trained(lab)
    return lab


def test_what_is_said_is_what_was_found(lab):
    result = lab.result
    assert len(result.histories) == len(result.counts) * len(METHODS) * 2
    for count in (result.counts[0], 4, result.counts[-1]):
        said = numbers(
            f"{count} label{'s' * (count > 1)} of each class: from scratch # %, new head on frozen features # %, "
            "head and last hidden layer # %, all layers # %.",
            lab.text,
        )
        found = [100 * result.accuracies(method, count).mean() for method in METHODS]
        assert said == pytest.approx(found, abs=0.6)
    gain = numbers("Against from scratch: new head on frozen features # points (too few nets", lab.text)
    assert gain == pytest.approx([100 * result.gains("head", result.counts[0]).mean()], abs=0.06)


def test_the_runs_of_a_method_are_those(lab):
    for method, frozen in zip(METHODS, (0, 2, 1, 0), strict=True):
        for seed, history in enumerate(lab.result.runs(method, 16)):
            config = history.config
            assert (config.per_class, config.seed, config.frozen) == (16, seed, frozen)
            assert config.pretrained == (None if method == "scratch" else "digits-0-4")
            assert config.dataset == "digits-5-9"


def test_another_number_of_labels_is_only_looked_at(lab):
    lab.look_at = 64
    lab.settle()
    assert lab.result.looked == 64
    assert lab.state == "done"  # nothing is trained again


def test_the_script_trains_the_net_of_all_layers_that_is_looked_at(lab):
    lab.tuning = 0.3
    lab.settle()
    losses = run(lab)["losses"]
    lab.start()
    lab.settle()
    np.testing.assert_allclose(lab.result.runs("all", 4)[-1].train_loss[:10], losses[:10], rtol=1e-3)


def test_a_set_with_fewer_labels_gives_all():
    rarest = int(np.bincount(load_dataset("digits-5-9").y_train).min())
    assert counts_of("digits-5-9") == [1, 4, 16, 64, rarest]
    assert counts_of("mnist1d-5-9") == list(COUNTS)


def test_more_seeds_have_an_interval(make):
    lab = make(**{**QUICK, "nets": 5, "steps": 64})
    trained(lab)
    low, high = numbers("new head on frozen features # points (# to #", lab.text)[1:]
    gain = 100 * lab.result.gains("head", 1)
    assert gain.min() - 0.1 <= low <= gain.mean() <= high <= gain.max() + 0.1
