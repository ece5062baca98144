"""Nets with and without noise: what stands where, by the arrays in the artists."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned, made_picture
from nbtests.figures.made_runs import made_history
from trainingwheels.figures.kinds import kinds_of
from trainingwheels.labs.training_with_noise.pictures.training import Noised, NoisedPicture

LABELS = ("no noise", "dropout 0.5", "stochastic depth 0.5", "both")


def noised(kinds=4, nets=3, level=1.0, **other):
    histories, labels = [], []
    for place in range(kinds):
        for seed in range(nets):
            history = made_history(seed=seed, level=level, **other)
            at = np.linspace(0, 0.3, len(history.eval_steps), dtype=np.float32)
            accuracies = {
                "batch_accuracy": at + 0.1 * place,
                "clean_accuracy": history.train_accuracy - np.float32(0.1),
                "val_accuracy": history.val_accuracy - np.float32(0.1 * place),
            }
            histories.append(replace(history, **accuracies))
            labels.append(LABELS[place])
    return Noised(histories, labels)


VIEWS = {
    "four kinds": noised(),
    "two kinds": noised(2),
    "untrained": noised(steps=0, evaluations=1),
    "one net each": noised(nets=1),
    "diverged": noised(2, diverged_at=40),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(NoisedPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(NoisedPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(NoisedPicture, VIEWS["two kinds"], noised(2, level=0.4, steps=60))


def test_the_means_stand_at_their_places():
    picture, result = made_picture(NoisedPicture), VIEWS["four kinds"]
    picture.update(result)
    marks = np.asarray(picture._now.marks.get_offsets())
    assert len(marks) == 4 * 4
    for kind, own in zip(kinds_of(result), marks.reshape(4, 4, 2), strict=True):
        np.testing.assert_allclose(own[:, 0].round(), [1, 2, 3, 4])
        means = [each.mean() for each in (kind.noisy, kind.train, kind.right, kind.validation)]
        np.testing.assert_allclose(own[:, 1], means, rtol=1e-5)
    assert len(picture._now.dots.get_offsets()) == 4 * 4 * 3


def test_training_is_solid_and_validation_dashed():
    picture, result = made_picture(NoisedPicture), VIEWS["four kinds"]
    picture.update(result)
    lines, kinds = picture._curves.lines, kinds_of(result)
    ends = [path.vertices[-1, 1] for path in lines.get_paths()]
    means = [getattr(kind, name).mean() for name in ("train", "validation") for kind in kinds]
    np.testing.assert_allclose(ends, means, rtol=1e-5)
    assert [dashes is None for _, dashes in lines.get_linestyle()] == [True] * 4 + [False] * 4
