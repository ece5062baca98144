"""Accuracy against steps, a line for each kind of run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trainingwheels.figures.kinds import Kind, kind_lines, kind_stroke
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Panel, Stroke
from trainingwheels.figures.run_curves import ACCURACY, TENTHS, step_limits
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE

__all__ = ["draw_kind_curves"]

_DASHED = (0, (3.2, 1.6))


def draw_kind_curves(panel: Panel, texts: Texts, end: float, kinds: Sequence[Kind], old: Sequence[Kind]) -> bool:
    """Mean validation (solid) and training (dashed) accuracy of each kind, those of ``old`` ones behind; labels may
    reach to ``end``. Whether the axes have changed."""
    lines, behind = kind_lines(kinds, panel.box.width), kind_lines(old, panel.box.width)
    x = step_limits([*lines, *behind], False)
    changed = panel.limit(x, ACCURACY, marks=TENTHS)
    histories = [history for kind in kinds for history in kind.histories]
    changed |= panel.name_steps({history.steps_per_epoch for history in histories})
    chance = histories[0].chance or 0.0
    pale = [Stroke(np.array(x), np.full(2, chance), SUBTLE, (0, (1, 2)), 1.0)]
    panel.draw([*pale, *(kind_stroke(line, "val_accuracy", "-", PINNED) for line in behind)], panel.behind)
    strokes = [kind_stroke(line, "train_accuracy", _DASHED) for line in lines]
    panel.draw([*strokes, *(kind_stroke(line, "val_accuracy", "-") for line in lines)])
    ends = [(line, line.series["val_accuracy"]) for line in lines if len(line.series["val_accuracy"].x)]
    heads = [(line, float(series.x[-1]), float(series.y[-1])) for line, series in ends]
    panel.mark([(at, value, line.color, True) for line, at, value in heads])
    labels = [
        Label(left + 7, low - 3.5, line.label, color=line.color)
        for line, at, value in heads
        for left, low in [panel.pixels(at, value)]
    ]
    labels.append(Label(panel.box.right + 5, panel.pixels(1, chance)[1] - 3, "chance", color=SUBTLE))
    texts.beside_lines(panel, labels, end)
    words = ("accuracy", INK), ("solid: validation, dashed: training", SUBTLE)
    texts.heading(panel.box.x - 34, panel.box.top + HEADING, end, *words)
    return changed
