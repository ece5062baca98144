"""Behaviour: what the gradient-checking lab says is what the engine found."""

import contextlib
import io
import re

import numpy as np
import pytest

from nbtests.words import numbers
from trainingwheels.engine import BUGS, CHECKS, KINKS, Planted, applies, error_curve, run_check
from trainingwheels.labs.gradient_checking.checking import SECRET
from trainingwheels.labs.gradient_checking.error import HS
from trainingwheels.labs.gradient_checking.lab import GradientChecking


@pytest.fixture(scope="module")
def shared():
    lab = GradientChecking()
    yield lab
    lab.close()


@pytest.fixture
def lab(shared):
    shared.reset()
    shared.settle()
    return shared


def shown(lab, **settings):
    lab.set(**settings)
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab


def test_the_first_view_is_the_v(lab):
    errors = error_curve(Planted("net"), HS)
    assert np.array_equal(lab.result.curves["float64"], errors)
    assert lab.result.error == run_check(Planted("net"), 1e-5).whole
    assert "right (at most 1e-7: be happy)" in lab.text
    least, where, single, _ = numbers("on each line: # at h = # in float64, # at h = # in float32", lab.text)
    assert least == pytest.approx(errors.min(), rel=0.05)
    assert where == pytest.approx(HS[errors.argmin()], rel=0.05)
    assert single == pytest.approx(lab.result.curves["float32"].min(), rel=0.05)


@pytest.mark.parametrize(
    ("preset", "says"),
    [
        ("v-shape", ": right (at most 1e-7: be happy)"),
        ("float32", "thresholds are meant for float64"),
        ("one-sided", ": right if there are kinks"),
        ("kink", "the secant mixes the slopes of both sides"),
        ("kinked-net", "3 of 44 entries have a kink"),
        ("bug", "The gradient is wrong."),
        ("find-it", "Off by more than 1e-2: W1. At most 1e-4: gamma, beta, W2, b2."),
    ],
)
def test_the_words_tell_the_story_of_each_preset(lab, preset, says):
    lab.apply(preset)
    lab.settle()
    assert says in lab.text


@pytest.mark.parametrize("preset", ["v-shape", "float32", "one-sided", "kinked-net", "bug"])
def test_the_errors_in_the_words_are_those_of_the_picture(lab, preset):
    lab.apply(preset)
    lab.settle()
    (error,) = numbers("max(|a|, |n|), is #:", lab.text)
    assert error == pytest.approx(lab.result.error, rel=0.05)
    if preset == "bug":
        (floor,) = numbers("No h brings the float64 error below #:", lab.text)
        assert floor == pytest.approx(lab.result.curves["float64"].min(), rel=0.05)


@pytest.mark.parametrize("show", ["error", "entries"])
@pytest.mark.parametrize("function", CHECKS)
def test_every_function_is_shown_and_explained(lab, function, show):
    for settings in ({}, {"precision": "float32", "difference": "one-sided", "h": 1e-3}, {"bug": SECRET}):
        shown(lab, show=show, function=function, **settings)
        assert "nan" not in lab.text
        assert "kink between the points" in lab.text or CHECKS[function].kinks is None


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_described_where_it_is_and_denied_where_it_is_not(lab, bug):
    for function in CHECKS:
        shown(lab, function=function, bug=bug)
        if applies(bug, function):
            assert BUGS[bug].what in lab.text
            assert "The gradient is wrong." in lab.text
        else:
            assert "Nothing is planted" in lab.text
            assert "The gradient is wrong." not in lab.text


def test_no_right_gradient_is_called_wrong(lab):
    for function in CHECKS:
        for seed in range(5):
            shown(lab, function=function, seed=seed, difference="one-sided" if seed % 2 else "centred")
            assert "The gradient is wrong." not in lab.text


def test_a_secret_bug_is_not_named_and_the_seed_decides(lab):
    found = set()
    for seed in range(11):
        shown(lab, show="entries", bug=SECRET, seed=seed)
        found.add(lab.result.checked.planted.bug)
        assert not any(bug.what in lab.text for bug in BUGS.values())
        assert lab.code() == type(lab)(bug=lab.result.checked.planted.bug, seed=seed).code()
    assert found == {bug for bug in BUGS if applies(bug, "net")}


@pytest.mark.parametrize("kink", KINKS)
def test_every_kink_is_shown_from_all_sides(lab, kink):
    for x in (-1.0, 0.0, 0.5, 1.0):
        for difference in ("centred", "one-sided"):
            shown(lab, show="kink", kink=kink, x=x, h=0.2, difference=difference)
            has_kink = KINKS[kink].at is not None
            assert ("no kink" in lab.text) is not has_kink


def test_the_share_in_the_words_is_that_of_the_curve(lab):
    lab.apply("kink")
    lab.settle()
    shares = [float(number) for number in re.findall(r"(\d+)% with a batch", lab.text)]
    h = np.log(lab.h)
    expected = [100 * np.interp(h, np.log(lab.result.hs), share) for share in lab.result.shares.values()]
    assert shares == pytest.approx(expected, abs=0.51)


@pytest.mark.parametrize(
    "settings", [{}, {"bug": "variance", "precision": "float32"}, {"show": "kink", "x": -0.3, "h": 0.5}]
)
def test_the_code_computes_what_is_shown(lab, settings):
    shown(lab, **settings)
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(lab.code(), names)
    if lab.show == "kink":
        assert names["numeric"] == pytest.approx(lab.result.secant.numeric)
    else:
        assert names["whole"] == pytest.approx(lab.result.error, rel=0.3)


def test_controls_belong_to_their_views(lab):
    away = {"error": {"x", "kink"}, "entries": {"x", "kink"}, "kink": {"function", "bug", "precision", "batch", "seed"}}
    for show, names in away.items():
        lab.show = show
        found = {name for name, control in lab._controls.items() if "tw-away" in control.widget._dom_classes}
        assert found == names


def test_pinned_and_shown_may_be_of_different_views(lab):
    lab.pin()
    for show in ("entries", "kink", "error"):
        shown(lab, show=show)
        lab.pin()
    lab.unpin()


def test_a_right_gradient_is_not_left_under_suspicion(lab):
    shown(lab, h=1e-14)
    assert "No bug is planted: the error is truncation, rounding or a kink." in lab.text
    shown(lab, h=1e-14, bug="variance")
    assert "No bug is planted" not in lab.text
