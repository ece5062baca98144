"""What holds for every picture, whatever walk through its results it has been on."""

import itertools

import numpy as np

from nbtests.figures.made_runs import made_picture, pixels


def check_walk(kind, results, width=1040, ratio=1):
    """A picture does not grow or shrink under the learner's hand, and is what a fresh one would be: each result beside
    the pinned one, and one when a pin is taken away."""
    moved, sizes = made_picture(kind, width, ratio), set()
    walk = list(itertools.product(results, (None, results[0])))
    for place, (result, pinned) in enumerate(walk):
        moved.update(result, pinned)
        moved.render()
        sizes.add(moved.size)
        if place == 2 or pinned is not None:
            fresh = made_picture(kind, width, ratio)
            fresh.update(result, pinned)
            check_same(moved, fresh)
    assert len(sizes) == 1


def check_same(moved, fresh):
    """Both look the same, also when one is drawn again, which takes pixels that were kept."""
    first = pixels(fresh)
    assert fresh.size == moved.size
    assert np.array_equal(pixels(moved), first)
    assert np.array_equal(pixels(moved), first)
