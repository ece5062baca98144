"""The pictures of gradient checks, tested by the numbers in their artists."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trainingwheels.engine import relative_error, secant
from trainingwheels.labs.gradient_checking.pictures.error_against_h import ErrorCurves, ErrorPicture
from trainingwheels.labs.gradient_checking.pictures.error_zones import LEAST, MOST, zone_names
from trainingwheels.labs.gradient_checking.pictures.gradient_entries import EntriesPicture, GradientEntries, _stacks
from trainingwheels.labs.gradient_checking.pictures.kink import KinkPicture, KinkView

HS = 10.0 ** np.arange(-15, 1.0)


def picture(kind, width=960):
    figure = Figure(dpi=96)
    FigureCanvasAgg(figure)
    made = kind(figure)
    made.resize(width)
    return made


def curves(h=1e-5, chosen="float64", factor=1.0):
    v = factor * (HS**2 + 1e-16 / HS)
    lines = {"float64": v, "float32": np.minimum(1e9 * v, 1.0)}
    guide = (np.array([1e-8, 1.0]), factor * np.array([1e-16, 1.0]), "truncation: h²")
    return ErrorCurves(HS, lines, chosen, h, float(np.interp(h, HS, v)), v * 100, "one-sided", "a net", (guide,))


def entries(count=40, wrong=0.0, scale=1.0):
    rng = np.random.default_rng(count)
    analytic = scale * rng.standard_normal(count)
    numeric = analytic * (1 + 1e-10 * rng.standard_normal(count))
    owner = np.arange(count) % 3
    numeric[owner == 1] *= 1 + wrong
    error = relative_error(analytic, numeric)
    return GradientEntries(analytic, numeric, error, owner, ("W", "b", "x"), "a net")


def kink(x=0.1, h=0.3):
    hs = 10.0 ** np.arange(-5, 1.0)
    return KinkView(secant("relu", x, h), hs, {2: hs / 2, 8: hs**0.5})


RESULTS = {
    ErrorPicture: [curves(), curves(1e-15, "float32"), curves(1.0, factor=1e-3), curves(1e-2, factor=1e6)],
    EntriesPicture: [entries(), entries(12, 0.3), entries(90, -1.0, 1e-6), entries(5, np.inf, 1e9)],
    KinkPicture: [kink(), kink(-2.0, 1.0), kink(0.0, 1e-12)],
}
WALKS = list(RESULTS.items())


def pixels(shown):
    shown.render()
    return np.asarray(shown.figure.canvas.buffer_rgba()).copy()


@pytest.mark.parametrize("width", [960, 360])
@pytest.mark.parametrize(("kind", "results"), WALKS, ids=lambda kind: getattr(kind, "__name__", ""))
def test_moving_leaves_no_pixels_behind_and_height_stays(kind, results, width):
    """After any walk, the picture is what a fresh one would be."""
    moved, sizes = picture(kind, width), set()
    for result, pinned in itertools.product(results, (None, results[0])):
        moved.update(result, pinned)
        sizes.add(moved.size)
        fresh = picture(kind, width)
        fresh.update(result, pinned)
        assert np.array_equal(pixels(moved), pixels(fresh))
    assert len(sizes) == 1


@pytest.mark.parametrize("width", [960, 640, 639, 360, 320])
@pytest.mark.parametrize(("kind", "results"), WALKS, ids=lambda kind: getattr(kind, "__name__", ""))
def test_no_label_leaves_the_picture(kind, results, width):
    shown = picture(kind, width)
    for result in results:
        shown.update(result)
        for label in shown._texts.labels:
            left = label.x - label.anchor * shown._texts.width(label.text)
            assert left >= 0, label
            assert left + shown._texts.width(label.text) <= width, label
            assert 0 <= label.y <= shown.size[1] - 8


def test_curves_are_the_errors_kept_on_the_scale():
    shown = picture(ErrorPicture)
    result = curves(factor=1e6)
    shown.update(result)
    lines = [segment for segment in shown._panel.lines.get_segments() if len(segment) == len(HS)]
    assert len(lines) == 3  # the other difference, float32, and on top the one that is looked at
    np.testing.assert_allclose(lines[-1][:, 1], np.clip(result.curves["float64"], LEAST, MOST))
    np.testing.assert_allclose(lines[-1][:, 0], HS)


def test_the_marker_stands_at_h():
    shown = picture(ErrorPicture)
    result = curves(1e-5)
    shown.update(result)
    assert shown._panel.marks.get_offsets().tolist() == [[1e-5, result.error]]
    assert any(label.text.endswith("at h = 1e−5") for label in shown._texts.labels)


def test_a_pinned_curve_stands_behind():
    shown = picture(ErrorPicture)
    shown.update(curves(), curves(factor=1e-3))
    behind = shown._panel.behind.get_segments()
    assert any(
        len(line) == len(HS) and np.allclose(line[3:, 1], curves(factor=1e-3).curves["float64"][3:]) for line in behind
    )


def test_dots_are_the_entries():
    shown = picture(EntriesPicture)
    result = entries(30, 0.2)
    shown.update(result)
    np.testing.assert_allclose(shown._scatter.dots.get_offsets(), np.column_stack([result.analytic, result.numeric]))
    shown.update(result, entries(30))
    assert len(shown._scatter.dots.get_offsets()) == 60


def test_bars_count_every_entry_once():
    result = entries(41, 0.2)
    stacks = _stacks(result)
    assert [stack.sum() for stack in stacks] == [14, 28, 41]
    shown = picture(EntriesPicture)
    shown.update(result)
    for path, stack in zip(shown._histogram.bands.get_paths(), stacks, strict=True):
        assert path.vertices[:, 1].max() == stack.max()


def test_the_zones_are_those_of_the_verdicts():
    zones = list(zone_names())
    assert [high for _, high, _ in zones] == [1e-7, 1e-4, 1e-2, MOST]
    assert zones[0][0] == LEAST


def test_tangent_and_secant_go_through_their_points():
    shown = picture(KinkPicture)
    result = kink(0.1, 0.3)
    shown.update(result)
    tangent, chord = (np.array(segment) for segment in shown._function.lines.get_segments())
    slopes = [float(np.diff(line[:, 1])[0] / np.diff(line[:, 0])[0]) for line in (tangent, chord)]
    assert slopes == pytest.approx([1.0, 2 / 3])
    marks = shown._function.marks.get_offsets()
    np.testing.assert_allclose(marks, [[0.4, 0.4], [-0.2, 0.0], [0.1, 0.1]])
    assert np.interp(0.4, *chord.T) == pytest.approx(0.4)
    assert np.interp(-0.2, *chord.T) == pytest.approx(0.0, abs=1e-12)
