"""Behaviour: what the lab of batch normalization says of 200 random settings, to both ends, is what it has computed."""

import re

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history
from nbtests.labs.sentences import spoken
from nbtests.words import numbers
from trainingwheels.engine import DATASETS
from trainingwheels.labs.batch_normalization.lab import BatchNormalization
from trainingwheels.labs.batch_normalization.pictures.paths import paths_of
from trainingwheels.labs.batch_normalization.pictures.with_and_without import Compared, gradient_norms, pairs_of
from trainingwheels.labs.batch_normalization.what_it_buys import LEARNS

CASES = 200


@pytest.fixture(scope="module")
def lab():
    lab = BatchNormalization()
    yield lab
    lab.close()


SLIDES = {"layer": ("normalize", "identity", "other-axes"), "test": ("test-time",), "backward": ("backward",)}


def cases(lab, show):
    """Random settings of a view, their results and what is said of them."""
    for each in spoken(lab, CASES, presets=SLIDES[show], show=show):
        yield each.s, each.result, each.text


def near(text, value, digits=3):
    """Whether a number that was written with some digits is this one; a rounding error is written as 0."""
    written = float(text.replace("−", "-").replace(" ", "").rstrip(".,"))
    return abs(written - value) <= 0.6 * 10.0 ** (1 - digits) * abs(value) + 1e-10


def test_the_layers_words_are_its_numbers(lab):
    seen = {"constant": 0, "std 1": 0, "ε takes": 0, "recovered": 0, "not recovered": 0}
    for s, result, text in cases(lab, "layer"):
        axes = result.kind.axes
        if (np.ptp(result.x, axis=axes) == 0).any():
            seen["constant"] += 1
            assert "is constant" in text
            assert np.abs(result.x_hat).min() == 0
            again = "y is x again" in text
            assert not again or np.abs(result.y - result.x).max() < 1e-9
            continue
        stds = result.x_hat.std(axis=axes)
        assert np.abs(result.x_hat.mean(axis=axes)).max() < 1e-9
        if "ε takes the rest" in text:
            seen["ε takes"] += 1
            low, high = numbers("standard deviation # to #: where", text)
            assert [low, high] == pytest.approx([stds.min(), stds.max()], abs=0.0051)
        else:
            seen["std 1"] += 1
            assert stds == pytest.approx(1, abs=0.0051)
        if "a straight line maps" in text:
            for values in (result.x, result.x_hat):
                flat = values[:, :4] - values[:, :4].mean((0, 2), keepdims=True)
                kurtosis = (flat**4).mean((0, 2)) / (flat**2).mean((0, 2)) ** 2
                said = numbers("units 1 to 4 is #, #, #, # before and after", text)
                assert said == pytest.approx(kurtosis.tolist(), abs=0.06, rel=2e-3)
        if "y is x again" in text:
            seen["recovered"] += 1
            assert s.recover
            assert np.abs(result.y - result.x).max() < 1e-9
        elif s.recover:
            seen["not recovered"] += 1
            assert near(re.search(r"differs from x by up to (\S+)", text)[1], np.abs(result.y - result.x).max(), 2)
        else:
            assert numbers("γ = # and β = # in", text) == pytest.approx([s.gamma, s.beta], rel=1e-5)
    assert all(seen.values()), seen


def test_the_words_on_test_time_are_its_numbers(lab):
    for s, result, text in cases(lab, "test"):
        found = re.search(r"running mean is (\S+) \(true: (\S+)\), the running variance (\S+) \(true: (\S+)\)", text)
        expected = result.running_mean[-1], s.mean, result.running_var[-1], s.scale**2
        assert all(near(said, value) for said, value in zip(found.groups(), expected, strict=True)), text
        assert ("still counts" in text) == ((1 - s.momentum) ** 100 > 0.01)
        spread = re.search(r"deviation of (\S+); theory says σ/√m = (\S+)", text).groups()
        assert near(spread[0], result.spread)
        assert near(spread[1], s.scale / s.batch**0.5)
        if s.batch <= 64 and s.scale > 0:
            assert result.spread == pytest.approx(s.scale / s.batch**0.5, rel=0.1)
        ends = re.search(r"becomes x̂ = (\S+) ± (\S+) in training.* always (\S+)", text).groups()
        for said, value in zip(ends, (result.example.mean(), result.example.std(), result.example_test), strict=True):
            assert float(said.replace("−", "-").rstrip(".")) == pytest.approx(value, abs=0.0051)


def test_the_words_on_the_backward_pass_are_its_numbers(lab):
    for _, result, text in cases(lab, "backward"):
        gradients = result.gradients
        terms = [float(term.flat[0]) for term in paths_of(result.values, gradients)]
        number = r"(−? ?[\d.e−+]+?)"
        found = re.search(
            rf"dL/dx₁ = {number} straight ([+−] {number}) through σ² ([+−] {number}) through μ = {number}\.\n", text
        )
        straight, variance, _, mean, _, total = (each.replace("+", "") for each in found.groups())
        for said, value in zip((straight, variance, mean, total), (*terms, gradients.x[0, 0]), strict=True):
            assert near(said, value, 2), (said, value)
        assert abs(float(gradients.x.sum())) < 1e-9 * max(1, np.abs(gradients.x_hat * result.values.inverse).max())
        assert "y is x here" not in text or np.allclose(result.values.y, result.values.x)
        difference = re.search(r"differ by at most (\S+)\.", text)[1]
        size = max(1.0, float(np.abs(gradients.x_hat * result.values.inverse).max()))
        assert float(difference.replace("−", "-")) < 1e-5 * size


def compared(seed):
    """Made runs with and without, of any question, at any moment; one in ten diverges."""
    rng = np.random.default_rng(seed)
    beside = str(rng.choice(["against", "gradients", "gap"]))
    field, values = {
        "against": ("lr", (0.03, 0.3, 3.0)), "gradients": ("lr", (0.1,)), "gap": ("dropout", (0.0, 0.2)),
    }[beside]  # fmt: skip
    steps, noise, nets = int(rng.choice([0, 1, 70, 140])), float(rng.choice([0, 0.3])), int(rng.integers(1, 4))
    histories, labels, each = [], [], []
    for value in values:
        for on in (True, False):
            for net in range(nets):
                diverged = 1 if steps and rng.random() < 0.1 else None
                run = made_history(
                    steps, evaluations=6 if steps else 1, seed=net, level=float(rng.uniform(0.5, 2)), batchnorm=on,
                    diverged_at=diverged, label_noise=noise, dataset="digits", **{field: value},
                )  # fmt: skip
                run.val_accuracy[:] = rng.random() * (0.1 if rng.random() < 0.3 else 1)
                histories.append(run)
                labels.append(f"{field} {value:g}")
                each.append(value)
    return Compared(histories, labels, each, "", beside)


def mean(histories, name="val_accuracy"):
    return float(np.mean([getattr(run, name)[-1] for run in histories]))


def test_the_words_on_what_it_buys_are_the_runs(lab):
    view = lab._views["training"]
    for seed in range(CASES):
        result = compared(seed)
        pairs, text = pairs_of(result), "\n".join(view.explain(result))
        untrained = not len(result.histories[0].steps)
        assert ("Not trained yet" in text) == untrained
        if untrained:
            continue
        bad = sum(run.diverged_at is not None for run in result.histories)
        assert sum(map(int, re.findall(r"(\d+) of \d+ at", text))) == bad
        assert ("labels trained on" in text) == (result.histories[0].config.label_noise > 0)
        match result.beside:
            case "against":
                enough = 0.1 + LEARNS * 0.9
                assert 1 / DATASETS["digits"].classes == 0.1
                for line, kind in zip(text.splitlines(), ("normalized", "plain"), strict=False):
                    means = {pair.label: mean(getattr(pair, kind)) for pair in pairs}
                    (best,) = numbers("best # %", line)
                    assert best == pytest.approx(100 * max(means.values()), abs=0.051)
                    named = line.rpartition(" at ")[2].rstrip(".")
                    good = [label.split()[1] for label, value in means.items() if value >= enough]
                    assert named == (", ".join(good) or "none")
                gains = [100 * (mean(pair.normalized) - mean(pair.plain)) for pair in pairs]
                said = re.search(r"largest at .*: (\S+) points; smallest at .*: (\S+) points", text).groups()
                most, least = (float(number.replace("−", "-")) for number in said)
                assert [most, least] == pytest.approx([max(gains), min(gains)], abs=0.051)
            case "gradients":
                for word, histories in (("with batchnorm", pairs[0].normalized), ("without", pairs[0].plain)):
                    norms = gradient_norms(histories)
                    said = re.search(rf"(?:is|and) (\S+) times the last layer's {word}", text)
                    assert bool(said) == (norms is not None)
                    assert said is None or near(said[1], norms[0] / norms[-1], 2)
                expected = [100 * mean(each) for each in (pairs[0].normalized, pairs[0].plain)]
                assert numbers("accuracy: # % with batchnorm, # % without", text) == pytest.approx(expected, abs=0.051)
            case "gap":
                for pair in pairs:
                    head = "Without dropout" if pair.value == 0 else f"With {pair.label}"
                    line = next(line for line in text.splitlines() if line.startswith(head))
                    expected = [
                        100 * mean(histories, name)
                        for histories in (pair.normalized, pair.plain)
                        for name in ("val_accuracy", "train_accuracy")
                    ]
                    said = numbers("accuracy # % with batchnorm (training # %) and # % without (training # %)", line)
                    assert said == pytest.approx(expected, abs=0.051)
