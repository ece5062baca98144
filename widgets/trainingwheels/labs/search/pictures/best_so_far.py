"""How good the best is after each trial: of one search, or of repetitions and of a rival's, with a band for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine.search.repeated import Repeated, quartiles
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Panel, Stroke, percent
from trainingwheels.figures.run_curves import ACCURACY, TENTHS
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED
from trainingwheels.labs.search.pictures.colors import SAMPLERS, TEST, VALIDATION
from trainingwheels.labs.search.pictures.searched import Searched

__all__ = ["BestSoFar"]

Floats = NDArray[Any]
VAL, ON_TEST = 0, 1  # the parts of what was best so far
DOTTED = (0, (1, 1.4))
SETTLED = 1 / 6  # of the trials, after which a line of many searches is not to leave the panel
ABOVE = 0.03  # of what the panel shows, over 100 %


class _Line(NamedTuple):
    """The best of some searches, on validation or test, in words and colour; ``banded`` if there is room for it."""

    of: Repeated
    part: int
    color: str
    name: str
    style: Any = "-"
    banded: bool = True

    @property
    def middle(self) -> tuple[Floats, Floats, Floats]:
        """After 1, 2, ... trials the quartiles over the repetitions, as steps: three of (2 trials - 1, 2)."""
        first, second, third = (_stairs(values) for values in quartiles(self.of.best_so_far[self.part]))
        return first, second, third


class BestSoFar:
    """What of a search ``panel`` shows; its labels are among ``texts``, and end at ``room``."""

    def __init__(self, panel: Panel, texts: Texts, room: float) -> None:
        self._panel, self._texts, self._room = panel, texts, room

    def show(self, shown: Searched, pinned: Searched | None) -> tuple[list[Axes], list[str]]:
        """Validation, and the test beside it; returns the axes that have changed and what the panel shows, in words."""
        if len(shown.compared) == 1:
            lines = [_Line(shown.compared[0], VAL, VALIDATION, "val"), _Line(shown.compared[0], ON_TEST, TEST, "test")]
            words = ["dots: each trial" if shown.alone else _of_how_many(shown)]
        else:
            lines = _of_each(shown, VAL) + _of_each(shown, ON_TEST, style=DOTTED, banded=False)
            words = ["val; dotted: test", _of_how_many(shown)]
        changed = self._draw(shown, pinned, lines, VAL)
        self._panel.mark(_dots(shown) if shown.alone else [])
        return changed, words

    def show_test(self, shown: Searched, pinned: Searched | None) -> tuple[list[Axes], str]:
        """The same of the test alone."""
        changed = self._draw(shown, pinned, _of_each(shown, ON_TEST), ON_TEST)
        self._panel.mark([])
        return changed, _of_how_many(shown)

    def _draw(self, shown: Searched, pinned: Searched | None, lines: Sequence[_Line], part: int) -> list[Axes]:
        panel, texts = self._panel, self._texts
        planned = float(max(each.results[0].planned for each in shown.compared))
        low = 0.0 if shown.alone else _lowest(lines)
        top = ACCURACY[1] if low == 0 else 1 + ABOVE * (1 - low)
        changed = panel.limit((0.0, planned), (low, top), marks=TENTHS if low == 0 else None)
        changed |= panel.name("trials finished")
        old = [_Line(pinned.compared[0], part, PINNED, "")] if pinned is not None else []
        panel.band([_band(line, low) for line in (*old, *lines) if line.banded and len(line.of.results) > 1])
        panel.draw([_stroke(line, 2.2 if line.banded else 1.4) for line in lines if len(line.middle[1])])
        behind = [_stroke(line, 1.6) for line in old if len(line.middle[1])]
        ends = [_end(panel, line) for line in lines if line.name and len(line.middle[1])]
        if shown.together is not None:
            level = shown.together.accuracy
            behind.append(Stroke(np.array([0.0, planned]), np.full(2, level), INK, (0, (3, 2)), 1.4))
            text = f"{shown.together.count} together {percent(level)}"
            ends.append(Label(panel.box.x + 8, panel.pixels(planned, level)[1] + 5, text, color=INK))
        panel.draw(behind, panel.behind)
        texts.beside_lines(panel, ends, self._room)
        return [panel.axes] * changed


def _of_each(shown: Searched, part: int, **look: Any) -> list[_Line]:
    """A line for the sampler, and one for its rival; those without a band are named by those with one."""
    named = look.get("banded", True)
    samplers = [each.results[0].sampler for each in shown.compared]
    return [
        _Line(each, part, SAMPLERS[name], name if named else "", **look)
        for each, name in zip(shown.compared, samplers, strict=True)
    ]


def _of_how_many(shown: Searched) -> str:
    count = len(shown.compared[0].results)
    return f"median, middle half of {count}" if count > 1 else "one search each" if shown.rival else "one search"


def _stairs(values: Floats) -> Floats:
    """What is so after 1, 2, ... trials, as steps (n, 2), where it is known."""
    known = np.isfinite(values)
    x, y = np.arange(1, len(values) + 1.0)[known], values[known]
    return np.column_stack([np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]])


def _stroke(line: _Line, width: float) -> Stroke:
    x, y = line.middle[1].T
    return Stroke(x, y, line.color, line.style, width)


def _band(line: _Line, low: float) -> tuple[Floats, Floats, Floats, str]:
    first, _, third = line.middle
    return first[:, 0], np.clip(first[:, 1], low, 1), np.clip(third[:, 1], low, 1), line.color


def _end(panel: Panel, line: _Line) -> Label:
    x, y = line.middle[1][-1]
    at = panel.pixels(float(x), float(y))
    text = line.name if line.name in SAMPLERS else f"{line.name} {percent(float(y))}"  # both would need more room
    return Label(max(at[0] + 6, panel.box.x + 8), at[1] - 3.5, text, color=line.color)


def _lowest(lines: Sequence[_Line]) -> float:
    """The tenth below all bands once some trials have finished: where the ends lie is to be seen."""
    lows = []
    for line in lines:
        x, first = line.middle[0].T
        lows.append(float(first[x >= SETTLED * line.of.results[0].planned].min(initial=1.0)))
    return math.floor(10 * min(lows) - 1e-9) / 10 if lows and min(lows) < 1 else 0.0


def _dots(shown: Searched) -> list[tuple[float, float, str, bool]]:
    """Each trial."""
    color = SAMPLERS[shown.result.sampler]
    finished = enumerate(shown.result.finished, 1)
    return [(float(place), trial.value, color, True) for place, trial in finished if math.isfinite(trial.value)]
