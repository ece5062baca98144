"""Batch normalization: the layer alone, at training and at test time, backward, and what it buys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from trainingwheels.engine import ACTIVATIONS, DATASETS, RunConfig, Snapshot, training_script
from trainingwheels.engine.batchnorm import NORMALIZATIONS, RUNNING_SHARE, at_test_time, forward, running_average
from trainingwheels.engine.scripts.batchnorm import backward_script, layer_script, running_script
from trainingwheels.engine.settings import InvalidSetting, Option, Table
from trainingwheels.engine.signals.batch_statistics import (
    POOL,
    SHAPES,
    batch_noise,
    draw_activations,
    draw_batches,
    one_example_in_many_batches,
    spread_of_means,
)
from trainingwheels.figures import Picture, Views
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, Switch, WholeSlider
from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.batch_normalization.pictures.computation_graph import GraphPicture, GraphView
from trainingwheels.labs.batch_normalization.pictures.normalization import (
    SHOWN,
    NormalizedLayer,
    NormalizedLayerPicture,
)
from trainingwheels.labs.batch_normalization.pictures.running_statistics import (
    RunningStatistics,
    RunningStatisticsPicture,
)
from trainingwheels.labs.batch_normalization.pictures.with_and_without import Compared, ComparedPicture
from trainingwheels.labs.batch_normalization.presets import PRESETS
from trainingwheels.labs.batch_normalization.questions import QUESTIONS, explain_compared, runs_of
from trainingwheels.labs.batch_normalization.words import explain_graph, explain_layer, explain_running

__all__ = ["BatchNormalization"]

STEPS = 100  # whose running averages are shown
DEVIATION = 1.5  # of the one example from the mean, in standard deviations
REST_OF_X = (-1.0, 2.0, 0.0)  # the other three examples of the graph
REST_OF_DY = (-0.5, 0.25, 0.5)

SHOW = Table(
    "show",
    (
        Option("layer", "the layer"),
        Option("test", "training and test time"),
        Option("backward", "the backward pass"),
        Option("training", "what it buys, trained"),
    ),
)


class BatchNormalization(TrainingLab):
    """The layer alone (train, test, backward), and nets that train live with it and without."""

    slug = "batch-normalization"
    number = "04"
    title = "Batch normalization"
    summary = "The layer alone, forward, backward and at test time; and what it buys, trained live."
    part = "One-time setup"

    show = Choice(SHOW, "layer", help="which side of batch normalization to look at")
    shape = Choice(SHAPES, "mixed", help="the distribution of the inputs", views=("layer", "test"))
    mean = Slider(-10.0, 10.0, 3.0, step=0.1, help="mean of unit 1", views=("layer", "test"))
    scale = Slider(0.0, 10.0, 2.0, step=0.1, help="standard deviation of unit 1", views=("layer", "test"))
    batch = LogWholeSlider(1, 512, 256, unit="examples", help="examples normalized together", views=("layer", "test"))
    positions = WholeSlider(
        1, 8, 1, help="values of a unit per example; 1 is a fully connected layer", views=("layer",)
    )
    normalization = Choice(NORMALIZATIONS, "batch", label="normalize", help="along which axes", views=("layer",))
    x1 = Slider(-10.0, 10.0, 3.0, step=0.1, label="x₁", help="the first of four inputs", views=("backward",))
    upstream = Slider(-5.0, 5.0, 1.0, step=0.1, label="dL/dy₁", help="the gradient that comes", views=("backward",))
    gamma = Slider(
        -5.0, 5.0, 1.0, step=0.1, label="γ", help="scale", when={"recover": False}, views=("layer", "backward")
    )
    beta = Slider(
        -10.0, 10.0, 0.0, step=0.1, label="β", help="shift", when={"recover": False}, views=("layer", "backward")
    )
    recover = Switch(
        False, label="recover the identity", help="γ = √(σ² + ε) and β = μ, unit by unit", views=("layer", "backward")
    )
    epsilon = LogSlider(
        1e-8, 1.0, 1e-5, step=0.1, label="ε", help="added to the variance", views=("layer", "test", "backward")
    )
    momentum = LogSlider(
        0.001, 1.0, RUNNING_SHARE, step=0.05, help="share of the newest batch, as in PyTorch", views=("test",)
    )
    question = Choice(QUESTIONS, "lr", help="what to compare with and without batchnorm", views=("training",))
    dataset = Choice(DATASETS, "digits", help="what is learned", views=("training",))
    activation = Choice(ACTIVATIONS, "relu", help="nonlinearity after every hidden layer", views=("training",))
    depth = WholeSlider(1, 12, 4, unit="layers", help="number of hidden layers", views=("training",))
    batch_size = LogWholeSlider(2, 256, 64, unit="examples", help="examples per step", views=("training",))
    label_noise = Slider(0.0, 1.0, 0.0, step=0.05, help="share of wrong training labels", views=("training",))
    nets = WholeSlider(1, 10, 5, help="nets per curve, which differ by their seed", views=("training",))
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, help="which random draw", views=("layer", "test", "training"))

    looks = frozenset(
        {
            "show", "shape", "mean", "scale", "batch", "positions", "normalization", "x1", "upstream", "gamma", "beta",
            "recover", "epsilon", "momentum",
        }
    )  # fmt: skip
    presets = PRESETS

    def compute(self, s: Any) -> NormalizedLayer | RunningStatistics | GraphView:
        match s.show:
            case "layer":
                return _layer(s)
            case "test":
                return _running(s)
        return _graph(s)

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        return runs_of(s) if s.show == "training" else ([], [])

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Compared:
        question = QUESTIONS[s.question]
        values = [getattr(history.config, question.field) for history in snapshot.histories]
        return Compared(snapshot.histories, labels, values, question.knob, question.beside)

    def picture(self, figure: Figure) -> Picture:
        return Views(
            figure,
            {
                NormalizedLayer: NormalizedLayerPicture,
                RunningStatistics: RunningStatisticsPicture,
                GraphView: GraphPicture,
                Compared: ComparedPicture,
            },
        )

    def explain(self, result: Any) -> Sequence[str]:
        match result:
            case NormalizedLayer():
                return explain_layer(result)
            case RunningStatistics():
                return explain_running(result)
            case GraphView():
                return explain_graph(result)
        return explain_compared(result)

    def script(self, s: Any) -> str:
        match s.show:
            case "layer":
                return layer_script(
                    s.shape, s.mean, s.scale, s.batch, s.positions, s.normalization, s.gamma, s.beta, s.epsilon,
                    s.recover, s.seed,
                )  # fmt: skip
            case "test":
                return running_script(s.shape, s.mean, s.scale, s.batch, s.momentum, s.epsilon, STEPS, s.seed)
            case "backward":
                graph, dy = _graph(s).values, _upstream(s).ravel().tolist()
                gamma, beta = graph.gamma.item(), graph.beta.item()
                return backward_script(graph.x.ravel().tolist(), dy, gamma, beta, s.epsilon)
        return training_script(self.configs(s)[0][0])


def _layer(s: Any) -> NormalizedLayer:
    kind = NORMALIZATIONS[s.normalization]
    _check_count(s)
    x = draw_activations(s.shape, s.mean, s.scale, s.batch, s.positions, s.seed)
    gamma, beta = np.full((1, x.shape[1], 1), s.gamma), np.full((1, x.shape[1], 1), s.beta)
    if s.recover:
        gamma, beta = np.sqrt(x.var((0, 2), keepdims=True) + s.epsilon), x.mean((0, 2), keepdims=True)
    graph = forward(x, gamma, beta, epsilon=s.epsilon, axes=kind.axes)
    names = [law.name for law in SHAPES[s.shape].laws]
    shown = gamma[0, :SHOWN, 0], beta[0, :SHOWN, 0]
    return NormalizedLayer(x, graph.x_hat, graph.y, names, kind, *shown, s.epsilon, s.recover)


def _check_count(s: Any) -> None:
    """Raise :class:`InvalidSetting` where each value would be its own mean."""
    if s.normalization == "instance" and s.positions == 1:
        raise InvalidSetting(
            "positions = 1 leaves instance norm one value to normalize, whose x̂ is 0 whatever it is: choose at least 2 "
            "positions, or batch norm."
        )
    if s.normalization == "batch" and s.batch * s.positions == 1:
        raise InvalidSetting(ONE_EXAMPLE + ", or layer norm.")


ONE_EXAMPLE = (
    "batch = 1 leaves batch norm one value of each unit, whose x̂ is 0 whatever it is: choose at least 2 examples"
)


def _running(s: Any) -> RunningStatistics:
    if s.batch == 1:
        raise InvalidSetting(f"{ONE_EXAMPLE} to train on.")
    x = draw_batches(s.shape, s.mean, s.scale, s.batch, STEPS, s.seed)
    batch_mean, batch_var = x.mean(axis=1), x.var(axis=1, ddof=1)
    mean, var = running_average(0.0, batch_mean, s.momentum), running_average(1.0, batch_var, s.momentum)
    away = DEVIATION * s.scale
    count = min(1000, POOL // s.batch)
    return RunningStatistics(
        batch=s.batch,
        batch_mean=batch_mean,
        batch_var=batch_var,
        running_mean=mean,
        running_var=var,
        mean=s.mean,
        var=s.scale**2,
        noise=batch_noise(s.shape, s.seed),
        example=one_example_in_many_batches(s.shape, away, s.scale, s.batch, count, s.seed, s.epsilon),
        example_test=float(at_test_time(s.mean + away, mean[-1], var[-1], epsilon=s.epsilon)),
        example_true=float(at_test_time(away, 0.0, s.scale**2, epsilon=s.epsilon)),
        spread=spread_of_means(s.shape, s.scale, s.batch, s.seed),
        momentum=s.momentum,
    )


def _upstream(s: Any) -> np.ndarray[Any, Any]:
    return np.array([[s.upstream], *([each] for each in REST_OF_DY)])


def _graph(s: Any) -> GraphView:
    x = np.array([[s.x1], *([each] for each in REST_OF_X)])
    gamma, beta = np.full((1, 1), s.gamma), np.full((1, 1), s.beta)
    if s.recover:
        gamma, beta = np.sqrt(x.var(axis=0, keepdims=True) + s.epsilon), x.mean(axis=0, keepdims=True)
    values = forward(x, gamma, beta, epsilon=s.epsilon)
    return GraphView(values, values.backward(_upstream(s)), s.epsilon)
