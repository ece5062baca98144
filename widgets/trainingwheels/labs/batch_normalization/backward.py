"""The layer as a graph of four examples: values on their way up, gradients on their way down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.batchnorm import forward, numeric_gradients
from trainingwheels.engine.scripts.batchnorm import backward_script
from trainingwheels.figures.labels import short
from trainingwheels.labs.base.parameters import Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.batch_normalization.layer import Scales, signed
from trainingwheels.labs.batch_normalization.pictures.computation_graph import GraphPicture, GraphView
from trainingwheels.labs.batch_normalization.pictures.paths import paths_of

__all__ = ["Backward"]

REST_OF_X = (-1.0, 2.0, 0.0)  # the other three examples of the graph
REST_OF_DY = (-0.5, 0.25, 0.5)


class Backward(Scales, View):
    """Where dL/dx1 comes from, what never flows back, and how good the numbers are."""

    name = "backward"
    label = "the backward pass"
    about = (
        "One unit and a batch of four as a computation graph: values on their way up, gradients on their way down. "
        "Below are the three ways by which the gradient comes back to each input."
    )
    picture = GraphPicture

    x1 = Slider(-10.0, 10.0, 3.0, step=0.1, label="x₁", help="the first of four inputs")
    upstream = Slider(-5.0, 5.0, 1.0, step=0.1, label="dL/dy₁", help="the gradient that comes")

    def compute(self, s: Any) -> GraphView:
        x = np.array([s.x1, *REST_OF_X])[:, None]  # (batch, units)
        values = forward(x, *self.gamma_and_beta(s, x), epsilon=s.epsilon)
        return GraphView(values, values.backward(np.array([s.upstream, *REST_OF_DY])[:, None]), s.epsilon)

    def explain(self, result: GraphView) -> Sequence[str]:
        values, gradients = result.values, result.gradients
        straight, variance, mean = (float(term.flat[0]) for term in paths_of(values, gradients))
        total, along = float(gradients.x.sum()), float((gradients.x * values.x_hat).sum())
        identity = "y is x here, yet dL/dx is not dL/dy: μ and σ move with x. " * bool(np.allclose(values.x, values.y))
        return [
            (
                f"dL/dx₁ = {signed(straight)} straight {_term(variance)} through σ² {_term(mean)} through μ = "
                f"{signed(float(gradients.x.flat[0]))}."
            ),
            (
                f"{identity}The four dL/dx sum to {signed(total)}: a shift of the whole batch changes nothing. "
                f"Weighted with x̂ they sum to {signed(along)}: but for ε it would be 0, as a change of spread is "
                "undone."
            ),
            (
                f"dL/dγ = Σ dL/dy x̂ = {signed(float(gradients.gamma.flat[0]))}, dL/dβ = Σ dL/dy = "
                f"{signed(float(gradients.beta.flat[0]))}."
            ),
            f"Checked with finite differences: dL/dx, dL/dγ and dL/dβ differ by at most {short(_difference(result))}.",
        ]

    def script(self, s: Any) -> str:
        graph = self.compute(s)
        values, dy = graph.values, graph.gradients.y.ravel().tolist()
        return backward_script(values.x.ravel().tolist(), dy, values.gamma.item(), values.beta.item(), s.epsilon)


def _difference(result: GraphView) -> float:
    gradients = result.gradients
    numeric = numeric_gradients(result.values, gradients.y, epsilon=result.epsilon)
    pairs = zip(numeric, (gradients.x, gradients.gamma, gradients.beta), strict=True)
    return max(float(np.abs(theirs - ours).max()) for theirs, ours in pairs)


def _term(value: float) -> str:
    """A summand with its sign before it."""
    return f"{'−' if value < 0 else '+'} {signed(abs(value))}"
