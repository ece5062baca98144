"""Steps 4 and 5: fifteen nets each, what is said of the best, and when the grid has to move."""

import pytest

from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.labs.seven_steps.shared import DECAYS


@pytest.mark.parametrize("show", ["coarse", "refined"])
def test_every_rate_is_trained_with_every_decay(make, show):
    lab = make(show=show)
    configs, _ = lab.view.configs(lab._named())
    lrs = sorted({config.lr for config in configs})
    assert [(config.l2, config.lr) for config in configs] == [(l2, lr) for l2 in DECAYS for lr in lrs]
    assert len(lrs) == 5
    assert lrs[2] == pytest.approx(0.05)
    assert {config.schedule for config in configs} == {"constant"}


def test_a_coarse_grid_that_misses_the_rates_has_to_move(make):
    lab = make(show="coarse")
    assert "neither the lowest nor the highest" in lab.text
    assert trained(lab).verdict.passed
    lab.coarse_lr = 0.002
    lab.settle()
    assert not trained(lab).verdict.passed
    assert "higher rates" in lab.text or "step 3 found" in lab.text


def test_the_best_of_a_refined_grid_is_judged_by_both_accuracies(make):
    lab = make(show="refined")
    result = trained(lab)
    assert (result.verdict.passed, lab.passed) == (True, [5])
    assert numbers("λ 1e−4: #", lab.text)[0] == pytest.approx(100 * result.lines[0].y.max(), abs=0.51)
    shown = [place for place in range(15) if place not in result.curves.hidden]
    assert len({place // 5 for place in shown}) == 1
    assert len(run(lab)["losses"]) == len(result.curves.histories[0].steps)
