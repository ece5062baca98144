"""Stochastic depth: the blocks of a residual net blink out while it trains (Huang et al., 2016)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Real, Whole

__all__ = ["survival"]


def survival(blocks: int, last: float) -> NDArray[np.float64]:
    """The probability that each block survives a step, falling linearly to ``last``: ndarray of shape (blocks,).

    Block l of L survives with 1 - l / L (1 - last); ``last`` is above 0 and up to 1. In training a block is h + b f(h),
    with b = 1 if it survives, else 0; a test uses h + p f(h) with p its probability. Raises :class:`InvalidSetting`.
    """
    blocks, last = Whole(1, 2**20, "blocks").check("blocks", blocks), Real(0.0, 1.0).check("last", last)
    if last == 0:
        raise InvalidSetting("last = 0 never lets the last block learn: choose above 0, and up to 1.")
    return 1 - np.arange(1, blocks + 1) / blocks * (1 - last)
