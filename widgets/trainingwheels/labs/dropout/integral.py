"""The integral over all masks: enumerated, sampled, and replaced by one scaled pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.regularizers.integral import DRAWN, NETS, Integral, integral
from trainingwheels.engine.regularizers.masks import ATOMS
from trainingwheels.engine.scripts.dropout import integral_script
from trainingwheels.figures.labels import short
from trainingwheels.labs.base.parameters import Choice, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.dropout.inputs import Keeps
from trainingwheels.labs.dropout.pictures.integral import FC, IntegralPicture, digits_of

__all__ = ["TheIntegral"]

SAME = 1e-9  # a difference that is rounding


class TheIntegral(Keeps, View):
    """All masks, drawn masks and the scaled pass together, in three kinds of nets."""

    name = "integral"
    label = "the integral"
    about = (
        "The mean of a net's output over all masks, over masks that are drawn, and the single pass with all "
        "units, scaled, that stands for them at test time."
    )
    picture = IntegralPicture

    net = Choice(NETS, "softmax", help="which net the masks are for")
    units = WholeSlider(2, 16, 12, unit="units", help="units that may be dropped")
    size = Slider(0.1, 5.0, 2.0, step=0.1, label="weights", section="net", help="their std times √fan-in")

    def compute(self, s: Any) -> Integral:
        return integral(s.net, s.units, s.keep, s.size, s.seed)

    def explain(self, result: Integral) -> Sequence[str]:
        net = result.net
        off = float(np.abs(result.scaled - result.arithmetic).max())
        drawn = float(np.abs(result.drawn[-1] - result.arithmetic).max())
        what = "scores" if result.geometric is None else "probabilities"
        return [
            (
                f"All {result.masks:,} masks of {net.units} units, each with its probability p^k (1 − p)^(n − k), p = "
                f"{net.keep:g} being the probability of keeping a unit. The mean {what} over {DRAWN:,} drawn masks "
                f"miss the mean over all by at most {short(drawn)}."
            ),
            _verdict(result, off),
            (
                f"A layer of {FC:,} units has 2^{FC}, about 10^{digits_of(FC):.0f} masks; the universe about "
                f"10^{ATOMS} atoms. Nobody enumerates those."
            ),
        ]

    def script(self, s: Any) -> str:
        return integral_script(s.net, s.units, s.keep, s.size, s.seed)


def _verdict(result: Integral, off: float) -> str:
    if result.geometric is None:
        return (
            f"Linear net: the scaled pass is the arithmetic mean of the scores exactly; they differ by {short(off)}, "
            "rounding."
        )
    geometric = float(np.abs(result.scaled - result.geometric).max())
    if result.net.kind == "softmax":
        return (
            "Softmax regression: the scaled pass is the normalized geometric mean of the probabilities exactly; they "
            f"differ by {short(geometric)}, rounding. From the arithmetic mean it is {short(off)} away at most"
            + (", the same here." if off < SAME else ".")
        )
    if max(off, geometric) < SAME:
        return "Deep net: here the scaled pass is both means, since the masks make no difference to its outputs."
    return (
        f"Deep net: the scaled pass is neither mean in general. It is {short(off)} away from the arithmetic mean and "
        f"{short(geometric)} from the geometric one, at most."
    )
