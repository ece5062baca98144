"""One neuron whose inputs are dropped: its activation under every mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.regularizers.masks import all_masks, mask_weights
from trainingwheels.engine.signals.noise import Role, generator

__all__ = ["MaskedNeuron", "more_inputs"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MaskedNeuron:
    """a = sum w x over the inputs that a mask keeps, each with probability ``keep``; ``w`` and ``x`` are (inputs,)."""

    w: Floats
    x: Floats
    keep: float

    @property
    def masks(self) -> Floats:
        """All of them, (2^inputs, inputs)."""
        return all_masks(len(self.w))

    @property
    def probabilities(self) -> Floats:
        """Of the masks."""
        return mask_weights(len(self.w), self.keep)

    @property
    def values(self) -> Floats:
        """a under each mask."""
        found: Floats = self.masks @ (self.w * self.x)
        return found

    @property
    def whole(self) -> float:
        """a with all inputs: w x + w y + ..."""
        return float(self.w @ self.x)

    @property
    def mean(self) -> float:
        """E[a], mask by mask."""
        return float(self.probabilities @ self.values)

    @property
    def std(self) -> float:
        """The standard deviation of a over the masks: sqrt(keep (1 - keep) sum (w x)^2)."""
        return float(np.sqrt(self.probabilities @ (self.values - self.mean) ** 2))

    @property
    def after_relu(self) -> tuple[float, float]:
        """E[max(0, a)] over the masks, and max(0, E[a]), which is never larger (Jensen)."""
        return float(self.probabilities @ np.maximum(0, self.values)), max(0.0, self.mean)


def more_inputs(w: Sequence[float], x: Sequence[float], inputs: int, keep: float, seed: int) -> MaskedNeuron:
    """A neuron with these weights and inputs, and others drawn from N(0, 1) until there are ``inputs``."""
    drawn = generator(seed, 0, Role.INPUT).standard_normal((inputs, 2))
    drawn[: len(w)] = np.column_stack([w, x])
    return MaskedNeuron(drawn[:, 0].copy(), drawn[:, 1].copy(), keep)
