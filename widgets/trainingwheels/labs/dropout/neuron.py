"""One neuron: its mean over the four masks of two inputs, then over those of n."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.regularizers.neuron import MaskedNeuron, more_inputs
from trainingwheels.engine.scripts.dropout import neuron_script
from trainingwheels.figures.labels import rounded
from trainingwheels.labs.base.parameters import Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.dropout.inputs import Keeps, which_is_which
from trainingwheels.labs.dropout.pictures.neuron import NeuronPicture, NeuronView

__all__ = ["OneNeuron"]

SAME = 1e-9  # a difference that is rounding


class OneNeuron(Keeps, View):
    """E[a] = p (w1 x + w2 y), mask by mask."""

    name = "neuron"
    label = "one neuron"
    about = (
        "The activation a of one neuron under every mask of its inputs, each mask as wide as it is likely, and "
        "the mean E[a] beside what all inputs give."
    )
    picture = NeuronPicture

    x = Slider(-3.0, 3.0, 2.0, step=0.1, help="first input")
    y = Slider(-3.0, 3.0, 1.0, step=0.1, help="second input")
    w1 = Slider(-3.0, 3.0, 1.0, step=0.1, label="w₁", section="weights", help="weight of x")
    w2 = Slider(-3.0, 3.0, -1.0, step=0.1, label="w₂", section="weights", help="weight of y")
    inputs = WholeSlider(2, 12, 8, unit="inputs", section="more inputs", help="of the second neuron; others are drawn")

    def compute(self, s: Any) -> NeuronView:
        w, x = (s.w1, s.w2), (s.x, s.y)
        return NeuronView(MaskedNeuron(np.array(w), np.array(x), s.keep), more_inputs(w, x, s.inputs, s.keep, s.seed))

    def explain(self, result: NeuronView) -> Sequence[str]:
        two, many = result.two, result.many
        terms = " + ".join(
            f"{share:.3g}·({rounded(value)})" for share, value in zip(two.probabilities, two.values, strict=True)
        )
        averaged, through = two.after_relu
        bends = (
            f"After a ReLU the two part: E[max(0, a)] = {rounded(averaged)}, and max(0, E[a]) = {rounded(through)}."
            if averaged - through > SAME
            else f"After a ReLU they still agree here, {rounded(averaged)}: no mask changes the sign of a."
        )
        return [
            which_is_which(two.keep),
            f"E[a] = {terms} = {rounded(two.mean)} = p·(w₁x + w₂y) = {two.keep:g}·({rounded(two.whole)}). {bends}",
            (
                f"With {len(many.w)} inputs, all {2 ** len(many.w):,} masks: E[a] = {rounded(many.mean)}, again p "
                f"times the {rounded(many.whole)} of all inputs; the standard deviation over the masks is "
                f"{rounded(many.std)}. Inverted dropout divides both by p: its mean is "
                f"{rounded(many.mean / many.keep)}, as at test time."
            ),
        ]

    def script(self, s: Any) -> str:
        return neuron_script((s.w1, s.w2), (s.x, s.y), s.inputs, s.keep, s.seed)
