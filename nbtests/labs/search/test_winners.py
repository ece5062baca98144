"""The winner's curse: what is said is what was found, whatever the settings; another look; the script."""

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import run
from nbtests.words import numbers
from trainingwheels.engine.search import winners as module
from trainingwheels.engine.search.winners import NETS, Pool, contender, pool


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Nets that nobody has trained: half of them good, and some of each."""
    draws = np.random.default_rng(0)
    truth = np.where(np.arange(NETS) % 2, 0.9, draws.uniform(0.3, 0.9, NETS))
    right = draws.random((NETS, 1497)) < truth[:, None]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "pool", lambda kind, conv: Pool(kind, right))
        for cached in (module._looks, module.winners):
            cached.cache_clear()
        yield
    for cached in (module._looks, module.winners):
        cached.cache_clear()


def test_what_is_said_is_what_was_found(make):
    for said in spoken(make(show="winner"), 30, show="winner"):
        result, text = said.result, said.text
        scores = numbers("has # % on", text) + numbers("and # % on new ones", text)
        assert scores == pytest.approx([100 * result.val, 100 * result.new], abs=0.6)
        assert numbers("It loses # points", text)[0] == pytest.approx(100 * (result.val - result.new), abs=0.06)
        low, high = numbers("99 % interval # to #:", text)
        assert ("too much is promised" in text) == (low > 0 or (low == 0 and "not to be" not in text and high > 0))
        if result.contenders > 1:
            assert numbers("would choose one with # %", text)[0] == pytest.approx(100 * result.best, abs=0.6)
        else:
            assert "chosen from nobody" in text


def test_another_look_shows_others_and_changes_no_mean(make):
    lab = make(show="winner")
    before = lab.result
    lab.view.look_again()
    lab.settle()
    assert not np.array_equal(lab.result.winners.shown, before.winners.shown)
    assert lab.result.val == before.val


def test_the_script(make):
    names = run(make(show="winner", contenders=64, judged=32))
    assert names["val"] > names["new"] + 0.03


def test_nets_may_begin_with_convolutions(make):
    lab = make(show="winner")
    assert "filters" not in lab.text
    lab.set(filters=(3,))
    lab.settle()
    assert lab.result.conv == (3,)
    assert "The first layer's 3 filters see 3 x 3 pixels" in lab.text


@pytest.mark.parametrize("conv", [(), (8,)])
def test_a_pool_is_of_real_nets(conv):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "NETS", 8)
        found = pool.__wrapped__("seeds", conv)
    assert contender(conv).conv == conv
    assert found.right.shape == (8, 1497)
    assert 0.75 < found.accuracies.min() < found.accuracies.max() < 0.97
