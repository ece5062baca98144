"""Drawings: lines as cells, images as ink, and both in the form of the digits."""

import numpy as np
import pytest

from trainingwheels.engine.data.drawings import GRID, LETTERS, as_digit, drawn, ink_of, letters, shapes


def test_a_line_has_no_gaps():
    cells = drawn([[(2, 2), (14, 9)]])
    assert cells.any(axis=0)[2:14].all()
    assert not cells[:, :1].any()
    assert not drawn([]).any()


def test_a_point_is_a_dot():
    assert drawn([[(8, 8)]])[7:9, 7:9].all()


@pytest.mark.parametrize(("paper", "pen"), [(1.0, 0.0), (0.1, 0.9), (0.6, 0.2)])
def test_ink_is_what_differs_from_the_paper(paper, pen):
    image = np.full((20, 20, 3), paper)
    image[5:9, 4:12] = pen
    ink = ink_of(image)
    np.testing.assert_allclose(ink[5:9, 4:12], 1, atol=1e-5)
    assert ink.sum() == pytest.approx(32, rel=1e-5)
    assert not ink_of(np.full((20, 20, 3), paper)).any()


def test_a_digit_is_cut_out_made_large_and_put_into_the_middle():
    small = np.zeros((40, 40))
    small[3:7, 30:38] = 1
    pixels = as_digit(small).reshape(8, 8)
    np.testing.assert_array_equal(pixels[2:6], 1)
    np.testing.assert_array_equal(pixels[[0, 1, 6, 7]], 0)
    assert not as_digit(np.zeros((40, 40))).any()
    np.testing.assert_array_equal(as_digit(np.ones((9, 9))), np.ones(64))


def test_shapes_are_drawn_anew_and_the_same_from_one_seed():
    X, y = shapes(4, 7)
    assert X.shape == (12, 64)
    assert y.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert len({image.tobytes() for image in X}) == 12
    np.testing.assert_array_equal(shapes(4, 7)[0], X)
    assert 0 <= X.min() <= X.max() <= 1
    assert drawn([[(0, 0), (GRID, GRID)]]).shape == (GRID, GRID)


def test_letters_come_in_turn_each_drawn_anew_and_alike_in_their_class():
    X, y = letters(200, 3)
    assert X.shape == (200, 64)
    assert (np.bincount(y) == 20).all()
    assert len(LETTERS) == 10
    assert len({image.tobytes() for image in X}) == 200
    np.testing.assert_array_equal(letters(20, 3)[0], X[:20])
    assert 0 <= X.min() <= X.max() <= 1
    means = np.stack([X[:100][y[:100] == label].mean(axis=0) for label in range(10)])
    nearest = ((X[100:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == y[100:]).mean() > 0.6  # by chance 0.1
