"""Behaviour: what is said of nets that transfer, whatever became of them, is what these nets are."""

import re

import numpy as np
import pytest

from nbtests.labs.made_nets import told
from nbtests.labs.sentences import drawn
from nbtests.words import numbers
from trainingwheels.engine.evaluation.few_shot import FewShot, Head, source_config
from trainingwheels.engine.evaluation.frozen_statistics import Drift, with_and_without
from trainingwheels.labs.base.parameters import named
from trainingwheels.labs.transfer_learning.frozen import FrozenBatchnorm, _config
from trainingwheels.labs.transfer_learning.lab import TransferLearning
from trainingwheels.labs.transfer_learning.own import OwnClasses
from trainingwheels.labs.transfer_learning.pictures.own import CLASSES, OwnView

MOST = {"nets": 6, "depth": 2}


def check_gain(words, gain):
    """A gain as it is written, (nets,): its mean, and a verdict where there is an interval that allows one."""
    (mean,) = numbers("# points", words)
    assert mean == pytest.approx(100 * gain.mean(), abs=0.051)
    assert ("the same" in words) == (not gain.any())
    ends = re.search(r"\(([−+]?[\d.]+) to ([−+]?[\d.]+): (.*?)\)", words)
    assert bool(ends) == bool(gain.any() and len(gain) >= 5)
    if ends:
        low, high = (float(end.replace("−", "-")) for end in ends.groups()[:2])
        assert low <= mean <= high
        assert ends[3] == (
            "it helps here" if low > 0 else "it hurts here" if high < 0 else "not to be told from chance"
        )


def check_lost(each, lost):
    assert ("diverged" in each.text) == (lost > 0)
    if lost:
        assert numbers("# net", each.sentences[-1]) == [lost]
        assert each.sentences[-1].startswith("1 net diverged" if lost == 1 else f"{lost} nets diverged")
    assert not re.search(r"\bnan\b|\b1 (steps|nets|seeds|labels)\b", each.text), each.text


def test_each_method_is_told_at_the_fewest_at_the_most_and_where_one_looks():
    for each in told(TransferLearning, 24, presets=(), show="adapt", most=MOST):
        result = each.result
        if not len(result.histories[0].steps):
            assert len(each.sentences) == 1 + bool(result.histories[0].config.conv)
            continue
        check_lost(each, sum(run.diverged_at is not None for run in result.histories))
        assert ("mean over the seeds" in each.text) == (result.nets > 1)
        for count in {result.counts[0], result.looked, result.counts[-1]}:
            (at,) = [at for at, line in enumerate(each.sentences) if re.match(rf"{count} labels? of each", line)]
            for method in result.methods:
                accuracy = result.accuracies(method.name, count).mean()
                (share,) = numbers(f"{method.label} # %", each.sentences[at])
                assert share == pytest.approx(100 * accuracy, abs=0.51)
            gains = re.split(r"(?<=\)), ", each.sentences[at + 1].removeprefix("Against from scratch: "))
            for method, words in zip([each for each in result.methods if each.pretrained], gains, strict=True):
                check_gain(words, result.gains(method.name, count))


def test_each_place_of_the_table_is_told():
    for each in told(TransferLearning, 24, presets=(), show="layers", most=MOST):
        result = each.result
        if not result.steps:
            continue
        check_lost(each, result.lost)
        for cell, line in zip(result.cells, each.sentences[1:], strict=False):
            means = 100 * cell.accuracies.mean(axis=1)
            transfer, scratch = numbers(", # %; from scratch # %", line)
            assert [transfer, scratch] == pytest.approx([means[1:].max(), means[0]], abs=0.51)
            assert ("however many layers learn" in line) == (means[1:].min() == means[1:].max())
            check_gain(line.split("changes it by ")[1], cell.accuracies[cell.best] - cell.accuracies[0])


def drifts(s, seed):
    """What frozen layers may come to: nothing moves, little, or much; nobody knows anything, or everybody all."""
    rng = np.random.default_rng(seed)
    configs, moments = with_and_without(_config(s), range(s.seed, s.seed + s.nets)), int(rng.choice([1, 2, 5]))
    shape = moments, len(configs)
    source, target = (
        np.clip(rng.choice([0, 1, 0.5, 0.9997]) + rng.normal(0, rng.choice([0, 0.01]), shape), 0, 1) for _ in "st"
    )
    means = np.abs(rng.normal(0, rng.choice([0, 1e-4, 1]), (*shape, configs[0].depth)))
    return Drift(configs, np.arange(moments) * 30, means, source, target, 120)


def test_how_far_statistics_drift_and_what_that_costs_is_told():
    view = FrozenBatchnorm(None)
    for seed, (settings, _) in enumerate(drawn(TransferLearning, 60, presets=(), show="frozen", most=MOST)):
        s = named(settings)
        result = drifts(s, seed)
        text = "\n".join(view.explain(result))
        moved = result.means[-1, : s.nets, 0].mean()
        (said,) = numbers("have moved by # standard deviations", text)
        assert said == pytest.approx(moved, abs=0.0051 if moved > 0.1 else 0.06 * moved)
        assert (said == 0) == (moved == 0)
        source = [
            result.source[moment, nets].mean()
            for moment, nets in ((0, slice(s.nets)), (-1, slice(s.nets)), (-1, slice(s.nets, None)))
        ]
        found = re.search(r"the net knew (.*?) of .*?Now it knows (.*?); with stopped statistics (.*?)\.\n", text)
        for words, share in zip(found.groups(), source, strict=True):
            assert numbers("# %", words)[0] == pytest.approx(100 * share, abs=0.51)
            assert (words == "100 %") == (share == 1)
        check_gain(
            text.split("Stopping changes it by ")[1].split("\n")[0],
            result.target[-1, s.nets :] - result.target[-1, : s.nets],
        )
        assert ("Still training" in text) == (result.steps[-1] < 120)


def test_a_drawing_is_told_by_what_both_heads_give_it():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        classes, images = int(rng.integers(2, 4)), int(rng.integers(4, 13))
        y = np.r_[np.arange(classes), rng.integers(0, classes, images - classes)]
        known = np.where(np.bincount(y)[y] > 1, rng.random(images) < rng.choice([0, 0.5, 1]), np.nan)
        head = Head(np.zeros((classes, 64)), np.zeros(classes), np.zeros(64), 1.0, known, 0.0)
        on_pixels, on_features = rng.choice([np.full(classes, 1 / classes), rng.dirichlet(np.full(classes, 0.1))], 2)
        drawing, digit = np.ones((16, 16), bool), np.zeros(64)
        result = OwnView(
            np.zeros((images, 64)), y, drawing, digit, FewShot(head, head, source_config(0)), on_pixels, on_features
        )
        text = "\n".join(OwnClasses(None).explain(result))
        told = re.search(r"on features (.*?) with (.*? %)( each)? and on pixels (.*?) with (.*? %)( each)?\.", text)
        for names, words, alike, p in ((*told.groups()[:3], on_features), (*told.groups()[3:], on_pixels)):
            assert names == " or ".join(np.array([*CLASSES])[: len(p)][np.isclose(p, p.max())])
            assert bool(alike) == (" or " in names)
            assert numbers("# %", words)[0] == pytest.approx(100 * p.max(), abs=0.51)
            assert (words == "100 %") == (p.max() > 1 - 1e-9)
        counted = np.isfinite(known).sum()
        assert numbers("trained on the others: # of # on", text) == [np.nansum(known), counted]
        assert re.findall(r"\d+ images? of \w", text) == [
            f"{count} image{'s' * int(count > 1)} of {CLASSES[at]}" for at, count in enumerate(np.bincount(y))
        ]
