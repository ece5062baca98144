"""Adapt: the nets that are compared, what is said of them, and the script of one."""

import numpy as np
import pytest

from nbtests.labs.transfer_learning.conftest import QUICK
from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.engine import load_dataset, training_script
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


@pytest.mark.parametrize("show", ["adapt", "layers"])
def test_nets_may_begin_with_convolutions_which_are_kept_and_tuned_as_other_layers(make, show):
    lab = make(**{**QUICK, "show": show, "family": "digits", "nets": 1}, conv=(2,), look_at=1)
    assert "The first layer's 2 filters see 3 x 3 pixels" in lab.text
    configs, _ = lab.view.configs(lab._named())
    assert {config.frozen for config in configs} == ({0, 2, 3} if show == "adapt" else {0, 1, 2, 3})
    shown = next(place for place, config in enumerate(configs) if lab.code() == training_script(config))
    names = run(lab)
    assert names["net"][1].weight.shape == (2, 1, 3, 3)
    trained(lab)
    history = lab.view.in_hand.snapshot.histories[shown]
    np.testing.assert_allclose(history.train_loss[:10], names["losses"][:10], rtol=1e-3)


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
