"""The lab: each view has its result, controls train nothing that they need not, and bad input is one line."""

import pytest

from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.using import AT_ONCE, apply, seconds_of_a_move
from nbtests.words import numbers
from trainingwheels.labs.early_stopping.lab import EarlyStopping
from trainingwheels.labs.early_stopping.pictures.choice import Chosen
from trainingwheels.labs.early_stopping.pictures.criteria import Judged
from trainingwheels.labs.early_stopping.pictures.live import Watched
from trainingwheels.labs.early_stopping.pictures.replay import Replayed

VIEWS = {"replay": Replayed, "live": Watched, "choice": Chosen, "criteria": Judged}


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_has_its_result_and_its_words(make, show):
    lab = make(show=show, **FEW)
    assert type(lab.result) is VIEWS[show]
    assert len(lab.text) > 60
    assert "nan" not in lab.text
    assert [view.name for view in EarlyStopping.views] == list(VIEWS)


@pytest.mark.parametrize(
    ("show", "name", "values"),
    [
        ("replay", "patience", range(1, 20)),
        ("replay", "smoothing", [0.05 * k for k in range(19)]),
        ("replay", "min_delta", [0.005 * k for k in range(15)]),
        ("choice", "patience", range(1, 20)),
        ("criteria", "alpha", [1.0 + k for k in range(15)]),
    ],
)
def test_a_rule_is_replayed_at_once(make, show, name, values):
    lab = make(show=show, **FEW)
    run = lab.result.run if show != "choice" else lab.result.runs[0]
    assert seconds_of_a_move(lab, name, values) < AT_ONCE
    assert (lab.result.run if show != "choice" else lab.result.runs[0]) is run  # nothing was trained again


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"patience": 0}, "patience = 0 is out of range: choose a whole number from 1 to 30."),
        ({"smoothing": 1}, "smoothing = 1 is out of range: choose a number from 0 to 0.95."),
        ({"validation": 0}, "validation = 0 is out of range: choose a whole number from 8 to 256 examples."),
    ],
)
def test_bad_input_is_one_line(make, settings, says):
    lab = make(**FEW)
    with pytest.raises(ValueError, match="choose"):
        lab.set(**settings)
    assert lab.message == says


def test_slides_say_what_they_show(make):
    lab = make(**FEW)
    result = apply(lab, "always")
    assert result.run.test[result.rule.best_at] > result.run.test[-1] + 0.15  # 27 points on average
    result = apply(lab, "ends-first")
    assert result.rule.stopped_at is None
    assert "Training ends after 60 epochs before patience runs out" in lab.text
    assert f"epoch {result.rule.best_at} was kept all the same, and is restored" in lab.text
    result = apply(lab, "right-labels")
    assert result.run.test[-1] > result.run.test[result.rule.best_at] - 0.01
    result = apply(lab, "watch-loss")
    assert result.run.test[-1] > result.run.test[result.rule.best_at]
    assert numbers("the snapshot of epoch # is restored", lab.text)[0] < 15


def test_training_examples_end_where_the_set_does_and_a_larger_net_is_said_to_take_longer(make):
    lab = make(**FEW)
    s = lab._named()
    assert lab.view.config(s._replace(train_size=2048), 0).train_size == 1024
    assert lab.view.config(s._replace(train_size=2048, dataset="mnist1d"), 0).train_size == 2048
    large = s._replace(dataset="mnist1d", train_size=2048, width=256)
    assert 3 <= lab.seconds(s) < lab.seconds(large) < lab.seconds(large._replace(conv=(16, 32)))
