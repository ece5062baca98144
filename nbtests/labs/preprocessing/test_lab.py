"""The preprocessing lab: every view has its result and its controls, keys lead on, bad input is one line."""

import re

import numpy as np
import pytest

from nbtests.labs.preprocessing.conftest import choose
from nbtests.labs.sentences import spoken
from nbtests.labs.using import apply, change
from nbtests.words import numbers
from trainingwheels.engine.data.leakage import leaked_accuracies
from trainingwheels.engine.geometry.bowls import bowls
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.labs.preprocessing.lab import Preprocessing
from trainingwheels.labs.preprocessing.pictures.bowls import DescentView
from trainingwheels.labs.preprocessing.pictures.clouds import CloudView
from trainingwheels.labs.preprocessing.pictures.components import ComponentsView
from trainingwheels.labs.preprocessing.pictures.image_means import MeansView
from trainingwheels.labs.preprocessing.pictures.leakage import Leaks
from trainingwheels.labs.preprocessing.pictures.turning import TurnView

VIEWS = {
    "cloud": CloudView,
    "turn": TurnView,
    "descent": DescentView,
    "images": MeansView,
    "components": ComponentsView,
    "leak": Leaks,
}


def test_the_views_are_those():
    assert [view.name for view in Preprocessing.views] == list(VIEWS)


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_has_its_result_and_its_words(make, show):
    lab = make(show=show)
    assert (lab.state, lab.message) == ("done", "")
    assert type(lab.result) is VIEWS[show]
    assert len(lab.text) > 100


def uploads(lab):
    """The views whose button for files is in sight."""
    return [show for show in ("cloud", "images") if "tw-away" not in lab._above[show]._dom_classes]


def test_controls_of_other_views_are_out_of_sight(make):
    lab = make()
    in_sight = {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}
    assert in_sight == {"show", "step", "data", "stretch", "squeeze", "angle", "shift_x", "shift_y", "points", "seed"}
    assert uploads(lab) == ["cloud"]
    lab.show = "leak"
    assert uploads(lab) == []
    lab.show = "images"
    assert uploads(lab) == ["images"]


def test_the_presenters_keys_work_beside_a_parameter_named_step(make):
    lab = make()
    lab.advance(1)
    assert lab._preset.name == "original"
    lab.advance(1)  # first the answer,
    assert "the mean" in lab._face._question.value
    lab.advance(1)  # then the next preset
    lab.settle()
    assert (lab._preset.name, lab.step) == ("zero-centred", "centred")
    for by in (1, 1):  # as the keys do
        lab._on_event({"event": "step", "by": by})
    lab.settle()
    assert (lab.message, lab.step) == ("", "normalized")
    lab._on_event({"event": "step", "by": -1})
    lab.settle()
    assert (lab.message, lab.step, lab.result.chosen) == ("", "centred", 1)


def test_words_at_the_ends_of_the_sliders(make):
    lab = make(show="turn", points=1)
    change(lab, stretch=0.0, squeeze=0.0, points=2)
    change(lab, shift_x=0.0, shift_y=0.0, stretch=2.0, squeeze=2.0, points=256, after="centred")
    assert "the same within a tenth" in lab.text
    change(lab, show="descent", rate=2.2)
    assert "nothing converges" in lab.text
    change(lab, rate=0.05, condition=1000.0, shift_x=10.0, shift_y=-10.0)
    assert re.search(r"Whitened: \d+ steps", lab.text)
    change(lab, show="images", examples=1)
    assert "Of one image, the mean is that image" in lab.text
    change(lab, show="components", examples=1, keep=64)
    assert "1 example in 64 dimensions: the covariance has rank 0" in lab.text
    change(lab, show="leak", train_size=4, test_size=1)
    change(lab, drift=0.5, method="normalize", train_size=512, test_size=256)
    assert "a gain that is real" in lab.text


@pytest.mark.parametrize(
    ("kind", "name", "content", "says"),
    [
        ("cloud", "a.csv", b"1,2\n3,nan\n5,6\n", "'a.csv', row 2: nan is not finite: fill it in, or remove the row."),
        ("cloud", "a.csv", b"\x89PNG\xff", "'a.csv' is not a text file"),
        ("images", "a.png", b"1,2", "'a.png' cannot be read as an image: choose a JPEG, PNG, WebP or GIF file."),
    ],
)
def test_a_bad_file_is_one_line_and_the_last_picture_stays(make, kind, name, content, says):
    lab = make(show=kind)
    before, settings = lab.result, lab.settings
    choose(lab, kind, name, content)
    assert says in lab.message
    assert "\n" not in lab.message
    assert lab.result is before
    assert lab.settings == settings


# Whatever is set ------------------------------------------------------------------------------------------------------


def near(value, rel=0.06):
    """As a sentence writes it, with two digits; what is written as 0 is small."""
    return pytest.approx(value, rel=rel, abs=6e-3)


def test_what_is_said_of_a_cloud_holds_whatever_is_set(make):
    for said in spoken(make(), 60, presets=(), show="cloud", data="gaussian"):
        s, result, text = said.s, said.result, said.text
        X = np.asarray(result.steps[0].points, np.float64)
        covariance = np.cov(X.T, bias=True).reshape(2, 2)
        assert numbers("around (#, #)", text) == near(X.mean(axis=0).tolist())
        small, large = np.linalg.eigvalsh(covariance)
        if "along the ellipse's axes infinite" in text:
            assert small <= 1e-9 * max(large, 1e-9)
        else:
            assert numbers("along the ellipse's axes #", text) == near([large / small])
            assert numbers("Correlation of the two features #", text) == near(
                [covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])]
            )
        assert numbers("the way back misses by # of the largest value", text)[0] < 1e-4
        if s.points > 2 and min(s.stretch, s.squeeze) > 0.05:  # the answers: what each step takes away
            _, centred, normalized, decorrelated, whitened = (
                np.cov(np.asarray(taken.points, np.float64).T, bias=True) for taken in result.steps
            )
            np.testing.assert_allclose(centred, covariance, rtol=1e-3, atol=1e-4)
            np.testing.assert_allclose(np.diag(normalized), 1, atol=0.01)
            np.testing.assert_allclose(decorrelated, np.diag(np.diag(decorrelated)), atol=1e-3 * large)
            np.testing.assert_allclose(whitened, np.eye(2), atol=0.01)


def test_what_is_said_of_turned_weights_holds_whatever_is_set(make):
    for said in spoken(make(), 40, presets=(), show="turn"):
        s, result, text = said.s, said.result, said.text
        before, after = result.steps["original"], result.steps[s.after]
        first, second = before.turn_to(2.0), after.turn_to(2.0)
        assert (before.lowest, after.lowest) == pytest.approx((after.lowest, before.lowest), rel=0.02, abs=1e-3)
        if first is None or second is None:
            assert "no turn (" in text
            assert "may turn" not in text
            continue
        assert numbers("doubles after a turn of # degrees", text) == pytest.approx([first], abs=0.06)
        if "less sensitive" in text:
            assert second / first >= 1.1
        elif "more sensitive" in text:
            assert second / first <= 0.9
        else:
            assert 0.9 < second / first < 1.1
            assert "the same within a tenth" in text


def taken(bowl, rate, most=4000):
    """The steps of gradient descent, one by one; None if they are more than ``most``."""
    w, start = np.zeros(3), float(bowl.loss(np.zeros(3)))
    largest = np.linalg.eigvalsh(bowl.H)[-1]
    for step in range(most):
        if bowl.loss(w) <= 1e-3 * start:
            return step
        w = w - rate / largest * bowl.gradient(w)
    return None


def test_what_is_said_of_gradient_descent_holds_whatever_is_set(make):
    for said in spoken(make(), 40, presets=(), show="descent"):
        s, result, text = said.s, said.result, said.text
        if s.rate >= 2:
            assert "nothing converges" in text
            assert all(taken(bowl, s.rate, 300) is None for bowl in result.bowls.values())
            continue
        steps = {name: taken(bowl, s.rate) for name, bowl in result.bowls.items()}
        for name, pattern in (("whitened", "Whitened: # step"), ("original", "original # step")):
            if steps[name] is not None:
                assert numbers(pattern, text) == pytest.approx([steps[name]], abs=1)
        if "In theory" in text:
            assert numbers("# here", text) == pytest.approx([result.steps["centred"]], rel=0.15, abs=2)


def test_the_steps_grow_in_proportion_to_the_condition_number():
    """As the answer says, at any rate that its question lets one choose short of where nothing converges."""
    for rate in (0.5, 1.0, 1.7):
        each = [bowls(condition, 35.0, (4.0, 3.0))["centred"].steps(rate) / condition for condition in (50, 200, 1000)]
        assert max(each) < 1.06 * min(each)


def test_what_is_said_of_image_means_holds_whatever_is_set(make):
    for said in spoken(make(), 20, presets=(), show="images"):
        result, text = said.result, said.text
        shown = result.images - result.images.mean(axis=(2, 3), keepdims=True)
        spread = (result.mean_image - result.channel_mean[:, None, None]).std()
        assert ("nearly flat" in text) == (spread < 0.25 * shown.std())
        wanted = [
            float((result.images - each).mean()) for each in (result.mean_image, result.channel_mean[:, None, None])
        ]
        assert numbers("becomes # (mean image) and # (channels)", text) == pytest.approx(wanted, abs=0.006)


def test_what_is_said_of_components_holds_whatever_is_set(make):
    for said in spoken(make(), 20, presets=(), show="components"):
        s, result, text = said.s, said.result, said.text
        parts = result.components
        variances = np.sort(parts.variances)[::-1]
        if s.examples == 1:
            assert "1 training digit varies in nothing: no component has any variance to keep." in text
        else:
            assert numbers("keep # %", text) == pytest.approx(
                [100 * variances[: s.keep].sum() / variances.sum()], abs=0.6
            )
        U, mean = parts.axes[:, : s.keep], parts.fitted.mean
        back = (result.images - mean) @ U @ U.T + mean
        assert numbers("miss by an rms of #", text) == near([float(np.sqrt(np.mean((back - result.images) ** 2)))])
        assert ("never changed in training" in text) == (parts.constant > 0)


def test_what_is_said_of_whose_statistics_holds_whatever_is_set(make):
    for said in spoken(make(), 20, presets=(), show="leak"):
        result, text = said.result, said.text
        means = [float(result.test[name].mean()) for name in ("train", "both", "test")]
        assert numbers("digits: # % with", text) == pytest.approx([100 * means[0]], abs=0.6)
        for name, words in (("both", "Statistics of both sets"), ("test", "The test set's own statistics")):
            found = next(each for each in re.split(r"(?<=[.])\s(?=[A-Z])", text) if each.startswith(f"{words} change"))
            rest = text[text.index(found) :]
            if "nothing at all" in found:
                assert not result.change(name).any()
                continue
            real, flattery = bootstrap_interval(result.real(name)), bootstrap_interval(result.flattery(name))
            rest = rest.split("; ")[:2]
            assert ("a gain that is real" in rest[0]) == (real[0] > 0)
            assert ("a loss that is real" in rest[0]) == (real[1] < 0)
            assert ("flatters the model" in rest[1]) == (flattery[0] > 0)


def test_what_flatters_is_the_statistics_of_four_test_images(make):
    """As the answer says: their own statistics, normalized, show an accuracy that unseen digits do not."""
    found = leaked_accuracies("normalize", 64, 4)
    assert bootstrap_interval(found.flattery("test"))[0] > 0.02
    view = apply(make(), "leak")
    assert all(bootstrap_interval(view.real(name))[0] > 0.02 for name in ("both", "test"))
    assert all(low < 0 < high for low, high in (bootstrap_interval(view.flattery(name)) for name in ("both", "test")))
