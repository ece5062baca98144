"""The average over the noise and the single pass: on a trained net, in the words and in the script."""

import re

import numpy as np
import pytest

from nbtests.labs.using import change, run
from trainingwheels.labs.training_with_noise.methods import AVERAGED

SMALL = {"width": 32, "epochs": 16, "train_size": 128}


@pytest.mark.parametrize(("noise", "conv"), [*((noise, ()) for noise in AVERAGED), ("dropconnect", (4,))])
def test_the_script_finds_what_the_lab_finds(make, noise, conv):
    lab = make(show="test", noise=noise, conv=conv, **SMALL)
    found = run(lab)
    single, passes = found["single"].numpy(), found["passes"].numpy()
    if noise != "dropout":  # whose masks in training differ, not their law
        np.testing.assert_allclose(single, lab.result.of.single, atol=2e-3)
    spread = float(np.sqrt(passes.var(axis=0, ddof=1).mean()))
    assert spread == pytest.approx(lab.result.of.spread, rel=0.1 if noise != "dropout" else 0.3)


def test_the_words_have_the_numbers_of_the_passes(make):
    lab = make(show="test", passes=16, **SMALL)
    result = lab.result
    off, at, now = re.search(r"all noises by ([\d.e−]+) .* n = (\d+) is off by ([\d.e−]+),", lab.text).groups()
    assert float(off) == pytest.approx(result.of.spread, rel=0.06)
    assert (int(at), float(now)) == (16, pytest.approx(result.of.spread / 4, rel=0.06))
    worth = re.search(r"test is off by ([\d.e−]+): as near as the average of about ([\d.e+]+) noisy", lab.text).groups()
    assert float(worth[0]) == pytest.approx(result.of.off, rel=0.06)
    assert float(worth[1]) == pytest.approx((result.of.spread / result.of.off) ** 2, rel=0.06)
    shares = re.search(r"examples: ([\d.]+) % .* ([\d.]+) % for the average of 16, ([\d.]+) % .* ([\d.]+) %", lab.text)
    found = [
        result.of.alone,
        result.of.accuracy(result.of.average(16)),
        result.of.accuracies[-1],
        result.of.accuracy(result.of.single),
    ]
    assert [float(share) for share in shares.groups()] == pytest.approx([100 * share for share in found], abs=0.51)


def test_more_passes_come_closer_as_one_over_their_root(make):
    """The average of n passes against that of 256 others: its distance is that of theory within a tenth."""
    result = make(show="test", **SMALL).result
    rest = result.of.noisy[256:].mean(axis=0)
    for n in (1, 4, 16):
        groups = result.of.noisy[:256].reshape(256 // n, n, *result.of.single.shape).mean(axis=1)
        distance = float(np.sqrt(((groups - rest) ** 2).mean()))
        assert distance == pytest.approx(result.of.spread * np.sqrt(1 / n + 1 / 256), rel=0.1)


def test_for_a_net_without_noise_all_is_the_same(make):
    lab = make(show="test", dropout=0.0, **SMALL)
    assert lab.result.of.spread == pytest.approx(0, abs=1e-6)
    assert "nothing is random" in lab.text


def test_batchnorms_noise_is_which_examples_are_in_the_batch(make):
    lab = make(show="test", noise="batchnorm", batch_size=16, **SMALL)
    assert "takes the mean and variance of 16 random training examples" in lab.text
    assert lab.result.of.spread > 0.01
    change(lab, batch_size=SMALL["train_size"])
    assert lab.result.of.spread == 0
    assert "A batch is all training examples" in lab.text


def test_a_slider_of_passes_trains_no_net_anew(make):
    lab = make(show="test", **SMALL)
    noisy = lab.result.of.noisy
    assert change(lab, passes=100, example=7).of.noisy is noisy
    order = lab.result.of.order
    spreads = noisy.var(axis=0).mean(axis=-1)[order]
    assert (np.diff(spreads) <= 0).all()


def test_a_rate_at_which_it_diverges_is_one_line(make):
    lab = make(show="test", lr=1.0, width=64, depth=8, train_size=128, epochs=16, noise="input_noise")
    if lab.state == "failed":  # where it does diverge is the processor's rounding
        assert lab.message.startswith("lr = 1 makes this net diverge")
    assert "\n" not in lab.message
