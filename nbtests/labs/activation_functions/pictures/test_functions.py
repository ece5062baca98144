"""The pictures of nonlinearities: what stands where, by the arrays in their artists."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from nbtests.figures.made_runs import check_numbers, check_texts, made_picture, pixels
from trainingwheels.engine import ACTIVATIONS, chain, maxout, outputs
from trainingwheels.figures.palettes import activation_color
from trainingwheels.figures.panels import percent
from trainingwheels.labs.activation_functions.pictures.chains import ChainPicture, ChainView, Link
from trainingwheels.labs.activation_functions.pictures.densities import (
    MOSTLY,
    atoms,
    beyond,
    cut_off,
    histogram,
    outline,
)
from trainingwheels.labs.activation_functions.pictures.functions import (
    LEAST,
    Curve,
    FunctionsPicture,
    FunctionsView,
)

X = np.linspace(-10, 10, 401)


def curve(f, at=1.0, mean=0.0, std=1.0):
    here = np.array([at])
    made = outputs(f, mean, std)
    return Curve(f, f.value(X), f.derivative(X), (float(f.value(here)[0]), float(f.derivative(here)[0])), made)


def functions(*names, at=1.0, mean=0.0, std=1.0, lines=()):
    made = [maxout() if name == "maxout" else ACTIVATIONS[name] for name in names]
    return FunctionsView(X, [curve(f, at, mean, std) for f in made], at, mean, std, lines)


def chains(*names, n=10, w=1.0, at=1.0):
    made = [ACTIVATIONS[name] for name in names]
    links = [Link(f, chain(f, np.array([at]), n, w), chain(f, X, n, w)) for f in made]
    return ChainView(X, links, at, n, w)


@pytest.fixture
def picture():
    return made_picture(FunctionsPicture)


@pytest.fixture
def row():
    return made_picture(ChainPicture)


def written(picture):
    return [label.text for label in picture._texts.labels]


def test_value_and_slope_are_drawn_over_the_same_inputs(picture):
    picture.update(functions("tanh"))
    (value,), (slope,) = picture.value.lines.get_segments(), picture.slope.lines.get_segments()
    np.testing.assert_allclose(value, np.column_stack([X, np.tanh(X)]))
    np.testing.assert_allclose(slope, np.column_stack([X, 1 - np.tanh(X) ** 2]))
    assert picture.value.axes.get_xlim() == picture.slope.axes.get_xlim() == picture._inputs.axes.get_xlim()


def test_the_shade_covers_exactly_where_it_is_flat(picture):
    picture.update(functions("sigmoid"))
    left, right = (path.vertices[:, 0] for path in picture.value.bands.get_paths())
    assert (left.min(), left.max()) == (-10, pytest.approx(-4.356544))
    assert (right.min(), right.max()) == (pytest.approx(4.356544), 10)
    picture.update(functions("leaky_relu"))
    assert not picture.value.bands.get_visible()
    picture.update(functions("relu"))
    (off,) = (path.vertices[:, 0] for path in picture.value.bands.get_paths())
    assert (off.min(), off.max()) == (-10, 0)


def test_formulas_numbers_and_the_word_for_the_shade_are_written(picture):
    picture.update(functions("sigmoid", at=-10.0))
    text = written(picture)
    assert "f(x) = 1 / (1 + e⁻ˣ)" in text
    assert "f′(x) = f(x) (1 − f(x))" in text
    assert "f(−10) = 4.5e−5" in text
    assert "– – mean 0.5, std 0.21" in text
    assert text.count("saturated: slope below 5 %") == 2
    picture.update(functions("relu", mean=-4.0))
    assert "off: slope 0" in written(picture)
    assert "over 99.9 %" in written(picture)  # of the outputs are zero


def test_several_curves_have_colours_and_names_of_their_own(picture):
    picture.update(functions("relu", "tanh", "silu"))
    assert {"ReLU", "tanh", "SiLU (Swish)"} <= set(written(picture))
    assert len({tuple(color) for color in picture.value.lines.get_color()}) == 3
    picture.update(functions("relu"))
    assert len(picture.value.lines.get_segments()) == 1


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("mean", [0.0, -3.0, 9.0])
def test_a_density_at_the_side_never_leaves_its_panel(name, mean):
    made = functions(name, mean=mean).curves[0].outputs
    along, across = outline(made, "values", (-1.0, 5.0))
    assert 0 <= along.min() <= along.max() <= 1
    assert (across.min(), across.max()) == (-1, 5)
    bars, _ = histogram(made, "values", (-1e4, 1e4))
    assert bars.sum() == pytest.approx(1)


def test_values_that_many_inputs_share_are_found():
    made = functions("relu").curves[0].outputs
    assert atoms(made, "values") == [(0.0, pytest.approx(0.5, abs=1e-3))]
    assert [value for value, _ in atoms(made, "slopes")] == [0, 1]
    assert atoms(functions("tanh").curves[0].outputs, "values") == []


def test_a_maxout_shows_its_lines_and_where_to_hold_them(picture):
    picture.update(functions("maxout", lines=((1.0, 0.5), (-1.0, 0.0))))
    lines = picture.value.behind.get_segments()[-2:]
    np.testing.assert_allclose(lines[0][:, 1], X + 0.5)
    marks = np.asarray(picture.value.marks.get_offsets())
    assert [0, 0.5] in marks.tolist()
    assert len(marks) == 7


def test_a_place_in_the_picture_means_a_point(picture):
    assert picture.point(300, 300) is None  # nothing is shown yet
    picture.update(functions("sigmoid"))
    for name, panel in (("value", picture.value), ("slope", picture.slope), ("inputs", picture._inputs)):
        point = picture.point(*panel.pixels(2.5, 0.5))
        assert (point.panel, point.x, point.y) == (name, pytest.approx(2.5), pytest.approx(0.5))
    assert picture.point(1, 1) is None


def test_a_pinned_curve_stays_as_a_pale_one(picture):
    picture.update(functions("tanh"), functions("sigmoid"))
    pale = picture.value.behind.get_segments()[-1]
    np.testing.assert_allclose(pale[:, 1], ACTIVATIONS["sigmoid"].value(X))


def test_a_row_shows_value_and_gradient_after_each_unit(row):
    row.update(chains("sigmoid"))
    (value,), (gradient,) = row.value.lines.get_segments(), row.gradient.lines.get_segments()
    found = chain(ACTIVATIONS["sigmoid"], np.array([1.0]), 10)
    np.testing.assert_allclose(value[:, 1], found.values[:, 0])
    np.testing.assert_allclose(gradient[:, 1], found.gradients[:, 0])
    low, high = row.gradient.axes.get_ylim()
    assert low < gradient[:, 1].min() < gradient[:, 1].max() < high
    assert "2.8e−7" in written(row)


def test_a_gradient_of_zero_runs_along_the_edge(row):
    row.update(chains("relu", at=-1.0))
    (gradient,) = row.gradient.lines.get_segments()
    assert gradient[-1, 1] == row.gradient.axes.get_ylim()[0]
    (every,) = row.every.lines.get_segments()
    assert every[0, 1] == row.every.axes.get_ylim()[0]
    marks = row.every.axes.yaxis.get_ticklocs()
    assert marks[0] == row.every.axes.get_ylim()[0]
    assert [row.every.axes.yaxis.get_major_formatter()(mark, 0) for mark in marks[:2]] == ["0", "0.01"]
    assert every[-1, 1] == 1


@pytest.mark.parametrize(("name", "n", "w"), [("sigmoid", 200, 1.0), ("relu", 200, 4.0), ("tanh", 100, -4.0)])
def test_no_axis_clips_in_silence(row, name, n, w):
    shown = chains(name, n=n, w=w)
    row.update(shown)
    (value,), (gradient,) = row.value.lines.get_segments(), row.gradient.lines.get_segments()
    np.testing.assert_array_equal(value[:, 1], shown.links[0].one.values[:, 0])
    np.testing.assert_array_equal(gradient[:, 1], np.abs(shown.links[0].one.gradients[:, 0]))


@pytest.mark.parametrize(("w", "n"), [(100.0, 200), (-3.0, 7), (0.0, 1)])
def test_any_row_can_be_drawn(row, w, n):
    row.update(chains("relu", "tanh", "selu", w=w, n=n))
    assert pixels(row).std() > 1
    for panel in (row.value, row.gradient, row.every):
        assert all(np.isfinite(segment).all() for segment in panel.lines.get_segments())


@pytest.mark.parametrize("width", [352, 952])
@pytest.mark.parametrize("kind", [FunctionsPicture, ChainPicture])
def test_all_text_stands_within_the_picture_and_apart(kind, width):
    picture = made_picture(kind, width)
    names = [name for name in ACTIVATIONS if name != "maxout"]
    make = functions if kind is FunctionsPicture else chains
    heights = set()
    ats = [-10.0, -3.0, 0.0, 1.0, 9.0]
    for shown in [make(*names), *(make(name, at=at) for name in names for at in ats)]:
        picture.update(shown)
        heights.add(picture.size)
        check_texts(picture)
        check_numbers(picture)
    assert len(heights) == 1


@pytest.mark.parametrize("width", [352, 952])
@pytest.mark.parametrize("kind", [FunctionsPicture, ChainPicture])
def test_the_same_result_gives_the_same_picture_to_the_last_pixel(kind, width):
    picture, make = made_picture(kind, width), functions if kind is FunctionsPicture else chains
    picture.update(make("sigmoid"))
    first = pixels(picture)
    np.testing.assert_array_equal(pixels(picture), first)
    picture.update(make("relu", "selu", at=-4.0))
    assert (pixels(picture) != first).any()
    picture.update(make("sigmoid"))
    np.testing.assert_array_equal(pixels(picture), first)
    picture.forget()
    np.testing.assert_array_equal(pixels(picture), first)


def test_a_nonlinearity_has_one_colour_in_every_panel_alone_and_beside_others(picture, row):
    color = to_rgba(activation_color("elu"))
    for shown in (functions("elu"), functions("tanh", "elu")):
        picture.update(shown)
        last = -1 if len(shown.curves) == 1 else 0  # the one that is looked at is on top
        assert tuple(picture.value.lines.get_color()[last]) == tuple(picture.slope.lines.get_color()[last]) == color
    row.update(chains("elu"))
    panels = (row.value, row.gradient, row.every)
    assert {tuple(panel.lines.get_color()[0]) for panel in panels} == {color}


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("at", [-10.0, 0.0, 10.0])
def test_the_point_that_is_looked_at_is_in_the_panel(picture, name, at):
    picture.update(functions(name, at=at))
    for panel in (picture.value, picture.slope):
        low, high = panel.axes.get_ylim()
        assert all(low < y < high for _, y in np.asarray(panel.marks.get_offsets()))


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (9.0, 1.0), (-9.0, 10.0), (0.0, 0.1)])
def test_what_a_density_cannot_show_is_written_beside_it(picture, name, mean, std):
    shown = functions(name, mean=mean, std=std)
    picture.update(shown)
    made, ends = shown.curves[0].outputs, picture._outputs.axes.get_ylim()
    below, above = beyond(made, "values", ends)
    bars, scale = histogram(made, "values", ends)
    assert below + above + bars.sum() == pytest.approx(1)
    cut = sum(bars[bars > scale * (1 + 1e-9)])
    assert sum(share for *_, share in cut_off(made, "values", ends)) >= MOSTLY * cut
    for arrow, share in (("↓", below), ("↑", above)):
        assert any(text.startswith(arrow) for text in written(picture)) == (
            share >= LEAST or beyond(made, "slopes", picture._slopes.axes.get_ylim())["↓↑".index(arrow)] >= LEAST
        )


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "gelu"])
def test_the_share_of_a_bar_that_is_cut_off_stands_beside_the_bar(picture, name):
    shown = functions(name)
    picture.update(shown)
    side = picture._outputs
    ((low, high, share),) = cut_off(shown.curves[0].outputs, "values", side.axes.get_ylim())
    bottom, top = (side.pixels(0, edge)[1] for edge in (low, high))
    labels = [label for label in picture._texts.labels if label.text == percent(share)]
    (label,) = [label for label in labels if side.box.y <= label.y <= side.box.top and label.x == side.box.right]
    assert label.y > top + 2 or label.y + 9 < bottom
