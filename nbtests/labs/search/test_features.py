"""Done wrong: what is said is what was found, whatever the settings; the script."""

import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import run
from nbtests.words import numbers
from trainingwheels.labs.search import features


@pytest.fixture(scope="module", autouse=True)
def few():
    """Repeats: how sure a mean is is another matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "REPEATS", 6)
        features._choice.cache_clear()
        yield
    features._choice.cache_clear()


def test_what_is_said_is_what_was_found(make):
    for said in spoken(make(show="features"), 4, show="features"):
        here, text = said.result.here, said.text
        assert numbers("cross-validation says # %;", text)[0] == pytest.approx(100 * here.before.mean(), abs=0.6)
        assert numbers("the model has # % on new", text)[0] == pytest.approx(100 * here.new.mean(), abs=0.6)
        assert numbers("each fold, it says # % (", text)[0] == pytest.approx(100 * here.inside.mean(), abs=0.6)
        bias = 100 * (here.before - here.new).mean()
        if "too much" in text:
            assert numbers("That is # points too much", text)[0] == pytest.approx(bias, abs=0.06)
        elif "too little" in text:
            assert numbers("That is # points too little", text)[0] == pytest.approx(-bias, abs=0.06)
        else:
            low, high = numbers("99 % interval # to #) cannot be told", text)
            assert low <= 0 <= high


def test_choosing_before_splitting_flatters_and_choosing_inside_does_not(make):
    here = make(show="features").result.here
    assert here.before.mean() > 0.85
    assert abs(here.inside.mean() - 0.5) < 0.15
    assert abs(here.new.mean() - 0.5) < 0.03


def test_the_script(make):
    names = run(make(show="features"))
    assert names["before"] > 0.85
    assert 0.4 < names["inside"] < 0.6
