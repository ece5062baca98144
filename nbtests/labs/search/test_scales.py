"""Log or linear: what is said is what was found, whatever the settings; the script; an empty range."""

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.search.scales import RATES, rate_scores


def test_what_is_said_is_what_was_found(make):
    for said in spoken(make(show="scales"), 20, show="scales", filters=()):
        result, n = said.result, said.s.tries
        if "lie in one decade" not in said.text:
            edge = result.decades[-2]
            assert result.low < edge < result.high
            pattern = "draws # % from the highest decade, # and above, the logarithmic one # %"
            linear, start, log = numbers(pattern, said.text)
            assert linear == pytest.approx(100 * (result.high - edge) / (result.high - result.low), abs=0.6)
            assert log == pytest.approx(100 * np.log(result.high / edge) / np.log(result.high / result.low), abs=0.6)
            assert start == pytest.approx(edge)
        means = {scale: 100 * best[n - 1].mean() for scale, best in result.best.items()}
        found = numbers("has # % on average on the logarithmic scale, # % on the linear one", said.text)
        assert found == pytest.approx([means["log"], means["linear"]], abs=0.6)
        ahead = means["log"] - means["linear"]
        if "less than a point apart" in said.text:
            assert abs(ahead) < 1
        else:
            assert f"{'log' if ahead > 0 else 'linear'} is ahead by {abs(ahead):.1f} points" in said.text
        if "at the upper end" in said.text:
            rates = np.geomspace(result.low, result.high, 200)
            assert rates[result.score(rates).argmax()] > result.high / 10
        law, counted = numbers(f"^{n} = # % that", said.text) + numbers("logarithmic scale: # %,", said.text)
        assert law == pytest.approx(100 * (1 - (1 - said.s.top) ** n), abs=0.6)
        assert counted == pytest.approx(100 * result.hits[n - 1], abs=0.6)


@pytest.mark.parametrize("filters", [(), (2,)])
def test_the_script(make, filters):
    lab = make(show="scales", tries=1, low=1e-3, high=0.1, filters=filters)
    assert ("The first layer's 2 filters see 3 x 3 pixels" in lab.text) == bool(filters)
    names = run(lab)
    assert set(names["best"]) == {"log", "linear"}
    expected = [lab.result.score(rates).max() for rates in names["scales"].values()]
    assert list(names["best"].values()) == pytest.approx(expected, abs=0.15 if filters else 0.08)  # of another seed
    assert names["scales"]["log"].min() >= 1e-3


def test_real_nets_learn_in_between_and_neither_below_nor_above():
    scores = rate_scores("adam")
    assert scores.shape == RATES.shape
    assert scores[[0, -1]].max() < 0.3 < 0.9 < scores[np.argmin(np.abs(RATES - 0.01))]


def test_an_empty_range_is_one_line(make):
    lab = make(show="scales")
    lab.set(low=0.1, high=0.01)
    lab.settle()
    assert lab.message == "low = 0.1 is not below high = 0.01: choose a smaller low, or a larger high."
    change(lab, high=1.0)
