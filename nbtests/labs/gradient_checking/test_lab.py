"""Behaviour: what the gradient-checking lab says is what the engine found."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine import BUGS, CHECKS, KINKS, Planted, applies, error_curve, run_check, verdict, whole_error
from trainingwheels.labs.gradient_checking.checking import HS, SECRET
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
        change(lab, show=show, function=function, **settings)
        assert "nan" not in lab.text
        assert "kink between the points" in lab.text or CHECKS[function].kinks is None


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_described_where_it_is_and_denied_where_it_is_not(lab, bug):
    for function in CHECKS:
        change(lab, function=function, bug=bug)
        if applies(bug, function):
            assert BUGS[bug].what in lab.text
            assert "The gradient is wrong." in lab.text
        else:
            assert "Nothing is planted" in lab.text
            assert "The gradient is wrong." not in lab.text


def test_no_right_gradient_is_called_wrong(lab):
    for function in CHECKS:
        for seed in range(5):
            change(lab, function=function, seed=seed, difference="one-sided" if seed % 2 else "centred")
            assert "The gradient is wrong." not in lab.text


def test_a_secret_bug_is_not_named_and_the_seed_decides(lab):
    found = set()
    for seed in range(11):
        change(lab, show="entries", bug=SECRET, seed=seed)
        found.add(lab.result.checked.planted.bug)
        assert not any(bug.what in lab.text for bug in BUGS.values())
        assert lab.code() == type(lab)(bug=lab.result.checked.planted.bug, seed=seed).code()
    assert found == {bug for bug in BUGS if applies(bug, "net")}


@pytest.mark.parametrize("kink", KINKS)
def test_every_kink_is_shown_from_all_sides(lab, kink):
    for x in (-1.0, 0.0, 0.5, 1.0):
        for difference in ("centred", "one-sided"):
            change(lab, show="kink", kink=kink, x=x, h=0.2, difference=difference)
            has_kink = KINKS[kink].at is not None
            assert ("no kink" in lab.text) is not has_kink


def test_the_share_in_the_words_is_that_of_the_curve(lab):
    lab.apply("kink")
    lab.settle()
    shares = [float(number) for number in re.findall(r"(\d+) % with a batch", lab.text)]
    h = np.log(lab.h)
    expected = [100 * np.interp(h, np.log(lab.result.hs), share) for share in lab.result.shares.values()]
    assert shares == pytest.approx(expected, abs=0.51)


@pytest.mark.parametrize(
    "settings", [{}, {"bug": "variance", "precision": "float32"}, {"show": "kink", "x": -0.3, "h": 0.5}]
)
def test_the_code_computes_what_is_shown(lab, settings):
    change(lab, **settings)
    names = run(lab)
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
        change(lab, show=show)
        lab.pin()
    lab.unpin()


def test_a_right_gradient_is_not_left_under_suspicion(lab):
    change(lab, h=1e-14)
    assert "No bug is planted: the error is rounding, which grows as 1/h" in lab.text
    change(lab, h=1e-14, bug="variance")
    assert "No bug is planted" not in lab.text


# Whatever is set ------------------------------------------------------------------------------------------------------


def right_cause(checked, text):
    """Whether what is said to make the error of a right gradient does."""
    exact = run_check(replace(checked.planted, precision="float64"), checked.h, checked.difference)
    best = error_curve(exact.planted, HS, checked.difference)
    if "the error is the kinks'" in text:
        there = ~checked.straddles
        return (
            checked.straddles.any()
            and 2 * whole_error(checked.analytic[there], checked.numeric[there]) <= checked.whole
        )
    if "float32's rounding" in text:
        return checked.planted.precision == "float32" and 2 * exact.whole < checked.whole
    nearer = HS[int(best.argmin())]
    if "the error is rounding" in text:
        return checked.h < nearer and 2 * exact.whole >= checked.whole
    assert "the error is truncation" in text
    return checked.h >= nearer and 2 * exact.whole >= checked.whole


@pytest.mark.parametrize("show", ["error", "entries"])
def test_what_is_said_of_a_check_holds_whatever_is_set(lab, show):
    for said in spoken(lab, 70, presets=(), show=show):
        s, result, text = said.s, said.result, said.text
        checked = result.checked
        wrong = checked.planted.bug != "none"
        if show == "error":
            (error,) = numbers("max(|a|, |n|), is #:", text)
            assert error == pytest.approx(checked.whole, rel=0.06)
            assert f": {verdict(checked.whole).word} (" in text
            least = result.curves["float64"].min()
            assert ("The gradient is wrong." in text) == (least > 1e-6)
            assert wrong or least <= 1e-6
        else:
            off = {name for place, name in enumerate(result.names) if whole_error(*pair(checked, place)) > 1e-2}
            found = re.search(r"Off by more than 1e-2: ([^.]*)\.", text)
            assert (set(found[1].split(", ")) if found else set()) == off
        assert ("Planted: " in text or "One line of the backward pass" in text) == wrong
        assert ("Nothing is planted" in text) == (s.bug != "none" and not wrong)
        if not wrong and checked.whole > 1e-4:
            assert right_cause(checked, text), text
        else:
            assert "the error is" not in text


def pair(checked, place):
    return checked.analytic[checked.owner == place], checked.numeric[checked.owner == place]


def test_what_is_said_of_a_kink_holds_whatever_is_set(lab):
    for said in spoken(lab, 60, presets=(), show="kink"):
        s, result, text = said.s, said.result, said.text
        found = result.secant
        low, high = sorted(found.points)
        at = found.kink.at
        assert numbers("At x = #: analytic slope #, numeric slope #,", text) == pytest.approx(
            [found.x, found.analytic, found.numeric], rel=1e-3, abs=1e-12
        )
        assert ("mixes the slopes of both sides" in text) == (at is not None and low < at < high)
        if "x is the kink itself" in text:
            assert s.x == at
        if at is None:
            fine = np.array(found.points, np.longdouble)
            values = found.kink.value(fine)
            true = float((values[0] - values[1]) / (fine[0] - fine[1])) if low < high else found.analytic
            truncation, error = abs(true - found.analytic), abs(found.numeric - found.analytic)
            if "is truncation" in text:
                assert truncation > 0.3 * error
            elif "is rounding" in text:
                assert truncation <= 1e-15 * max(1, *map(abs, values.astype(float)), high) / max(high - low, s.h)
            else:
                assert "no error" in text
                assert error == 0


def test_what_the_answers_say_beyond_their_pictures(lab):
    """Said of the V, of float32, of one-sided differences, of kinks and of bugs, at the points of other seeds, too."""
    for seed in range(5):
        double, single = (error_curve(Planted("net", precision, seed=seed), HS) for precision in ("float64", "float32"))
        one_sided = error_curve(Planted("net", seed=seed), HS, "one-sided")
        assert 1e-6 < HS[double.argmin()] < 1e-4
        assert 0.2 < double[0] < 1
        assert single.min() > 2e-5
        assert run_check(Planted("net", "float32", seed=seed), 1e-5).whole > 1e-2
        assert one_sided.min() > 100 * double.min()
        assert error_curve(Planted("net", bug="half-penalty", seed=seed), HS).min() > 0.01
        assert not run_check(Planted("kinked-net", seed=seed), 1e-5).straddles.any()
