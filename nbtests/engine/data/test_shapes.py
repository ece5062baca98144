"""The coloured shapes: of every class as many, anywhere and in any colours, and always to be seen."""

import numpy as np

from trainingwheels.engine.data.shapes import CLASSES, shapes


def drawn(size=600):
    X, y = shapes(np.random.default_rng(3), size)
    return X.reshape(size, 3, 16, 16), y


def test_pixels_and_labels():
    X, y = drawn()
    assert X.dtype == np.float32
    assert X.min() >= 0
    assert X.max() <= 1
    assert (np.bincount(y) == 100).all()
    assert len(CLASSES) == 6


def test_a_shape_stands_out_from_its_ground_and_lies_inside():
    X, y = drawn()
    border = np.concatenate([X[:, :, 0], X[:, :, -1], X[:, :, :, 0], X[:, :, :, -1]], axis=2)  # mostly ground
    ground = np.median(border, axis=2)[:, :, None, None]
    apart = (abs(X - ground) > 0.15).all(axis=1)  # at least 0.3 in each channel, less what noise may take
    share = apart.mean(axis=(1, 2))
    assert (share > 0.02).all()
    assert (share < 0.5).all()
    means = [share[y == label].mean() for label in range(6)]
    assert means[0] > means[1]  # a disc is more than its ring
    assert means[2] > means[3]  # and a square more than its frame


def test_neither_place_nor_colour_tells_the_class():
    X, y = drawn(1200)
    mean_pictures = np.stack([X[y == label].mean(axis=0) for label in range(6)])
    spread = X.std(axis=0).mean() / np.sqrt(200)  # of the mean of 200 pictures
    assert abs(mean_pictures - X.mean(axis=0)).mean() < 2 * spread
