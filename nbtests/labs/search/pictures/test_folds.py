"""The picture of this view: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history, made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.labs.search.pictures.folds import Folded, FoldsPicture


def made(folds, steps=100, log=True, looked=None):
    values = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0) if log else (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
    evaluations = 11 if steps else 0
    histories = [
        [made_history(steps, evaluations=evaluations, seed=fold, dataset="digits") for fold in range(folds)]
        for _ in values
    ]
    return Folded("lr" if log else "dropout", log, values, histories, looked, 200)


RESULTS = [made(5), made(2, steps=0), made(10, log=False, looked=6)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(FoldsPicture, RESULTS)


@pytest.mark.parametrize("shown", RESULTS)
def test_each_fold_has_one_part_left_out_filled_as_far_as_it_is_right(shown):
    picture = made_picture(FoldsPicture)
    picture.update(shown)
    folds = len(shown.histories[0])
    widths = [np.ptp(path.vertices[:, 0]) for path in picture._parts.get_paths()]
    part = picture._area.width / folds
    whole = [width for width in widths if width == pytest.approx(part)]
    assert len(whole) >= folds * folds
    if np.isfinite(shown.scores).all():
        filled = [width for width in widths if width != pytest.approx(part)]
        assert filled == pytest.approx(part * shown.scores[shown.shown])
    else:
        assert len(widths) == folds * folds
