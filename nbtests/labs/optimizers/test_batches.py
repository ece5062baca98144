"""Batches: sentences, script, slides and clicks say what the engine finds."""

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import apply, change, run
from nbtests.words import all_numbers
from trainingwheels.engine.descent.batches import EXAMPLES


def test_the_sentences_are_true_for_random_settings(make):
    for said in spoken(make(show="batches"), 40, show="batches"):
        result = said.result
        assert all_numbers(said.sentences[0])[0] == pytest.approx(result.examples.lowest, rel=0.06, abs=1e-11)
        assert [path.size for path in result.paths][::2] == [EXAMPLES, 1]
        for path, sentence in zip(result.paths, said.sentences[1:4], strict=True):
            above = path.above
            if path.diverged_at is not None:
                assert sentence.endswith(f"diverged at step {path.diverged_at:,}.")
            elif (above > 0.1 * above[0]).all():
                assert "at no step" in sentence
            else:
                seen = int(np.flatnonzero(above <= 0.1 * above[0])[0]) * path.size
                assert f"down to a tenth after {seen:,} example" in sentence
        assert all_numbers(said.sentences[4])[-1] == pytest.approx(2 / result.examples.curvature, abs=0.006)


@pytest.mark.parametrize("schedule", ["inverse_sqrt", "cosine"])
def test_the_script_computes_the_same(make, schedule):
    lab = make(show="batches", batch_schedule=schedule, batch=4, batch_lr=0.05, start_x=1.0, noise_seed=2)
    names = run(lab)
    for path in lab.result.paths:
        np.testing.assert_allclose(names["paths"][path.size], path.points, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(
            names["losses"][path.size], path.above + lab.result.examples.lowest, rtol=1e-9, atol=1e-9
        )


def test_a_start_at_the_lowest_loss_is_told_as_one(make):
    lab = make(show="batches", target_noise=0.0, start_x=1.0, start_y=-0.5)
    assert "full batch: 20 steps. It starts at the lowest loss" in lab.text
    change(lab, show="surfaces", start_x=0.0, start_y=0.0)
    assert lab.text.startswith("The loss at the start is 0")


def late(path):
    return path.above[-(len(path.above) // 4) :].mean()


def test_the_slides_are_right(make):
    lab = make()
    result = apply(lab, "batches")
    full, some, single = result.paths
    tenth = [path.seen[(path.above <= 0.1 * path.above[0]).argmax()] for path in
             (full, some, single)]  # fmt: skip
    assert tenth[2] < EXAMPLES
    assert tenth[0] == 10 * EXAMPLES
    assert late(some) < late(single)
    result = apply(lab, "no-noise")
    assert late(result.paths[2]) < 1e-9


def test_a_click_starts_there(make):
    lab = make(show="batches")
    picture = lab._picture._now
    here = picture.point(*picture._panels[0].pixels(-1.0, -2.0))
    lab._begin_drag()
    lab._drag(here, here)
    lab.settle()
    assert all((path.points[0] == (lab.start_x, lab.start_y)).all() for path in lab.result.paths)
    assert (lab.start_x, lab.start_y) == pytest.approx((-1.0, -2.0), abs=0.006)
