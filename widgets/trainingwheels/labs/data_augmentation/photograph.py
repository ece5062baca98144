"""The photograph that most views look at: a bundled one, or the learner's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainingwheels.engine import DATASETS, InvalidSetting, load_dataset
from trainingwheels.engine.data.own_files import read_picture
from trainingwheels.engine.data.photographs import PHOTOGRAPHS
from trainingwheels.engine.settings import Option, Table
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.base.view import View

__all__ = [
    "IMAGED",
    "OWN",
    "PHOTOGRAPH",
    "Drawn",
    "OfPhotograph",
    "OfPicture",
    "as_pixels",
    "bundled",
    "example_of",
    "middle_square",
    "squared",
]

Pixels = NDArray[np.uint8]
OWN = "own"
PICTURED: Table[Any] = Table("photograph", (*PHOTOGRAPHS.values(), Option(OWN, "my own")))
SIDE = 224  # pixels along a side of a photograph, as nets are given it
EXAMPLES = 100  # of a data set, to choose from
PHOTOGRAPH = "photograph"
IMAGED = [dataset for dataset in DATASETS.values() if len(dataset.shape) == 3]
WHAT: Table[Any] = Table("what", (Option(PHOTOGRAPH, "a photograph"), *IMAGED))
PICTURES = ("transforms", "automatic")  # views of any picture, not of photographs alone
LONGEST = 1024  # pixels along the longer side of a photograph that is brought


def _is_seen(settings: Mapping[str, Any]) -> bool:
    """Whether a photograph is looked at: some views can look at an example of a data set instead."""
    return settings["show"] not in PICTURES or settings["what"] == PHOTOGRAPH


def _is_random(settings: Mapping[str, Any]) -> bool:
    """Whether anything is drawn: of crops, a test has a fixed set."""
    return not (settings["show"] == "crops" and settings["rule"] == "test")


class OfPhotograph(View):
    """A view that shows one photograph, with a button for a file of the learner's."""

    lab: Any

    photograph = Choice(
        PICTURED, "cat", section="picture", when=_is_seen, hides=True,
        help="which one; a file of your own is opened above the picture",
    )  # fmt: skip

    def pixels(self, s: Any) -> Pixels:
        """The photograph that ``s`` asks for, (height, width, 3)."""
        if s.photograph != OWN:
            return bundled(s.photograph)
        if self.lab.own is None:
            raise InvalidSetting("photograph = own needs a file: open one above the picture, or choose another.")
        own: Pixels = self.lab.own[1]
        return own

    def called(self, s: Any) -> str:
        """What the photograph is called."""
        return str(self.lab.own[0] if s.photograph == OWN and self.lab.own else PHOTOGRAPHS[s.photograph].label)

    def opener(self) -> Upload:
        """The button for a file."""
        take, what = self.lab._guarded(self.take_photograph), "A JPEG, PNG, WebP or GIF file"
        self.upload = Upload("Open a photo", "image/jpeg,image/png,image/webp,image/gif", take, tooltip=what)
        return self.upload

    def above(self) -> Sequence[Any]:
        return [self.opener()]

    def take_photograph(self, name: str, content: bytes) -> None:
        """Show a photograph of the learner's own, in every view that shows one."""
        self.lab.own = name.rpartition(".")[0] or name, read_picture(name, content, LONGEST)
        self.lab.renew(show=self.name, photograph=OWN, what=PHOTOGRAPH)


class OfPicture(OfPhotograph):
    """A view that shows one picture as nets are given it: a photograph, or an example of a data set."""

    what = Choice(
        WHAT, PHOTOGRAPH, label="picture", section="picture", help="a photograph, or an example of a data set"
    )
    example = WholeSlider(
        1, EXAMPLES, 1, section="picture", when=lambda s: s["what"] != PHOTOGRAPH, hides=True,
        help="which of the set's examples",
    )  # fmt: skip

    def original(self, s: Any) -> tuple[Pixels, str]:
        """The picture, (height, width, 3), and what it is called."""
        if s.what == PHOTOGRAPH:
            return squared(self.pixels(s)), self.called(s)
        return example_of(s.what, min(s.example, len(load_dataset(s.what).y_val)) - 1)

    def batch(self, s: Any, original: Pixels, count: int) -> Any:
        """The picture ``count`` times, as a tensor with as many channels as it has."""
        import torch

        channels = 3 if s.what == PHOTOGRAPH else DATASETS[s.what].channels
        image = np.moveaxis(original, -1, 0)[:channels] / np.float32(255)
        return torch.from_numpy(np.ascontiguousarray(image)).expand(count, -1, -1, -1)

    def scripted(self, s: Any) -> tuple[str, int]:
        """What a script calls the picture: a photograph or a data set, and the place of its example."""
        return (s.photograph, 0) if s.what == PHOTOGRAPH else (s.what, s.example - 1)


class Drawn:
    """Of views in which something is drawn at random."""

    draw = WholeSlider(0, 99, 0, most=2**31 - 1, when=_is_random, help="the seed: the same number draws the same again")


def squared(pixels: Pixels) -> Pixels:
    """A photograph as nets are given it: its middle, (SIDE, SIDE, 3)."""
    square = Image.fromarray(middle_square(pixels))
    return np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def example_of(dataset: str, place: int) -> tuple[Pixels, str]:
    """A validation example of a set, (height, width, 3), and its class."""
    data = load_dataset(dataset)
    return as_pixels(data.X_val[place].reshape(data.dataset.shape)), f"class {data.y_val[place]}"


def as_pixels(image: Any) -> Pixels:
    """(channels, height, width) from 0 to 1 as (height, width, 3)."""
    colours = np.moveaxis(np.asarray(image), 0, -1)
    return np.asarray(np.rint(255 * np.broadcast_to(colours, (*colours.shape[:2], 3))), np.uint8)


@lru_cache(maxsize=8)
def bundled(name: str) -> Pixels:
    """A photograph of the package ``name``, (height, width, 3)."""
    photograph = PHOTOGRAPHS[name]
    if find_spec(photograph.needs) is None:
        raise InvalidSetting(
            f"photograph = {name} needs a package: install it with pip install 'trainingwheels[train]'."
        )
    return photograph.load()


def middle_square(pixels: Pixels) -> Pixels:
    """The largest square in the middle."""
    height, width = pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    return pixels[top : top + short, left : left + short]
