"""Surfaces: sentences, slides, script and clicks say what the engine finds."""

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import apply, change, run
from nbtests.words import all_numbers
from trainingwheels.engine import OPTIMIZERS
from trainingwheels.labs.base import animation
from trainingwheels.labs.optimizers.lab import Optimizers
from trainingwheels.labs.optimizers.pictures.rules import rule_name


def arrivals(result):
    """After how many steps each rule has a thousandth of its first loss; None if it has not."""
    for path in result.paths.values():
        below = np.flatnonzero(path.losses < 1e-3 * path.losses[0])
        yield int(below[0]) if len(below) else None


def test_the_sentences_are_true_for_random_settings(make):
    for said in spoken(make(), 10, show="surfaces"):
        result = said.result
        parts = said.sentences[0].partition(": ")[2].split("), ")
        assert len(parts) == len(result.paths)
        for part, (name, path), steps in zip(parts, result.paths.items(), arrivals(result), strict=True):
            assert part.startswith(f"{rule_name(name)} ")
            if path.diverged_at is not None:
                assert f"diverged at step {path.diverged_at} " in part
            else:
                assert (f"after {steps} step" if steps is not None else "not in 150") in part
            assert all_numbers(part)[-1] == pytest.approx(path.lr, rel=0.051)
        path, at = result.paths[result.apart], min(result.step, 149)
        assert f"{OPTIMIZERS[result.apart].label}, step {at + 1} of 150: " in said.sentences[1]
        if "weight decay" not in said.sentences[1]:
            assert all_numbers(said.sentences[1])[-2:] == pytest.approx(path.updates.step[at], rel=0.051, abs=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_script_computes_the_same(make, name):
    surface = "noisy" if name in ("nesterov", "adamw") else "rosenbrock"
    lab = make(apart=name, surface=surface, angle=30.0, weight_decay=0.02, rates="same", rate=0.003, start_x=-2.0)
    path, names = lab.result.paths[name], run(lab)
    np.testing.assert_allclose(names["path"], path.points, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(names["losses"], path.losses, rtol=1e-6, atol=1e-6)


def test_a_click_starts_there(make):
    lab = make()
    picture = lab._picture._now
    here = picture.point(*picture._panels[0].pixels(1.5, -2.0))
    lab._begin_drag()
    lab._drag(here, here)
    lab.settle()
    assert (lab.start_x, lab.start_y) == pytest.approx((1.5, -2.0), abs=0.006)
    assert all((path.points[0] == (lab.start_x, lab.start_y)).all() for path in lab.result.paths.values())


def test_what_is_only_looked_at_computes_the_same_paths(make):
    lab = make()
    before = lab.result.paths["sgd"].points
    result = change(lab, step=10, apart="nesterov")
    assert (result.step, result.taken, result.apart) == (10, 10, "nesterov")
    np.testing.assert_array_equal(result.paths["sgd"].points, before)


def test_a_rule_that_is_taken_apart_starts_in_any_case(make):
    assert list(change(make(), rules=(), apart="rmsprop").paths) == ["rmsprop"]


def test_it_moves_where_a_page_shows_it(make, monkeypatch):
    lab = make(step=15)
    monkeypatch.setattr(animation.time, "sleep", lambda seconds: None)
    seen, show = [], lab._picture.update
    monkeypatch.setattr(lab._picture, "update", lambda result, pinned: (seen.append(result.step), show(result, pinned)))
    change(lab, angle=10.0)
    assert seen == [15]  # nobody watches
    lab._face.page.width = 900
    change(lab, angle=20.0)
    assert seen[-1] == 15
    assert seen[1:] == sorted(set(seen))
    assert len(seen) > 2
    del seen[:]
    change(lab, step=20)
    assert seen == [20]
    del seen[:]
    lab.view.play()
    lab.settle()
    assert (seen[0], seen[-1], seen) == (0, 20, sorted(seen))


def test_the_slides_are_right(make):
    lab = make()

    def steps(name):
        return dict(zip(OPTIMIZERS, arrivals(apply(lab, name)), strict=True))

    ravine, turned, saddle = steps("ravine"), steps("turned"), steps("saddle")
    assert 110 <= ravine["sgd"] <= 126
    assert 0.4 < ravine["momentum"] / ravine["sgd"] < 0.6
    assert 0.15 < ravine["nesterov"] / ravine["sgd"] < 0.3
    assert max(ravine["adagrad"], ravine["rmsprop"]) <= 7
    assert min(turned["adagrad"], turned["rmsprop"]) > 100
    for name in ("sgd", "momentum", "nesterov"):
        assert 0.8 < turned[name] / ravine[name] < 1.1
    assert saddle["rmsprop"] <= 12
    assert 8 < saddle["sgd"] / saddle["rmsprop"] < 10
    assert set(arrivals(change(lab, start_y=0.0))) == {None}
    rosenbrock, plateau = steps("rosenbrock"), steps("plateau")
    assert [name for name, at in rosenbrock.items() if at is None] == ["sgd", "adagrad", "rmsprop"]
    order = sorted((at, name) for name, at in plateau.items() if at is not None)
    assert [name for _, name in order] == ["rmsprop", "adam", "adamw", "nesterov", "momentum"]


@pytest.mark.parametrize("name", ["start_x", "momentum", "rate"])
def test_nonsense_is_refused_in_one_line(make, name):
    lab = make()
    with pytest.raises(ValueError, match=f"{name} = 99"):
        setattr(lab, name, 99.0)
    assert "\n" not in lab.message
    assert Optimizers.parameters()[name].domain.check(name, getattr(lab, name)) is not None
