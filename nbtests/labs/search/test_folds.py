"""Cross-validation: every setting trains, and what is said of the folds is what they came to; the script."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.labs.search.folds import KNOBS
from trainingwheels.labs.search.lab import Search

QUICK = {"show": "folds", "passes": 2, "examples": 64, "folds": 3}


@pytest.mark.parametrize(("knob", "conv"), [("lr", ()), ("dropout", (2,))])
def test_every_setting_trains_and_is_told(make, knob, conv):
    lab = make(knob=knob, wrong=0.2, conv=conv, **QUICK)
    assert "Not trained yet: 21 nets" in lab.text
    assert ("The first layer's 2 filters see 3 x 3 pixels" in lab.text) == bool(conv)
    result = trained(lab)
    assert result.scores.shape == (7, 3)
    assert numbers("# parts of # or # digits", lab.text) == [3, 21, 22]
    mean, error = numbers(", # % ± # points (the mean", lab.text)
    assert mean == pytest.approx(100 * result.means[result.best], abs=0.6)
    assert error == pytest.approx(100 * result.errors[result.best], abs=0.06)
    spread = result.scores[result.best]
    ends = numbers("of the best go from # % to # %", lab.text)
    assert ends == pytest.approx([100 * spread.min(), 100 * spread.max()], abs=0.6)
    near = (result.means >= result.means[result.best] - result.errors[result.best]).sum() - 1
    if "No other value" in lab.text:
        assert near == 0
    else:
        (line,) = [line for line in lab.text.splitlines() if line.startswith("Within one standard error")]
        assert line.count(KNOBS[knob].label + " ") == near
    assert "of which about 20 % are wrong" in lab.text
    assert ("The first layer's 2 filters see 3 x 3 pixels" in lab.text) == bool(conv)
    assert {history.config.conv for group in result.histories for history in group} == {conv}


@pytest.fixture(scope="module")
def done():
    """A lab whose nets are trained, for all tests that make no others."""
    lab = Search(nested=True, **QUICK)
    trained(lab)
    yield lab
    lab.close()


def test_means_and_errors_by_hand(done):
    result = done.result
    scores = np.array([[history.val_accuracy[-1] for history in group] for group in result.histories])
    assert result.means == pytest.approx(scores.mean(axis=1))
    assert result.errors == pytest.approx(scores.std(axis=1, ddof=1) / np.sqrt(3))


def test_nested_folds_are_told_as_they_are(done):
    nested, text = done.result.nested, done.text
    assert nested.plain == pytest.approx(done.result.scores, abs=0.05)  # the same nets, in another company
    said = numbers("The best mean, # %,", text) + numbers("has no say: # %, # points", text)
    assert said[:2] == pytest.approx([100 * nested.plain_score, 100 * nested.nested_score], abs=0.6)
    assert said[2] == pytest.approx(100 * abs(nested.optimism), abs=0.06)
    assert ("points less." in text) == (nested.optimism >= 0)


def test_the_value_looked_at_makes_no_new_nets(done):
    best = done.result.best
    done.value = 2
    done.settle()
    assert done.state == "done"
    assert (done.result.shown, done.result.best) == (1, best)


@pytest.mark.parametrize(("knob", "conv", "modules"), [("width", (), 0), ("dropout", (2, 3), 2)])
def test_the_script(make, knob, conv, modules):
    """Other weights and batches than the lab's: the net, the shape, and what hardly learns as badly."""
    lab = make(knob=knob, conv=conv, **QUICK | {"folds": 2, "passes": 1, "examples": 40})
    scores = run(lab)["scores"]
    assert lab.code().count("nn.Conv2d(") == modules
    assert lab.code().count("nn.Dropout(value)") == (modules + 1) * (knob == "dropout")
    assert scores.shape == (7, 2)
    assert 0 <= scores.min() <= scores[-(knob == "dropout")].mean() < 0.5
