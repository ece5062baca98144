"""Behaviour: what each view says of random settings, to both ends, and of made nets is what it has come to."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nbtests.labs.made_nets import STEPS, made, told
from nbtests.labs.sentences import drawn, spoken
from nbtests.words import numbers
from trainingwheels.engine.augmentation import TRANSFORMS
from trainingwheels.figures.kinds import kinds_of
from trainingwheels.labs.base.parameters import named
from trainingwheels.labs.data_augmentation.colour import ColourJitter
from trainingwheels.labs.data_augmentation.lab import DataAugmentation
from trainingwheels.labs.data_augmentation.pictures.training import Bought, Opinions
from trainingwheels.labs.data_augmentation.training import WhatItBuys


@pytest.fixture(scope="module")
def lab():
    lab = DataAugmentation()
    lab.settle()
    yield lab
    lab.close()


def sound(text):
    assert not re.search(
        r"\bnan\b|\binf\b|e\+|\d%|\b1 (samples|pixels|nets|steps|transforms|seeds)\b|\b0 pixels", text
    ), text
    return text


def test_transforms_are_called_by_their_names_and_equal_samples_are_counted(lab):
    for said in spoken(lab, 14, presets=(), show="transforms"):
        text = sound(said.text)
        for name in said.s.chosen:
            label = TRANSFORMS[name].label
            assert f"\n{label[0].upper()}{label[1:]}: {TRANSFORMS[name].about}" in text
        same = sum((cell.image == said.result.original.image).all() for cell in said.result.samples)
        assert ("came out exactly" in text) == (same > 0)
        assert not same or numbers("\n# sample", text)[-1] == same


def test_crops_show_what_they_are_said_to_show(lab):
    for said in spoken(lab, 20, presets=(), show="crops", rule="training"):
        text, result = sound(said.text), said.result
        shares = [100 * 224**2 / (each.height * each.width) for each in result.scaled]
        assert numbers("The patches show # % to # %", text) == pytest.approx([min(shares), max(shares)], abs=0.51)


def test_colours_are_told_as_far_as_they_vary(lab):
    for said in spoken(lab, 20, presets=("pca", "jitter"), show="colour"):
        text, result = sound(said.text), said.result
        values = result.cloud.components.eigenvalues
        assert numbers("has # % of their variance", text)[0] == pytest.approx(100 * values[0] / values.sum(), abs=0.51)
        assert ("They are grey" in text) == (values[1] < 1e-9 * values[0])
        assert ("no sample gets an offset" in text) == (result.alpha == 0)
        if result.alpha:
            assert numbers("= # along p₁", text)[0] == pytest.approx(result.alpha * values[0], abs=6e-5)
            assert f"its offset, {'as it is' if result.gain == 1 else f'{result.gain:g} times as large'}," in text
        (cut,) = numbers("# % of the samples'", text)
        assert cut == pytest.approx(100 * result.cut, abs=0.51)
        assert ("\n0 % of" in text) == (result.cut == 0)


@pytest.mark.parametrize(("colours", "says"), [((0, 90, 0), "have one colour"), (None, "They are grey")])
def test_a_photograph_without_colours_has_no_direction_or_one(lab, colours, says):
    grey = np.random.default_rng(0).integers(0, 255, (30, 30, 1), np.uint8)
    pixels = np.broadcast_to(grey if colours is None else np.uint8(colours), (30, 30, 3))
    lab.own, view = ("mine", np.ascontiguousarray(pixels)), ColourJitter(lab)
    for alpha in (0.0, 0.1):
        text = "\n".join(
            view.explain(view.compute(named({**lab.settings, "photograph": "own", "of": "this", "alpha": alpha})))
        )
        assert says in sound(text)
        assert "cube" in text or "λ" not in text


def test_policies_and_mixes_are_told_as_they_are(lab):
    for said in spoken(lab, 40, presets=("automatic", "mixed"), show="automatic"):
        text, result = sound(said.text), said.result
        assert "with this probability" not in text.split("\n")[0]
        if not result.batches:
            changed = sum((cell.image != result.original.image).any() for cell in result.cells)
            assert numbers("Here # of 15", text)[0] >= changed
        if said.s.policy == "cutout":
            covered = [numbers("# % covered", cell.words[0])[0] for cell in result.cells]
            assert ("nothing is covered" in text) == (max(covered) == 0) == (said.s.cutout_by == 0)


def bought(s, seed):
    """What nets may have come to with these settings, and what they may say of examples."""
    rng = np.random.default_rng(seed)
    configs, labels = WhatItBuys(None).configs(s)
    shares = rng.choice([0.0, 1.0, 0.9997, 0.25, rng.random()], 5)
    opinions = Opinions([], 180, *shares[:4], shares[4] if seed % 2 else None, False, int(rng.choice([0, 1, 180])))
    return Bought(made(configs, seed).histories, labels, ["rotation, m = 15 (degrees)"], opinions)


def check_bought(text, result):
    """Holds what is said of nets that have trained to their accuracies, and to what they say of examples."""
    kinds, given = kinds_of(result), result.opinions
    for kind in kinds:
        said = numbers(f"{kind.label[0].upper()}{kind.label[1:]}: validation accuracy # %, training # %", text)
        assert said == pytest.approx([100 * kind.validation.mean(), 100 * kind.train.mean()], abs=0.51)
    for kind in kinds[1:]:
        gain = kind.validation - kinds[0].validation
        assert (f"{kind.label} changes validation accuracy of no net" in text) == (not gain.any())
        if gain.any():
            (mean,) = numbers(f"{kind.label} changes validation accuracy by # points", text)
            assert mean == pytest.approx(100 * gain.mean(), abs=0.051)
    assert ("changes none of 180" in text) == (given.touched == 0)
    if given.touched:
        right = "the heavier of its two labels" if given.mixed else "the right label"
        said = numbers(f"{right} to # % (# % as they are); one trained with it to # % (# %)", text)
        shares = given.after, given.before, given.trained_after, given.trained_before
        assert said == pytest.approx([100 * share for share in shares], abs=0.51)
        if given.averaged is not None:
            assert ("right for 100 %" in text) == (given.averaged == 1)


def check_gains(text, sentences, result):
    """Holds what is said of gains to those of the nets that have trained."""
    lost = sum(run.diverged_at is not None for run in result.histories)
    assert ("diverged" in text) == (lost > 0)
    assert not lost or numbers("\n# net", text)[-1] == lost
    for place, line in enumerate(sentences[1 : len(result.kinds)], 1):
        for examples, gain in zip(result.examples, result.gains(place), strict=True):
            assert numbers(f"with {examples:,} examples # points", line)[0] == pytest.approx(
                100 * gain.mean(), abs=0.051
            )
            assert f"with {examples:,} examples 0.0 points (the same" in line or gain.any()
    ends = result.accuracies(0).mean(axis=1)[[0, -1]]
    said = re.search(r"accuracy goes from (.*?) with .* to (.*?) with", text).groups()
    for words, share in zip(said, ends, strict=True):
        assert numbers("# %", words)[0] == pytest.approx(100 * share, abs=0.51)
        assert (words == "100 %") == (share == 1)


def test_what_transforms_buy_is_told_and_equal_nets_are_called_so():
    view = WhatItBuys(None)
    for seed, (settings, _) in enumerate(
        drawn(DataAugmentation, 60, presets=(), show="training", dataset="shapes", most={"nets": 6})
    ):
        result = bought(named(settings), seed)
        text = sound("\n".join(view.explain(result)))
        if STEPS[seed % len(STEPS)]:
            check_bought(text, result)


def test_gains_at_each_number_of_examples_are_told():
    for each in told(DataAugmentation, 40, presets=(), show="few", dataset="shapes", most={"nets": 6}):
        text = sound(each.text)
        if len(each.result.histories[0].steps):
            check_gains(text, each.sentences, each.result)


def test_nets_that_have_trained_are_told_likewise(lab):
    small = {"presets": (), "steps": 1, "dataset": "digits", "nets": 1}
    for each in spoken(lab, 5, show="training", most={"train_size": 40, "epochs": 8}, **small):
        check_bought(sound(each.text), each.result)
    for each in spoken(lab, 2, show="few", most={"steps": 64}, **small):
        check_gains(sound(each.text), each.sentences, each.result)


def test_a_verdict_of_which_nothing_is_certain_is_none():
    histories = made(WhatItBuys(None).configs(named({**_settings(), "nets": 5}))[0], 3).histories
    again = [replace(run, config=histories[0].config) for run in histories[:1] * len(histories)]
    text = "\n".join(WhatItBuys(None).explain(Bought(again, ["a"] * 5 + ["b"] * 5, [], None)))
    assert "Against a, b changes validation accuracy of no net, nor the gap." in text


def _settings():
    return {name: each.default_value for name, each in DataAugmentation.parameters().items()}
