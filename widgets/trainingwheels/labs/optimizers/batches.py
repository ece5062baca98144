"""All examples, some, or one at a time: three paths on one surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from trainingwheels.engine.descent.batches import EPOCHS, EXAMPLES, BatchPath, Examples
from trainingwheels.engine.schedules import SCHEDULES
from trainingwheels.engine.scripts.descent import batches_script
from trainingwheels.figures.labels import compact, many
from trainingwheels.labs.base.animation import AnimatedView
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider
from trainingwheels.labs.optimizers.pictures.batches import BatchesPicture, BatchesView, size_name
from trainingwheels.labs.optimizers.start import Started

__all__ = ["Batches"]

PICTURES = 80  # of an animation: three seconds
NOTHING = 1e-12  # of a loss: rounding
NEAR = 0.1  # of the loss at the start, above the lowest


class Batches(Started, AnimatedView):
    """Least squares on 64 examples: where full batches, mini-batches and single examples lead."""

    name = "batches"
    label = "batches"
    picture = BatchesPicture
    about = (
        f"A linear model with two weights and {EXAMPLES} examples. Each path has seen every example {EPOCHS} times: in "
        "full batches, in mini-batches, or one at a time. Click in the map to start elsewhere."
    )

    batch = LogWholeSlider(
        2, 32, 8, unit="examples", label="mini-batch", help="examples in a step: the nearest power of 2"
    )
    batch_lr = LogSlider(1e-3, 10.0, 0.1, step=0.05, label="lr", help="learning rate of all three")
    target_noise = Slider(
        0.0, 2.0, 0.5, step=0.05, label="noise", help="standard deviation of the noise in the targets; 0: all fit"
    )
    batch_schedule = Choice(SCHEDULES, "constant", label="schedule", section="learning rate", help="of all three")

    def compute(self, s: Any) -> BatchesView:
        examples, start = Examples(s.target_noise, s.noise_seed), np.array((s.start_x, s.start_y))
        size = 2 ** round(np.log2(s.batch))
        paths = [examples.descend(each, s.batch_lr, s.batch_schedule, start) for each in (EXAMPLES, int(size), 1)]
        return BatchesView(examples, tuple(paths), EPOCHS * EXAMPLES)

    def frames(self, result: BatchesView) -> Sequence[int]:
        return [int(moment) for moment in np.linspace(0, result.seen, PICTURES + 1).round()]

    def frame(self, result: BatchesView, moment: int) -> BatchesView:
        return replace(result, seen=moment)

    def explain(self, result: BatchesView) -> Sequence[str]:
        examples, curvature = result.examples, result.examples.curvature
        return [
            f"The lowest mean loss is {compact(round(examples.lowest, 12))}, at ({_pair(examples.best)}).",
            *(_fate(path) for path in result.paths),
            (
                f"The largest curvature of the mean loss is {curvature:.2f}: at a constant lr full batches diverge "
                f"from {2 / curvature:.2f} on."
            ),
        ]

    def script(self, s: Any) -> str:
        size = int(2 ** round(np.log2(s.batch)))
        examples = Examples(s.target_noise, s.noise_seed)
        return batches_script(examples, (EXAMPLES, size, 1), s.batch_lr, s.batch_schedule, (s.start_x, s.start_y))


def _fate(path: BatchPath) -> str:
    """How far a path came, and how soon."""
    name, steps = size_name(path.size), len(path.points) - 1
    if path.diverged_at is not None:
        return f"{name}: diverged at step {path.diverged_at:,}."
    above = path.above
    late = compact(float(above[-max(steps // 4, 1) :].mean()))
    if above[0] < NOTHING:
        return f"{name}: {many(steps, 'step')}. It starts at the lowest loss; over the last quarter: {late}."
    near = above <= NEAR * above[0]
    when = f"after {many(int(path.seen[near.argmax()]), 'example')}" if near.any() else "at no step"
    return (
        f"{name}: {many(steps, 'step')}. What its loss has above the lowest is down to a tenth {when}, and {late} over "
        "the last quarter."
    )


def _pair(w: Any) -> str:
    return ", ".join(compact(float(value)) for value in w)
