"""Two hyperparameters: where a grid and another design try, what each axis makes of that, and the best of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine.search.landscapes import SIDES, Contest
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, many
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import GUIDE, INK, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles
from trainingwheels.labs.search.pictures.colors import SAMPLERS, score_colors
from trainingwheels.labs.search.pictures.dots import Dot, Dots

__all__ = ["TwoParameters", "TwoParametersPicture"]

Floats = NDArray[Any]
_FRAME = "#9AA5B1"
_FILL = "#E3EAF0"
TRIALS = np.array(SIDES) ** 2
BAND = (10, 90)  # per cent of the draws


@dataclass(frozen=True)
class TwoParameters:
    """A landscape, ``scores`` (n, n) at even steps with y growing upwards, and the trials of two designs on it.

    ``points`` are (trials, 2) and ``found`` their scores, both by design; ``names`` are those of x and y, ``span`` what
    the map's colours span. ``importance`` is that of y as a share of that of x; nobody has set it where the landscape
    is not ``made``, but of nets, which begin with convolutions ``conv``.
    """

    scores: Floats
    names: tuple[str, str]
    span: tuple[float, float]
    importance: float
    made: bool
    points: Mapping[str, Floats]
    found: Mapping[str, Floats]
    contest: Contest
    conv: tuple[int, ...] = ()

    @property
    def marginals(self) -> tuple[Floats, Floats]:
        """The mean score along x and along y, less the lowest, as a share of the larger range."""
        means = self.scores.mean(axis=0), self.scores.mean(axis=1)
        largest = max(float(np.ptp(mean)) for mean in means) or 1.0
        across, up = ((mean - mean.min()) / largest for mean in means)
        return across, up


class _Frame(NamedTuple):
    """Where one design is drawn: its map, what stands over and beside it, and the room for the stretched space."""

    map: Box
    top: Box
    left: Box
    room: Box


class TwoParametersPicture(Picture):
    """The grid's trials and the other's: on the map, along each axis, and in the space stretched by importance."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        column = width / 2 if narrow else 0.31 * width
        strip, rim, room = (20.0, 16.0, 84.0) if narrow else (38.0, 26.0, 112.0)
        side = column - strip - rim
        maps = 24 + strip + side + 22 + 26 + room + 10
        height = maps + 2 * 205 if narrow else maps
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._frames = []
        for place in range(2):
            x, y = place * column + strip + 8, height - 24 - strip - side
            at = Box(x, y, side, side)
            over, beside = Box(x, y + side + 2, side, strip - 2), Box(x - strip, y, strip - 2, side)
            self._frames.append(_Frame(at, over, beside, Box(x, y - 48 - room, side, room)))
        boxes = self._boxes(width, height, height - maps if narrow else height, 2 * column)
        self._rooms = [box.right + (64 if narrow else 78) for box in boxes]
        self._panels = [Panel(self.figure, box, (width, height), plain, plain) for box in boxes]
        self.parts = {panel.axes: panel.rectangle for panel in self._panels}
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._fills = PolyCollection([], facecolor=_FILL, linewidths=0)
        self._lines = LineCollection([], capstyle="butt")
        for artist in (self._fills, self._lines):
            canvas.add_collection(artist, autolim=False)
        self._dots = Dots(canvas)
        self.live = [self._tiles, self._fills, self._lines, self._dots]
        self.live += [artist for panel in self._panels for artist in panel.live]
        self.live += self._texts.live
        return height

    def _boxes(self, width: float, height: float, room: float, left: float) -> list[Box]:
        """Of the two panels: beside the maps, or below them in a narrow picture."""
        x = 0.0 if width < NARROW else left + 6
        tall, right = room / 2, 66.0 if width < NARROW else 82.0
        return [Box(x + 44, y + 40, width - x - 44 - right, tall - 66) for y in (tall, 0.0)]

    def point(self, x: float, y: float) -> tuple[float, float] | None:
        """What a place in either map is, both parameters from 0 to 1."""
        for frame in self._frames:
            box = frame.map
            if box.holds(x, y):
                return (x - box.x) / box.width, (y - box.y) / box.height
        return None

    def show(self, result: TwoParameters, pinned: TwoParameters | None = None) -> None:
        colors = score_colors(result.scores, *result.span)
        self._tiles.set_tiles([Tile(frame.map, colors) for frame in self._frames])
        segments: list[Any] = []
        fills: list[Any] = []
        dots: list[Dot] = []
        for frame, (name, points) in zip(self._frames, result.points.items(), strict=True):
            color = SAMPLERS[name]
            fills += self._along(frame, result.marginals)
            segments += [(outline, _FRAME, 1.0) for outline in _outlines(frame, result.importance)]
            segments += [(tick, color, 1.4) for tick in _ticks(frame, points, result.marginals)]
            dots += _dots(frame, points, result.found[name], result.importance, color)
            if pinned is not None and name in pinned.points:
                old = _placed(pinned.points[name], frame.map)
                dots = [*(Dot(x, y, 6.0, "none", PINNED) for x, y in old), *dots]
            self._write(frame, name, points, result)
        self._fills.set_verts(fills)
        self._lines.set_segments([segment for segment, *_ in segments])
        self._lines.set_color([color for _, color, _ in segments])
        self._lines.set_linewidth([width for *_, width in segments])
        self._dots.set_dots(dots)
        changed = [*self._show_best(result, pinned), *self._show_against(result, pinned)]
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _along(self, frame: _Frame, marginals: tuple[Floats, Floats]) -> list[Floats]:
        """The fill under the mean score along x, over the map, and along y, left of it."""
        (across, up), (top, left) = marginals, (frame.top, frame.left)
        x, y = (box + (np.arange(len(values)) + 0.5) / len(values) * size for box, values, size in (
            (top.x, across, top.width), (left.y, up, left.height)
        ))  # fmt: skip
        over = np.column_stack([x, top.y + across * top.height])
        beside = np.column_stack([left.right - up * left.width, y])
        ends = [(top.x, over[0, 1]), (top.right, over[-1, 1]), (beside[0, 0], left.y), (beside[-1, 0], left.top)]
        return [
            np.array([(top.x, top.y), ends[0], *over, ends[1], (top.right, top.y)]),
            np.array([(left.right, left.y), ends[2], *beside, ends[3], (left.right, left.top)]),
        ]

    def _write(self, frame: _Frame, name: str, points: Floats, result: TwoParameters) -> None:
        box, room = frame.map, frame.room
        values = len(np.unique(points[:, 0]))
        count = f"{many(values, 'value')} of {result.names[0]}"
        end = box.right + 8
        self._texts.heading(frame.left.x, frame.top.top + HEADING, end, (name, SAMPLERS[name]), (count, SUBTLE))
        self._texts.put(
            Label(box.x + box.width / 2, box.y - 13, result.names[0], 0.5, SUBTLE),
            Label(frame.left.x, box.y - 13, result.names[1], color=SUBTLE),
        )
        ratio = ("stretched by importance", INK)
        self._texts.heading(frame.left.x, room.top + HEADING, end, ratio)

    def _show_best(self, result: TwoParameters, pinned: TwoParameters | None) -> list[Axes]:
        panel, best = self._panels[0], result.contest.best
        shown = {name: best[name] for name in result.points}
        low = _below(min(float(np.percentile(scores, BAND[0], axis=1).min()) for scores in shown.values()))
        changed = panel.limit((0.0, float(TRIALS[-1])), (low, 1.0), number=_writer(result)) | panel.name("trials")
        lines, bands, ends = [], [], []
        for name, scores in shown.items():
            mean, color = scores.mean(axis=1), SAMPLERS[name]
            lines.append(Stroke(TRIALS, mean, color, "-", 2.2))
            bands.append((TRIALS, *np.percentile(scores, BAND, axis=1), color))
            x, y = panel.pixels(float(TRIALS[-1]), float(mean[-1]))
            ends.append(Label(x + 6, y - 3.5, name, color=color))
        here = result.contest.side**2
        behind = [Stroke(np.full(2, float(here)), np.array([low, 1.0]), SUBTLE, GUIDE, 1.0)]
        for name in pinned.points if pinned else ():
            assert pinned is not None
            behind.append(Stroke(TRIALS, np.clip(pinned.contest.best[name].mean(axis=1), low, 1), PINNED, "-", 1.2))
        panel.draw(lines)
        panel.band(bands)
        panel.draw(behind, panel.behind)
        panel.mark([(float(here), float(result.contest.here(name).mean()), SAMPLERS[name], True) for name in shown])
        self._texts.beside_lines(panel, ends, self._rooms[0])
        self._texts.over(panel, self._rooms[0], ("best score", INK), ("mean and 80 % of 1,000 draws", SUBTLE))
        return [panel.axes] * changed

    def _show_against(self, result: TwoParameters, pinned: TwoParameters | None) -> list[Axes]:
        panel, contest = self._panels[1], result.contest
        trials = many(contest.side**2, "trial")
        if not len(contest.importances):
            return self._show_shares(result, pinned, trials)
        x = contest.importances
        means = {name: contest.against[name].mean(axis=1) for name in result.points}
        low = _below(min(float(mean.min()) for mean in means.values()))
        changed = panel.limit((0.0, 1.0), (low, 1.0)) | panel.name(f"importance of {result.names[1]}")
        panel.draw([Stroke(x, mean, SAMPLERS[name], "-", 2.2) for name, mean in means.items()])
        here = [float(np.interp(result.importance, x, mean)) for mean in means.values()]
        panel.mark([(result.importance, at, SAMPLERS[name], True) for at, name in zip(here, means, strict=True)])
        old = pinned.contest.against if pinned else {}
        behind = [
            Stroke(x, np.clip(old[name].mean(axis=1), low, 1), PINNED, "-", 1.2)
            for name in result.points
            if name in old
        ]
        panel.draw([Stroke(np.full(2, result.importance), np.array([low, 1.0]), SUBTLE, GUIDE, 1.0), *behind],
                   panel.behind)  # fmt: skip
        panel.band([])
        ends = [
            Label(panel.box.right + 6, panel.pixels(1.0, float(mean[-1]))[1] - 3.5, name, color=SAMPLERS[name])
            for name, mean in means.items()
        ]
        self._texts.beside_lines(panel, ends, self._rooms[1])
        self._texts.over(panel, self._rooms[1], (f"best of {trials}", INK), ("mean, against importance", SUBTLE))
        return [panel.axes] * changed

    def _show_shares(self, result: TwoParameters, pinned: TwoParameters | None, trials: str) -> list[Axes]:
        """The share of draws whose best is no better than x, where importance is what it is."""
        panel = self._panels[1]
        found = {name: np.sort(result.contest.here(name)) for name in result.points}
        low = _below(min(float(np.quantile(scores, 0.02)) for scores in found.values()))
        top = float(result.scores.max())
        changed = panel.limit((low, top), (0.0, 1.0), number=percent, across=_writer(result)) | panel.name("best score")
        share = np.arange(1, len(next(iter(found.values()))) + 1) / len(next(iter(found.values())))
        panel.draw([Stroke(np.clip(scores, low, top), share, SAMPLERS[name]) for name, scores in found.items()])
        panel.draw([], panel.behind)
        panel.band([])
        panel.mark([])
        middle = [(name, float(np.median(scores))) for name, scores in found.items()]
        self._texts.beside_lines(
            panel,
            [Label(panel.pixels(at, 0.5)[0] + 6, panel.pixels(at, 0.5)[1] - 3.5, name, color=SAMPLERS[name])
             for name, at in middle],
            self._rooms[1],
        )  # fmt: skip
        self._texts.over(panel, self._rooms[1], (f"best of {trials}", INK), ("share of draws below", SUBTLE))
        return [panel.axes] * changed


def _placed(points: Floats, box: Box) -> Floats:
    placed: Floats = np.array([box.x, box.y]) + points * [box.width, box.height]
    return placed


def _stretched(room: Box, importance: float) -> Box:
    """A box as high as y is important and as wide as x is, as large as there is room."""
    ratio = importance
    width = min(room.width, (room.height - 6) / ratio) if ratio > 0 else room.width
    return Box(room.x, room.top - 6 - width * ratio, width, width * ratio)


def _outlines(frame: _Frame, importance: float) -> list[Floats]:
    found = []
    for box in (frame.map, _stretched(frame.room, importance)):
        corners = [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top), (box.x, box.y)]
        found.append(np.array(corners))
    return found


def _ticks(frame: _Frame, points: Floats, marginals: tuple[Floats, Floats]) -> list[Floats]:
    """Where the trials stand along each axis, up to the mean score there."""
    (across, up), (top, left) = marginals, (frame.top, frame.left)
    centres = (np.arange(len(across)) + 0.5) / len(across)
    found = []
    for x in np.unique(points[:, 0]):
        at = top.x + x * top.width
        found.append(np.array([(at, top.y), (at, top.y + max(3.0, np.interp(x, centres, across) * top.height))]))
    for y in np.unique(points[:, 1]):
        at = left.y + y * left.height
        found.append(np.array([(left.right, at), (left.right - max(3.0, np.interp(y, centres, up) * left.width), at)]))
    return found


def _dots(frame: _Frame, points: Floats, scores: Floats, importance: float, color: str) -> list[Dot]:
    """Of the map, the best one larger, and of the stretched space."""
    best = int(scores.argmax())
    boxes = frame.map, _stretched(frame.room, importance)
    placed, flat = ([(float(x), float(y)) for x, y in _placed(points, box)] for box in boxes)
    found = [Dot(x, y, 8.0, color) for x, y in placed]
    found.append(Dot(*placed[best], 15.0, "none", color))
    return [*found, *(Dot(x, y, 7.0, color) for x, y in flat), Dot(*flat[best], 12.0, "none", color)]


def _below(value: float) -> float:
    """The tenth below."""
    return max(0.0, math.floor(value * 10 - 1e-9) / 10)


def _writer(result: TwoParameters) -> Callable[[float], str]:
    """Writes the scores: accuracies in percent."""
    return plain if result.made else percent
