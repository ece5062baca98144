"""What holds for every picture of a lab, whatever it shows."""

import numpy as np

from nbtests.figures.made_runs import check_numbers, check_texts, made_picture, pixels
from trainingwheels.figures.theme import PINNED

WIDTHS = [1040, 640, 320]


def check_drawn(kind, view, width):
    """All is drawn, and no label overlaps or leaves, nothing at an axis is cut off."""
    picture = made_picture(kind, width)
    picture.update(view)
    assert (pixels(picture) != 255).any()
    check_texts(picture)
    check_numbers(picture)


def check_frame(kind, view, others):
    """The frame is that of a fresh picture: what was there before leaves no pixels behind."""
    used, fresh = made_picture(kind, 900), made_picture(kind, 900)
    for other in others:
        used.update(other)
        used.render()
    used.update(view)
    fresh.update(view)
    np.testing.assert_array_equal(pixels(used), pixels(fresh))
    assert used.size == fresh.size


def check_pinned(kind, view, other):
    """A pinned result stays pale behind."""
    picture = made_picture(kind)
    picture.update(view)
    alone = pixels(picture)
    picture.update(view, other)
    pale = np.array([*bytes.fromhex(PINNED[1:])])
    drawn = pixels(picture)
    assert (drawn != alone).any()
    assert (np.abs(drawn[..., :3].astype(int) - pale).max(axis=-1) < 12).sum() > (
        np.abs(alone[..., :3].astype(int) - pale).max(axis=-1) < 12
    ).sum()
    picture.update(view)
    np.testing.assert_array_equal(pixels(picture), alone)
