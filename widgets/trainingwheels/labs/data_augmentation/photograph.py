"""The photograph that most views look at: a bundled one, or the learner's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data.own_files import read_picture
from trainingwheels.engine.data.photographs import PHOTOGRAPHS
from trainingwheels.engine.settings import Option, Table
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.base.view import View

__all__ = ["OWN", "Drawn", "OfPhotograph", "bundled", "middle_square"]

Pixels = NDArray[np.uint8]
OWN = "own"
PICTURED: Table[Any] = Table("photograph", (*PHOTOGRAPHS.values(), Option(OWN, "my own")))
LONGEST = 1024  # pixels along the longer side of a photograph that is brought


class OfPhotograph(View):
    """A view that shows one photograph, with a button for a file of the learner's."""

    lab: Any

    photograph = Choice(PICTURED, "cat", help="which one; a file of your own is opened above the picture")

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
        self.lab.renew(show=self.name, photograph=OWN)


class Drawn:
    """Of views in which something is drawn at random."""

    draw = WholeSlider(0, 99, 0, most=2**31 - 1, help="the seed: the same number draws the same again")


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
