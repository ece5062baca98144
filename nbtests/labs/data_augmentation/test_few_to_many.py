"""From few examples to many: the nets that are compared, what is said of them, and the script of one."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.labs.data_augmentation.few_to_many import PER_CLASS, counts_of

SMALL = {"show": "few", "steps": 64, "nets": 1}


@pytest.fixture
def lab(make):
    lab = make(transform="rotate", rotate_by=180, **SMALL)
    assert "Not trained yet: 12 nets: no transform; rotation; horizontal flip; 4 numbers of examples" in lab.text
    return lab


def test_equal_seeds_see_equal_examples_and_what_is_said_is_what_was_found(lab):
    result = trained(lab)
    assert result.examples == [10 * count for count in PER_CLASS] == [20, 80, 320, 1280]
    configs = [history.config for history in result.histories]
    assert [config.per_class for config in configs] == [*PER_CLASS] * 3
    assert [config.augment for config in configs[::4]] == [(), (("rotate", 180.0),), (("flip", 0.5),)]
    assert {(config.seed, config.epochs) for config in configs} == {(0, 1)}
    starts = [history.val_loss[0] for history in result.histories]
    assert max(starts) - min(starts) < 1e-5  # equal seeds begin with equal weights
    words = ", ".join(f"with {examples:,} examples # points (too few" for examples in result.examples[:1])
    said = numbers(f"Rotation, m = 180 (degrees), against no transform: {words}", lab.text)
    assert said == pytest.approx([100 * result.gains(1)[0, 0]], abs=0.06)
    said = numbers("accuracy goes from # % with 20 examples to # % with 1,280", lab.text)
    assert said == pytest.approx(100 * result.accuracies(0)[[0, -1], 0], abs=0.6)
    losses = run(lab)["losses"]
    np.testing.assert_allclose(result.histories[8].train_loss[:5], losses[:5], rtol=2e-3)


def test_a_rival_may_mix_or_be_missing(make):
    lab = make(rival="mixup", **SMALL)
    assert [config.mixup for config in lab.view.configs(lab._named())[0][::4]] == [0, 0, 1]
    lab.set(rival="nothing")
    lab.settle()
    assert lab.result.kinds == ["no transform", "translation"]


def test_a_set_gives_no_more_than_its_rarest_class_has():
    assert counts_of("digits") == [*PER_CLASS]
    assert max(counts_of("shapes")) <= 128
