"""Behaviour: what is said of 200 made lists of runs, of any course, is what these runs are."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history
from nbtests.words import numbers
from trainingwheels.engine.records.diagnosis import CURVE_KINDS, END, diagnose
from trainingwheels.labs.learning_curves.lab import LearningCurves
from trainingwheels.labs.learning_curves.run_list import ListedRun
from trainingwheels.labs.learning_curves.runs import HEURISTIC, MOST_SENTENCES, NOTHING_SHOWN, UNSAID, RunsView

CASES = 200


def course(rng):
    """A run whose loss falls, rises, jumps, waits or stays, early or late, and whose accuracies do anything."""
    steps = int(rng.choice([3, 40, 140, 140, 140]))
    run = made_history(steps, evaluations=11, seed=int(rng.integers(100)), level=float(rng.uniform(0.5, 3)))
    at = np.linspace(0, 1, steps)
    kind = rng.choice(["falls", "rises", "stays", "jumps", "waits", "creeps", "diverges"])
    loss = {
        "falls": np.exp(-at * rng.uniform(1, 20)),
        "rises": 1 + at * rng.uniform(0, 4),
        "stays": np.ones(steps),
        "jumps": 0.3 + np.abs(np.sin(at * 40)) * rng.uniform(0, 1),
        "waits": 1 / (1 + np.exp((at - rng.uniform(0.05, 0.6)) * 60)),
        "creeps": 1 - at * rng.uniform(0, 0.5),
        "diverges": np.where(at < rng.random(), 1.0, np.nan),
    }[kind] * rng.uniform(0.9, 1.1, steps)  # fmt: skip
    start = float(run.val_loss[0])
    val = np.clip(rng.random() + rng.normal(0, 0.05, len(run.eval_steps)), 0, 1)
    train = np.clip(val + rng.choice([0, 0.02, 0.3]), 0, 1)
    return replace(
        run, train_loss=np.float32(start * loss), val_accuracy=np.float32(val), train_accuracy=np.float32(train)
    )


def listed(seed):
    """A list of up to eight of them, some hidden, judged or not."""
    rng = np.random.default_rng(seed)
    runs = [course(rng) for _ in range(int(rng.integers(0, 9)))]
    hidden = frozenset(place for place in range(len(runs)) if rng.random() < rng.choice([0.0, 0.3, 1.0]))
    names = [f"run {place}" for place in range(len(runs))]
    each = tuple(ListedRun(name, name, run, name) for name, run in zip(names, runs, strict=True))
    return RunsView(
        runs, names, hidden=hidden, chosen=0 if len(runs) > 1 else None, runs=each, diagnosis=bool(rng.random() < 0.8)
    )


@pytest.fixture(scope="module")
def said():
    lab = LearningCurves()
    results = [listed(seed) for seed in range(CASES)]
    yield [(result, list(lab.view.explain(result))) for result in results]
    lab.close()


def test_the_best_is_the_best_of_those_that_are_shown(said):
    for result, lines in said:
        shown = [each for place, each in enumerate(result.runs) if place not in result.hidden]
        if not shown:
            assert len(lines) == 1
            assert (lines[0] == NOTHING_SHOWN) == bool(result.runs)
            continue
        accuracy = max(each.run.best.val_accuracy for each in shown)
        (told,) = numbers("# % at step", lines[0])
        assert told == pytest.approx(100 * accuracy, abs=0.051)
        (step,) = numbers("at step #.", lines[0])
        named = [each for each in shown if f" {each.name}," in lines[0]] if len(shown) > 1 else shown
        assert [each.run.best.step for each in named] == [step]
        assert named[0].run.best.val_accuracy == accuracy


def test_every_run_that_is_judged_is_judged_by_its_own_findings(said):
    for result, lines in said:
        shown = [each for place, each in enumerate(result.runs) if place not in result.hidden]
        if not shown:
            continue
        if not result.diagnosis:
            assert lines[-1] == UNSAID
            continue
        assert lines[1].startswith(HEURISTIC)
        if len(shown) <= MOST_SENTENCES:
            heads = [f"{each.name}: " if len(shown) > 1 else "" for each in shown for _ in diagnose(each.run)]
            sentences = [finding.sentence for each in shown for finding in diagnose(each.run)]
            assert lines[2:] == [head + sentence for head, sentence in zip(heads, sentences, strict=True)]
            continue
        counts = {label: int(count) for count, label in re.findall(r"(\d+) × ([^.]+?)(?=, \d|\.)", lines[1])}
        verdicts = [CURVE_KINDS[diagnose(each.run)[0].verdict].label for each in shown]
        assert counts == {label: verdicts.count(label) for label in verdicts}


def starts_and_parts(run):
    """The loss before training, and the means of the parts of the run that the rules look at."""
    return float(run.val_loss[0]), np.array([part.mean() for part in np.array_split(run.train_loss.astype(float), 20)])


def test_each_number_is_the_runs_and_on_the_side_of_its_threshold_that_is_said(said):
    told = set()
    for run in (each.run for result, _ in said for each in result.runs):
        for finding in diagnose(run):
            told.add(finding.verdict)
            text = finding.sentence
            for value, limit in re.findall(r"(\d+) %[^%()]*\(at least (\d+) %\)", text):
                assert int(value) >= int(limit)
            for value, limit in re.findall(r"([\d.]+) %[^%()]*\(less than (\d+) %\)", text):
                assert float(value) < float(limit)
            match finding.verdict:
                case "exploded":
                    assert numbers("from step # on", text) == [run.diverged_at]
                case "too-high" if "rises to" in text:
                    start, parts = starts_and_parts(run)
                    rose, limit = numbers("rises to # times where it began (# is too much)", text)
                    assert rose >= limit
                    assert rose == pytest.approx(parts.max() / start, rel=0.06)
                case "stuck":
                    (away,) = numbers("stays within # % of", text)
                    start, parts = starts_and_parts(run)
                    assert away == pytest.approx(100 * np.abs(parts / start - 1).max(), abs=0.06)
                case "too-low":
                    start, parts = starts_and_parts(run)
                    (fell,) = numbers("falls by # % only", text)
                    assert fell == pytest.approx(100 * (1 - parts[-1] / start), abs=0.51)
                case "overfitting":
                    gap, limit = numbers("is # points above validation (# are much)", text)
                    assert gap >= limit
                    ends = (run.train_accuracy - run.val_accuracy)[run.eval_steps >= END * run.total_steps]
                    assert 100 * ends.min() - 0.51 <= gap <= 100 * ends.max() + 0.51
                case "unjudged":
                    start, parts = starts_and_parts(run)
                    ends, limit = numbers("ends at # times where it began (below # would be a fall)", text)
                    assert ends >= limit
                    assert ends == pytest.approx(parts[-1] / start, rel=0.06)
                case "good":
                    start, parts = starts_and_parts(run)
                    (fell,) = numbers("falls by # %", text)
                    assert fell == pytest.approx(100 * (1 - parts[-1] / start), abs=0.51)
    assert told >= {"exploded", "too-high", "stuck", "overfitting", "unfinished", "short"}
