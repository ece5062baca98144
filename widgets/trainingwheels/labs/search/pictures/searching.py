"""A search with real runs: its trials on the map, all curves over each other, the best so far, and all trials apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from trainingwheels.engine.search.ensembles import Together
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.spaces import LogUniform, Range
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import ACCURACY, TENTHS
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles
from trainingwheels.labs.search.pictures.colors import CRASHED, SAMPLERS, TEST, VALIDATION, score_colors
from trainingwheels.labs.search.pictures.dots import Dot, Dots

__all__ = ["LOOKS", "Searched", "SearchedPicture"]

Floats = NDArray[Any]
LOOKS = {"spread": "distribution of scores", "parallel": "parallel coordinates", "importances": "importances"}
_TALL, _TALL_NARROW = 262.0, 210.0  # a row of panels, CSS pixels
FAINT = 0.25  # of the way from white to dark, at least, for a line
_STRIP = 26.0  # over the map and right of it: what its trials come to along each axis, CSS pixels
_CROSS = 4.0  # half the width of what has crashed


@dataclass(frozen=True)
class Searched:
    """A search at one moment. ``chance`` is the accuracy of guessing, ``names`` what the parameters are called.

    ``chosen`` is the trial that is looked at, ``look`` one of ``LOOKS``, ``examples`` are those of the validation and
    of the test set. ``together`` is what the best make as an ensemble, where somebody has asked for it.
    """

    result: Result
    chance: float
    names: Mapping[str, str]
    chosen: Trial | None
    look: str
    examples: tuple[int, int]
    together: Together | None = None

    @property
    def scores(self) -> Floats:
        """Of the trials that have come to their end, in their order."""
        return np.array([trial.value for trial in self.result.trials if trial.counts])


class SearchedPicture(Picture):
    """The map of lr and L2; validation accuracy over the steps; the best so far, validation and test; all trials."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 76.0) if narrow else (_TALL, 84.0)
        rows = 4 if narrow else 2
        height, size = rows * tall, (width, rows * tall)
        boxes = rows_of_boxes(width, tall, [4 // rows] * rows, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [box.right + right - 4 for box in boxes]
        boxes[0] = Box(boxes[0].x, boxes[0].y, boxes[0].width - _STRIP, boxes[0].height - _STRIP)
        writers: list[tuple[Callable[[float], str], Any]]
        writers = [(plain, plain), (percent, "{:,.10g}".format), (percent, plain), (percent, plain)]
        self._map, self._curves, self._best, self._look = (
            Panel(self.figure, box, size, *writer) for box, writer in zip(boxes, writers, strict=True)
        )
        panels = (self._map, self._curves, self._best, self._look)
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self._tiles, self._dots = Tiles(), Dots(canvas)
        self._crosses = LineCollection([], colors=CRASHED, linewidths=1.6)
        self._marginals = LineCollection([], capstyle="butt")
        canvas.add_artist(self._tiles)
        for lines in (self._crosses, self._marginals):
            canvas.add_collection(lines, autolim=False)
        self.live = [artist for panel in panels for artist in panel.live]
        self.live += [self._tiles, self._marginals, self._dots, self._crosses, *self._texts.live]
        self._trials: list[tuple[float, float, int]] = []
        self._looked = ""
        return height

    def point(self, x: float, y: float) -> int | None:
        """The number of the trial at a place in the map, from 0."""
        near = [(math.hypot(x - left, y - low), number) for left, low, number in self._trials]
        distance, number = min(near, default=(math.inf, 0))
        return number if distance < 10 else None

    def show(self, result: Searched, pinned: Searched | None = None) -> None:
        changed = [
            *self._show_map(result),
            *self._show_curves(result),
            *self._show_best(result, pinned),
            *self._show_look(result, pinned),
        ]
        self._texts.flush()
        if changed:
            self.forget(*changed)

    # The map ---------------------------------------------------------------------------------------------------------

    def _show_map(self, shown: Searched) -> list[Axes]:
        panel, space = self._map, shown.result.space
        x, y = space["lr"], space["l2"]
        changed = panel.limit(_ends(x), _ends(y), "xy") | panel.name(shown.names["lr"])
        dots: list[Dot] = []
        crosses: list[Any] = []
        self._trials = []
        for trial in shown.result.trials:
            at = panel.pixels(trial.params["lr"], trial.params["l2"])
            self._trials.append((*at, trial.number))
            if trial.state == "diverged":
                crosses += _cross(*at)
            else:
                dots.append(_dot(at, trial, shown.chance))
        for trial in _marked(shown):
            at = panel.pixels(trial.params["lr"], trial.params["l2"])
            dots.append(Dot(*at, 18.0, "none", INK))
        self._show_marginals(shown)
        self._dots.set_dots(dots)
        self._crosses.set_segments(crosses)
        self._tiles.set_tiles([self._scale(panel.box)])
        low, top = percent(shown.chance), "100 %"
        bar = self._bar(panel.box)
        self._texts.put(
            Label(bar.right + 4, bar.top - 8, top, color=SUBTLE), Label(bar.right + 4, bar.y, low, color=SUBTLE)
        )
        heading = [
            (f"{shown.names['l2']} over {shown.names['lr']}", INK),
            ("colour and lines at the rim: validation", SUBTLE),
        ]
        if crosses:
            heading.append(("× crashed", CRASHED))
        head = panel.box.x - 34, panel.box.top + _STRIP + HEADING
        self._texts.heading(*head, self._rooms[0], *heading)
        return [panel.axes] * changed

    def _show_marginals(self, shown: Searched) -> None:
        """Each trial as a line over its lr and beside its L2, as long as its score."""
        box, segments, colors = self._map.box, [], []
        for trial in _in_order(shown.result.trials, ()):
            x, y = self._map.pixels(trial.params["lr"], trial.params["l2"])
            long = 2.0 + (_STRIP - 6) * max(float(np.nan_to_num(trial.value)), 0.0)
            top, right = box.top + 2, box.right + 2
            segments += [[(x, top), (x, top + long)], [(right, y), (right + long, y)]]
            crashed = trial.state == "diverged"
            colors += [CRASHED if crashed else _line(float(np.nan_to_num(trial.value)), shown.chance)] * 2
        self._marginals.set_segments(segments)
        self._marginals.set_color(colors)
        self._marginals.set_linewidth(1.6)

    def _bar(self, box: Box) -> Box:
        """Where the colours are explained."""
        return Box(box.right + _STRIP + 10, box.y + box.height / 2 - 40, 12, 80)

    def _scale(self, box: Box) -> Tile:
        return Tile(self._bar(box), score_colors(np.linspace(0, 1, 40)[:, None]))

    # All curves ------------------------------------------------------------------------------------------------------

    def _show_curves(self, shown: Searched) -> list[Axes]:
        panel = self._curves
        trials = [trial for trial in shown.result.trials if trial.history is not None]
        longest = max((trial.history.total_steps for trial in trials if trial.history), default=1)
        changed = panel.limit((0.0, float(longest)), ACCURACY, marks=TENTHS)
        changed |= panel.name_steps({trial.history.steps_per_epoch for trial in trials if trial.history})
        marked = _marked(shown)
        strokes, ends = [], []
        for trial in _in_order(trials, marked):
            if trial.history is None:
                continue
            good = np.isfinite(trial.history.val_accuracy)
            x, y = trial.history.eval_steps[good], trial.history.val_accuracy[good]
            thick = trial in marked
            color = INK if thick else CRASHED if trial.state == "diverged" else _line(trial.value, shown.chance)
            style = (0, (1, 2)) if trial.state == "diverged" else "-"
            strokes.append(Stroke(x, y, color, style, 2.6 if thick else 1.3))
            if thick and len(x):
                at = panel.pixels(float(x[-1]), float(y[-1]))
                ends.append(Label(at[0] + 6, at[1] - 3.5, f"trial {trial.number + 1}", color=INK))
        panel.draw([stroke for stroke in strokes if len(stroke.x)])
        steps = np.array([0.0, float(longest)])
        panel.draw([Stroke(steps, np.full(2, shown.chance), SUBTLE, (0, (1, 2)), 1.0)], panel.behind)
        self._texts.beside_lines(panel, ends[:1], self._rooms[1])
        self._head(panel, 1, ("all trials", INK), ("validation accuracy; black: " + _which(shown), SUBTLE))
        return [panel.axes] * changed

    # The best so far -------------------------------------------------------------------------------------------------

    def _show_best(self, shown: Searched, pinned: Searched | None) -> list[Axes]:
        panel, result = self._best, shown.result
        changed = panel.limit((0.0, float(result.planned)), ACCURACY, marks=TENTHS) | panel.name("trials finished")
        strokes, behind, ends = [], [], []
        for values, color, name in zip(result.best_so_far, (VALIDATION, TEST), ("validation", "test"), strict=True):
            x, y = _stairs(values)
            if len(x):
                strokes.append(Stroke(x, y, color, "-", 2.2))
                at = panel.pixels(float(x[-1]), float(y[-1]))
                text = f"{'val' if name == 'validation' else name} {percent(float(y[-1]))}"
                ends.append(Label(max(at[0] + 6, panel.box.x + 8), at[1] - 3.5, text, color=color))
        if pinned is not None:
            x, y = _stairs(pinned.result.best_so_far[0])
            behind += [Stroke(x[x <= result.planned], y[x <= result.planned], PINNED, "-", 1.6)] if len(x) else []
        if shown.together is not None:
            whole, level = np.array([0.0, float(result.planned)]), shown.together.accuracy
            behind.append(Stroke(whole, np.full(2, level), INK, (0, (3, 2)), 1.4))
            at = panel.pixels(float(result.planned), level)
            text = f"{shown.together.count} together {percent(level)}"
            ends.append(Label(panel.box.x + 8, at[1] + 5, text, color=INK))
        panel.draw([stroke for stroke in behind if len(stroke.x)], panel.behind)
        panel.draw(strokes)
        panel.mark(
            [
                (place + 1.0, trial.value, SAMPLERS[result.sampler], True)
                for place, trial in enumerate(result.finished)
                if math.isfinite(trial.value)
            ]
        )
        self._texts.beside_lines(panel, ends, self._rooms[2])
        self._head(panel, 2, ("best so far", INK), ("dots: each trial", SUBTLE))
        return [panel.axes] * changed

    # The fourth panel ------------------------------------------------------------------------------------------------

    def _show_look(self, shown: Searched, pinned: Searched | None) -> list[Axes]:
        panel = self._look
        panel.draw([], panel.behind)
        panel.mark([])
        panel.draw([])
        if shown.look != self._looked:
            panel.move(panel.box)  # its numbers are others now
            panel.axes.tick_params(
                axis="x", labelbottom=shown.look != "parallel", length=3 * (shown.look != "parallel")
            )
            self._looked = shown.look
        about = {"spread": self._show_spread, "parallel": self._show_parallel, "importances": self._show_importances}
        changed, words = about[shown.look](shown, pinned)
        self._head(panel, 3, (LOOKS[shown.look], INK), (words, SUBTLE))
        return [panel.axes] * changed

    def _show_spread(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        panel = self._look
        changed = panel.limit((0.0, 1.0), (0.0, 1.0)) | panel.name("validation accuracy")
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
        self._texts.beside_lines(panel, ends, self._rooms[3])
        return changed, "share of trials below"

    def _show_parallel(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        panel, space = self._look, shown.result.space
        names = list(space)
        changed = panel.limit((0.0, float(len(names))), (0.0, 1.0), marks=()) | panel.name(" ")
        places = np.arange(len(names) + 1.0)
        marked = _marked(shown)
        strokes = []
        for trial in _in_order(shown.result.finished, marked):
            y = [space[name].share(trial.params[name]) for name in names]
            crashed = not math.isfinite(trial.value)
            y = y if crashed else [*y, trial.value]
            color = INK if trial in marked else CRASHED if crashed else _line(trial.value, shown.chance)
            style = (0, (1, 2)) if crashed else "-"
            strokes.append(Stroke(places[: len(y)], np.array(y), color, style, 2.6 if trial in marked else 1.2))
        panel.draw(strokes)
        panel.draw([Stroke(np.full(2, at), np.array([0.0, 1.0]), SUBTLE, "-", 1.0) for at in places], panel.behind)
        for place, name in zip(places, [*names, "accuracy"], strict=True):
            at = panel.pixels(float(place), 0.0)
            low, high = ("0", "1") if name == "accuracy" else _written(space[name])
            label = shown.names.get(name, name)
            anchor = 0.5 if place < len(names) else 0.7
            self._texts.put(
                Label(at[0], panel.box.y - 24 - 11 * (place % 2), label, anchor, INK),  # names side by side overlap
                Label(at[0], panel.box.y - 12, low, anchor, SUBTLE),
                Label(at[0] + 4, panel.box.top - 8, high, color=SUBTLE),
            )
        return changed, "dark: better"

    def _show_importances(self, shown: Searched, pinned: Searched | None) -> tuple[bool, str]:
        panel = self._look
        found = shown.result.importances if shown.result.done else {}
        count = len(shown.result.space)
        changed = panel.limit((0.0, 1.0), (0.0, float(count)), marks=()) | panel.name("share of what the scores differ")
        strokes, ends = [], []
        for place, (name, share) in enumerate(found.items()):
            y = count - place - 0.5
            strokes.append(Stroke(np.array([0.0, share]), np.full(2, y), SAMPLERS[shown.result.sampler], "-", 12.0))
            at = panel.pixels(share, y)
            ends.append(Label(at[0] + 6, at[1] - 3.5, f"{shown.names[name]} {percent(share)}", color=INK))
        panel.draw(strokes)
        self._texts.beside_lines(panel, ends, self._rooms[3])
        return changed, "functional ANOVA" if found else "when the search is done"

    def _head(self, panel: Panel, place: int, *parts: tuple[str, str]) -> None:
        self._texts.heading(panel.box.x - 34, panel.box.top + HEADING, self._rooms[place], *parts)


def _ends(among: Range) -> tuple[float, float]:
    """A little beyond the range, so that what lies at its end is seen."""
    assert isinstance(among, LogUniform)
    room = (among.high / among.low) ** 0.03
    return among.low / room, among.high * room


def _written(among: Any) -> tuple[str, str]:
    return plain(float(among.low)), plain(float(among.high))


def _cross(x: float, y: float) -> Sequence[Any]:
    return [
        np.array([(x - _CROSS, y - _CROSS), (x + _CROSS, y + _CROSS)]),
        np.array([(x - _CROSS, y + _CROSS), (x + _CROSS, y - _CROSS)]),
    ]


def _dot(at: tuple[float, float], trial: Trial, chance: float) -> Dot:
    if not math.isfinite(trial.value):
        return Dot(*at, 7.0, "white", SUBTLE)
    return Dot(*at, 7.0 if trial.state == "pruned" else 11.0, _color(trial.value, chance), SUBTLE)


def _color(value: float, chance: float) -> str:
    """White is guessing, dark is right."""
    if not math.isfinite(value):
        return PINNED
    red, green, blue, _ = score_colors(np.array(value), chance, 1.0).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def _line(value: float, chance: float) -> str:
    """As a dot's colour, but never white: a line has no edge."""
    return _color(max(value, chance + FAINT * (1 - chance)), chance)


def _in_order(trials: Sequence[Trial], marked: Sequence[Trial]) -> list[Trial]:
    """The better ones last, on top of the others, and what is marked on top of all."""
    others = [trial for trial in trials if trial not in marked]
    return [*sorted(others, key=lambda trial: float(np.nan_to_num(trial.value))), *marked]


def _marked(shown: Searched) -> list[Trial]:
    """The trial that is looked at, or the best."""
    found = shown.chosen or shown.result.best
    return [found] if found is not None else []


def _which(shown: Searched) -> str:
    return "the best" if shown.chosen is None else f"trial {shown.chosen.number + 1}"


def _stairs(values: Floats) -> tuple[Floats, Floats]:
    """The best so far after 1, 2, ... trials, as steps."""
    known = np.isfinite(values)
    x = np.arange(1, len(values) + 1.0)[known]
    y = values[known]
    if not len(x):
        return x, y
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
