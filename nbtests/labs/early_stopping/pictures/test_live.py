"""The picture of a run under way, from its first moment on."""

import numpy as np

from nbtests.figures.made_runs import made_history
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine.evaluation import stop_early
from trainingwheels.labs.early_stopping.pictures.live import LivePicture, Watched


def watched(evaluations, patience=2):
    history = made_history(100, evaluations=evaluations) if evaluations > 1 else made_history(0, evaluations=1)
    scores = np.round(np.asarray(history.val_accuracy, float), 2)  # the last ones are alike
    epochs = history.eval_steps / 7
    rule = stop_early(scores, patience)
    return Watched(epochs, history.train_accuracy, rule, "accuracy", scores, scores, patience, 20, history)


def test_nothing_overlaps_or_stays_behind():
    check_pictures(LivePicture, [watched(60), watched(1)])
