"""Momentum: sentences, script and drags say what the engine finds."""

import math

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import apply, change, run
from nbtests.words import all_numbers
from trainingwheels.figures.labels import short


def test_the_sentences_are_true_for_random_settings(make):
    for said in spoken(make(show="momentum"), 150, show="momentum"):
        q, (here, best) = said.result.quadratic, said.sentences
        rate = float(q.rates.max())
        assert f"{rate:.4f}" in here or f"{short(abs(1 - rate))}" in here
        slow = [name in here for name in ("steepest", "second", "third", "fourth", "flattest")]
        if abs(rate - 1) > 5e-5:
            assert ("alike" in here) == (q.rates >= rate - 5e-5).all()
            assert "alike" in here or slow == list(q.rates >= rate - 5e-5)
        if rate < 1:
            assert (
                float(all_numbers(here.replace(",", ""))[-1]) == math.ceil(math.log(0.1) / math.log(rate))
                or rate < 1e-9
            )
        else:
            assert "does not shrink" in here
        root = math.sqrt(q.condition)
        assert f"{(q.condition - 1) / (q.condition + 1):.4f}" in best
        assert f"{(root - 1) / (root + 1):.4f}" in best


def test_no_direction_is_the_slowest_where_all_are_alike(make):
    lab = make(show="momentum", condition=1.0, alpha=1.0, beta=0.5)
    assert "in all five directions alike" in lab.text
    change(lab, condition=1000.0, alpha=0.0)
    assert "the distance in all five directions alike does not shrink, its rate being 1.0000" in lab.text
    change(lab, alpha=0.01, beta=0.0)
    assert "in the flattest direction, the slowest, by 1 − 1.0e−5 in the long run" in lab.text


@pytest.mark.parametrize("method", ["momentum", "nesterov"])
def test_the_script_computes_the_same(make, method):
    lab = make(show="momentum", method=method, alpha=1.3, beta=0.7, condition=30.0)
    names = run(lab)
    np.testing.assert_allclose(names["distances"], lab.result.distances, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(names["rates"], lab.result.quadratic.rates, rtol=1e-6)


def test_the_point_can_be_dragged(make):
    lab = make(show="momentum")
    picture = lab._picture._now
    panel = picture._panels[0]
    lab._begin_drag()
    lab._drag(picture.point(*panel.pixels(1.9, 0.0)), picture.point(*panel.pixels(3.0, 0.7)))
    lab.settle()
    assert (lab.alpha, lab.beta) == pytest.approx((3.0, 0.7), abs=0.01)


def test_the_slide_is_right(make):
    rate = apply(make(), "heavy-ball").quadratic.rates
    np.testing.assert_allclose(rate, 9 / 11, rtol=2e-3)
    assert 115 <= math.log(0.1) / math.log(99 / 101) <= 116
    assert 11 <= math.log(0.1) / math.log(9 / 11) <= 12
