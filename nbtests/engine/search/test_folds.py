"""Cross-validation: a fold is a run like any other, and choosing costs what nested folds say."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, RunConfig, train
from trainingwheels.engine.data.splits import folded, folded_within
from trainingwheels.engine.search import (
    cross_validate,
    cross_validate_each,
    cross_validate_steps,
    nested_cross_validate,
)

CONFIG = RunConfig(
    dataset="digits", preprocessing="normalize", hidden=(16,), epochs=2, train_size=200, dropout=0.2, batchnorm=True
)


def test_a_fold_is_the_run_that_it_is_alone():
    together = cross_validate(CONFIG, folds=4, device="cpu")
    for run, data in zip(together, folded("digits", 4, 200, None, "normalize"), strict=True):
        (alone,) = train([CONFIG], "cpu", data=[data])
        for name in ("train_loss", "val_accuracy", "train_accuracy", "test_accuracy"):
            np.testing.assert_allclose(getattr(run, name), getattr(alone, name), rtol=1e-4, atol=1e-4)


def test_several_configs_share_their_folds():
    configs = [CONFIG, replace(CONFIG, lr=0.02)]
    each = cross_validate_each(configs, 3, device="cpu", evaluations=1)
    assert [[run.config for run in runs] for runs in each] == [[config] * 3 for config in configs]
    first, second = ([run.train_loss[0] for run in runs] for runs in each)
    assert first == pytest.approx(second, rel=1e-5)
    assert len({round(float(loss), 6) for loss in first}) == 3  # of other examples


def test_folds_can_be_watched():
    *_, last = cross_validate_steps([CONFIG], 3, device="cpu", snapshots=2)
    runs = cross_validate(CONFIG, 3, device="cpu", evaluations=2)
    for watched, run in zip(last.histories, runs, strict=True):
        np.testing.assert_allclose(watched.val_accuracy, run.val_accuracy, atol=1e-6)
    for fold, data, response in zip(
        last.histories, folded("digits", 3, 200, None, "normalize"), last.respond(np.zeros((1, 64))), strict=True
    ):
        assert response.scores.shape == (1, 10)
        assert data.prepare(np.zeros((1, 64), np.float32)).any()
        assert fold.config == CONFIG


def test_nested_folds_choose_by_what_they_may_know():
    configs = [replace(CONFIG, lr=lr, dropout=0.0) for lr in (0.001, 0.1)]
    found = nested_cross_validate(configs, 3, 2, device="cpu")
    assert (found.plain.shape, found.inner.shape, found.chosen.shape) == ((2, 3), (2, 3), (3,))
    assert (found.chosen == found.inner.argmax(axis=0)).all()
    assert found.nested.tolist() == [found.plain[chosen, fold] for fold, chosen in enumerate(found.chosen)]
    assert found.optimism == pytest.approx(found.plain_score - found.nested_score)
    within = folded_within("digits", 3, 2, 200, None, "normalize")
    alone = train([configs[1]] * 2, "cpu", data=within[2], evaluations=1)
    assert found.inner[1, 2] == pytest.approx(np.mean([run.val_accuracy[-1] for run in alone]), abs=1e-6)


def test_what_cannot_be_folded_is_refused():
    for folds, why in ((1, "1 is out of"), (2.5, "2.5 is not a whole"), ("5", "'5' is not"), (None, "None is not")):
        with pytest.raises(InvalidSetting, match=f"folds = {why}"):
            cross_validate(CONFIG, folds=folds)
    with pytest.raises(InvalidSetting, match="learn from one set"):
        nested_cross_validate([CONFIG, replace(CONFIG, train_size=100)])
