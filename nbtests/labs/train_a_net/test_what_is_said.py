"""Behaviour: what Train a net says of 200 made results, to both ends of what can be set, is what these results are."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history
from nbtests.words import numbers
from trainingwheels.engine import DATASETS
from trainingwheels.labs.train_a_net.pictures.inside import HEALTHY
from trainingwheels.labs.train_a_net.pictures.training import TrainingView
from trainingwheels.labs.train_a_net.training import HARDLY, best_now

CASES = 200


def drawn(seed):
    """One to five runs of equal settings, at any moment, with any accuracy, that may have died or failed."""
    rng = np.random.default_rng(seed)
    steps = int(rng.choice([0, 1, 30, 140]))
    common = {
        "dataset": str(rng.choice(["spirals", "digits", "moons"])),
        "label_noise": float(rng.choice([0.0, 0.0, 0.05, 0.3, 1.0])),
        "loss": str(rng.choice(["softmax", "hinge"])),
        "hidden": tuple([8] * int(rng.integers(0, 4))),
    }
    histories = []
    for run in range(int(rng.integers(1, 6))):
        diverged = int(rng.integers(1, steps + 1)) if steps and rng.random() < 0.15 else None
        failed = "It ran out of memory: choose fewer units." if rng.random() < 0.05 else ""
        made = made_history(
            steps, evaluations=6 if steps else 1, seed=run, diverged_at=diverged, failed=failed, **common
        )
        chance = 1 / DATASETS[common["dataset"]].classes
        level = rng.choice([chance, 0.97, rng.random()])
        accuracy = np.clip(level + rng.normal(0, rng.choice([0.0, 0.001, 0.1]), len(made.eval_steps)), 0, 1)
        ratio = np.float32(rng.choice([0.0, 1e-9, 1e-4, 3e-4, 1e-3, 3e-3, 1.0, np.nan]))
        layers = replace(made.layers, update_ratio=np.full_like(made.layers.update_ratio, ratio))
        val, train = np.float32(accuracy), np.float32(accuracy[::-1].copy())
        histories.append(replace(made, val_accuracy=val, train_accuracy=train, layers=layers))
    labels = [""] if len(histories) == 1 else [f"lr {10.0**-run:g}" for run in range(len(histories))]
    return TrainingView(histories, labels, chosen=best_now(histories))


@pytest.fixture(scope="module")
def said():
    """Every case with its sentences."""
    from trainingwheels.labs.train_a_net.training import TrainOne

    view = TrainOne(None)
    results = [drawn(seed) for seed in range(CASES)]
    return [(result, list(view.explain(result))) for result in results]


def runs(said):
    """Every run that trains, with its label and its line."""
    for result, lines in said:
        for history, label, line in zip(result.histories, result.labels, lines, strict=False):
            if not history.failed and history.diverged_at is None:
                yield history, label or "The net", line


def test_every_run_has_its_line(said):
    for result, lines in said:
        for history, label, line in zip(result.histories, result.labels, lines, strict=False):
            assert line.startswith(f"{label or 'The net'}: ")
            assert ("diverged at step" in line) == (history.diverged_at is not None and not history.failed)
            assert (history.failed in line) or not history.failed


def test_accuracies_are_the_runs(said):
    for history, _, line in runs(said):
        (val,) = numbers("accuracy # %", line)
        assert val == pytest.approx(100 * history.val_accuracy[-1], abs=0.051)
        assert ("not trained yet" in line) == (not len(history.steps))
        if len(history.steps):
            (train,) = numbers("training accuracy # %", line)
            assert train == pytest.approx(100 * history.train_accuracy[-1], abs=0.051)


def test_a_record_is_told_where_there_is_one_that_differs(said):
    told = 0
    for history, _, line in runs(said):
        best, now, chance = history.best, history.val_accuracy[-1], history.chance
        if "(best" not in line:
            near = best.val_accuracy - now < 0.0011
            hardly = now < chance + HARDLY * (1 - chance)
            assert near or hardly or best.step == 0 or not len(history.steps)
            continue
        told += 1
        accuracy, step = numbers("(best # % at step #)", line)
        assert accuracy > numbers("validation accuracy # %", line)[0]
        assert step == best.step > 0
        assert accuracy == pytest.approx(100 * best.val_accuracy, abs=0.051)
    assert told > 10


def test_who_hardly_does_better_than_guessing_is_told_so(said):
    for history, _, line in runs(said):
        if len(history.steps):
            hardly = history.val_accuracy[-1] < history.chance + HARDLY * (1 - history.chance)
            assert ("where guessing gives" in line) == hardly


def test_before_training_the_loss_that_it_should_begin_with_is_told(said):
    for result, lines in said:
        chosen, text = result.histories[result.chosen], "\n".join(lines)
        assert ("Equal scores for all classes" in text) == (not len(chosen.steps) and not chosen.failed)
        if "Equal scores" in text:
            classes = DATASETS[chosen.config.dataset].classes
            even = np.log(classes) if chosen.config.loss == "softmax" else classes - 1
            found = float(re.search(r"a loss of .*? = ([\d.]+);", text).group(1))
            assert found == pytest.approx(even, rel=0.05)


def test_wrong_labels_are_told_wherever_there_are_any(said):
    for result, lines in said:
        share, text = result.histories[0].config.label_noise, "\n".join(lines)
        assert ("labels trained on" in text) == (share > 0)
        for history, line in zip(result.histories, lines, strict=False):
            trained = len(history.steps) and history.diverged_at is None and not history.failed
            assert ("by the true labels" in line) == bool(trained and share)
            if trained and share:
                assert numbers("(# % by the true", line)[0] == pytest.approx(
                    100 * history.clean_accuracy[-1], abs=0.051
                )
        if share:
            assert numbers("about # % are wrong: true labels would be right in # %", text) == pytest.approx(
                [100 * share, 100 * (1 - share)]
            )


def test_the_size_of_a_step_is_judged_by_its_thresholds_where_there_is_one(said):
    verdicts = {"less than": 0, "within": 0, "more than": 0}
    for result, lines in said:
        chosen, text = result.histories[result.chosen], "\n".join(lines)
        found = re.search(r"One step changes .* by (\S+) of their size .*: (less than|within|more than) the", text)
        alive = len(chosen.steps) and chosen.diverged_at is None and len(chosen.layers.update_ratio)
        ratio = float(np.median(chosen.layers.update_ratio[-1])) if alive else np.nan
        assert bool(found) == (ratio > 0)
        assert ("changed no weight" in text) == (ratio == 0)
        if found:
            expected = "less than" if ratio < HEALTHY[0] else "more than" if ratio > HEALTHY[1] else "within"
            assert found.group(2) == expected
            assert float(found.group(1).replace("−", "-")) == pytest.approx(ratio, rel=0.06)
            verdicts[expected] += 1
    assert min(verdicts.values()) > 5


def test_what_is_said_of_the_inside_is_of_the_best_now(said):
    for result, lines in said:
        chosen = result.histories[result.chosen]
        good = [run for run in result.histories if run.diverged_at is None and not run.failed]
        assert not good or chosen.val_accuracy[-1] == max(run.val_accuracy[-1] for run in good)
        for line in lines:
            if line.startswith("One step") and len(result.labels) > 1:
                assert f" of {result.labels[result.chosen]} by " in line
