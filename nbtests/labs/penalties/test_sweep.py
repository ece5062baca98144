"""Sixteen lambdas: one population, paired; the slider only looks; words and script are those of the nets."""

import re

import numpy as np
import pytest

from nbtests.labs.using import run
from trainingwheels.engine import RunConfig
from trainingwheels.labs.penalties.sweep import ADAM_LR, LAMBDAS, AgainstLambda

SMALL = {"show": "sweep", "epochs": 16, "width": 8}


@pytest.fixture
def trained(make):
    def trained(**settings):
        lab = make(**(SMALL | settings))
        lab.start()
        lab.settle()
        assert lab.message == ""
        return lab

    return trained


def test_sixteen_values_are_one_population(make):
    lab = make(**SMALL)
    configs, labels = AgainstLambda(lab).configs(lab._named())
    assert len({config.structure for config in configs}) == 1
    assert len(set(labels)) == len(configs) == 16
    assert [config.l2 for config in configs] == list(LAMBDAS)
    first = configs[0].to_dict()
    assert all(RunConfig(**(first | {"l2": config.l2})) == config for config in configs)


def test_adam_has_both_kinds_of_weight_decay(make):
    lab = make(**SMALL, swept="adam")
    configs, _ = AgainstLambda(lab).configs(lab._named())
    assert [config.optimizer for config in configs] == ["adam"] * 16 + ["adamw"] * 16
    assert {config.lr for config in configs} == {ADAM_LR}


@pytest.mark.parametrize("swept", ["l2", "l1", "adam"])
def test_the_words_are_those_of_the_nets(trained, swept):
    lab = trained(swept=swept)
    best_of = [each for each in lab.text.splitlines() if "validation is best" in each]
    for line, said in zip(lab.result.lines, best_of, strict=True):
        best, gain = re.search(r"with ([\d.]+) %, (−?[\d.]+) points", said).groups()
        assert float(best) == pytest.approx(100 * line.val.max(), abs=0.51)
        assert float(gain.replace("−", "-")) == pytest.approx(100 * (line.val.max() - line.val[0]), abs=0.051)
        assert f"λ = {LAMBDAS[line.val.argmax()]:.2g}".replace("e-0", "e−") in said


def test_to_look_at_another_lambda_trains_nothing(trained):
    lab = trained()
    before = lab.result
    for place, lam in [*enumerate(LAMBDAS)][::5]:
        lab.look_at = lam
        lab.settle()
        assert lab.result.place == place
        assert lab.result.chosen is before.lines[0].histories[place]
        assert f"λ = {lam:.2g}" in lab.text
    regions = [lab.result.plane.probabilities for lab.look_at in (LAMBDAS[0], LAMBDAS[-1]) if lab.settle() is None]
    assert np.abs(regions[0] - regions[1]).max() > 0.1


def test_the_decoupled_net_can_be_looked_at(trained):
    lab = trained(swept="adam", look_at=LAMBDAS[6])
    lab.decoupled = True
    lab.settle()
    assert lab.result.chosen.config.optimizer == "adamw"
    assert lab.text.startswith("decoupled, λ")


@pytest.mark.parametrize("settings", [{}, {"swept": "l1"}, {"swept": "adam", "decoupled": True}])
def test_the_script_trains_the_net_that_is_looked_at(trained, settings):
    lab = trained(look_at=LAMBDAS[7], **settings)
    np.testing.assert_allclose(run(lab)["losses"], lab.result.chosen.train_loss, rtol=1e-3)


def test_a_rate_that_is_too_high_is_said(trained):
    lab = trained(lr=1.0, look_at=LAMBDAS[-1])
    assert lab.result.chosen.diverged_at is not None
    assert "Diverged at step" in lab.text


@pytest.mark.parametrize("slide", ["sixteen", "digits", "weight-decay"])
def test_the_slides_are_not_trained_until_somebody_presses_start(make, slide):
    lab = make()
    lab.apply(slide)
    lab.settle()
    assert "Not trained yet: " + ("32" if slide == "weight-decay" else "16") in lab.text
