"""Nets without and with transforms drawn: curves of kinds, and examples under which a net's words stand."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_history, made_picture
from trainingwheels.labs.data_augmentation.pictures.training import WRONG, Bought, BoughtPicture, Example, Opinions

RNG = np.random.default_rng(0)


def example(label, side=8):
    images = RNG.integers(0, 255, (2, side, side, 3), dtype=np.uint8)
    return Example(*images, (str(label),) * 2, (str(label), 0.98), (str((label + 1) % 10), 0.51))


def bought(kinds=2, opinions=True, lower=0.0, **how):
    labels = ("no transform", "translation up and down", "AutoAugment, the slide's five", "both")[:kinds]
    histories = [made_history(seed=seed, **how) for seed in range(2 * kinds)]
    below = [each.val_accuracy - np.float32(lower + 0.03 * n) for n, each in enumerate(histories)]
    histories = [replace(each, val_accuracy=own) for each, own in zip(histories, below, strict=True)]
    said = Opinions([example(n) for n in range(10)], 180, 0.9, 0.3, 0.9, 0.8, None) if opinions else None
    return Bought(histories, [label for label in labels for _ in range(2)], ["rotation, m = 15 (degrees)"], said)


VIEWS = {
    "two": bought(),
    "four": bought(4),
    "untrained": bought(steps=0, evaluations=1),
    "nobody asked": bought(opinions=False),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(BoughtPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(BoughtPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(BoughtPicture, VIEWS["two"], bought(lower=0.3))


def test_each_example_stands_over_itself_changed_and_mistakes_are_marked():
    picture, result = made_picture(BoughtPicture), VIEWS["two"]
    picture.update(result)
    tiles = picture._tiles.tiles
    assert len(tiles) == 20
    for above, below, each in zip(tiles[::2], tiles[1::2], result.opinions.examples, strict=True):
        assert above.box.x == below.box.x
        assert above.box.y > below.box.top
        np.testing.assert_array_equal(above.colors[::-1, :, :3], each.image)
        np.testing.assert_array_equal(below.colors[::-1, :, :3], each.changed)
    colors = {label.text: label.color for label in picture._texts.labels}
    assert colors["1, 51 %"] == WRONG
    assert colors["1, 98 %"] != WRONG
