"""The picture of training, tested by the numbers in its artists."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.made_runs import (
    check_texts,
    made_history,
    made_picture,
    made_plane,
    made_samples,
    made_view,
    pixels,
)
from nbtests.figures.walks import check_same
from trainingwheels.figures.palettes import CLASSES, layer_color, run_color, signed_colors
from trainingwheels.figures.plane import Plane, plane_points, region_colors, square_around
from trainingwheels.figures.theme import MEANING
from trainingwheels.labs.train_a_net.pictures.samples import Samples
from trainingwheels.labs.train_a_net.pictures.training import TrainingPicture, TrainingView

WIDTHS = [1400, 1040, 900, 859, 640, 639, 374, 320]

VIEWS = {
    "one run": made_view(),
    "untrained": made_view(made_history(0, evaluations=1)),
    "no evaluation yet": made_view(made_history(0, evaluations=0)),
    "one step": made_view(made_history(1, evaluations=2)),
    "one step, not evaluated": made_view(made_history(1, evaluations=0)),
    "diverged": made_view(made_history(diverged_at=40), made_history(seed=1)),
    "diverged at once": made_view(made_history(diverged_at=1)),
    "failed": made_view(made_history(0, evaluations=0, failed="out of memory"), made_history()),
    "eight runs": made_view(*(made_history(seed=seed, level=1 + seed / 3) for seed in range(8)), plane=False),
    "alike": made_view(*[made_history()] * 8),
    "images": made_view(plane=False, images=made_samples()),
    "signals": made_view(
        plane=False, images=Samples(np.random.default_rng(0).normal(size=(5, 40)), *[np.arange(5)] * 2, np.ones(5))
    ),
    "named": made_view(plane=False, images=replace(made_samples(), names=("aeroplane", "automobile", *"bcdefghij"))),
    "linear": replace(made_view(made_history(hidden=())), plane=made_plane(())),
    "whole": replace(made_view(), plane=made_plane(weights=True)),
    "deep": replace(made_view(made_history(hidden=(12,) * 12)), plane=made_plane((12,) * 12)),
    "nothing": TrainingView((), ()),
    "no prediction": replace(made_view(), plane=replace(made_plane(), probabilities=np.empty((0, 0)), hidden=())),
}


def shown_lines(panel):
    return [np.asarray(segment) for segment in panel.lines.get_segments()]


def test_loss_and_accuracy_are_the_historys():
    history = made_history()
    picture = made_picture(TrainingPicture)
    picture.update(made_view(history))
    train, val = shown_lines(picture._curves.loss)
    assert train[:, 0] == pytest.approx(history.steps)
    assert train[50, 1] == pytest.approx(history.train_loss[44:51].mean(), rel=1e-5)  # 7 steps are an epoch
    assert val == pytest.approx(np.column_stack([history.eval_steps, history.val_loss]))
    train, val = shown_lines(picture._curves.accuracy)
    assert train[:, 1] == pytest.approx(history.train_accuracy)
    assert val[:, 1] == pytest.approx(history.val_accuracy)
    dots = picture._curves.loss.dots.get_offsets()
    assert dots == pytest.approx(np.column_stack([history.steps, history.train_loss]))


def test_the_inside_is_the_historys():
    history = made_history()
    picture = made_picture(TrainingPicture)
    picture.update(made_view(history))
    for panel, values in (
        (picture._inside.std, history.layers.std),
        (picture._inside.ratio, history.layers.update_ratio),
    ):
        lines = shown_lines(panel)[::-1]
        assert len(lines) == values.shape[1]
        for line, layer in zip(lines, values.T, strict=True):
            assert line == pytest.approx(np.column_stack([history.layers.steps, layer]))
    assert len(shown_lines(picture._inside.idle)) == 4  # dead and off, for two layers


def test_one_run_has_the_colours_of_train_and_validation_and_several_have_one_each():
    picture = made_picture(TrainingPicture)
    picture.update(VIEWS["one run"])
    first, second = picture._curves.loss.lines.get_color()[:, :3]
    assert [tuple(np.rint(255 * color)) for color in (first, second)] == [
        tuple(bytes.fromhex(MEANING[name][1:])) for name in ("train", "validation")
    ]
    picture.update(VIEWS["eight runs"])
    colors = {tuple(color) for color in picture._curves.loss.lines.get_color()}
    assert len(colors) == 8
    solid, dashed = picture._curves.loss.lines.get_linestyle()[:2]
    assert solid[1] is None
    assert dashed[1] is not None


def test_a_diverged_run_says_so_and_stays():
    picture = made_picture(TrainingPicture)
    picture.update(VIEWS["diverged"])
    assert any(label.text == "lr 1 × diverged at step 40" for label in picture._texts.labels)
    assert any(len(line) == 39 for line in shown_lines(picture._curves.loss))
    assert all(np.isfinite(line).all() for line in shown_lines(picture._curves.loss))


def test_an_explosion_does_not_hide_the_other_runs():
    picture = made_picture(TrainingPicture)
    wild = made_history(seed=1)
    wild = replace(wild, train_loss=wild.train_loss * np.logspace(0, 30, 100, dtype=np.float32))
    picture.update(made_view(made_history(), wild))
    low, high = picture._curves.loss.axes.get_ylim()
    assert high <= 20
    assert low >= 0.01
    assert "↑ lr 0.1" in [label.text for label in picture._texts.labels]


def test_the_best_snapshot_and_chance_are_marked():
    history = made_history()
    picture = made_picture(TrainingPicture)
    picture.update(made_view(history))
    rings = picture._curves.accuracy.marks.get_offsets()
    assert [history.best.step, history.best.val_accuracy] in [pytest.approx(ring) for ring in rings.tolist()]
    assert picture._curves.accuracy.behind.get_segments()[0][:, 1] == pytest.approx([1 / 3, 1 / 3])


def test_a_pinned_view_is_pale_behind_the_curves():
    picture = made_picture(TrainingPicture)
    old = made_history(level=2.0)
    picture.update(made_view(made_history()), made_view(old))
    behind = picture._curves.loss.behind.get_segments()
    assert behind[2][:, 1] == pytest.approx(old.val_loss)  # after the line of equal scores, and its training loss
    assert sum(label.text == "pinned" for label in picture._texts.labels) == 2
    picture.update(made_view(made_history()))
    assert len(picture._curves.loss.behind.get_segments()) == 1  # the line of equal scores


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_overlaps_another_or_leaves_the_picture(width):
    picture = made_picture(TrainingPicture, width)
    for view in VIEWS.values():
        picture.update(view, VIEWS["one run"])
        check_texts(picture)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_panel_overlaps_another_or_leaves_the_picture(width):
    picture = made_picture(TrainingPicture, width)
    picture.update(VIEWS["one run"])
    rectangles = list(picture.parts.values())
    tiles = picture._plane._tiles.tiles
    rectangles += [(box.x, box.y, box.right, box.top) for box, _ in (tiles[0], *tiles[2::2])]
    for left, bottom, right, top in rectangles:
        assert 0 <= left < right <= width
        assert 0 <= bottom < top <= picture.size[1]
    for a, b in itertools.combinations(rectangles, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize("width", [1040, 700, 350])
def test_height_does_not_depend_on_the_run(width):
    picture = made_picture(TrainingPicture, width)
    sizes = set()
    for view in VIEWS.values():
        picture.update(view)
        sizes.add(picture.size)
    assert len(sizes) == 1


@pytest.mark.parametrize(("width", "ratio"), [(1040, 1), (350, 2)])
def test_moving_leaves_no_pixels_behind(width, ratio):
    """After any walk, the picture is what a fresh one would be."""
    moved = made_picture(TrainingPicture, width, ratio)
    names = ["one run", "whole", "diverged", "images", "deep", "nothing", "eight runs", "signals", "untrained"]
    for place, name in enumerate(names):
        pinned = VIEWS[names[place - 1]] if place % 2 else None
        moved.update(VIEWS[name], pinned)
        fresh = made_picture(TrainingPicture, width, ratio)
        fresh.update(VIEWS[name], pinned)
        check_same(moved, fresh)


@pytest.mark.parametrize("ratio", [1, 3])
def test_numbers_of_axes_stay_within_their_rectangles(ratio):
    """What an axis writes outside of the pixels kept for it would vanish from the second frame on."""
    picture = made_picture(TrainingPicture, 1040, ratio)
    picture.update(VIEWS["eight runs"])
    assert np.array_equal(pixels(picture), pixels(picture))


def test_a_run_under_way_rarely_needs_new_axes():
    """Limits are round and lie ahead: of 100 frames of a run, few draw axes anew."""
    picture = made_picture(TrainingPicture)
    whole = made_history(140, evaluations=141)
    evaluated = ("eval_steps", "val_loss", "val_accuracy", "train_accuracy")
    redrawn = 0
    for steps in range(1, 101):
        seen = replace(
            whole,
            **{name: getattr(whole, name)[:steps] for name in ("steps", "train_loss", "lr")},
            **{name: getattr(whole, name)[: steps + 1] for name in evaluated},
        )
        picture.update(made_view(seen, plane=False))
        redrawn += not any(kept.keys() >= picture.parts.keys() for kept in picture._kept.values())
        picture.render()
    assert redrawn <= 8


def labels(picture):
    return [label.text for label in picture._texts.labels]


def test_where_training_should_begin_is_a_line():
    """log C for softmax, C - 1 for the hinge."""
    picture = made_picture(TrainingPicture)
    for loss, even, words in (("softmax", np.log(3), "log 3"), ("hinge", 2, "3 − 1")):
        picture.update(made_view(made_history(loss=loss, level=3.0)))
        (line,) = picture._curves.loss.behind.get_segments()
        assert line[:, 1] == pytest.approx([even, even])
        assert words in labels(picture)


def test_the_net_that_is_shown_has_its_name_in_each_title():
    picture = made_picture(TrainingPicture)
    for view, count in (
        (made_view(made_history(), made_history(seed=1), chosen=1, why="(best now)"), 2),
        (made_view(made_history(), made_history(seed=1), chosen=1, plane=False, images=made_samples()), 2),
        (made_view(), 0),
    ):
        picture.update(view)
        named = [label for label in picture._texts.labels if label.text == "of lr 0.1"]
        assert len(named) == count
        assert {label.color for label in named} == ({run_color(1)} if count else set())


def test_before_training_the_names_of_runs_in_one_place_stand_in_a_line():
    picture = made_picture(TrainingPicture)
    runs = [made_history(0, evaluations=1) for _ in range(4)]
    picture.update(made_view(*runs))
    names = [label for label in picture._texts.labels if label.text.startswith("lr ")]
    assert len(names) == 8  # in two panels
    assert len({label.y for label in names}) == 2


def test_wrong_labels_are_told_beside_the_accuracy():
    picture = made_picture(TrainingPicture, 1400)
    picture.update(made_view(made_history(label_noise=0.3)))
    assert {"train: 30 % wrong labels", "true labels"} <= {*labels(picture)}
    assert picture._curves.accuracy.behind.get_segments()[1][:, 1] == pytest.approx([0.7, 0.7])
    picture.update(made_view())
    assert not any("labels" in text for text in labels(picture))


def test_region_colours_are_the_classes_and_rows_go_up():
    extent = (-1.0, 1.0, -1.0, 1.0)
    upper = (plane_points(extent, 8)[:, 1] > 0).astype(float)
    empty = np.empty((0, 2)), np.empty(0, int)
    plane = Plane(extent, np.column_stack([1 - upper, upper]), (), *empty, *empty)
    colors = region_colors(plane, 40)
    for row, index in ((0, 0), (-1, 1)):
        expected = (255 + np.array(list(bytes.fromhex(CLASSES[index][1:])))) / 2
        assert colors[row, :, :3] == pytest.approx(np.tile(expected, (40, 1)), abs=1.5)
    assert (colors[20, :, :3] == (70, 80, 90)).all()  # the border


def test_points_lie_where_the_regions_say():
    picture = made_picture(TrainingPicture)
    plane = made_plane()
    picture.update(replace(made_view(), plane=plane))
    box = picture._plane._regions
    shares = (picture._plane._train[1].get_offsets() - box[:2]) / box[2:]
    assert shares * 2 - 1 == pytest.approx(plane.X_train[plane.y_train == 1])


def test_all_layers_have_rows_and_the_rest_is_counted():
    picture = made_picture(TrainingPicture)
    picture.update(replace(made_view(), plane=made_plane((3, 20))))
    assert len(picture._plane._tiles.tiles) == 1 + 2 * (3 + 8)  # each thumbnail has a frame
    assert "+12" in [label.text for label in picture._texts.labels]


def test_wrong_predictions_are_framed_crossed_and_named():
    picture = made_picture(TrainingPicture)
    picture.update(VIEWS["images"])
    assert len(picture._samples._frames.get_segments()) == 6
    assert len(picture._samples._crosses.get_segments()) == 12
    words = [label.text for label in picture._texts.labels]
    assert "10 of 16 right" in words
    assert sum(word.startswith("is ") for word in words) == 6


def test_signed_colours_are_white_at_zero_and_the_themes_at_the_ends():
    colors = signed_colors(np.array([-2.0, 0.0, 1.0, np.nan]), 1.0)
    assert colors[1, :3].tolist() == [255, 255, 255]
    assert colors[0, :3].tolist() == list(bytes.fromhex(MEANING["negative"][1:]))
    assert colors[2, :3].tolist() == list(bytes.fromhex(MEANING["positive"][1:]))
    assert colors[3, :3].tolist() == [255, 255, 255]


@pytest.mark.parametrize("layers", [1, 2, 5, 40])
def test_every_layer_has_its_own_colour(layers):
    assert len({layer_color(layer, layers) for layer in range(layers)}) == layers


def test_a_square_is_square_and_holds_everything():
    left, right, bottom, top = square_around(np.array([[0.0, 0.0], [2.0, 1.0]]))
    assert right - left == pytest.approx(top - bottom)
    assert left < 0 < 2 < right
    assert bottom < 0 < 1 < top
