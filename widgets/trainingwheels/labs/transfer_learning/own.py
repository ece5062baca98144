"""The learner's own classes: a few images of each, drawn or opened, and a new output layer in a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as w
import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import InvalidSetting, RunConfig
from trainingwheels.engine.data.drawings import GRID, as_digit, drawn, ink_of, shapes
from trainingwheels.engine.data.own_files import read_image
from trainingwheels.engine.evaluation.few_shot import FewShot, Head, features, few_shot, source_config
from trainingwheels.engine.scripts.few_shot import few_shot_script
from trainingwheels.engine.settings import Option, Table, brief
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.parameters import Choice, Words
from trainingwheels.labs.base.view import View
from trainingwheels.labs.transfer_learning.nets import Convolved
from trainingwheels.labs.transfer_learning.pictures.own import CLASSES, OwnPicture, OwnView

__all__ = ["OwnClasses"]

MOST = 12  # images of a class: as many as a row shows
AT_FIRST = 4  # images of each class until there are the learner's
PIXELS = 64  # along a side of an image that is opened, before its ink is looked for
ALIKE = 1e-6  # probabilities that differ by less differ by rounding
NAMES = Table("own class", tuple(Option(name, name) for name in CLASSES))


class Cells:
    """A drawing as text: a bit for each cell, row by row from the highest, 64 hexadecimal digits."""

    def check(self, name: str, value: Any) -> str:
        text = str(value)
        if len(text) != GRID * GRID // 4 or not set(text) <= set("0123456789abcdef"):
            raise InvalidSetting(
                f"{name} = {brief(value)} is not a drawing: choose {GRID * GRID // 4} of the digits 0 to 9 and a to f."
            )
        return text

    def read(self, name: str, text: str) -> str:
        return self.check(name, text)

    def clamp(self, value: Any) -> str:
        return written(np.zeros((GRID, GRID), bool))


def written(cells: NDArray[np.bool_]) -> str:
    """Cells (GRID, GRID) as text."""
    return np.packbits(cells).tobytes().hex()


def read_cells(text: str) -> NDArray[np.bool_]:
    """And back."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8)).reshape(GRID, GRID).astype(bool)


FIRST = written(drawn([[(3, 12), (7, 3), (13, 13)], [(5, 9), (11, 10)]]))


class OwnClasses(Convolved, View):
    """Images of two classes or more; what is drawn is told apart by a head on pixels and by one on features."""

    name = "own"
    label = "your own classes"
    about = (
        "Draw with the mouse or a finger, or open images, and say of which class they are. A net that knows the ten "
        "digits lends its features; only a new output layer is trained. Beside it one that has to do with the pixels "
        "themselves."
    )
    picture = OwnPicture

    own_class = Choice(NAMES, "A", label="class", help="of which class the next images are")
    drawing = Words(Cells(), FIRST, elsewhere=True, help="what is drawn, as digits")

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        images, labels = shapes(AT_FIRST, 0)
        self.images: list[tuple[NDArray[Any], int]] = list(zip(images, labels.tolist(), strict=True))
        self._trained: tuple[Any, FewShot] | None = None
        self._stroke: list[Any] = []

    def compute(self, s: Any) -> OwnView:
        images = list(self.images)
        if not images:
            raise InvalidSetting("There are no images: draw one, choose its class, and press Add the drawing.")
        X, y = np.stack([image for image, _ in images]), np.array([label for _, label in images])
        cells = read_cells(s.drawing)
        digit = as_digit(cells.astype(np.float32))
        found = self._train(X, y, source_config(s.seed, s.conv))
        on_pixels = found.pixels.probabilities(digit[None])[0]
        on_features = found.features.probabilities(features(digit[None], found.source))[0]
        return OwnView(X, y, cells, digit, found, on_pixels, on_features)

    def _train(self, X: NDArray[Any], y: NDArray[np.int64], source: RunConfig) -> FewShot:
        """The heads for these images, those in hand if nothing has changed."""
        key = (X.tobytes(), y.tobytes(), source)
        if self._trained is None or self._trained[0] != key:
            self._trained = key, few_shot(X, y, source)
        return self._trained[1]

    def explain(self, result: OwnView) -> Sequence[str]:
        counts = np.bincount(result.y)
        there = ", ".join(f"{many(int(count), 'image')} of {CLASSES[at]}" for at, count in enumerate(counts) if count)
        found = [f"{there}. The features are the last hidden layer of a net that has learned digits and none of these."]
        if result.cells.any():
            heads = (("features", result.on_features), ("pixels", result.on_pixels))
            says = [f"on {name} {_likest(p)}" for name, p in heads]
            found.append(f"What is drawn is, by the heads {' and '.join(says)}.")
        else:
            found.append("Nothing is drawn: draw on the field, with the mouse or a finger.")
        heads_of = (("features", result.found.features), ("pixels", result.found.pixels))
        if np.isfinite(result.found.features.known).any():
            known = [f"{_known(head)} on {name}" for name, head in heads_of]
            found.append(f"Images that are known to a head trained on the others: {', '.join(known)}.")
        else:
            found.append("With one image of each class nobody can say how good a head is: add some.")
        return [*found, *convolution_sentence(result.found.source)]

    def script(self, s: Any) -> str:
        images, labels = [image for image, _ in self.images], [label for _, label in self.images]
        return few_shot_script(images, labels, source_config(s.seed, s.conv))

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, Any]:
        if not self._stroke or self._stroke[0] is not start:
            self._stroke = [start]
        self._stroke.append(now)
        return {"drawing": written(read_cells(s.drawing) | drawn([self._stroke]))}

    def above(self) -> Sequence[w.Widget]:
        actions = (
            ("Add the drawing", "Keep it as an image of the class chosen", self.add_drawing),
            ("Clear", "Clear the field", self.clear),
            ("Forget all images", "Begin with classes of your own", self.forget),
        )
        buttons = []
        for words, tooltip, action in actions:
            button = w.Button(description=words, tooltip=tooltip)
            button.on_click(self.lab._guarded(lambda _, action=action: action()))
            buttons.append(button)
        take = self.lab._guarded(self.take_images)
        what = "PNG or JPEG files, each an image of the class chosen"
        self.upload = Upload("Open images", ".png,.jpg,.jpeg", take, multiple=True, together=True, tooltip=what)
        return [*buttons, self.upload]

    def add_drawing(self) -> None:
        """Keep what is drawn as an image of the class chosen, and clear the field."""
        digit = as_digit(read_cells(self.lab.drawing).astype(np.float32))
        if not digit.any():
            raise InvalidSetting("Nothing is drawn: draw on the field first, with the mouse or a finger.")
        self._keep([digit])
        self.lab.renew(drawing=Cells().clamp(None))

    def clear(self) -> None:
        """An empty field."""
        self.lab.set(drawing=Cells().clamp(None))

    def forget(self) -> None:
        """No images, and an empty field."""
        self.images = []
        self.lab.renew(drawing=Cells().clamp(None))

    def take_images(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Keep files of images, (name, data) each, as images of the class chosen: all of them, or, if one cannot be
        read, none."""
        found = []
        for name, data in files:
            digit = as_digit(ink_of(read_image(name, data, PIXELS)))
            if not digit.any():
                raise InvalidSetting(f"{brief(name)} shows one colour only: choose an image with something on it.")
            found.append(digit)
        self._keep(found)
        self.lab.renew()

    def _keep(self, found: Sequence[NDArray[Any]]) -> None:
        label = CLASSES.index(self.lab.own_class)
        there = sum(each == label for _, each in self.images)
        if there + len(found) > MOST:
            raise InvalidSetting(
                f"{there + len(found)} images of {CLASSES[label]} are too many: "
                f"choose at most {MOST}, of which {there} are there."
            )
        self.images += [(digit, label) for digit in found]


def _likest(p: NDArray[Any]) -> str:
    """The class that a head gives most to, or those, and how much."""
    names = [CLASSES[at] for at in np.flatnonzero(np.isclose(p, p.max(), rtol=0, atol=ALIKE))]
    return f"{' or '.join(names)} with {percent(float(p.max()))}{' each' * (len(names) > 1)}"


def _known(head: Head) -> str:
    counted = head.known[np.isfinite(head.known)]
    return f"{int(counted.sum())} of {len(counted)}"
