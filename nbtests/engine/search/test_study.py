"""A study in a storage: no trial is lost or counted twice, whoever dies or comes back."""

import sqlite3
from dataclasses import replace

import optuna
import pytest

from trainingwheels.engine import InvalidSetting, RunConfig
from trainingwheels.engine.search import LogUniform, watch
from trainingwheels.engine.search import study as studies
from trainingwheels.engine.search.plans import Plan
from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.search.study import Study, find_plan

PLAN = Plan({"lr": LogUniform(1e-3, 1.0)}, RunConfig(hidden=(8, 8), epochs=2), trials=3)


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "s.db")


@pytest.fixture
def opened(file):
    """Opens the study, as a process would; closes all in the end."""
    found = []

    def open_study(plan=PLAN):
        found.append(Study(plan, file, "mine", heartbeat=1000))
        return found[-1]

    yield open_study
    for study in found:
        study.close()


def ended(taken, value=0.5):
    return Trial(taken.trial.number, taken.trial.params, "complete", value, value, None, 2.0)


def age(file):
    """Every sign of life was long ago."""
    with sqlite3.connect(file) as kept:
        kept.execute("UPDATE trial_heartbeats SET heartbeat = '2001-01-01 00:00:00'")
    kept.close()


def test_two_processes_never_take_the_same_trial(opened):
    one, two = opened(), opened()
    taken = [*one.take(1), *two.take(1), *one.take(5)]
    assert [each.trial.number for each in taken] == [0, 1, 2]
    assert two.take(1) == []
    assert two.open


def test_who_was_thought_dead_is_not_heard(opened, file):
    one, two = opened(), opened()
    (first,) = one.take(1)
    age(file)
    numbers = {each.trial.number: each for each in two.take(3)}
    assert set(numbers) == {0, 1, 2}
    assert numbers[0].trial.params == first.trial.params
    assert not one.tell(first, ended(first, 0.9))
    assert all(two.tell(each, ended(each)) for each in numbers.values())
    assert [(trial.number, trial.value) for trial in two.others()] == [(0, 0.5), (1, 0.5), (2, 0.5)]
    assert not two.open


def test_a_trial_that_was_lost_on_its_way_back_waits_again(opened):
    one = opened()
    (first,) = one.take(1)
    one.study.tell(first.asked, state=optuna.trial.TrialState.FAIL)  # and dies before it says who is next
    assert [each.trial.number for each in opened().take(9)] == [1, 2, 0]


def test_others_see_how_far_a_trial_is(opened):
    one, two = opened(), opened()
    (first,) = one.take(1)
    one.report(first, Trial(0, first.trial.params, "running", 0.25, epochs=1.5))
    (seen,) = two.others()
    assert (seen.state, seen.value, seen.epochs) == ("running", 0.25, 1)


def test_a_plan_comes_out_as_it_went_in(opened, file):
    base = replace(PLAN.base, hidden=(16,), conv=(4,), augment=(("flip", 0.5),))
    plan = replace(PLAN, base=base, sampler="tpe", validation=50)
    opened(plan)
    assert find_plan("mine", file) == plan


def test_a_study_that_is_not_ours_is_refused(file, monkeypatch):
    monkeypatch.setattr(studies, "BEING_MADE", 0.01)
    kept = optuna.storages.RDBStorage(f"sqlite:///{file}")
    optuna.create_study(storage=kept, study_name="mine")
    kept.engine.dispose()
    for act in (lambda: Study(PLAN, file, "mine"), lambda: find_plan("mine", file)):
        with pytest.raises(InvalidSetting, match="is no search of ours, or was left half made"):
            act()


def test_who_looks_on_takes_nothing(opened, file):
    one = opened()
    looking = watch("mine", file)
    assert next(looking).trials == ()
    for taken in one.take(3):
        assert one.tell(taken, ended(taken))
    *_, last = looking
    assert (len(last.trials), last.done) == (3, True)
