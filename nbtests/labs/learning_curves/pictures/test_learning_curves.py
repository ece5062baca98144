"""Curves of any runs over each other: smoothing, hiding, averaging over seeds, and round axes."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtests.figures.made_runs import check_texts, made_history, made_picture
from nbtests.figures.walks import check_same
from trainingwheels.engine import read_runs
from trainingwheels.figures import CurvesView
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import percent, plain, round_below, ticks
from trainingwheels.figures.texts import LINE, apart
from trainingwheels.figures.traces import moving_average, smoothing_window, stride, traces
from trainingwheels.labs.learning_curves.pictures.learning_curves import CurvesPicture

FIVE = [made_history(seed=seed) for seed in range(5)]
WORSE = [made_history(seed=seed, level=3.0) for seed in range(5)]
SEEDS = CurvesView([*FIVE, *WORSE], ["good"] * 5 + ["worse"] * 5, band=True)
FROM_FILES = [
    *read_runs("loss.csv", b"step,loss\n0,2\n1,1\n2,nan\n"),
    *read_runs("epochs.csv", b"epoch,val_loss,val_accuracy\n1,2,0.5\n2,1,\n"),
    *read_runs("full.csv", b"step,loss,val_loss,accuracy,val_accuracy,lr\n1,2,,,,0.1\n2,1,1.5,80,70,0\n"),
    *read_runs("one.csv", b"loss\n1\n"),
]
CASES = Path(__file__).parents[3] / "engine" / "records" / "curves"


def from_case(name, **how):
    """A view of what is in one of the logs that people bring."""
    runs = read_runs(name, (CASES / name).read_bytes())
    return CurvesView(runs, [run.name for run in runs], **how)


VIEWS = {
    "seeds": SEEDS,
    "overlaid": CurvesView([*FIVE, *WORSE], [f"run {place}" for place in range(10)], chosen=3),
    "one": CurvesView(FIVE[:1], ["a name that is far too long for its room"]),
    "linear": CurvesView(FIVE[:2], ["a", "b"], log_x=True, log_y=False, window=1),
    "untrained": CurvesView([made_history(0, evaluations=1)], ["untrained"]),
    "diverged": CurvesView([made_history(diverged_at=9), FIVE[0]], ["wild", "tame"]),
    "all hidden": CurvesView(FIVE, list("abcde"), hidden=frozenset(range(5))),
    "nothing": CurvesView([], []),
    "from files": CurvesView([*FROM_FILES, FIVE[0]], ["loss", "epochs", "full", "one", "ours"], log_x=True, dots=False),
    "one from a file": CurvesView(FROM_FILES[:1], ["loss"]),
    "another from a file": CurvesView(FROM_FILES[1:2], ["epochs"]),
    "negative": from_case("negative_loss.csv"),
    "negative beside others": CurvesView([*from_case("negative_loss.csv").histories, FIVE[0]], ["below", "above"]),
    "epochs": from_case("keras_ten_epochs.csv", window=16),
    "several rows an epoch": from_case("several_rows_an_epoch.csv"),
    "thirty": CurvesView([*FIVE, *WORSE] * 3, [f"run {place}" for place in range(30)]),
}


def test_the_best_that_a_heading_tells_is_that_of_the_run_that_it_names():
    picture = made_picture(CurvesPicture)
    picture.update(VIEWS["overlaid"])
    chosen = traces(VIEWS["overlaid"])[3]
    (found,) = [label for label in picture._texts.labels if label.text.startswith("○ best")]
    assert (found.text, found.color) == (f"○ best of run 3: {percent(chosen.best[1])}", chosen.color)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=60), st.integers(1, 70))
def test_the_moving_average_is_the_mean_of_the_last_values(values, window):
    expected = [np.mean(values[max(0, end - window) : end]) for end in range(1, len(values) + 1)]
    assert moving_average(np.array(values), window) == pytest.approx(expected, abs=1e-9)


def test_a_window_is_an_epoch_but_not_much_of_a_run():
    assert smoothing_window(made_history(epochs=20)) == 7
    assert smoothing_window(made_history(20, epochs=3)) == 1
    view = CurvesView(FIVE[:1], ["a"], window=10)
    (trace,) = traces(view)
    assert trace.series["loss"].y[30] == pytest.approx(FIVE[0].train_loss[21:31].mean())


def texts(picture):
    return [label.text for label in picture._texts.labels]


def test_ten_epochs_are_drawn_as_they_are():
    """They are not smoothed over sixteen, end at the file's last value, and lie over epochs."""
    picture = made_picture(CurvesPicture)
    view = from_case("keras_ten_epochs.csv", window=16)
    picture.update(view)
    solid = picture._curves.loss.lines.get_segments()[0]
    assert solid[:, 1] == pytest.approx(view.histories[0].train_loss)
    assert {"train 0.022", "val 0.14", "train 98.8 %", "val 94.7 %"} <= {*texts(picture)}
    assert "○ best: 94.7 % at epoch 9" in texts(picture)
    assert "each epoch" in texts(picture)
    assert not any("step" in text for text in texts(picture))
    assert {panel.axes.get_xlabel() for panel in (picture._curves.loss, picture._curves.accuracy)} == {"epoch"}


def test_what_stands_at_the_end_of_a_smoothed_line_is_the_last_value():
    rows = "".join(f"{step},{2 + (step % 2)}\n" for step in range(1, 401))
    (run,) = read_runs("a.csv", ("step,loss\n" + rows).encode())
    picture = made_picture(CurvesPicture)
    picture.update(CurvesView([run], ["a"], window=16))
    assert "train 2.0" in texts(picture)
    assert "dots: values, line: mean of 16 values" in texts(picture)
    line = picture._curves.loss.lines.get_segments()[0]
    assert line[-1, 1] == pytest.approx(2.5)
    (trace,) = traces(CurvesView([run], ["a"], window=512))
    assert trace.points == 100  # a quarter of the run at most


def test_losses_below_0_are_seen_in_their_own_panel():
    picture = made_picture(CurvesPicture)
    for view in (VIEWS["negative"], VIEWS["negative beside others"]):
        picture.update(view)
        axes = picture._curves.loss.axes
        low, high = axes.get_ylim()
        assert axes.get_yscale() == "linear"
        assert low <= -0.91
        marks = picture._curves.loss.marks.get_offsets()[:, 1]
        assert ((marks >= low) & (marks <= high)).all()
        assert "linear: a loss is below 0" in texts(picture)
    picture.update(VIEWS["negative"])
    assert {"train −0.91", "val −0.70"} <= {*texts(picture)}
    picture.update(VIEWS["one"])
    assert picture._curves.loss.axes.get_yscale() == "log"


def test_a_loss_of_0_stays_in_its_panel_on_a_log_axis():
    (run,) = read_runs("a.csv", b"step,loss\n1,1\n2,0.1\n3,0\n")
    picture = made_picture(CurvesPicture)
    picture.update(CurvesView([run], ["a"]))
    low, high = picture._curves.loss.axes.get_ylim()
    line = picture._curves.loss.lines.get_segments()[0]
    for y in (line[:, 1], picture._curves.loss.marks.get_offsets()[:, 1]):
        assert ((y >= low) & (y <= high)).all()


def test_an_axis_of_runs_that_count_different_things_says_both():
    picture = made_picture(CurvesPicture)
    picture.update(CurvesView([*from_case("keras_ten_epochs.csv").histories, FIVE[0]], ["epochs", "steps"]))
    assert picture._curves.loss.axes.get_xlabel() == "epoch or step"


def test_a_fraction_of_an_epoch_is_a_tick():
    picture = made_picture(CurvesPicture)
    picture.update(VIEWS["several rows an epoch"])
    axis = picture._curves.loss.axes.xaxis
    written = [axis.get_major_formatter()(place) for place in axis.get_majorticklocs()]
    assert len(set(written)) == len(written)


@given(st.integers(1, 100_000), st.integers(1, 2000))
def test_a_stride_is_a_power_of_two_that_leaves_few(count, most):
    step = stride(count, most)
    assert step & (step - 1) == 0
    assert count / step <= most
    assert step == 1 or count * 2 / step > most


def test_long_curves_are_as_short_as_the_pixels_and_keep_their_end():
    history = made_history(10_000, epochs=2000)
    (trace,) = traces(CurvesView([history], ["long"]), most=300)
    loss = trace.series["loss"]
    assert len(loss.x) <= 301
    assert loss.x[-1] == 10_000
    assert len(trace.batches.x) <= 300


def test_runs_of_one_label_are_their_mean_and_range():
    shown = traces(SEEDS)
    assert [trace.label for trace in shown] == ["good", "worse"]
    each = np.array([history.val_accuracy for history in FIVE])
    accuracy = shown[0].series["val_accuracy"]
    assert accuracy.y == pytest.approx(each.mean(axis=0))
    assert accuracy.low == pytest.approx(each.min(axis=0))
    assert accuracy.high == pytest.approx(each.max(axis=0))
    loss = shown[0].series["loss"]
    assert loss.y[-1] == pytest.approx(np.mean([history.train_loss[-7:].mean() for history in FIVE]))


def test_a_mean_says_how_many_diverged_and_ends_where_they_do():
    (trace,) = traces(CurvesView([*FIVE[:4], made_history(diverged_at=50)], ["good"] * 5, band=True))
    assert trace.note == "1 diverged of 5"
    assert trace.series["loss"].x[-1] == 49


def test_hidden_runs_are_gone_and_the_others_keep_their_colours():
    view = CurvesView(FIVE, list("abcde"))
    fewer = CurvesView(FIVE, list("abcde"), hidden=frozenset({0, 2}))
    every = {trace.label: trace.color for trace in traces(view)}
    assert {trace.label: trace.color for trace in traces(fewer)} == {name: every[name] for name in "bde"}


def test_the_gap_is_train_minus_validation_accuracy():
    picture = made_picture(CurvesPicture)
    picture.update(CurvesView(FIVE[:1], ["a"]))
    (line,) = picture._gap.lines.get_segments()
    assert line[:, 1] == pytest.approx(FIVE[0].train_accuracy - FIVE[0].val_accuracy)


@pytest.mark.parametrize("width", [1400, 1040, 640, 639, 350, 320])
def test_no_text_overlaps_another_or_leaves_the_picture(width):
    picture = made_picture(CurvesPicture, width)
    for view in VIEWS.values():
        picture.update(view, SEEDS)
        check_texts(picture)
    for a, b in itertools.combinations(picture.parts.values(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize(("width", "ratio"), [(1040, 1), (350, 2)])
def test_moving_leaves_no_pixels_behind(width, ratio):
    moved = made_picture(CurvesPicture, width, ratio)
    for name, view in VIEWS.items():
        moved.update(view, SEEDS if name == "one" else None)
        fresh = made_picture(CurvesPicture, width, ratio)
        fresh.update(view, SEEDS if name == "one" else None)
        check_same(moved, fresh)


def test_log_axes_are_what_is_asked_for():
    picture = made_picture(CurvesPicture)
    picture.update(VIEWS["linear"])
    axes = picture._curves.loss.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    picture.update(VIEWS["one"])
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 200)), max_size=12))
def test_labels_are_moved_apart_within_their_ends(places):
    labels = [Label(x, y, str(place)) for place, (x, y) in enumerate(places)]
    moved = apart(labels, [30.0] * len(labels), 0.0, 200.0)
    assert len(moved) == len(labels)
    for one, other in itertools.combinations(moved, 2):
        assert abs(one.x - other.x) >= 30 or abs(one.y - other.y) >= LINE - 0.05  # a twentieth of a pixel
    assert all(-0.01 <= label.y <= 200.01 for label in moved)


def test_labels_without_room_are_left_out():
    assert len(apart([Label(0, 5, "a")] * 30, [20.0] * 30, 0.0, 100.0)) == 8


@given(st.floats(1e-6, 1e6), st.floats(1.5, 1e9), st.integers(2, 9))
def test_ticks_lie_within_the_axis_and_are_few(low, times, most):
    for log in (True, False):
        places = ticks(low, low * times, log, most)
        assert 1 <= len(places) <= max(most, 2) + 1
        assert all(low * 0.99 <= place <= low * times * 1.01 for place in places)


@pytest.mark.parametrize(("value", "below"), [(1.9, 1), (2, 2), (0.04, 0.02), (900, 500)])
def test_round_below(value, below):
    assert round_below(value) == pytest.approx(below)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (200, "200"), (0.005, "0.005"), (2e-4, "2e−4"), (1e6, "1e6"), (5.556e-5, "5.56e−5")]
)
def test_plain_numbers(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.93, "93 %"), (0.992, "99.2 %"), (1, "100 %"), (-0.05, "−5 %"), (0, "0 %")]
)
def test_percent(share, text):
    assert percent(share) == text
