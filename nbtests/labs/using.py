"""What the tests of every lab do with one."""

import contextlib
import io
import statistics
import time

AT_ONCE = 0.06 * 3
"""Seconds: the 60 ms that an answer may take on the developers' machine, and room for one that is slower."""


def change(lab, **settings):
    """The result of these settings, which must give one."""
    lab.set(**settings)
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab.result


def apply(lab, name):
    """The result of a slide."""
    lab.apply(name)
    lab.settle()
    return lab.result


def slide(lab, name):
    """The preset of that name."""
    return next(preset for preset in lab.presets if preset.name == name)


def trained(lab):
    """The result of nets that are trained to their end."""
    lab.start()
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    return lab.result


def seconds_of_a_move(lab, name, values):
    """Median seconds from the setting to the painted picture and its words, that this process was at work: however
    long it had to wait for others on a machine that has more to do."""
    seconds = []
    for value in values:
        start = time.process_time()
        change(lab, **{name: value})
        lab._picture.render()  # which waits for a page otherwise
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def run(lab):
    """What the script on screen leaves behind."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(lab.code(), "script", "exec"), names)
    assert said.getvalue()
    return names
