"""The panel of which one chooses what it shows: scores, parameters, which of these are to blame, or the test."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Panel, Stroke, percent, plain
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DOTTED, INK, PINNED, SUBTLE
from trainingwheels.labs.search.pictures.best_so_far import BestSoFar
from trainingwheels.labs.search.pictures.colors import CRASHED, SAMPLERS
from trainingwheels.labs.search.pictures.searched import Searched, in_black, in_order, line_color

__all__ = ["LOOKS", "Looks"]

LOOKS = {
    "spread": "distribution of scores",
    "parallel": "parallel coordinates",
    "importances": "importances",
    "test": "best so far on the test",
}


class Looks:
    """What of a search ``panel`` shows; its labels are among ``texts``, and end at ``room``."""

    def __init__(self, panel: Panel, texts: Texts, room: float) -> None:
        self._panel, self._texts, self._room = panel, texts, room
        self._best = BestSoFar(panel, texts, room)
        self._looked = ""

    def show(self, shown: Searched, pinned: Searched | None) -> list[Axes]:
        """The axes that have changed."""
        panel = self._panel
        panel.draw([], panel.behind)
        panel.mark([])
        panel.draw([])
        panel.band([])
        if shown.look != self._looked:
            panel.move(panel.box)  # its numbers are others now
            panel.axes.tick_params(
                axis="x", labelbottom=shown.look != "parallel", length=3 * (shown.look != "parallel")
            )
            self._looked = shown.look
        about = {
            "spread": self._show_spread,
            "parallel": self._show_parallel,
            "importances": self._show_importances,
            "test": self._show_test,
        }
        changed, words = about[shown.look](shown, pinned)
        self._texts.over(panel, self._room, (LOOKS[shown.look], INK), (words, SUBTLE))
        return [panel.axes] * changed

    def _show_spread(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        panel = self._panel
        changed = panel.limit((0.0, 1.0), (0.0, 1.0), across=percent) | panel.name("validation accuracy")
        lines = [(shown, SAMPLERS[shown.result.sampler], 2.2)]
        lines = [(pinned, PINNED, 1.4), *lines] if pinned is not None else lines
        strokes, ends = [], []
        for each, color, width in lines:
            x = np.sort(each.scores)
            if not len(x):
                continue
            strokes.append(
                Stroke(np.repeat(x, 2), np.repeat(np.arange(len(x) + 1), 2)[1:-1] / len(x), color, "-", width)
            )
            middle = float(np.median(x))
            at = panel.pixels(middle, 0.5)
            name = each.result.sampler if each is shown else f"pinned: {each.result.sampler}"
            ends.append(
                Label(max(panel.box.x + 4, at[0] - 8 - self._texts.width(name)), at[1] - 3.5, name, color=color)
            )
        panel.draw(strokes)
        self._texts.beside_lines(panel, ends, self._room)
        return changed, "share of trials below"

    def _show_parallel(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        panel, space = self._panel, shown.result.space
        names = list(space)
        changed = panel.limit((0.0, float(len(names))), (0.0, 1.0), marks=()) | panel.name(" ")
        places = np.arange(len(names) + 1.0)
        marked = in_black(shown)
        strokes = []
        for trial in in_order(shown.result.finished, marked):
            y = [space[name].share(trial.params[name]) for name in names]
            crashed = not math.isfinite(trial.value)
            y = y if crashed else [*y, trial.value]
            color = INK if trial in marked else CRASHED if crashed else line_color(trial.value, shown.chance)
            style = DOTTED if crashed else "-"
            strokes.append(Stroke(places[: len(y)], np.array(y), color, style, 2.6 if trial in marked else 1.2))
        panel.draw(strokes)
        panel.draw([Stroke(np.full(2, at), np.array([0.0, 1.0]), SUBTLE, "-", 1.0) for at in places], panel.behind)
        for place, name in zip(places, [*names, "accuracy"], strict=True):
            at = panel.pixels(float(place), 0.0)
            low, high = ("0 %", "100 %") if name == "accuracy" else _written(space[name])
            label = shown.names.get(name, name)
            anchor = 0.5 if place < len(names) else 0.7
            self._texts.put(
                Label(at[0], panel.box.y - 24 - 11 * (place % 2), label, anchor, INK),  # names side by side overlap
                Label(at[0], panel.box.y - 12, low, anchor, SUBTLE),
                Label(at[0] + 4, panel.box.top - 8, high, color=SUBTLE),
            )
        return changed, "dark: better"

    def _show_importances(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        panel = self._panel
        found = shown.result.importances if shown.result.done else {}
        count = len(shown.result.space)
        changed = panel.limit((0.0, 1.0), (0.0, float(count)), marks=(), across=percent)
        changed |= panel.name("share of what the scores differ")
        strokes, ends = [], []
        for place, (name, share) in enumerate(found.items()):
            y = count - place - 0.5
            strokes.append(Stroke(np.array([0.0, share]), np.full(2, y), SAMPLERS[shown.result.sampler], "-", 12.0))
            at = panel.pixels(share, y)
            ends.append(Label(at[0] + 6, at[1] - 3.5, f"{shown.names[name]} {percent(share)}", color=INK))
        panel.draw(strokes)
        self._texts.beside_lines(panel, ends, self._room)
        return changed, "functional ANOVA" if found else "when the search is done"

    def _show_test(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        changed, words = self._best.show_test(shown, pinned)
        return bool(changed), words


def _written(among: Any) -> tuple[str, str]:
    return plain(float(among.low)), plain(float(among.high))
