"""What the nets of all views have in common."""

from __future__ import annotations

from trainingwheels.engine import ACTIVATIONS
from trainingwheels.labs.base.parameters import Choice, WholeSlider

__all__ = ["Net"]


class Net:
    """The parameters of all views: they go from view to view with the learner."""

    activation = Choice(ACTIVATIONS, "tanh", help="nonlinearity after every layer")
    depth = WholeSlider(1, 12, 6, most=100, unit="layers", section="net", help="number of layers")
