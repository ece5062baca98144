"""Components: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.geometry.components import Components
from trainingwheels.engine.preprocessing import PREPROCESSING, SMALLEST
from trainingwheels.labs.preprocessing.pictures.components import ComponentsPicture, ComponentsView

RNG = np.random.default_rng(0)


def components(k=12, examples=200):
    X = RNG.uniform(size=(examples, 64)).astype(np.float32) * np.linspace(1, 0.01, 64, dtype=np.float32)
    fitted = PREPROCESSING["whiten"].fit(X)
    return ComponentsView(Components(fitted, (fitted.scale**2 - SMALLEST).clip(0), examples, 0), k, X[:10])


VIEWS = {
    "components": components(),
    "few examples": components(64, 3),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(ComponentsPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(ComponentsPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(ComponentsPicture, VIEWS["components"], components(5, 30))


def test_components_that_are_not_kept_are_pale():
    picture = made_picture(ComponentsPicture)
    picture.update(components(5))
    strength = [int((255 - colors[..., :3].astype(int)).max()) for _, colors in picture._new[:30]]
    assert min(strength[:5]) > max(strength[5:])
