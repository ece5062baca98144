"""The picture of training: the curves of one run or of several, the inside of one net, and what it has learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trainingwheels.engine import History
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.palettes import layer_color, run_color
from trainingwheels.figures.panels import Box, label_size, row_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.plane import Plane, PlanePanel
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.traces import CurvesView
from trainingwheels.labs.train_a_net.pictures.diagram import Diagram
from trainingwheels.labs.train_a_net.pictures.filters import Filters, FiltersPanel, filters_height
from trainingwheels.labs.train_a_net.pictures.inside import Inside
from trainingwheels.labs.train_a_net.pictures.samples import Samples, SamplesPanel
from trainingwheels.labs.train_a_net.pictures.strips import Strips

__all__ = ["TrainingPicture", "TrainingView"]

_SIDE_BY_SIDE = 860  # CSS pixels; below this, accuracy stands under the loss, and the inside under everything
_HEAD = 24.0  # over a panel, CSS pixels
_LOW = 168.0  # height of the inside
_SMALL_RIGHT = 28.0  # a layer's number needs less room
_STRIPS = 64.0  # height of the activations over time
_BASE = _STRIPS + 34.0  # the same with its heading, under all the rest


@dataclass(frozen=True)
class TrainingView:
    """What :class:`TrainingPicture` shows.

    ``histories`` are of one run, or of up to eight that differ by one knob, and ``labels`` name it ("lr 0.1").
    ``chosen`` is the place of the run whose inside is shown, ``why`` says why it is that one, or is empty. ``plane``
    (for points in the plane) and ``images`` (for examples of another kind) are the chosen run's; the picture shows the
    first that is there. ``filters`` are those of its first convolution, if it has one: below the images. ``colors`` has
    one per run (empty: the palette's).
    """

    histories: Sequence[History]
    labels: Sequence[str]
    chosen: int = 0
    plane: Plane | None = None
    images: Samples | None = None
    why: str = ""
    colors: Sequence[str] = ()
    filters: Filters | None = None

    @property
    def whose(self) -> tuple[tuple[str, str], ...]:
        """Which of several runs is shown from inside, in its colour, then why."""
        if len(self.histories) < 2:
            return ()
        color = self.colors[self.chosen] if self.colors else run_color(self.chosen)
        return (f"of {self.labels[self.chosen]}", color), (self.why, SUBTLE)


class Places(NamedTuple):
    """The panels of a picture, CSS pixels: where each stands, and where the labels of each must end."""

    height: float
    loss: Box
    accuracy: Box
    regions: Box
    units: Box
    samples: Box
    inside: tuple[Box, ...]
    key: tuple[float, float, float]  # where the line that names the layers begins, and where it must end
    right: float  # room for the labels at the right of loss and accuracy
    strips: float  # where the activations over the steps must end

    def raised(self, by: float) -> Places:
        """The same, further up in a higher picture."""

        def up(box: Box) -> Box:
            return box._replace(y=box.y + by)

        loss, accuracy, regions, units, samples = map(
            up, (self.loss, self.accuracy, self.regions, self.units, self.samples)
        )
        inside, (x, y, room) = tuple(map(up, self.inside)), self.key
        return self._replace(
            height=self.height + by, loss=loss, accuracy=accuracy, regions=regions, units=units, samples=samples,
            inside=inside, key=(x, y + by, room),
        )  # fmt: skip

    @property
    def rooms(self) -> tuple[float, ...]:
        return self.loss.right + self.right - 3, self.accuracy.right + self.right - 3

    @property
    def inside_rooms(self) -> tuple[float, ...]:
        return tuple(box.right + _SMALL_RIGHT for box in self.inside)


class TrainingPicture(Picture):
    """Loss and accuracy of all runs; layers of the chosen one over time, and its decision regions or predictions.

    Below the regions the net itself: as a diagram with its weights if it is small, else as maps of its units alone.
    Under all this, a strip per hidden layer: the histograms of its activations over the steps.

    A pinned view is drawn pale behind loss and accuracy.
    """

    def arrange(self, width: float) -> float:
        places = _narrow(width) if width < NARROW else _medium(width) if width < _SIDE_BY_SIDE else _wide(width)
        places = places.raised(_BASE)
        size = (width, places.height)
        self._key = places.key
        canvas = self.sheet(width, places.height)
        self._texts = texts = Texts(canvas, label_size(width))
        self._curves = RunCurves(self.figure, places.loss, places.accuracy, size, texts, places.rooms)
        self._inside = Inside(self.figure, places.inside, size, texts, places.inside_rooms)
        self._strips = Strips(canvas, Box(12, 4, places.strips - 16, _STRIPS), texts)
        self._diagram = Diagram(canvas, places.units, texts)
        self._plane = PlanePanel(canvas, places.regions, places.units, texts)
        self._samples, self._filters = SamplesPanel(canvas, texts), FiltersPanel(canvas, texts)
        self._beside = places.samples
        self.parts = {**self._curves.parts, **self._inside.parts}
        artists = (
            self._curves,
            self._inside,
            self._strips,
            self._diagram,
            self._plane,
            self._samples,
            self._filters,
            texts,
        )
        self.live = [artist for owner in artists for artist in owner.live]
        return places.height

    def show(self, result: TrainingView, pinned: TrainingView | None = None) -> None:
        several = len(result.histories) > 1
        view = CurvesView(result.histories, result.labels, result.colors, chosen=result.chosen if several else None)
        behind = CurvesView(pinned.histories, pinned.labels, pinned.colors) if pinned else None
        changed = self._curves.show(view, behind)
        chosen = result.histories[result.chosen] if result.histories else None
        changed += self._inside.show(chosen, self._curves.loss.axes.get_xlim())
        self._strips.show(chosen, self._curves.loss.axes.get_xlim())
        self._write_names(result, chosen)
        self._plane.show(result.plane, *result.whose)
        self._diagram.show(result.plane)
        self._show_examples(result)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_examples(self, result: TrainingView) -> None:
        """Images or signals and, in the lower part of their box, the filters that see them."""
        box, images = self._beside, result.images if result.plane is None else None
        below = box._replace(height=filters_height(len(result.filters.maps), box.width)) if result.filters else box
        if result.filters:
            box = box._replace(y=below.top + _HEAD, height=box.height - below.height - _HEAD)
        self._samples.show(images, box, *result.whose)
        self._filters.show(result.filters, below)

    def _write_names(self, result: TrainingView, chosen: History | None) -> None:
        """The line that gives every layer its colour, and says of which run."""
        layers = chosen.config.depth + 1 if chosen else 1
        named = range(layers - 1) if layers <= 7 else (0, 1, layers - 2)
        parts = [("layers", INK), *result.whose]
        for layer in named:
            parts += [("…", SUBTLE)] * (layers > 7 and layer == layers - 2)
            parts.append((f"{layer + 1}", layer_color(layer, layers)))
        x, y, room = self._key
        self._texts.heading(x, y, room, *parts, ("output", layer_color(layers - 1, layers)))


def _wide(width: float) -> Places:
    """Curves on the left, the inside under them, the plane or the images on the right."""
    height, right = 520.0, 96.0
    side = min(0.37 * width, 440.0)
    left = width - side - 14
    inside = row_of_boxes(0, 0, left, _LOW, 3, _SMALL_RIGHT)
    upper = _LOW + 22
    loss, accuracy = row_of_boxes(0, upper, left, height - upper, 2, right)
    square = min(side - 8, 330.0)
    x = width - side
    regions = Box(x, height - _HEAD - square, square, square)
    units = Box(x, 4 - _BASE, side - 8, regions.y - 4 - _HEAD + _BASE)  # beside the strips, too
    samples = Box(x, 4 - _BASE, side - 8, height - _HEAD + _BASE - 4)
    return Places(height, loss, accuracy, regions, units, samples, inside, (12.0, _LOW + 6, left), right, left)


def _medium(width: float) -> Places:
    """Curves under each other on the left, the plane or the images on the right, the inside below."""
    side, tall, right = 262.0, 240.0, 92.0
    upper = _LOW + 22
    height = upper + 2 * tall
    left = width - side - 14
    inside = row_of_boxes(0, 0, width, _LOW, 3, _SMALL_RIGHT)
    loss, accuracy = (row_of_boxes(0, y, left, tall, 1, right)[0] for y in (upper + tall, upper))
    square = side - 8
    x = width - side
    regions = Box(x, height - _HEAD - square, square, square)
    units = Box(x, upper + 4, side - 4, regions.y - upper - 4 - _HEAD)
    samples = Box(x, upper + 4, square, height - upper - 4 - _HEAD)
    return Places(height, loss, accuracy, regions, units, samples, inside, (12.0, _LOW + 6, width), right, width)


def _narrow(width: float) -> Places:
    """One column: loss, accuracy, plane or images, inside."""
    small, large, right = 130.0, 178.0, 72.0
    key = 3 * small
    square = min(width - 24, 380.0)
    units_height = 220.0
    sample_height = square + units_height + 34
    below = key + 26
    regions = Box(12, below + 6 + units_height + 28, square, square)
    units = Box(12, below + 6, width - 24, units_height)
    samples = Box(12, below, square, sample_height)
    upper = regions.top + 26
    loss, accuracy = (row_of_boxes(0, y, width, large, 1, right)[0] for y in (upper + large, upper))
    inside = tuple(row_of_boxes(0, row * small, width, small, 1, _SMALL_RIGHT)[0] for row in (2, 1, 0))
    height = upper + 2 * large
    return Places(height, loss, accuracy, regions, units, samples, inside, (12.0, key + 6, width), right, width)
