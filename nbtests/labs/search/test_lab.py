"""The search lab: its views, bad input, controls, and what its slides say."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.browser.serving import wait_for
from nbtests.labs.using import apply, change, trained
from nbtests.words import numbers
from trainingwheels.engine.search import LogUniform, search
from trainingwheels.engine.search.study import Study, find_plan
from trainingwheels.labs.search.lab import Search

VIEWS = ["grid", "search", "scales", "winner", "folds", "features"]


def test_the_views_are_those():
    assert [view.name for view in Search.views] == VIEWS


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"side": 9}, "side = 9 is out of range: choose a whole number from 1 to 8."),
        ({"sampler": "gird"}, "sampler = 'gird' is not known: did you mean 'grid'?"),
        ({"lr_low": 0}, "lr_low = 0 is out of range: choose a number from 1e-06 to 1."),
        ({"trials": 1_000_000}, "trials = 1000000 is out of range: choose a whole number from 4 to 64 trials."),
    ],
)
def test_bad_input_is_one_line(make, settings, says):
    lab = make()
    with pytest.raises(ValueError, match=r"choose|did you mean"):
        lab.set(**settings)
    assert says in lab.message
    assert "\n" not in lab.message


def test_controls_of_other_views_are_out_of_sight(make):
    lab = make()
    in_sight = {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}
    assert in_sight == {
        "show", "importance", "side", "beside", "landscape", "spread", "peak_x", "peak_y", "filters", "seed",
    }  # fmt: skip


def test_slides_on_grid_and_random_say_what_they_show(make):
    lab = make()
    result = apply(lab, "grid-or-random")
    grid, random = (result.contest.here(name) for name in ("grid", "random"))
    assert random.mean() - grid.mean() == pytest.approx(0.11, abs=0.02)
    assert (grid > random).mean() == pytest.approx(1 / 3, abs=0.05)
    result = apply(lab, "both-matter")
    grid, random = (result.contest.here(name) for name in ("grid", "random"))
    assert grid.mean() - random.mean() == pytest.approx(0.05, abs=0.02)
    result = apply(lab, "real-nets")
    lead = result.contest.here("random") - result.contest.here("grid")
    assert lead.mean() == pytest.approx(0.04, abs=0.02)
    result = change(lab, landscape="dropout")
    lead = result.contest.here("random") - result.contest.here("grid")
    assert lead.mean() == pytest.approx(-0.04, abs=0.025)


def test_slides_on_scales_say_what_they_show(make):
    lab = make()
    result = apply(lab, "scale")
    assert result.shares["linear"][-1] == pytest.approx(0.9, abs=0.001)
    best = {scale: each[11].mean() for scale, each in result.best.items()}
    assert best["log"] - best["linear"] == pytest.approx(0.1, abs=0.04)
    assert result.score(np.geomspace(0.3, 1, 20)).max() < 0.4
    apply(lab, "sixty")
    assert numbers("It takes # to be 95 % sure", lab.text) == [59]


def test_slides_on_the_curse_say_what_they_show(make):
    lab = make()
    result = apply(lab, "curse")
    curse = (result.winners.val - result.winners.new)[:, :, 31].mean(axis=1)
    assert result.val == pytest.approx(0.95, abs=0.01)
    assert curse[2] == pytest.approx(0.03, abs=0.01)
    assert curse[-1] < 0.01
    assert curse[0] > 0.045
    result = apply(lab, "seeds")
    average = result.winners.new[result.place, :, 0].mean()
    assert result.new - average == pytest.approx(0.01, abs=0.006)
    assert result.val - result.new == pytest.approx(0.04, abs=0.01)


def test_the_slide_on_folds_says_what_it_shows(make):
    lab = make()
    apply(lab, "folds")
    result = trained(lab)
    assert result.values[result.best] in (0.01, 0.03, 0.1)
    means = result.means
    assert max(means[[0, 1, 5, 6]]) < means.max() - 0.1  # which are out
    assert np.ptp(result.scores[result.best]) > 0.02


def test_slides_with_crashed_runs_have_some(make):
    lab = make()
    apply(lab, "crashed")
    result = trained(lab).result
    crashed = [trial.params["lr"] for trial in result.trials if trial.state == "diverged"]
    guess = [trial.params["lr"] for trial in result.trials if trial.counts and trial.value < 0.2]
    assert len(crashed) >= 3
    assert min(crashed) > 0.5
    assert min(guess) < 0.01
    assert max(guess) > 1


def test_a_search_is_shown_as_others_find_it(make, tmp_path):
    """Here they have found all of it already."""
    storage = f"sqlite:///{tmp_path / 'search.db'}"
    lab = make(show="search", trials=4, epochs=1, width=8, train_size=128)
    view = lab.view
    s = lab._named()
    assert isinstance(view.space(s)["lr"], LogUniform)
    found = search(view.space(s), base=view.base(s), trials=4, seed=s.seed, storage=storage, study="class")
    lab.share(storage, "class")
    lab.settle()
    assert lab.state == "done"
    shown = lab.result.result.trials
    assert [trial.value for trial in shown] == pytest.approx([trial.value for trial in found.trials], abs=1e-6)
    assert "4 of 4 trials" in lab.text


def test_nothing_is_taken_of_what_is_shared_before_start(make, tmp_path):
    storage = str(tmp_path / "search.db")
    lab = make(trials=5, epochs=1, width=8, train_size=128)
    lab.share(storage, "class")
    lab.settle()
    assert lab.state == "idle"
    assert "Not tried yet: 5 trials" in lab.text
    worker = Study(find_plan("class", storage), storage, "class")
    try:
        assert len(worker.take(9)) == 5
    finally:
        worker.close()


def test_what_two_workers_find_is_shown_as_it_comes(make, tmp_path, monkeypatch):
    """The lab has one trial of its own, and waits for theirs."""
    monkeypatch.setattr("trainingwheels.engine.search.progress.POLL", 0.01)
    storage = str(tmp_path / "search.db")
    lab = make(trials=5, epochs=1, width=8, train_size=128, batch=1)
    lab.share(storage, "class")
    lab.settle()
    workers = [Study(find_plan("class", storage), storage, "class") for _ in range(2)]
    try:
        taken = [worker.take(2) for worker in workers]
        assert [len(own) for own in taken] == [2, 2]
        lab.start()
        for done, (worker, own) in enumerate(zip(workers, taken, strict=True)):
            wait_for(lambda done=done: f"{1 + 2 * done} of 5 trials" in lab.text, "what has been found by then")
            for each in own:
                value = 0.9 + 0.01 * each.trial.number
                worker.tell(each, replace(each.trial, state="complete", value=value, test=value, epochs=1.0))
        lab.settle()
    finally:
        for worker in workers:
            worker.close()
    assert lab.state == "done"
    assert "5 of 5 trials" in lab.text
    assert lab.result.result.best.number == max(each.trial.number for own in taken for each in own)
