"""What the tests of every lab do with one."""

import contextlib
import io


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


def run(lab):
    """What the script on screen leaves behind."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(lab.code(), "script", "exec"), names)
    assert said.getvalue()
    return names
