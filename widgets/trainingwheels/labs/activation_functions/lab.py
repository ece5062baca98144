"""Nine nonlinearities: what they pass on, forward and backward, and what that does to a net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from trainingwheels.engine import (
    ACTIVATIONS,
    DATASETS,
    OPTIMIZERS,
    Activation,
    RunConfig,
    Snapshot,
    chain,
    chain_script,
    elu,
    function_script,
    leaky_relu,
    maxout,
    outputs,
    training_script,
)
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures import CurvesView, Picture, Views
from trainingwheels.figures.palettes import activation_color
from trainingwheels.labs.activation_functions.pictures.chains import ChainPicture, ChainView, Link
from trainingwheels.labs.activation_functions.pictures.comparison import ComparisonPicture
from trainingwheels.labs.activation_functions.pictures.functions import Curve, FunctionsPicture, FunctionsView, Point
from trainingwheels.labs.activation_functions.presets import PRESETS
from trainingwheels.labs.activation_functions.words import explain_chain, explain_functions, explain_training
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Several, Slider, WholeSlider
from trainingwheels.labs.base.training import TrainingLab

__all__ = ["ActivationFunctions", "own_initializer"]

POINTS = 801  # of a line: more than pixels in a picture
HOLD = 0.08  # of the span: how near to a line the mouse must be to take hold of it
MIDDLE = 0.2  # of the span: where a line is moved, not turned
FUNCTION, CHAIN, TRAINING = ("function",), ("chain",), ("training",)
BEFORE = FUNCTION + CHAIN  # the views in which nothing is trained

SHOW = Table(
    "show",
    (
        Option("function", "f and f′"),
        Option("chain", "units in a row"),
        Option("training", "nets that train"),
    ),
)

WEIGHTS = Table(
    "weights",
    (
        Option("own", "what suits each"),
        Option("xavier", "Xavier for all"),
        Option("kaiming", "Kaiming for all"),
    ),
)
XAVIER = frozenset({"sigmoid", "tanh", "maxout", "selu"})  # the others are, for most inputs, half off, as ReLU is


def of(activation: str) -> dict[str, Any]:
    """What is common to the sliders of one nonlinearity: they are in sight with it, where nothing is trained."""
    return {"when": {"activation": activation}, "hides": True, "views": BEFORE}


def own_initializer(activation: str) -> str:
    """The initializer that suits a nonlinearity: Xavier for sigmoid, tanh, maxout, SELU; Kaiming for the others."""
    return "xavier" if activation in XAVIER else "kaiming"


class ActivationFunctions(TrainingLab):
    """One nonlinearity looked at closely, beside any others: alone, in a row of units, and in a net that trains."""

    slug = "activation-functions"
    number = "01"
    title = "Activation functions"
    summary = "What nine nonlinearities pass on, forward and backward, and what that does to a net."
    part = "One-time setup"
    looks = frozenset({"show", "x", "mean", "std", "span", "slope", "alpha", "w1", "b1", "w2", "b2", "n", "w", "b"})
    presets = PRESETS

    show = Choice(SHOW, "function", help="the function alone, units in a row, or nets that train")
    activation = Choice(ACTIVATIONS, "sigmoid", label="function", help="the nonlinearity that is looked at closely")
    others = Several(ACTIVATIONS, label="compare", help="lay this one over it")
    x = Slider(-20.0, 20.0, 1.0, step=0.1, most=100.0, help="the input that is looked at", views=BEFORE)
    slope = Slider(0.0, 1.0, 0.1, step=0.01, label="leak", help="leaky ReLU's slope left of zero", **of("leaky_relu"))
    alpha = Slider(0.0, 3.0, 1.0, step=0.05, help="ELU falls to minus alpha", **of("elu"))
    w1 = Slider(-3.0, 3.0, 1.0, step=0.05, help="slope of maxout's first line", **of("maxout"))
    b1 = Slider(-5.0, 5.0, 0.0, step=0.1, help="height of the first line at 0", **of("maxout"))
    w2 = Slider(-3.0, 3.0, -0.5, step=0.05, help="slope of the second line", **of("maxout"))
    b2 = Slider(-5.0, 5.0, 0.0, step=0.1, help="height of the second line at 0", **of("maxout"))
    mean = Slider(-10.0, 10.0, 0.0, step=0.1, label="input mean", help="inputs are Gaussian", views=FUNCTION)
    std = LogSlider(0.1, 10.0, 1.0, step=0.05, label="input std", help="spread of the inputs", views=FUNCTION)
    n = WholeSlider(1, 50, 10, most=200, unit="units", label="units", help="units in a row", views=CHAIN)
    w = Slider(-4.0, 4.0, 1.0, step=0.05, label="weight w", help="weight between two units", views=CHAIN)
    b = Slider(-4.0, 4.0, 0.0, step=0.1, label="bias b", help="bias of every unit", views=CHAIN)
    span = WholeSlider(2, 20, 10, help="inputs shown, from minus span to span", views=BEFORE)
    dataset = Choice(DATASETS, "digits", help="what is learned", views=TRAINING)
    depth = WholeSlider(1, 12, 4, most=30, unit="layers", help="hidden layers", views=TRAINING)
    width = LogWholeSlider(4, 256, 32, most=1024, unit="units", help="units in each hidden layer", views=TRAINING)
    weights = Choice(WEIGHTS, "own", help="how the initial weights are drawn", views=TRAINING)
    optimizer = Choice(OPTIMIZERS, "sgd", help="how a gradient becomes a step", views=TRAINING)
    lr = LogSlider(1e-4, 10.0, 0.05, step=0.1, help="learning rate; counts at once", views=TRAINING)
    epochs = LogWholeSlider(1, 512, 16, most=4096, unit="epochs", help="how often each example is seen", views=TRAINING)
    seeds = WholeSlider(1, 20, 10, unit="seeds", help="nets of each kind, paired by their seeds", views=TRAINING)

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        if s.show != "training":
            return [], []
        pairs = [(name, seed) for name in _names(s) for seed in range(s.seeds)]
        return [_config(s, name, seed) for name, seed in pairs], [ACTIVATIONS[name].label for name, _ in pairs]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> CurvesView:
        colors = [activation_color(history.config.activation) for history in snapshot.histories]
        return CurvesView(snapshot.histories, labels, colors, band=True)

    def compute(self, s: Any) -> FunctionsView | ChainView:
        activations = [_activation(s, name) for name in _names(s)]
        far = max(float(s.span), abs(s.x))
        x, here = np.linspace(-far, far, POINTS), np.array([s.x])
        if s.show == "chain":
            links = [Link(f, chain(f, here, s.n, s.w, s.b), chain(f, x, s.n, s.w, s.b)) for f in activations]
            return ChainView(x, links, s.x, s.n)
        curves = [
            Curve(
                f,
                f.value(x),
                f.derivative(x),
                (float(f.value(here)[0]), float(f.derivative(here)[0])),
                outputs(f, s.mean, s.std),
            )
            for f in activations
        ]
        lines = ((s.w1, s.b1), (s.w2, s.b2)) if s.activation == "maxout" else ()
        return FunctionsView(x, curves, s.x, s.mean, s.std, lines)

    def picture(self, figure: Figure) -> Picture:
        return Views(figure, {FunctionsView: FunctionsPicture, ChainView: ChainPicture, CurvesView: ComparisonPicture})

    def drag(self, s: Any, start: Point, now: Point) -> Mapping[str, float]:
        if start.panel != now.panel:
            return {}
        if start.panel == "inputs":
            return {"mean": s.mean + now.x - start.x}
        if start.panel == "value" and s.activation == "maxout" and (line := _line_at(s, start)):
            return _move_line(s, line, start, now)
        return {"x": now.x}

    def explain(self, result: FunctionsView | ChainView | CurvesView) -> Sequence[str]:
        match result:
            case FunctionsView():
                return explain_functions(result)
            case ChainView():
                return explain_chain(result)
        return explain_training(result)

    def script(self, s: Any) -> str:
        if s.show == "training":
            return training_script(_config(s, s.activation, 0))
        activation = _activation(s, s.activation)
        if s.show == "chain":
            return chain_script(activation, s.x, s.n, s.w, s.b)
        return function_script(activation, s.x, s.mean, s.std)


def _names(s: Any) -> list[str]:
    """The nonlinearities on screen, each once, the one looked at closely first."""
    return list(dict.fromkeys([s.activation, *s.others]))


def _activation(s: Any, name: str) -> Activation:
    """An entry of the table, with the chosen slope, alpha, or lines."""
    match name:
        case "leaky_relu":
            return leaky_relu(s.slope)
        case "elu":
            return elu(s.alpha)
        case "maxout":
            return maxout(s.w1, s.b1, s.w2, s.b2)
    return ACTIVATIONS[name]


def _line_at(s: Any, at: Point) -> int:
    """Which of maxout's lines (1 or 2) is taken hold of; 0 for neither."""
    away = {1: abs(s.w1 * at.x + s.b1 - at.y), 2: abs(s.w2 * at.x + s.b2 - at.y)}
    nearest = min(away, key=lambda line: away[line])
    return nearest if away[nearest] < HOLD * s.span else 0


def _move_line(s: Any, line: int, start: Point, now: Point) -> dict[str, float]:
    """In the middle a line is moved up and down; further out it is turned about its height at 0."""
    w, b = f"w{line}", f"b{line}"
    if abs(start.x) < MIDDLE * s.span:
        return {b: getattr(s, b) + now.y - start.y}
    return {w: (now.y - getattr(s, b)) / now.x} if abs(now.x) > MIDDLE * s.span / 2 else {}


def _config(s: Any, activation: str, seed: int) -> RunConfig:
    return RunConfig(
        dataset=s.dataset,
        hidden=(s.width,) * s.depth,
        activation=activation,
        initializer=own_initializer(activation) if s.weights == "own" else s.weights,
        optimizer=s.optimizer,
        lr=s.lr,
        schedule="cosine",
        epochs=s.epochs,
        seed=seed,
    )
