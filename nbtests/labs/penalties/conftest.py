"""Penalties labs that are closed when their test ends, and what the tests do with one."""

import contextlib
import io
import re

import pytest

from trainingwheels.labs.penalties.lab import Penalties


@pytest.fixture
def make(opened):
    def make(**settings):
        lab = opened(Penalties, **settings)
        lab.settle()
        return lab

    return make


def change(lab, **settings):
    lab.set(**settings)
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab.result


def apply(lab, name):
    """The result of a slide, and its answer."""
    lab.apply(name)
    lab.settle()
    return lab.result, next(preset.answer for preset in lab.presets if preset.name == name)


def run(lab):
    """What the script on screen leaves behind."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(lab.code(), "script", "exec"), names)
    assert said.getvalue()
    return names


def numbers(text):
    """The numbers of a sentence, in its order."""
    return [float(each) for each in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?", text.replace("−", "-"))]
