"""What augmentation buys: kinds paired by seed, opinions that are the nets' own, and words that say what they say."""

import re

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from trainingwheels.engine.augmentation import augment
from trainingwheels.figures.kinds import kinds_of

SMALL = {"show": "training", "epochs": 12, "nets": 2, "train_size": 60}


def test_without_with_one_with_another_and_with_both(make):
    lab = make(transform="rotate", partner="flip", **SMALL)
    assert lab.state == "idle"
    assert "Not trained yet: 2 nets of each kind (no transform; rotation; horizontal flip; both)" in lab.text
    kinds = kinds_of(trained(lab))
    assert [kind.histories[0].config.augment for kind in kinds] == [
        (),
        (("rotate", 15.0),),
        (("flip", 0.5),),
        (("rotate", 15.0), ("flip", 0.5)),
    ]
    assert all([history.config.seed for history in kind.histories] == [0, 1] for kind in kinds)
    starts = {history.val_loss[0] for history in lab.result.histories if history.config.seed == 0}
    assert max(starts) - min(starts) < 1e-5  # equal seeds begin with equal weights


def test_the_opinions_are_those_of_the_net_on_screen(make):
    lab = make(transform="flip", flip_by=0.5, **SMALL)
    result = trained(lab)
    opinions = result.opinions
    snapshot = lab.view.in_hand.snapshot
    for example in opinions.examples:
        np.testing.assert_array_equal(example.changed, example.image[:, ::-1])  # flipped for certain
        x = example.changed[..., 0].ravel() / np.float32(255)
        p = snapshot.respond_of(0, x[None]).probabilities[0]
        assert example.after[0] == str(p.argmax())
        assert example.after[1] == pytest.approx(float(p.max()), abs=0.02)  # a pixel is rounded to one of 256
    assert [example.labels[0] for example in opinions.examples] == [str(digit) for digit in range(10)]
    shares = [float(share) / 100 for share in re.findall(r"([\d.]+) %", lab.text.split("Does the label survive?")[1])]
    expected = [
        opinions.after, opinions.before, opinions.trained_after, opinions.trained_before, opinions.averaged,
    ]  # fmt: skip
    assert shares == pytest.approx(expected, abs=6e-3)


def test_of_a_mixture_the_heavier_label_is_right(make):
    lab = make(transform="flip", partner="mixup", mixup_by=0.5, **SMALL)
    none, flipped, mixed, both = (kind.histories[0].config for kind in kinds_of(trained(lab)))
    assert [none.mixup, flipped.mixup, mixed.mixup, both.mixup] == [0, 0, 0.5, 0.5]
    assert both.augment == flipped.augment == (("flip", 0.5),)
    opinions = lab.result.opinions
    assert opinions.mixed
    assert opinions.averaged is None  # of a mixture there are two answers
    assert any(first != second for first, second in (example.labels for example in opinions.examples))
    assert "gives the heavier of its two labels to" in lab.text


def test_cutout_is_in_eighths_of_the_side(make):
    lab = make(transform="cutout", cutout_by=4, dataset="shapes", **SMALL)
    assert lab.view.configs(lab._named())[0][-1].cutout == 8
    small = make(transform="cutout", show="training", train_size=16)
    assert small.state == "idle"  # a batch is no larger than what there is
    assert small.view.configs(small._named())[0][-1].cutout == 3


def test_its_script_is_the_last_run(make):
    lab = make(transform="translate", **SMALL)
    last = trained(lab).histories[-2]
    assert last.config.seed == 0
    losses = run(lab)["losses"]
    assert losses[:4] == pytest.approx(last.train_loss[:4].tolist(), rel=2e-3)


def test_colours_of_grey_pictures_are_one_line(make):
    lab = make(transform="hue", **SMALL)
    assert lab.state == "failed"
    assert "changes colours, and digits has none" in lab.message
    lab.set(dataset="shapes")
    lab.settle()
    assert (lab.state, lab.message) == ("idle", "")


def test_nothing_drawn_is_nothing_changed(make):
    lab = make(transform="rotate", rotate_by=0, **SMALL)
    none, same = kinds_of(trained(lab))
    np.testing.assert_allclose(none.validation, same.validation, atol=0.05)  # an interpolation rounds
    assert lab.result.opinions.after == pytest.approx(lab.result.opinions.before, abs=0.02)
    found = augment(np.zeros((1, 1, 8, 8), np.float32), [("rotate", 0)], 0)
    assert float(found.images.sum()) == 0
