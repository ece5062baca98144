"""Which layers: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine import RunConfig
from trainingwheels.labs.transfer_learning.pictures.layers import Cell, LayersPicture, Retrained


def made(seed, layers=3, nets=4):
    rng = np.random.default_rng(seed)
    cells = [
        Cell("a-set-5-9", words, count, rng.uniform(0.2, 1, (layers + 1, nets)))
        for words in ("similar", "different")
        for count in (4, 128)
    ]
    return Retrained(cells, 100, 0.2, "", 0, RunConfig())


RESULTS = [made(0), made(1, layers=5), made(2, nets=1)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(LayersPicture, RESULTS)


def test_each_panel_has_its_cell_and_the_best_is_filled():
    picture = made_picture(LayersPicture)
    picture.update(RESULTS[0])
    for panel, cell in zip(picture._panels, RESULTS[0].cells, strict=True):
        (segment,) = panel.lines.get_segments()
        assert segment[:, 1] == pytest.approx(cell.accuracies[1:].mean(axis=1))
        assert len(panel.dots.get_offsets()) == cell.accuracies.size
        filled = [color[:3].min() < 1 for color in panel.marks.get_facecolor()]
        assert filled == [True, *(way == cell.best for way in range(1, len(cell.accuracies)))]
