"""Labs of training with noise that are closed when their test ends, and what the tests do with one."""

import contextlib
import io

import pytest

from trainingwheels.labs.training_with_noise.lab import TrainingWithNoise

SMALL = {"width": 16, "epochs": 8, "nets": 2, "train_size": 64}


@pytest.fixture
def make(opened):
    def make(**settings):
        lab = opened(TrainingWithNoise, **settings)
        lab.settle()
        return lab

    return make


def change(lab, **settings):
    lab.set(**settings)
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab.result


def trained(lab):
    lab.start()
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab.result


def run(lab):
    """What the script on screen leaves behind."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(lab.code(), "script", "exec"), names)
    assert said.getvalue()
    return names
