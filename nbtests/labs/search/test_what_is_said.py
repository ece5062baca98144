"""Behaviour: what is said of made searches, folds, winners and features is what they have come to."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from nbtests.labs.made_nets import told
from nbtests.words import numbers
from trainingwheels.engine.search.choosing_features import FeatureChoice
from trainingwheels.engine.search.folds import Nested
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.spaces import LogUniform
from trainingwheels.engine.search.winners import SIZES, Winners
from trainingwheels.labs.search.features import WrongAndRight
from trainingwheels.labs.search.lab import Search
from trainingwheels.labs.search.pictures.features import ChosenFeatures
from trainingwheels.labs.search.pictures.searched import Part, Searched
from trainingwheels.labs.search.pictures.winners import Cursed
from trainingwheels.labs.search.searching import NAMES
from trainingwheels.labs.search.trial_words import told as said_of
from trainingwheels.labs.search.winners import WinnersCurse

LEVELS = (0.0, 1.0, 0.9997, 0.949, 0.1)
SPACE = {"lr": LogUniform(1e-4, 1.0), "l2": LogUniform(1e-6, 1e-2)}


def sound(text):
    text = text if isinstance(text, str) else "\n".join(text)
    once = text.replace("% are wrong", "").replace("right in", "")
    assert not re.search(r"\bnan\b|\binf\b|e-|\b1 (trials|nets|features|steps)\b", once), text
    return text


def shares(rng, *size):
    """Shares that are all alike or not, that are nothing, all, nearly so, or anything."""
    level = rng.choice([*LEVELS, rng.random()])
    return np.clip(level + rng.normal(0, rng.choice([0.0, 0.001, 0.1]), size), 0, 1)


def searched(seed):
    """A search at any moment: nothing tried, one trial, all crashed, all alike."""
    rng = np.random.default_rng(seed)
    planned, done = int(rng.choice([4, 12, 24])), bool(rng.random() < 0.5)
    count = planned if done else int(rng.integers(0, planned))
    ways = [["complete"], ["diverged"], ["complete", "diverged", "pruned"], ["complete", "running"]][seed % 4]
    values, tests = shares(rng, count), shares(rng, count)
    trials = []
    for number in range(count):
        state = str(rng.choice([way for way in ways if way != "running" or not done]))
        value = float(values[number]) if state != "diverged" else math.nan
        params = {name: float(among.at(rng.random())) for name, among in SPACE.items()}
        trials.append(Trial(number, params, state, value, float(tests[number]), epochs=float(rng.choice([0.25, 1, 5]))))
    result = Result(SPACE, "random", tuple(trials), planned, 5.0 * planned, done)
    parts = (Part("lr", SPACE["lr"], int(rng.integers(5)), 5),) if rng.random() < 0.5 else ()
    chosen = trials[0] if trials and rng.random() < 0.5 else None
    return Searched(result, 0.1, NAMES, chosen, "spread", (360, 1000), parts=parts)


def test_a_search_is_told_at_any_moment():
    for seed in range(200):
        shown = searched(seed)
        result, text = shown.result, sound(said_of(shown))
        if not result.trials:
            assert text.startswith("Not tried yet")
            continue
        finished, planned, spent, budget = numbers("# of # trials, chosen at random, ", text) + numbers(
            "after # of at most # epochs", text
        )
        assert (finished, planned) == (len(result.finished), result.planned)
        assert (spent, budget) == pytest.approx((result.spent, result.budget), abs=0.051)
        states = [trial.state for trial in result.trials]
        for state, words in (("diverged", " crashed: the loss"), ("pruned", "the small dot")):
            assert (words in text) == (state in states)
        assert "pruned" not in states or numbers("for better ones: #, the small dot", text) == [states.count("pruned")]
        assert ("the small dots." in text) == (states.count("pruned") > 1)
        scores = np.array([trial.value for trial in result.trials if trial.counts])
        if len(scores):
            found = re.search(r"The best, trial (\d+), has .*?: (.*? %) on the 360 validation digits", text)
            assert int(found[1]) == result.best.number + 1
            assert numbers("# %", found[2])[0] == pytest.approx(100 * scores.max(), abs=0.51)
            assert (found[2] == "100 %") == (scores.max() == 1)
        assert ("are at" in text) == (len(scores) > 1)
        if len(scores) > 1:
            assert numbers("end are at # % or below", text)[0] == pytest.approx(100 * np.median(scores), abs=0.51)
        assert ("a tenth at" in text) == (len(scores) >= 10)
        if shown.parts:
            seen = [trial.value for trial in shown.seen if trial.counts]
            assert ("the worst at" in text) == (len(seen) > 1)
            assert (": one has come to its end, with" in text) == (len(seen) == 1)


def nested(result, rng):
    """What choosing the best may be worth, at times just what was promised."""
    scores = result.scores
    inner = scores if rng.random() < 0.5 else shares(rng, *scores.shape)
    chosen = inner.argmax(axis=0) if rng.random() < 0.5 else np.full(scores.shape[1], scores.mean(axis=1).argmax())
    return Nested(scores, inner, chosen, scores[chosen, np.arange(scores.shape[1])])


def test_folds_are_told_with_their_parts_their_error_and_what_is_as_good():
    equal = 0
    for seed, each in enumerate(told(Search, 60, presets=(), show="folds", nested=False)):
        view, result = each.view, each.result
        if not len(result.histories[0][0].steps):
            continue
        result = replace(result, nested=nested(result, np.random.default_rng(seed)))
        text, best = sound(view.explain(result)), result.best
        folds = len(result.histories[0])
        sizes = {len(part) for part in np.array_split(np.arange(result.examples), folds)}
        assert {int(size) for size in re.search(r"parts of (\d+)(?: or (\d+))? digits", text).groups() if size} == sizes
        mean, error = numbers(", # % ± # points (the mean", text)
        assert mean == pytest.approx(100 * result.means[best], abs=0.51)
        assert error == pytest.approx(100 * result.errors[best], abs=0.051)
        near = (result.means >= result.means[best] - result.errors[best]).sum() - 1
        assert ("No other value" in text) == (near == 0)
        low, high = 100 * result.scores[best].min(), 100 * result.scores[best].max()
        if low == high:
            equal += 1
            assert numbers("Single folds of the best all have # %", text)[0] == pytest.approx(low, abs=0.51)
        else:
            assert numbers("of the best go from # % to # %", text) == pytest.approx([low, high], abs=0.51)
        optimism = result.nested.optimism
        assert ("as much." in text) == (optimism == 0)
        if optimism:
            assert numbers(f" %, # points {'less' if optimism > 0 else 'more'}", text)[0] == pytest.approx(
                100 * abs(optimism), abs=0.051
            )
    assert equal > 2


def test_a_winner_is_told_with_its_curse():
    verdicts = set()
    for seed in range(60):
        rng = np.random.default_rng(seed)
        val, new, best = (shares(rng, len(SIZES), 300, 4) for _ in "vnb")
        if seed % 3 == 0:
            new = np.clip(val - rng.choice([-0.0003, 0.0, 0.0003, 0.02]), 0, 1)
        kind = str(rng.choice(["search", "seeds"]))
        result = Cursed(Winners(val, new, best, val[:, :2]), int(rng.integers(1, 5)), int(rng.choice(SIZES)), kind)
        text = sound(WinnersCurse(None).explain(result))
        assert numbers("It loses # points", text)[0] == pytest.approx(100 * (result.val - result.new), abs=0.051)
        low, high = numbers("99 % interval # to #:", text)
        expected = "too much" if low > 0 else "less is promised" if high < 0 else "not to be told"
        assert expected in text
        verdicts.add(expected)
        assert ("what wins is luck" in text) == (kind == "seeds" and result.contenders > 1)
    assert len(verdicts) == 3


def test_chosen_features_are_told_and_where_all_are_kept_nothing_is_chosen():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        before, inside, new = (shares(rng, 20) for _ in "bin")
        result = ChosenFeatures({32: FeatureChoice(before, inside, new)}, 32, 50, int(rng.choice([1, 20, 32])), 5)
        text = sound(WrongAndRight(None).explain(result))
        assert numbers("validation says # %; the model has # % on", text) == pytest.approx(
            [100 * before.mean(), 100 * new.mean()], abs=0.51
        )
        assert ("there is nothing to choose" in text) == (result.chosen == 32)
        if result.chosen < 32:
            low, high = numbers("99 % interval # to #)", text)
            assert ("too much" in text) == (low > 0)
            assert ("too little" in text) == (high < 0)
