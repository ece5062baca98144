"""DropConnect: not units but single weights are dropped (Wan et al., 2013)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.regularizers.dropout import check_keep

__all__ = ["drop_connect"]

Floats = NDArray[np.float64]


def drop_connect(W: ArrayLike, keep: float, rng: np.random.Generator) -> tuple[Floats, NDArray[np.bool_]]:
    """The weights that one training step uses, and the mask that chose them, both of W's shape.

    A weight stays with probability ``keep``, above 0 and up to 1, and grows by 1 / keep: its expectation is W, and W
    itself is what a test uses. A smaller ``keep`` drops, of equal ``rng``, the same weights and more. The paper draws a
    mask for each example; here, and in training, one mask serves the whole batch. Raises :class:`InvalidSetting`.
    """
    weights, drop = np.asarray(W, float), 1 - check_keep(keep, "weight")
    mask = rng.random(weights.shape) >= drop
    return weights * mask / keep, mask
