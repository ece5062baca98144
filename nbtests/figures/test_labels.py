"""Short numbers, and labels whose glyphs stand where a reader expects them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trainingwheels.figures.labels import (
    Label,
    Labels,
    capital,
    compact,
    hundredths,
    many,
    points,
    precise,
    rounded,
    short,
)
from trainingwheels.figures.panels import percent, percents


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.6279, "0.63"),
        (0, "0"),
        (-12.3, "−12"),
        (3.14e-5, "3.1e−5"),
        (4.2e20, "4.2e20"),
        (math.inf, "overflow"),
        (140, "140"),
        (99.6, "100"),
        (-99.7, "−100"),
    ],
)
def test_short_numbers(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.25, "0.25"), (-12.3, "−12.30"), (-0.004, "0.00"), (-0.0, "0.00"), (-0.006, "−0.01")]
)
def test_hundredths(value, text):
    assert hundredths(value) == text


@pytest.mark.parametrize(("value", "text"), [(2.981, "2.98"), (-0.5139, "−0.514"), (12.34, "12.3"), (5, "5")])
def test_three_digits(value, text):
    assert rounded(value) == text


def test_as_many_digits_as_are_asked_for():
    assert rounded(-0.123456, 4) == "−0.1235"


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.tanh(3), "0.995"), (1 - 4.54e-5, "0.99995"), (4.1e-9 - 1, "−1 + 4.1e−9"), (1.0, "1"), (20.3, "20.3")],
)
def test_what_is_no_whole_number_is_not_called_one(value, text):
    assert precise(value) == text


@given(st.floats(-900, 900))
def test_a_precise_number_is_a_short_one_or_tells_more(value):
    text = precise(value)
    if text != short(value):
        first, *more = (float(part.replace("−", "-")) for part in text.replace(" − ", " -").replace(" + ", " ").split())
        found = first + sum(more)
        assert found == pytest.approx(value, abs=6e-2)
        assert value != round(value)
        assert round(value) != found or abs(value - round(value)) < 1e-15 * abs(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "0.25"), (1e-5, "1e−5"), (-2.24e-5, "−2.2e−5"), (3e20, "3e20"),
        (-300.4, "−300"), (99.6, "100"), (99_499, "99,000"), (99_501, "1e5"), (-0.0, "0"),
    ],
)  # fmt: skip
def test_compact_numbers(value, text):
    assert compact(value) == text


@given(st.floats(width=32))
def test_short_numbers_are_short(value):
    assert len(short(value)) <= 8


@pytest.mark.parametrize(("count", "text"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (12_345, "12,345 steps")])
def test_many_things(count, text):
    assert many(count, "step") == text


@pytest.mark.parametrize(
    ("share", "signed", "text"),
    [
        (0.032, False, "3.2 points"), (0.032, True, "+3.2 points"), (-0.1, True, "−10.0 points"),
        (-1e-4, False, "0.0 points"), (-1e-4, True, "0.0 points"), (1e-4, True, "0.0 points"),
    ],
)  # fmt: skip
def test_points_of_a_difference(share, signed, text):
    assert points(share, signed) == text
    assert points(share, signed, "") == text.removesuffix(" points")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"), (1e-4, "under 0.1 %"), (0.004, "0.4 %"), (0.5, "50 %"), (0.992, "99.2 %"),
        (0.9997, "over 99.9 %"), (1 - 1e-16, "100 %"), (1.0, "100 %"), (0.944, "94 %"), (0.949, "94.9 %"),
    ],
)  # fmt: skip
def test_a_share_is_all_or_nothing_only_if_it_is(share, text):
    assert percent(share) == text


def test_from_the_least_share_to_the_largest():
    assert percents(0.22, 0.39) == "22 % to 39 %"
    assert percents(0.221, 0.222) == "22 %"


def test_a_sentence_begins_with_a_capital():
    assert [capital(text) for text in ("one PCA", "PCA", "α = 1", "")] == ["One PCA", "PCA", "Α = 1", ""]


def inked(labels, ratio=1):
    """The columns and rows of a 200 x 40 picture that these labels paint, in CSS pixels."""
    figure = Figure(figsize=(200 / 96, 40 / 96), dpi=96 * ratio)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 200), ylim=(0, 40))
    axes.set_axis_off()
    Labels(axes, 9.5).set_labels(labels)
    canvas.draw()
    dark = np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 160
    return np.flatnonzero(dark.any(axis=0)) / ratio, np.flatnonzero(dark.any(axis=1)) / ratio


@pytest.mark.parametrize("ratio", [1, 2, 3])
@pytest.mark.parametrize("anchor", [0.0, 0.5, 1.0])
def test_a_label_stands_at_its_anchor_at_every_resolution(anchor, ratio):
    columns, rows = inked([Label(100, 10, "std 0.63", anchor)], ratio)
    assert np.ptp(columns) == pytest.approx(np.ptp(inked([Label(100, 10, "std 0.63")])[0]), abs=2)
    assert columns.min() + anchor * (columns.max() - columns.min()) == pytest.approx(100, abs=3)
    assert 40 - rows.max() == pytest.approx(10, abs=2)  # the baseline


def test_every_letter_is_drawn():
    """A thin l is one rectangle, which matplotlib's snapping would make vanish."""
    for x in np.linspace(20, 21, 7):
        assert inked([Label(x, 10, "l")])[0].size > 0


def test_no_labels_draw_nothing():
    assert inked([])[0].size == 0


def test_a_mark_belongs_to_its_letter():
    """x̂ is one glyph, as wide as x: alone, its hat would stand on a dotted circle."""
    figure = Figure(dpi=96)
    FigureCanvasAgg(figure)
    labels = Labels(figure.add_axes((0, 0, 1, 1), xlim=(0, 640), ylim=(0, 480)), 10)
    labels.set_labels([Label(0, 0, "x̂y")])
    assert len(labels.get_paths()) == 2
    plain, marked = (labels.line(0, 0, (text, "k"), ("", "k"))[1].x for text in ("xy", "x̂y"))
    assert marked == pytest.approx(plain)
