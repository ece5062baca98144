"""The race: what starts, what is said while it runs and at its end, and its script."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import all_numbers
from trainingwheels.engine import DATASETS, OPTIMIZERS
from trainingwheels.labs.optimizers.pictures.rules import rule_color, rule_name
from trainingwheels.labs.optimizers.race import SUITED


@pytest.fixture(scope="module")
def ended(opened_once):
    lab = opened_once(show="race", race_epochs=2, race_nets=2)
    return trained(lab), lab.text, run(lab)


def test_all_rules_start_from_the_same_weights_with_their_own_rates(make):
    lab = make(show="race", race_nets=2, times=2.0)
    configs = [history.config for history in lab.result.histories]
    assert [config.optimizer for config in configs[::2]] == OPTIMIZERS.keys()
    assert {config.seed for config in configs[::2]} == {0}
    assert all(config.lr == pytest.approx(2 * SUITED[config.optimizer]) for config in configs)
    assert lab.text.startswith("Not trained yet: 2 nets of each rule.")
    lab.set(race_rates="same", race_rate=0.02, racers=("adam", "sgd"))
    lab.settle()
    assert [(h.config.optimizer, h.config.lr) for h in lab.result.histories[::2]] == [("sgd", 0.02), ("adam", 0.02)]
    assert "AdamW" not in lab.text


def test_the_end_is_said_as_it_is(ended):
    result, text, _ = ended
    steps = len(result.histories[0].steps)
    assert text.startswith(f"After {steps} steps, 2 nets of each rule.")
    for name in OPTIMIZERS:
        mine = [h.val_accuracy[-1] for h in result.histories if h.config.optimizer == name]
        said = text.partition(f"{rule_name(name)} ")[2]
        assert all_numbers(said.replace("%", " "))[0] == pytest.approx(100 * np.mean(mine), abs=0.51)
    assert "AdamW is Adam while λ is 0" in text
    adam, adamw = ([h for h in result.histories if h.config.optimizer == name] for name in ("adam", "adamw"))
    np.testing.assert_allclose(adam[0].train_loss, adamw[0].train_loss)


def test_each_rule_has_its_colour(ended):
    result, *_ = ended
    assert result.band
    assert list(result.colors) == [rule_color(history.config.optimizer) for history in result.histories]


def test_the_script_trains_the_last_of_them(ended):
    result, _, names = ended
    history = result.histories[-2]  # the last rule's first net
    assert history.config.optimizer == "adamw"
    np.testing.assert_allclose(names["losses"], history.train_loss, rtol=1e-3)


def test_a_smaller_set_gives_what_it_has(make):
    view, settings = (lab := make(show="race"))._views["race"], lab._named()
    for name, data in DATASETS.items():
        configs, _ = view.configs(settings._replace(dataset=name))
        assert {config.train_size for config in configs} == {min(1024, data.examples)}
