"""Training: every comparison trains and is told, and the script is that of the last net."""

import numpy as np
import pytest

from nbtests.labs.using import run
from nbtests.words import numbers
from trainingwheels.labs.dropout import training
from trainingwheels.labs.dropout.pictures.training import lines_of
from trainingwheels.labs.dropout.training import COMPARISONS

QUICK = {"show": "training", "dataset": "blobs", "train_size": 64, "width": 8}


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """How long it trains is another matter."""
    monkeypatch.setattr(training, "STEPS", 200)


@pytest.mark.parametrize("compare", COMPARISONS)
def test_every_comparison_trains_and_is_told(make, compare):
    lab = make(compare=compare, wrong_labels=0.2, **QUICK)
    assert "Not trained yet" in lab.text
    lab.start()
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    assert len(lab.result.histories) == len(COMPARISONS[compare].values) * (1 if compare == "rates" else 2)
    assert "of which about 20 % are wrong" in lab.text
    lines = lines_of(lab.result)
    if compare == "rates":
        (line,) = lines
        best = int(np.argmax(line.val))
        assert numbers("highest at p = #: # %, with # %", lab.text)[:2] == pytest.approx(
            [line.values[best], 100 * line.val[best]], abs=0.6
        )
    else:
        said = numbers("validation accuracy # % with p = 0.8 (gap # points), # % without dropout (gap", lab.text)
        gap = lines[1].train[0] - lines[1].val[0]
        assert said == pytest.approx([100 * lines[1].val[0], 100 * gap, 100 * lines[0].val[0]], abs=0.6)


def test_p_is_the_probability_of_keeping(make):
    lab = make(**QUICK)
    for history, label, keep in zip(lab.result.histories, lab.result.labels, lab.result.keeps, strict=True):
        assert history.config.dropout == pytest.approx(1 - keep)
        assert label == f"p {keep:g}"
    assert {history.config.seed for history in lab.result.histories} == {0}


def test_the_script_without_dropout_trains_the_labs_net(make):
    lab = make(compare="examples", trained_keep=0.95, **QUICK)
    lab.start()
    lab.settle()
    assert "nn.Dropout(0.05)" in lab.code()
    losses = run(lab)["losses"]
    assert len(losses) == len(lab.result.histories[-1].steps)
    assert np.mean(losses[-50:]) == pytest.approx(lab.result.histories[-1].train_loss[-50:].mean(), abs=0.2)


def test_a_set_with_fewer_examples_gives_all(make):
    lab = make(compare="examples", **QUICK)
    assert [history.config.train_size for history in lab.result.histories] == [100, 100, 300, 300, 500, 500, 500, 500]
