"""Behaviour: what is said of made ensembles, alike or not, is what they come to."""

import re

import numpy as np
import pytest

from nbtests.words import numbers
from trainingwheels.engine import RunConfig
from trainingwheels.engine.evaluation import COMBINATIONS, combine
from trainingwheels.engine.evaluation.calibration import reliability
from trainingwheels.figures.plane import Plane
from trainingwheels.labs.ensembles.cheaper import WAYS, Cheaper
from trainingwheels.labs.ensembles.how_many import SIZES, HowMany
from trainingwheels.labs.ensembles.one_example import OneExample
from trainingwheels.labs.ensembles.pictures.cheaper import Cheap, Measured
from trainingwheels.labs.ensembles.pictures.how_many import Averages
from trainingwheels.labs.ensembles.pictures.one_example import Disputed
from trainingwheels.labs.ensembles.pictures.plane import Regions
from trainingwheels.labs.ensembles.plane import InThePlane, disputed
from trainingwheels.labs.ensembles.population import ALL

CASES = 60
CONV = ((), (4, 8))


def drawn(seed):
    """Random numbers, and shares that are nothing, all, nearly so, or anything."""
    rng = np.random.default_rng(seed)
    level = rng.choice([0.0, 1.0, 0.9997, 0.003, 0.949, rng.random()])

    def shares(*size):
        return np.clip(level + rng.normal(0, rng.choice([0.0, 0.001, 0.1]), size), 0, 1)

    return rng, shares


def said(view, result):
    text = "\n".join(view(None).explain(result))
    assert not re.search(r"\bnan\b|\d%|\b1 (nets|say)\b|\ba 8\b", text), text
    return text


def is_share(words, share):
    """Whether a share is written as it is, and as nothing or all only if it is."""
    assert numbers("# %", words)[0] == pytest.approx(100 * share, abs=0.51)
    assert (words == "100 %") == (share > 1 - 1e-9)
    assert (words == "0 %") == (share == 0)


def test_how_many_nets_are_enough_and_what_averaging_gives():
    enough = set()
    for seed in range(CASES):
        rng, shares = drawn(seed)
        used = rng.permutation(ALL)[: rng.integers(2, ALL + 1)]
        curve, how = tuple(shares(100) for _ in SIZES), str(rng.choice([*COMBINATIONS]))
        result = Averages(
            shares(ALL),
            used,
            np.array(SIZES),
            curve,
            how,
            dict(zip(COMBINATIONS, shares(len(COMBINATIONS)), strict=True)),
            float(shares(1)[0]),
            RunConfig(conv=CONV[seed % 2]),
        )
        text = said(HowMany, result)
        own, now = result.own[used], result.ways[how]
        found = re.search(r"right on (.*? %) of the.*right on (.*? %) on average, the best of them on (.*? %):", text)
        for words, share in zip(found.groups(), (now, own.mean(), own.max()), strict=True):
            is_share(words, share)
        assert numbers("gives # points against the mean, # points", text) == pytest.approx(
            [100 * (now - own.mean()), 100 * (now - own.max())], abs=0.051
        )
        assert ("Filters and hidden units stand" in text) == (seed % 2)
        means = [each.mean() for each in curve]
        near = [size for size, mean in zip(SIZES, means, strict=True) if abs(mean - means[-1]) <= 0.005]
        enough.add(near[0])
        assert ("no smaller number" in text) == (near[0] == ALL)
        assert near[0] == ALL or numbers("; # net", text)[0] == near[0]
    assert enough >= {1, ALL}


def test_one_example_is_told_with_its_votes():
    ties = 0
    for seed in range(CASES):
        rng = np.random.default_rng(seed)
        p = rng.dirichlet(np.full(10, rng.choice([0.02, 0.2, 1.0])), (int(rng.choice([2, 32])), 5))
        how, labels = str(rng.choice([*COMBINATIONS])), rng.integers(0, 10, 5)
        result = Disputed(np.zeros((5, 8, 8)), labels, p, combine(p, how), int(rng.integers(5)), how, RunConfig())
        text = said(OneExample, result)
        label, average = labels[result.pick], result.average[result.pick]
        votes = np.bincount(p[:, result.pick].argmax(axis=1), minlength=10)
        told = {int(digit): int(count) for count, digit in re.findall(r"(\d+) says? (\d)", text)}
        assert told == {digit: count for digit, count in enumerate(votes) if count}
        assert text.startswith(f"It is {'an' if label == 8 else 'a'} {label}. Of {len(p)} nets ")
        words = re.search(r"gives (\d) a probability of (.*? %)(, and \d.*? as much)?, and is (right|wrong)", text)
        assert int(words[1]) == average.argmax()
        is_share(words[2], average.max())
        assert (words[4] == "right") == (average.argmax() == label)
        ties += bool(words[3])
        assert bool(words[3]) == ((average == average.max()).sum() > 1)
    assert ties > 1


def test_regions_are_told():
    for seed in range(CASES):
        rng, shares = drawn(seed)
        extent, nets = (0.0, 1.0, 0.0, 1.0), int(rng.integers(2, 13))
        p = (
            rng.dirichlet(np.ones(3), (nets, 64))
            if seed % 3
            else np.broadcast_to(rng.dirichlet(np.ones(3), 64), (nets, 64, 3))
        )
        X, y = rng.random((16, 2)), rng.integers(0, 3, 16)
        planes = [Plane(extent, each, (), X, y, X[:0], y[:0]) for each in (*p, p.mean(axis=0))]
        result = Regions(tuple(planes[:-1]), planes[-1], nets, shares(nets), float(shares(1)[0]))
        text = said(InThePlane, result)
        found = re.search(r"right on (.*? %) of new .*, the best of them on (.*? %); together on (.*? %)\.", text)
        for words, share in zip(found.groups(), (result.own.mean(), result.own.max(), result.accuracy), strict=True):
            is_share(words, share)
        assert numbers("They disagree on # %", text)[0] == pytest.approx(100 * disputed(result), abs=0.51)
        assert ("on 0 % of the square" in text) == (seed % 3 == 0)


def test_cheaper_ways_are_told_with_what_they_cost_and_gain():
    for seed in range(CASES):
        rng, shares = drawn(seed)
        p, labels = rng.dirichlet(np.ones(4), 60), rng.integers(0, 4, 60)
        sure = p if seed % 2 else np.eye(4)[labels]
        ways = []
        for name, members in (("one", 1), ("apart", 8), ("snapshots", 8), ("average", 1), ("masks", 32)):
            own, (together,), alike = shares(members), shares(1), rng.choice([0.0, 1.0, rng.random()])
            cost, sureness = (1, members, 1), reliability(sure, labels)
            ways.append(Measured(name, f"the {name}", members, cost, own, together, alike, sureness))
        result = Cheap(tuple(ways), np.zeros((1, 2)), str(rng.choice([*WAYS])), RunConfig())
        text, now = said(Cheaper, result), result.now
        assert text.startswith(WAYS[result.way].label[0].upper() + WAYS[result.way].label[1:])
        assert f"{now.members} forward pass{'es' * (now.members > 1)} for" in text
        for words, share in zip(
            re.search(r"Right on (.*? %) of .*one net on (.*? %):", text).groups(),
            (now.together, ways[0].together),
            strict=True,
        ):
            is_share(words, share)
        for each in ways:
            if each.members > 1:
                assert numbers(f"{each.label} # points, #", text) == pytest.approx(
                    [100 * each.gain, each.correlation], abs=0.051
                )
        most = re.search(r"Most alike are the (\w+):", text)[1]
        assert {each.name: each for each in ways}[most].correlation == max(w.correlation for w in ways if w.members > 1)
