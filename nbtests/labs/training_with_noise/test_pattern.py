"""The pattern: what is drawn is what the method says, the script draws the same, and the sentences have its numbers."""

import re
import time

import numpy as np
import pytest

from nbtests.labs.using import change, run
from trainingwheels.labs.training_with_noise.methods import METHODS

DRAWN = [name for name in METHODS if name != "label_smoothing"]
ALIKE = {"dropout": 0.3, "dropconnect": 0.3, "stochastic_depth": 0.3, "input_noise": 0.3, "cutout": 5, "mixup": 0.4}
STRENGTHS = ALIKE | {"cutmix": 2.0, "label_smoothing": 0.5, "batchnorm": 8}


def strength(method, value):
    return {"batch_size" if method == "batchnorm" else method: value}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_five_steps_a_test_and_words(make, method):
    lab = make(method=method)
    assert (lab.state, lab.message) == ("done", "")
    assert len(lab.result.steps) == 5
    assert lab.result.rules == (METHODS[method].train, METHODS[method].test)
    assert len(lab.text) > 100


@pytest.mark.parametrize("images", ["photographs", "digits"])
@pytest.mark.parametrize("method", DRAWN)
def test_the_script_draws_what_the_lab_draws(make, method, images):
    lab = make(method=method, images=images, draw=5, **strength(method, STRENGTHS[method]))
    drawn = np.array(run(lab)["drawn"], float)
    np.testing.assert_allclose(drawn, lab.result.law.drawn, rtol=1e-5)
    assert len(set(drawn.tolist())) > 1


def test_the_script_of_label_smoothing_has_the_labs_targets(make):
    lab = make(method="label_smoothing", label_smoothing=0.3)
    target = run(lab)["target"]
    np.testing.assert_allclose(target[:5], [cell.label for cell in lab.result.steps])
    np.testing.assert_allclose(target.sum(axis=1), 1)


@pytest.mark.parametrize("method", ["mixup", "cutmix", "cutout", "input_noise", "label_smoothing"])
@pytest.mark.parametrize("images", ["photographs", "digits"])
def test_what_a_step_shows_is_the_example_and_its_partner(make, method, images):
    lab = make(method=method, images=images, **strength(method, STRENGTHS[method]))
    test, law = lab.result.test.image, lab.result.law
    batch = [cell.image for cell in change(lab, method="label_smoothing", images=images).steps]
    lab.set(method=method)
    lab.settle()
    for cell, drawn in zip(lab.result.steps, law.drawn if method != "label_smoothing" else [0] * 5, strict=True):
        match method:
            case "mixup":
                rest = (cell.image - drawn * test) / (1 - drawn)
                others = [abs(rest - other).max() for other in batch]
                if cell.label[5] == 0:  # the sixth image of the batch is not among those five
                    assert min(others) < 1e-4
            case "cutmix":
                same = (cell.image == test).reshape(len(test), len(test), -1).all(axis=-1)
                assert same.mean() >= drawn - 1e-9
                np.testing.assert_allclose(cell.label[0], drawn)
            case "cutout":
                holes = (cell.image == 0).reshape(len(test), len(test), -1).all(axis=-1)
                assert holes.mean() >= drawn - 1e-9
                assert (cell.image[~holes] == test[~holes]).all()
            case "input_noise":
                middle = len(test) // 2
                assert (cell.image - test)[middle, middle].ravel()[0] == pytest.approx(drawn, abs=1e-6)


def test_the_same_draw_at_another_strength_drops_the_same_and_more(make):
    lab = make(method="dropout", dropout=0.3)
    few = lab.result.law.drawn
    many = change(lab, dropout=0.7).law.drawn
    assert (many >= few).all()
    assert (many > few).any()
    weaker = change(lab, method="stochastic_depth", stochastic_depth=0.2).law.drawn
    assert (change(lab, stochastic_depth=0.9).law.drawn <= weaker).all()


def test_survival_falls_linearly_to_its_last_value(make):
    lab = make(method="stochastic_depth", blocks=54, stochastic_depth=0.5)
    bars = [width for _, _, width, _, color in lab.result.test.rectangles if color != "#DDE3E9"]
    np.testing.assert_allclose(np.array(bars) / 0.76, 1 - np.arange(1, 55) / 54 * 0.5)
    assert "to p_L = 0.5;" in lab.text


def test_two_examples_in_a_batch_leave_no_choice(make):
    lab = make(method="batchnorm", batch_size=2)
    np.testing.assert_allclose(np.abs(lab.result.law.drawn), 1, atol=0.01)
    assert "Of two examples the larger becomes 1" in lab.text


def test_no_strength_is_no_noise(make):
    lab = make(method="dropout", dropout=0.0)
    assert (lab.result.law.drawn == 0).all()
    for method in ("cutout", "input_noise"):
        result = change(lab, method=method, **{method: 0})
        assert all((cell.image == result.test.image).all() for cell in result.steps)


def random_settings(rng):
    return {
        "method": rng.choice(list(METHODS)).item(),
        "images": rng.choice(["photographs", "digits"]).item(),
        "blocks": int(rng.integers(2, 55)),
        "dropout": float(rng.uniform(0, 0.95)),
        "dropconnect": float(rng.uniform(0, 0.95)),
        "stochastic_depth": float(rng.uniform(0, 0.95)),
        "input_noise": float(rng.choice([0, rng.uniform(0, 1)])),
        "cutout": int(rng.integers(0, 9)),
        "mixup": float(10 ** rng.uniform(-1.3, 1.3)),
        "cutmix": float(10 ** rng.uniform(-1.3, 1.3)),
        "label_smoothing": float(rng.uniform(0, 0.9)),
        "batch_size": int(2 ** rng.uniform(1, 8)),
        "draw": int(rng.integers(100)),
    }


def numbers(text):
    return [float(number.replace("−", "-")) for number in re.findall(r"[−\d.]*\d", text)]


def hold(lab, settings):
    """The numbers in the words are those of the result."""
    law, text, method = lab.result.law, lab.text, settings["method"]
    assert "nan" not in text
    if method in ("dropout", "dropconnect", "stochastic_depth"):
        counts = numbers(re.search(r"[Hh]ere:? ([\d, ]+)", text).group(1))
        assert counts == law.drawn.tolist()
        assert law.y.sum() == pytest.approx(1)
        if method != "dropconnect":
            average = float(re.search(r"([\d.]+) on average", text).group(1))
            assert average == pytest.approx(float(law.x @ law.y), rel=0.01, abs=1e-9)
    if method in ("mixup", "cutmix"):
        found = numbers(re.search(r"(?:here|sight:) ((?:[01]\.\d\d(?:, )?){5})", text).group(1))
        np.testing.assert_allclose(found, law.drawn, atol=0.0051)
        alpha = settings[method]
        words = "near 1/2" if alpha > 1 else "near 0 or 1"
        assert words in text
        inside = law.y[(law.x > 0.25) & (law.x < 0.75)].sum() / law.y.sum()  # half of them, were all as likely
        assert (inside > 0.5) == (alpha > 1)
    if method == "batchnorm":
        found = numbers(re.search(r"make it x̂ = ([−\d., ]+)\.", text).group(1))
        np.testing.assert_allclose(found, law.drawn, atol=0.0051)
    if method == "cutout" and settings["cutout"]:
        covered = numbers(re.search(r"Covered here: ([\d%,. ]+)\.", text).group(1))
        np.testing.assert_allclose(covered, 100 * law.drawn, atol=0.51)
        assert law.y.sum() == pytest.approx(1)
        assert law.drawn.max() <= settings["cutout"] ** 2 / 64 + 1e-9
    if method == "label_smoothing":
        eps, own = settings["label_smoothing"], numbers(re.search(r"right one has ([\d.]+)", text).group(1))[0]
        assert own == pytest.approx(1 - eps + eps / 6, abs=0.001)
        assert law.y.min() >= law.at(own) - 1e-3 or own > law.x[-1]


def test_every_sentence_holds_for_random_settings(make):
    lab, rng = make(), np.random.default_rng(0)
    for _ in range(200):
        settings = random_settings(rng)
        change(lab, **settings)
        hold(lab, settings)


def test_a_move_is_quick(make):
    lab, spent = make(), []
    for method in METHODS:
        change(lab, method=method)
        for seed in range(5):
            start = time.thread_time()
            lab.view.compute(lab._named()._replace(draw=seed))
            spent.append(time.thread_time() - start)
    assert np.median(spent) < 0.06


def test_only_the_methods_own_controls_are_in_sight(make):
    lab = make()
    in_sight = {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}
    assert in_sight == {"show", "method", "mixup", "images", "draw"}
    lab.method = "stochastic_depth"
    assert lab._in_sight("blocks", lab.settings)
    assert not lab._in_sight("mixup", lab.settings)
    lab.set(show="training", method="dropout", partner="cutout")
    in_sight = {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}
    assert {"dropout", "cutout", "partner", "nets"} <= in_sight
    assert not {"mixup", "blocks", "images", "noise"} & in_sight
