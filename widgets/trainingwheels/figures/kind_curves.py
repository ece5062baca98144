"""Accuracy against steps, a line for each kind of run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trainingwheels.figures.kinds import Kind, kind_lines
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Panel, Stroke
from trainingwheels.figures.run_curves import ACCURACY, TENTHS, step_limits
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DASHED, DOTTED, INK, PINNED, SUBTLE

__all__ = ["draw_kind_curves"]


def draw_kind_curves(panel: Panel, texts: Texts, end: float, kinds: Sequence[Kind], old: Sequence[Kind]) -> bool:
    """Mean accuracies of each kind, training solid, validation dashed, those of ``old`` ones behind; labels may reach
    to ``end``. Whether the axes have changed."""
    lines, behind = kind_lines(kinds, panel.box.width), kind_lines(old, panel.box.width)
    x = step_limits([*lines, *behind], False)
    changed = panel.limit(x, ACCURACY, marks=TENTHS)
    histories = [history for kind in kinds for history in kind.histories]
    changed |= panel.name_steps({history.steps_per_epoch for history in histories})
    chance = histories[0].chance or 0.0
    pale = [Stroke(np.array(x), np.full(2, chance), SUBTLE, DOTTED, 1.0)]
    train, validation = ([line.series[f"{name}_accuracy"] for line in lines] for name in ("train", "val"))
    old_ones = [line.series["val_accuracy"] for line in behind]
    panel.draw([*pale, *(Stroke(each.x, each.y, PINNED, DASHED, 1.3) for each in old_ones)], panel.behind)
    strokes = [Stroke(each.x, each.y, line.color, "-", 1.3) for line, each in zip(lines, train, strict=True)]
    strokes += [Stroke(each.x, each.y, line.color, DASHED, 2.2) for line, each in zip(lines, validation, strict=True)]
    panel.draw(strokes)
    ends = [(line, series) for line, series in zip(lines, validation, strict=True) if len(series.x)]
    heads = [(line, float(series.x[-1]), float(series.y[-1])) for line, series in ends]
    panel.mark([(at, value, line.color, True) for line, at, value in heads])
    labels = [
        Label(left + 7, low - 3.5, line.label, color=line.color)
        for line, at, value in heads
        for left, low in [panel.pixels(at, value)]
    ]
    labels.append(Label(panel.box.right + 5, panel.pixels(1, chance)[1] - 3, "chance", color=SUBTLE))
    texts.beside_lines(panel, labels, end)
    words = ("accuracy", INK), ("solid: train, dashed: validation", SUBTLE)
    texts.over(panel, end, *words)
    return changed
