"""Tiles against plain indexing, pixel by pixel."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trainingwheels.figures.panels import Box
from trainingwheels.figures.theme import CSS_DPI
from trainingwheels.figures.tiles import Tile, Tiles, nearest


def drawn(colors, width, height, ratio):
    """The pixels, highest row first, of a figure that one tile fills."""
    figure = Figure((width / CSS_DPI, height / CSS_DPI), dpi=ratio * CSS_DPI)
    canvas, tiles = FigureCanvasAgg(figure), Tiles()
    tiles.set_tiles([Tile(Box(0, 0, width, height), colors)])
    figure.add_artist(tiles)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("shape", [(3, 5), (40, 31), (90, 120)], ids=str)
def test_each_pixel_is_the_nearest_element(shape, ratio):
    wide = np.random.default_rng(0).integers(0, 256, (shape[0], 2 * shape[1], 4), np.uint8)
    wide[..., 3] = 255
    colors = wide[::-1, ::2]  # rows and columns that do not lie beside each other in memory
    colors.flags.writeable = False
    found = drawn(colors, 60, 40, ratio)
    rows, columns = nearest(shape[0], 40 * ratio), nearest(shape[1], 60 * ratio)
    np.testing.assert_array_equal(found, colors[rows[:, None], columns][::-1])
