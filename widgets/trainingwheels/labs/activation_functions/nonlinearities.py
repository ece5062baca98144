"""Which nonlinearities are on screen: the one that is looked at closely, its own numbers, and those beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import ACTIVATIONS, Activation, elu, leaky_relu, maxout
from trainingwheels.labs.base.parameters import Choice, LogSlider, Several, Slider, WholeSlider

__all__ = ["Bell", "Nonlinearities", "Shapes", "Swept", "inputs", "names", "on_screen"]

POINTS = 801  # of a line: more than pixels in a picture


def only(activation: str) -> dict[str, Any]:
    """What is common to the sliders of one nonlinearity: they are in sight with it."""
    return {"when": {"activation": activation}, "hides": True, "section": "shape"}


class Nonlinearities:
    """One, and others beside it: the parameters of all views."""

    activation = Choice(ACTIVATIONS, "sigmoid", label="function", help="the nonlinearity that is looked at closely")
    others = Several(ACTIVATIONS, label="compare", section="compare", help="lay this one over it")


class Shapes(Nonlinearities):
    """And their shapes: the parameters of the views in which no nets are trained."""

    slope = Slider(0.0, 1.0, 0.1, step=0.01, label="leak", help="leaky ReLU's slope left of zero", **only("leaky_relu"))
    alpha = Slider(0.0, 3.0, 1.0, step=0.05, help="ELU falls to minus alpha", **only("elu"))
    w1 = Slider(-3.0, 3.0, 1.0, step=0.05, help="slope of maxout's first line", **only("maxout"))
    b1 = Slider(-5.0, 5.0, 0.0, step=0.1, help="height of the first line at 0", **only("maxout"))
    w2 = Slider(-3.0, 3.0, -0.5, step=0.05, help="slope of the second line", **only("maxout"))
    b2 = Slider(-5.0, 5.0, 0.0, step=0.1, help="height of the second line at 0", **only("maxout"))


class Swept(Shapes):
    """One input that is looked at, among all those that are shown."""

    x = Slider(-20.0, 20.0, 1.0, step=0.1, most=100.0, help="the input that is looked at")
    span = WholeSlider(2, 20, 10, section="inputs", help="inputs shown, from minus span to span")


class Bell(Shapes):
    """Inputs drawn from a Gaussian."""

    mean = Slider(-10.0, 10.0, 0.0, step=0.1, label="input mean", help="inputs are Gaussian")
    std = LogSlider(0.1, 10.0, 1.0, step=0.05, label="input std", section="inputs", help="spread of the inputs")


def names(s: Any) -> list[str]:
    """The nonlinearities on screen, each once, the one looked at closely first."""
    return list(dict.fromkeys([s.activation, *s.others]))


def on_screen(s: Any) -> list[Activation]:
    """The same as functions, with the chosen slope, alpha and lines."""
    chosen = {"leaky_relu": leaky_relu(s.slope), "elu": elu(s.alpha), "maxout": maxout(s.w1, s.b1, s.w2, s.b2)}
    return [chosen.get(name, ACTIVATIONS[name]) for name in names(s)]


def inputs(s: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """All inputs on screen, and the one that is looked at: arrays of shape (POINTS,) and (1,)."""
    far = max(float(s.span), abs(s.x))
    return np.linspace(-far, far, POINTS), np.array([s.x])
