"""Dropout labs that are closed when their test ends, and what the tests do with one."""

import contextlib
import io

import pytest

from trainingwheels.labs.dropout.lab import Dropout

FEW = {"examples": 64, "label_noise": 0.0}  # nets that are trained in a moment


@pytest.fixture
def make(opened):
    def make(**settings):
        lab = opened(Dropout, **settings)
        lab.settle()
        return lab

    return make


def change(lab, **settings):
    lab.set(**settings)
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab.result


def apply(lab, name):
    lab.apply(name)
    lab.settle()
    return lab.result


def run(lab):
    """What the script on screen leaves behind."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(lab.code(), "script", "exec"), names)
    assert said.getvalue()
    return names
