"""What holds for every picture, whatever walk through its results it has been on."""

import itertools

import numpy as np

from nbtests.figures.made_runs import made_picture, pixels


def check_walk(kind, results, width=1040, ratio=1):
    """After any walk, the picture is what a fresh one would be."""
    moved = made_picture(kind, width, ratio)
    for result, pinned in itertools.product(results, (None, results[0])):
        moved.update(result, pinned)
        fresh = made_picture(kind, width, ratio)
        fresh.update(result, pinned)
        assert moved.size == fresh.size
        check_same(moved, fresh)


def check_same(moved, fresh):
    """Both look the same, also when they are drawn again, which takes pixels that were kept."""
    first = pixels(fresh)
    assert np.array_equal(pixels(moved), first)
    assert np.array_equal(pixels(moved), first)
    assert np.array_equal(pixels(fresh), first)


def check_height(kind, results, width=1040):
    """A picture does not grow or shrink under the learner's hand."""
    picture, sizes = made_picture(kind, width), set()
    for result, pinned in itertools.product(results, (None, results[0])):
        picture.update(result, pinned)
        sizes.add(picture.size)
    assert len(sizes) == 1
