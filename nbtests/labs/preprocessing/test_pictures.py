"""The pictures of the preprocessing lab, tested by the numbers in their artists."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_picture, pixels
from trainingwheels.engine.geometry.bowls import bowls
from trainingwheels.engine.geometry.clouds import Cloud, cloud_steps
from trainingwheels.engine.geometry.components import Components
from trainingwheels.engine.geometry.turning import turned_classifiers
from trainingwheels.engine.preprocessing import PREPROCESSING, SMALLEST
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import PINNED
from trainingwheels.labs.preprocessing.pictures.bowls import DescentPicture, DescentView
from trainingwheels.labs.preprocessing.pictures.clouds import CloudPicture, CloudView, cloud_groups
from trainingwheels.labs.preprocessing.pictures.components import ComponentsPicture, ComponentsView
from trainingwheels.labs.preprocessing.pictures.image_means import MeansPicture, MeansView
from trainingwheels.labs.preprocessing.pictures.leakage import LeakPicture, LeakView
from trainingwheels.labs.preprocessing.pictures.turning import TurnPicture, TurnView

WIDTHS = [1040, 740, 640, 320]
RNG = np.random.default_rng(0)


def cloud(chosen=0, **settings):
    steps = cloud_steps(Cloud(**settings).draw())
    return CloudView(steps, chosen, cloud_groups(steps))


def turned(after="whitened", degrees=10.0, **settings):
    return TurnView(*turned_classifiers(Cloud(**settings)), after, degrees)


def descent(condition=50.0, rate=1.5, shift=(4.0, 3.0)):
    found = bowls(condition, 35.0, shift)
    return DescentView(found, rate, {name: bowl.steps(rate) for name, bowl in found.items()})


def means(channels=3, count=6, chosen=1, name="a name that is far too long for its place"):
    images = RNG.uniform(size=(count, channels, 8, 8))
    mean = RNG.uniform(size=(channels, 8, 8))
    return MeansView(images, [name] * count, mean, mean.mean(axis=(1, 2)), 100_000, "crops of photographs", chosen)


def components(k=12, examples=200):
    X = RNG.uniform(size=(examples, 64)).astype(np.float32) * np.linspace(1, 0.01, 64, dtype=np.float32)
    fitted = PREPROCESSING["whiten"].fit(X)
    return ComponentsView(Components(fitted, (fitted.scale**2 - SMALLEST).clip(0), examples, 0), k, X[:10])


def leak(low=0.5, gap=0.2):
    return LeakView(
        {name: low + place * gap + RNG.uniform(0, 0.1, 20) for place, name in enumerate(("train", "both", "test"))}
    )


VIEWS = {
    "cloud": (CloudPicture, cloud()),
    "cloud, whitened": (CloudPicture, cloud(4)),
    "a line": (CloudPicture, cloud(2, stds=(3.0, 0.0))),
    "one point": (CloudPicture, cloud(points=1)),
    "far away": (CloudPicture, cloud(shift=(10.0, -10.0), stds=(5.0, 5.0))),
    "turn": (TurnPicture, turned()),
    "turn back": (TurnPicture, turned("centred", -90.0, shift=(-10.0, 10.0), stds=(5.0, 0.1))),
    "turn nothing": (TurnPicture, turned("original", 0.0, stds=(0.0, 0.0), points=2)),
    "descent": (DescentPicture, descent()),
    "round": (DescentPicture, descent(1.0, 1.0, (0.0, 0.0))),
    "thin": (DescentPicture, descent(1000.0, 0.05, (10.0, 10.0))),
    "diverging": (DescentPicture, descent(50.0, 2.2)),
    "images": (MeansPicture, means()),
    "gray": (MeansPicture, means(1, 2, 0)),
    "components": (ComponentsPicture, components()),
    "few examples": (ComponentsPicture, components(64, 3)),
    "leak": (LeakPicture, leak()),
    "no leak": (LeakPicture, leak(0.9, 0.0)),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    kind, view = VIEWS[name]
    picture = made_picture(kind, width)
    picture.update(view)
    assert (pixels(picture) != 255).any()
    check_texts(picture)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    """What was there before leaves no pixels behind."""
    kind, view = VIEWS[name]
    used, fresh = made_picture(kind, 900), made_picture(kind, 900)
    for other_kind, other in VIEWS.values():
        if other_kind is kind:
            used.update(other)
            used.render()
    used.update(view)
    fresh.update(view)
    np.testing.assert_array_equal(pixels(used), pixels(fresh))
    assert used.size == fresh.size


@pytest.mark.parametrize("name", ["cloud", "turn", "descent", "leak", "components"])
def test_a_pinned_result_stays_pale_behind(name):
    kind, view = VIEWS[name]
    other = {"cloud": cloud(angle=-50.0), "turn": turned(shift=(0.0, 0.0)), "descent": descent(5.0, 0.5)}
    other |= {"leak": leak(0.3, 0.1), "components": components(5, 30)}
    picture = made_picture(kind)
    picture.update(view)
    alone = pixels(picture)
    picture.update(view, other[name])
    pale = np.array([*bytes.fromhex(PINNED[1:])])
    drawn = pixels(picture)
    assert (drawn != alone).any()
    assert (np.abs(drawn[..., :3].astype(int) - pale).max(axis=-1) < 12).sum() > (
        np.abs(alone[..., :3].astype(int) - pale).max(axis=-1) < 12
    ).sum()
    picture.update(view)
    np.testing.assert_array_equal(pixels(picture), alone)


def test_every_point_is_drawn_in_its_place():
    view = cloud(1, points=100)
    picture = made_picture(CloudPicture)
    picture.update(view)
    offsets = np.concatenate([np.asarray(dots.get_offsets()) for dots in picture._large])
    box = picture._places.large
    reach = 5.0  # the ellipse of the centred cloud reaches to 4.2
    wanted = box[:2] + (view.steps[1].points / reach + 1) / 2 * box[2:]
    inside = (np.abs(view.steps[1].points) <= reach).all(axis=1)
    assert inside.sum() == len(offsets)
    np.testing.assert_allclose(np.sort(offsets[:, 0]), np.sort(wanted[inside][:, 0]), rtol=1e-6)


def test_the_table_has_the_numbers():
    picture = made_picture(CloudPicture)
    picture.update(cloud(stds=(3.0, 1.0), angle=0.0, shift=(0.0, 0.0), exact=True))
    words = [label.text for label in picture._texts.labels]
    assert words.count("9") == 3 * 2  # variance and ratio in the first, second and fourth row
    assert "decorrelated" in words


def test_a_classifiers_border_is_where_its_score_is_zero():
    view = turned()
    picture = made_picture(TurnPicture)
    picture.update(view)
    for panel, name in zip(picture._panels, ("original", "whitened"), strict=False):
        best = view.steps[name].best
        segments = panel.lines.get_segments()
        for classifier, segment in zip((best.turned(10.0), best), segments, strict=True):
            np.testing.assert_allclose(segment @ classifier.w + classifier.b, 0, atol=1e-6)


def test_the_path_in_the_bowl_ends_at_its_bottom():
    view = descent()
    picture = made_picture(DescentPicture)
    picture.update(view)
    for panel, name in zip(picture._panels, ("centred", "whitened"), strict=False):
        (path,) = panel.lines.get_segments()
        np.testing.assert_allclose(path[0], -view.bowls[name].best[:2], atol=1e-9)
        assert np.abs(path[-1]).max() < 0.1 * np.abs(path[0]).max()
        left, right, low, high = *panel.axes.get_xlim(), *panel.axes.get_ylim()
        assert (right - left) / (high - low) == pytest.approx(panel.box.width / panel.box.height, rel=1e-6)


def test_what_is_subtracted_is_drawn_and_grey_is_zero():
    view = replace(means(), mean_image=np.full((3, 8, 8), 0.5), channel_mean=np.full(3, 0.5))
    view = replace(view, images=np.full((6, 3, 8, 8), 0.5))
    picture = made_picture(MeansPicture)
    picture.update(view)
    assert len(picture._tiles.tiles) == 2 + 3 * 6
    assert {int(value) for _, colors in picture._tiles.tiles for value in colors[..., 0].ravel()} == {128}


def test_components_that_are_not_kept_are_pale():
    picture = made_picture(ComponentsPicture)
    picture.update(components(5))
    strength = [int((255 - colors[..., :3].astype(int)).max()) for _, colors in picture._new[:30]]
    assert min(strength[:5]) > max(strength[5:])


def test_a_fine_scale_has_seven_steps_a_decade():
    assert [fine_reach(value) for value in (0.9, 1, 1.2, 14, 21, 350, 0.06, 8)] == [1, 1, 1.5, 15, 30, 400, 0.07, 10]
    assert fine_reach(0.0) == fine_reach(np.nan) == 1.0
