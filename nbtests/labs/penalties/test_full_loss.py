"""The full loss: sentences, slides, script and drag say what the engine finds, whatever the settings."""

import numpy as np
import pytest

from nbtests.labs.using import apply, change, run, slide
from nbtests.words import all_numbers
from trainingwheels.engine import PENALTIES
from trainingwheels.labs.penalties.full_loss import TheFullLoss
from trainingwheels.labs.penalties.lab import Penalties
from trainingwheels.labs.penalties.pictures.full_loss import CLASS_NAMES

SLIDERS = (*CLASS_NAMES, "lam", "spread", "beta")


def drawn(seed):
    """Settings of the view, now and then at the ends of its sliders, with scores that are equal or 0."""
    rng, parameters = np.random.default_rng(seed), Penalties.parameters()
    ends = {name: (parameters[name].low, parameters[name].high) for name in SLIDERS}
    settings = {name: float(np.round(rng.uniform(*ends[name]), 1)) for name in SLIDERS}
    for name in rng.choice(SLIDERS, rng.integers(0, 4), replace=False):
        settings[name] = float(rng.choice([*ends[name], 0.0]))
    if seed % 20 == 0:
        settings |= dict.fromkeys(CLASS_NAMES, 0.0)
    return settings | {"penalty": rng.choice(PENALTIES.keys()), "data_loss": rng.choice(["hinge", "softmax"])}


class Settings:
    def __init__(self, settings):
        self.__dict__ |= settings


@pytest.mark.parametrize("part", range(4))
def test_the_sentences_are_true_for_200_random_settings(part):
    view = TheFullLoss(None)
    for seed in range(50 * part, 50 * part + 50):
        settings = Settings(drawn(seed))
        result = view.compute(settings)
        data, total, same, gradients = view.explain(result)
        scores = np.array([getattr(settings, name) for name in CLASS_NAMES])
        missing = np.maximum(0, scores[1:] - scores[0] + 1)
        if settings.data_loss == "hinge":
            loss = missing.sum()
            assert [name for name in CLASS_NAMES[1:] if f"{name} misses" in data] == [
                name for name, term in zip(CLASS_NAMES[1:], missing, strict=True) if term > 0
            ]
        else:
            loss = np.log(np.exp(scores - scores[0]).sum())
            assert all_numbers(data)[0] == pytest.approx(np.exp(-loss), abs=1e-4)
        assert all_numbers(data)[-1] == pytest.approx(loss, abs=0.011)
        squares, absolutes = {"l2": (1, 0), "l1": (0, 1), "elastic": (settings.beta, 1)}[settings.penalty]
        spread = settings.spread
        W = scores[:, None] * np.array([1 - spread + spread / 4, *[spread / 4] * 3])
        R = squares * (W**2).sum() + absolutes * np.abs(W).sum()
        assert all_numbers(total)[-1] == pytest.approx(loss + settings.lam * R, abs=0.011)
        one = squares * (scores**2).sum() + absolutes * np.abs(scores).sum()
        if not scores.any():
            assert "all weights" in same
        elif one:
            alike = squares * (scores**2).sum() / 4 + absolutes * np.abs(scores).sum()
            assert all_numbers(same.replace("L1", "").replace("L2", "")) == pytest.approx([one, alike], abs=0.011)
            assert ("prefers them alike" in same) == (squares > 0 and alike < 0.999 * one)
            assert ("do not care" in same or "does not care" in same) == (alike >= 0.999 * one)
        assert sum(all_numbers(gradients)[:4]) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize(
    "settings",
    [{}, {"data_loss": "softmax", "penalty": "elastic", "beta": 1.5, "spread": 0.35}, {"penalty": "l1", "ship": 5.0}],
)
def test_the_script_computes_the_same(make, settings):
    lab = make(**settings)
    names, full = run(lab), lab.result.full
    assert names["data_loss"] == pytest.approx(full.data_loss)
    assert names["L"] == pytest.approx(full.total)
    np.testing.assert_allclose(names["dW"], full.gradient, atol=1e-12)


def test_the_slides_are_right(make):
    lab = make()
    result, answer = apply(lab, "full-loss"), slide(lab, "full-loss").answer
    assert result.full.terms.tolist() == pytest.approx([0, 1.4, 0.5, 0])
    assert all(number in answer for number in ("1.40", "0.50", "1.90"))
    result, answer = apply(lab, "same-scores"), slide(lab, "same-scores").answer
    assert result.full.penalty_value == pytest.approx(13.01 / 4)
    assert PENALTIES["l1"].value(result.full.weights) == pytest.approx(6.9)
    assert all(number in answer for number in ("13.01", "3.25", "6.90"))
    result = apply(lab, "softmax")
    assert result.full.data_loss > 0
    assert change(lab, cat=6.0, dog=-4.0, frog=-4.0, ship=-4.0).full.data_loss > 0


def test_a_score_can_be_dragged(make):
    lab = make()
    picture = lab._picture._now
    panel = picture._panels[0]
    start, end = (picture.point(*panel.pixels(1, y)) for y in (2.4, -1.0))
    assert start[0] == 1
    lab._begin_drag()
    lab._drag(start, end)
    lab.settle()
    assert lab.dog == pytest.approx(-1, abs=0.1)
    assert (lab.cat, lab.frog) == (2.0, 1.5)
    lab.undo()
    assert lab.dog == 2.4
    assert picture.point(2, 2) is None
