"""The picture of surfaces, by the arrays in its artists."""

from functools import cache

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine import OPTIMIZERS
from trainingwheels.engine.descent.paths import descend
from trainingwheels.engine.descent.surfaces import START, SURFACES, Surface
from trainingwheels.engine.descent.updates import Hyper
from trainingwheels.labs.optimizers.pictures.surfaces import SurfacesPicture, SurfacesView


@cache
def seen(name="ravine", apart="adam", step=40, lr=0.01, angle=0.0, l2=0.0):
    surface = Surface(name, angle)
    paths = {rule: descend(surface, rule, np.array(START), 40, Hyper(lr, l2=l2)) for rule in OPTIMIZERS}
    return SurfacesView(surface, paths, apart, step)


VIEWS = {
    "the end": seen(),
    "the start": seen("plateau", "sgd", 0),
    "turned": seen("rosenbrock", "momentum", 7, 0.003, -33.0),
    "diverged": seen("rosenbrock", "nesterov", 20, 3.0),
    "decays": seen("noisy", "adamw", 12, 0.1, 0.0, 0.3),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(SurfacesPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(SurfacesPicture, VIEWS["turned"], [*VIEWS.values()][:2])


def test_a_pinned_result_stays_pale_behind():
    check_pinned(SurfacesPicture, VIEWS["the end"], VIEWS["turned"])


@pytest.mark.parametrize(("name", "width"), [*((name, 740) for name in SURFACES), ("ravine", 320)])
def test_what_lies_under_a_point_is_what_was_asked_for(name, width):
    picture = made_picture(SurfacesPicture, width)
    picture.update(seen(name))
    panel = picture._panels[0]
    assert picture.point(*panel.pixels(-1.25, 2.0)) == pytest.approx((-1.25, 2.0))
    (x, y), (right, top) = panel.pixels(0, 0), panel.pixels(1, 1)
    assert right - x == pytest.approx(top - y, rel=0.01)
    (tile,) = picture._ground.tiles
    assert tile.box == panel.box
    darkness = 255 - tile.colors[..., :3].astype(int).sum(axis=-1) // 3
    best, worst = (panel.pixels(*place) for place in (Surface(name).best[0], (-2.9, 2.9)))
    at = [darkness[int(y - panel.box.y), int(x - panel.box.x)] for x, y in (best, worst)]
    assert at[0] < at[1]


def test_paths_end_at_the_step_and_go_on_pale():
    view, picture = VIEWS["turned"], made_picture(SurfacesPicture)
    picture.update(view)
    panel = picture._panels[0]
    done, coming = panel.lines.get_segments(), panel.behind.get_segments()
    for path, drawn, rest in zip(view.paths.values(), done, coming, strict=False):
        np.testing.assert_allclose(np.concatenate([drawn, rest[1:]]), path.points)
        assert len(drawn) == view.step + 1


def test_the_arrows_point_where_the_parts_do():
    view, picture = VIEWS["turned"], made_picture(SurfacesPicture)
    picture.update(view)
    update = view.update
    parts = (-update.gradient, -update.velocity, None, update.step)
    for panel, part in zip(picture._panels[2:], parts, strict=True):
        arrows = panel.lines.get_segments()
        if part is None:
            assert not np.any(arrows)  # momentum keeps no second moment
            continue
        tip = arrows[-1][1]
        np.testing.assert_allclose(tip / np.hypot(*tip), part / np.hypot(*part), atol=1e-9)
