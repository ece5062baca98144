"""Searches under way: repetitions and a rival trained side by side, stopped and gone on with, and bad input."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import numbers

QUICK = {"show": "search", "trials": 5, "epochs": 1, "width": 8, "train_size": 256, "batch": 3}


@pytest.fixture(scope="module")
def compared():
    """A lab in which two samplers have searched three times each, for all tests that change nothing in it."""
    from trainingwheels.labs.search.lab import Search

    lab = Search(repetitions=3, rival="sobol", seed=4, **QUICK)
    lab.settle()
    assert "Not tried yet: 3 times 5 trials, chosen at random, and 3 times 5 trials, chosen along" in lab.text
    trained(lab)
    yield lab
    lab.close()


def test_repetitions_have_the_next_seeds_and_rivals_the_same(compared):
    own, rival = compared.result.compared
    for each in (own, rival):
        seeds = [{trial.history.config.seed for trial in result.trials} for result in each.results]
        assert seeds == [{4}, {5}, {6}]
    assert numbers("# of # trials (3 times", compared.text) == [30, 30]
    assert numbers("after # of at most # epochs", compared.text) == [30, 30]


def test_which_repetition_is_looked_at_makes_no_new_search(compared):
    own = compared.result.repeated
    for place in (3, 1):
        compared.repetition = place
        compared.settle()
        assert compared.state == "done"
        assert compared.result.result is own.results[place - 1]
        assert f"repetition {place} of random search" in compared.text
        best = compared.result.result.best
        assert numbers("The best, trial #, has", compared.text) == [best.number + 1]


def test_the_best_together_are_those_of_the_repetition(compared):
    compared.set(repetition=2, together=True)
    compared.settle()
    tests = [trial.test for trial in compared.result.repeated.results[1].top(5)]
    assert compared.result.together.singles == pytest.approx(tests, abs=0.003)
    compared.set(repetition=1, together=False)
    compared.settle()


def test_the_link_and_the_script_have_all_of_it(compared):
    assert "repetitions=3&rival=sobol" in compared.query()
    found = run(compared)["found"]
    for each in compared.result.compared:
        again = found[each.results[0].sampler]
        params = [[trial.params for trial in result.trials] for result in again]
        assert params == [[trial.params for trial in result.trials] for result in each.results]
        assert [result.best.value for result in again] == pytest.approx(each.ends[0], abs=0.02)


def test_a_pause_keeps_what_has_finished_of_each_and_goes_on(make):
    lab = make(repetitions=2, **QUICK)
    lab.single_step()
    lab.settle()
    assert lab.state == "paused"
    assert [len(result.trials) for result in lab.result.repeated.results] == [3, 3]
    assert 0 < lab.view.in_hand.steps < lab.view.in_hand.total
    trained(lab)
    assert [len(result.finished) for result in lab.result.repeated.results] == [5, 5]
    assert np.isfinite(lab.result.repeated.best_so_far[0]).all()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"repetitions": 11}, "repetitions = 11 is out of range: choose a whole number from 1 to 10."),
        ({"rival": "halvin"}, "rival = 'halvin' is not known: did you mean 'halving'?"),
    ],
)
def test_bad_input_is_one_line(make, settings, says):
    lab = make(**QUICK)
    with pytest.raises(ValueError, match=r"choose|did you mean"):
        lab.set(**settings)
    assert says in lab.message


def test_nobody_is_compared_with_itself(make):
    lab = make(rival="random", **QUICK)
    lab.settle()
    assert lab.state == "failed"
    assert lab.message == "rival = 'random' is the sampler itself: choose another, or 'none'."


def test_a_search_that_is_shared_is_one(make, tmp_path):
    lab = make(repetitions=2, **QUICK)
    lab.share(str(tmp_path / "search.db"))
    lab.settle()
    assert lab.message == "repetitions = 2: what is shared is one search. Choose repetitions = 1 and rival = 'none'."
    assert not (tmp_path / "search.db").exists()
