"""Preprocessing labs that are closed when their test ends, and what the tests do with one."""

import contextlib
import io

import pytest

from trainingwheels.labs.preprocessing.lab import Preprocessing


@pytest.fixture
def make(opened):
    def make(**settings):
        lab = opened(Preprocessing, **settings)
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


def choose(lab, show, name, content):
    """Open a file with the button above a view."""
    lab._views[show].upload._take(name, content)
    lab.settle()
