"""Real runs: every sampler comes to its end and is told as it was; what is looked at; the script; the best together."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.labs.base.kept_runs import KEPT
from trainingwheels.labs.base.nets import Growing
from trainingwheels.labs.search.repetition_words import NOUNS

QUICK = {"show": "search", "trials": 9, "epochs": 1, "width": 8, "train_size": 256, "batch": 5}


@pytest.mark.parametrize("sampler", ["grid", "tpe", "halving"])
def test_every_sampler_comes_to_its_end_and_is_told(make, sampler):
    lab = make(sampler=sampler, lr_high=100.0, l2_high=10.0, **QUICK)
    assert "Not tried yet: 9 trials" in lab.text
    shown = trained(lab)
    result = shown.result
    assert result.sampler == sampler
    assert numbers("# of 9 trials, chosen", lab.text) == [9]
    best = result.best
    said = numbers("The best, trial #, has", lab.text)
    assert said == [best.number + 1]
    accuracies = numbers("# % on the 180 validation digits", lab.text) + numbers("chosen, # % on", lab.text)
    assert accuracies == pytest.approx([100 * best.value, 100 * best.test], abs=0.6)
    assert best.value == max(trial.value for trial in result.trials if trial.counts)
    crashed = [trial for trial in result.trials if trial.state == "diverged"]
    assert (f"{len(crashed)} crashed" in lab.text) == bool(crashed)
    middle = numbers("end are at # % or below", lab.text)
    assert middle == pytest.approx([100 * np.median(shown.scores)], abs=0.6)


@pytest.fixture(scope="module")
def searched():
    """A lab whose search is done, for all tests that change nothing in it."""
    from trainingwheels.labs.search.lab import Search

    lab = Search(also=("momentum",), look="importances", **QUICK)
    trained(lab)
    yield lab
    lab.close()


def test_what_is_looked_at_makes_no_new_search(searched):
    lab, result = searched, searched.result.result
    shares = list(result.importances.values())
    said = [numbers(f"{name} for # %", lab.text)[0] for name in ("lr", "L2", "momentum")]
    assert sorted(said) == pytest.approx(sorted(100 * share for share in shares), abs=0.6)
    lab.trial = 3
    lab.settle()
    assert lab.state == "done"
    assert lab.result.chosen.number == 2
    assert "Trial 3: lr " in lab.text
    lab.look = "parallel"
    lab.settle()
    assert lab.result.result is result


def test_a_click_on_a_dot_chooses_its_trial(searched):
    lab = searched
    picture = lab._picture
    x, y, number = picture._now.map.trials[4]
    assert picture.point(x + 2, y) == number
    assert picture.point(1.0, 1.0) is None
    assert lab.drag(lab._named(), number, number) == {"trial": number + 1}


def test_a_row_or_a_column_is_looked_at_alone(searched):
    lab = searched
    result = lab.result.result
    assert lab.drag(lab._named(), ("column", 2), ("column", 2)) == {"column": 2}
    for place in range(1, 6):
        lab.column = place
        lab.settle()
        low, high = (result.space["lr"].at(at / 5) for at in (place - 1, place))
        seen = [trial for trial in result.trials if low <= trial.params["lr"] <= high]
        assert lab.result.seen == seen
        assert numbers("The curves are of # trial", lab.text) == [len(seen)]
        if scores := [trial.value for trial in seen if trial.counts]:
            best = "the best at # %" if len(scores) > 1 else "come to its end, with # %"
            assert numbers(best, lab.text)[0] == pytest.approx(100 * max(scores), abs=0.51)
    assert lab.result.result is result
    assert lab.drag(lab._named(), ("column", 5), ("column", 5)) == {"column": 0}
    lab.column = 0
    lab.settle()
    assert "The curves are of" not in lab.text


def test_a_grid_has_its_own_rows_and_columns(make):
    lab = make(sampler="grid", **QUICK | {"trials": 8})
    result = trained(lab).result
    for name, count, axis in (("column", 4, "lr"), ("row", 2, "l2")):
        lab.set(**{"column": 0, "row": 0, name: count})
        lab.settle()
        assert {trial.params[axis] for trial in lab.result.seen} == {max(t.params[axis] for t in result.trials)}


def test_the_best_together_are_those_nets(searched):
    lab = searched
    lab.together = True
    lab.settle()
    together = lab.result.together
    tests = [trial.test for trial in lab.result.result.top(5)]
    assert together.singles == pytest.approx(tests, abs=0.003)  # trained again; rounding may turn a digit or two
    gain = 100 * (together.accuracy - together.singles[0])
    assert numbers("on the test digits, # points against", lab.text)[0] == pytest.approx(gain, abs=0.06)
    lab.together = False
    lab.settle()
    assert lab.result.together is None


def test_the_runs_are_kept_for_the_learning_curves(searched):
    kept = [run for run in KEPT.runs if run.lab == "Search" and run.label.startswith("trial ")]
    assert len({run.label for run in kept}) >= 9


def test_either_of_two_samplers_is_on_the_map(make):
    lab = make(rival="grid", repetitions=2, **QUICK | {"trials": 4})
    trained(lab)
    for of, compared, sampler, limit in (("sampler", 0, "random", 5), ("rival", 1, "grid", 2)):
        for repetition in (1, 2):
            lab.set(of=of, repetition=repetition, column=5)
            lab.settle()
            shown = lab.result
            assert shown.result is shown.compared[compared].results[repetition - 1]
            assert shown.sides == (limit, limit)
            assert shown.parts[0].place == limit - 1
            labels = {label.text for label in lab._picture._now._texts.labels}
            whose = f"{sampler}, repetition {repetition}"
            assert whose in labels
            assert any(text.startswith("trials of lr") and text.endswith(f" of {whose}") for text in labels)
            assert f"The map and the curves show repetition {repetition} of {NOUNS[sampler]}" in lab.text
            assert f"The best, trial {shown.result.best.number + 1}, has lr" in lab.text
    lab.set(rival="none")
    lab.settle()
    assert "repetition 2" in {label.text for label in lab._picture._now._texts.labels}


def test_a_pause_keeps_what_has_finished_and_goes_on(make):
    lab = make(**QUICK)
    lab.single_step()
    lab.settle()
    assert lab.state == "paused"
    view = lab.view
    assert isinstance(view.in_hand.snapshot, Growing)
    assert 0 < view.in_hand.steps < view.in_hand.total
    result = trained(lab).result
    assert result.done
    assert view.in_hand.steps == sum(len(trial.history.steps) for trial in result.trials)


@pytest.mark.parametrize("conv", [(), (2,)])
def test_the_script(make, conv):
    lab = make(sampler="sobol", conv=conv, **QUICK | {"trials": 4})
    assert ("The first layer's 2 filters see 3 x 3 pixels" in lab.text) == bool(conv)
    result = trained(lab).result
    again = run(lab)["result"]
    assert [trial.params for trial in again.trials] == [trial.params for trial in result.trials]
    assert [trial.value for trial in again.trials] == pytest.approx([trial.value for trial in result.trials], abs=0.02)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            {"lr_low": 0.1, "lr_high": 0.1},
            "lr_low = 0.1 is not below lr_high = 0.1: choose a smaller lr_low, or a larger lr_high.",
        ),
        ({"l2_low": 0.1, "l2_high": 0.001}, "l2_low = 0.1 is not below l2_high = 0.001"),
    ],
)
def test_an_empty_range_is_one_line(make, settings, says):
    lab = make(**QUICK)
    lab.set(**settings)
    lab.settle()
    assert lab.state == "failed"
    assert says in lab.message
    assert "\n" not in lab.message
