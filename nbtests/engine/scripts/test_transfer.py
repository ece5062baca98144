"""A net that is adapted equals the plain PyTorch script it exports, the pretraining first: the script is executed."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.engine.scripts.test_training import member_losses, run
from trainingwheels.engine import RunConfig

BASE = RunConfig(dataset="digits-5-9", pretrained="digits-0-4", per_class=3, hidden=(12, 12), lr=0.03, epochs=4, seed=3)
ADAPTED = {
    "few labels": {"pretrained": None},
    "frozen": {"frozen": 2},
    "a smaller rate": {"tuning": 0.1, "frozen": 1, "schedule": "cosine"},
    "all labels": {"per_class": None, "tuning": 0.5},
    "decoupled": {"optimizer": "adamw", "lr": 0.003, "l2": 0.01, "tuning": 0.3},
    "frozen batchnorm": {"frozen": 2, "batchnorm": True},
    "drifting batchnorm": {"frozen": 2, "batchnorm": True, "drift": True},
    "wrong labels": {"frozen": 1, "label_noise": 0.5, "pretrained": None},
}


@pytest.mark.parametrize("name", ADAPTED)
def test_the_script_is_the_members(name):
    config = replace(BASE, **ADAPTED[name])
    losses, printed = run(config)
    engine = member_losses(config)
    assert len(losses) == len(engine) == 4 * (729 // 64)
    np.testing.assert_allclose(engine, losses, rtol=2e-3)  # the net that was trained before is kept in float32
    assert printed[-1].startswith("epoch 4")
