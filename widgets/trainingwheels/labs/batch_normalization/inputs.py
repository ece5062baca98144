"""What a layer is given to normalize: one batch of activations, drawn with a mean, a spread and a shape."""

from __future__ import annotations

from trainingwheels.engine.signals.batch_statistics import SHAPES
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, WholeSlider

__all__ = ["ONE_EXAMPLE", "Inputs", "Normalizes", "Seeded"]

ONE_EXAMPLE = (
    "batch = 1 leaves batch norm one value of each unit, whose x̂ is 0 whatever it is: choose at least 2 examples"
)


class Seeded:
    """Of views in which something is drawn."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")


class Normalizes:
    """Of views in which one layer normalizes."""

    epsilon = LogSlider(1e-8, 1.0, 1e-5, step=0.1, label="ε", section="more", help="added to the variance")


class Inputs(Normalizes):
    """Of views in which it normalizes what is drawn."""

    shape = Choice(SHAPES, "mixed", section="inputs", help="the distribution of the inputs")
    mean = Slider(-10.0, 10.0, 3.0, step=0.1, help="mean of unit 1")
    scale = Slider(0.0, 10.0, 2.0, step=0.1, help="standard deviation of unit 1")
    batch = LogWholeSlider(1, 512, 256, unit="examples", section="inputs", help="examples normalized together")
