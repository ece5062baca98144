"""How the learning rate changes while a net trains: a factor on ``lr`` for each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Table

__all__ = ["DECADES", "RISING", "SCHEDULES", "Schedule"]

Floats = NDArray[np.float64]
DECADES = 6  # of a range test, which ends at ``lr``: from 1e-5 to 10, wherever a net may learn


@dataclass(frozen=True)
class Schedule:
    """One way to change the learning rate, after an optional warm-up.

    ``decay(t, T, w)`` is the factor at step ``t`` of ``T``, both counted from the end of the warm-up, ``t`` an array;
    ``w`` is the length of the warm-up in steps, at least 1. ``code`` says the same in Python, ``formula`` in LaTeX.
    """

    name: str
    label: str
    decay: Callable[[Floats, int, int], Floats]
    formula: str
    code: str
    source: str

    def factors(self, steps: int, warmup: int = 0) -> Floats:
        """The factor on the learning rate at each step, ndarray of shape (steps,).

        It rises linearly to 1 over the first ``warmup`` steps (Goyal et al., 2017, section 2.2).
        """
        step = np.arange(steps, dtype=np.float64)
        rising = (step + 1) / max(1, warmup)
        decaying = self.decay(np.maximum(step - warmup, 0), max(1, steps - warmup), max(1, warmup))
        return np.where(step < warmup, rising, decaying)


RISING = Schedule(
    name="rising",
    label="rising exponentially, for a range test",
    decay=lambda t, T, w: 10 ** (DECADES * (t / max(1, T - 1) - 1)),
    formula=rf"10^{{{DECADES} (t / (T - 1) - 1)}}",
    code=f"10 ** ({DECADES} * (t / max(1, T - 1) - 1))",
    source="Smith, 2017, section 3.3, where it rises linearly",
)
"""No way to train a net: with it the learning rate rises until nothing is learned any more."""

SCHEDULES: Table[Schedule] = Table(
    "schedule",
    (
        Schedule(
            name="constant",
            label="constant",
            decay=lambda t, T, w: np.ones_like(t),
            formula=r"1",
            code="1",
            source="the lecture, parameter updates",
        ),
        Schedule(
            name="step",
            label="step: a tenth after 1/2 and again after 3/4",
            decay=lambda t, T, w: np.power(0.1, (t >= T / 2).astype(float) + (t >= 3 * T / 4)),
            formula=r"0.1^{[t \geq T/2] + [t \geq 3T/4]}",
            code="0.1 ** ((t >= T / 2) + (t >= 3 * T / 4))",
            source="He et al., 2016, section 4.2",
        ),
        Schedule(
            name="cosine",
            label="cosine",
            decay=lambda t, T, w: 0.5 * (1 + np.cos(np.pi * t / T)),
            formula=r"\frac{1}{2} \left(1 + \cos \frac{\pi t}{T}\right)",
            code="0.5 * (1 + math.cos(math.pi * t / T))",
            source="Loshchilov and Hutter, 2017, eq. 5",
        ),
        Schedule(
            name="linear",
            label="linear",
            decay=lambda t, T, w: 1 - t / T,
            formula=r"1 - \frac{t}{T}",
            code="1 - t / T",
            source="Goyal et al., 2017; Li et al., 2020",
        ),
        Schedule(
            name="inverse_sqrt",
            label="inverse square root",
            decay=lambda t, T, w: np.sqrt(w / (w + t)),
            formula=r"\sqrt{\frac{w}{w + t}}",
            code="math.sqrt(w / (w + t))",
            source="Vaswani et al., 2017, eq. 3",
        ),
    ),
    unlisted=(RISING,),
)
