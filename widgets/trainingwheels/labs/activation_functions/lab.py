"""Nine nonlinearities: what they pass on, forward and backward, and what that does to a net."""

from __future__ import annotations

from trainingwheels.labs.activation_functions.chain import UnitsInARow
from trainingwheels.labs.activation_functions.function import TheFunction
from trainingwheels.labs.activation_functions.presets import PRESETS
from trainingwheels.labs.activation_functions.training import NetsThatTrain
from trainingwheels.labs.activation_functions.two_weights import TwoWeightsOfAUnit
from trainingwheels.labs.base.training import TrainingLab

__all__ = ["ActivationFunctions"]


class ActivationFunctions(TrainingLab):
    """One nonlinearity looked at closely, beside any others: alone, before a unit, in a row of units, in nets."""

    slug = "activation-functions"
    number = "01"
    title = "Activation functions"
    summary = "What nine nonlinearities pass on, forward and backward, and what that does to a net."
    part = "One-time setup"
    presets = PRESETS
    views = (TheFunction, TwoWeightsOfAUnit, UnitsInARow, NetsThatTrain)
