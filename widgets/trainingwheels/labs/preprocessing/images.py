"""Images and their mean: the mean image (AlexNet), the mean of each channel (VGG); one image may be the learner's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.own_files import read_image
from trainingwheels.engine.data.photographs import IMAGE_SETS, SHOWN, SIDE
from trainingwheels.engine.scripts.preprocessing import means_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import hundredths
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.pictures.image_means import MeansPicture, MeansView

__all__ = ["FLAT", "ImageMeans", "OfExamples"]

SUBTRACT = Table(
    "subtract",
    (Option("nothing", "nothing"), Option("image", "the mean image"), Option("channels", "channel means")),
)
FLAT = 0.25
"""A mean image that varies by less than this share of what its images vary is said to be nearly flat."""


class OfExamples:
    """How many images the statistics come from."""

    examples = WholeSlider(
        1,
        1024,
        512,
        most=100_000,
        unit="examples",
        help="training examples that the statistics come from, as far as there are so many",
    )


class ImageMeans(OfExamples, View):
    """Images, and what is left of them when their mean is subtracted."""

    name = "images"
    label = "images, their mean"
    about = (
        "Images, and what is left of them when a mean is subtracted: the mean image, as AlexNet does, or one number "
        "for each channel, as VGG does."
    )
    picture = MeansPicture

    images = Choice(IMAGE_SETS, "photographs", help="whose mean is taken")
    subtract = Choice(SUBTRACT, "image", help="the row to look at")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._own: tuple[str, NDArray[np.float32]] | None = None

    def compute(self, s: Any) -> MeansView:
        images = IMAGE_SETS[s.images].load()
        train = images.train[: s.examples]
        mean = train.mean(axis=0)
        shown, names = images.shown, list(images.names)
        if self._own is not None and s.images == "photographs":
            name, own = self._own
            shown = np.concatenate([own.transpose(2, 0, 1)[None], shown])[:SHOWN]
            names = [name, *names][:SHOWN]
        row = SUBTRACT.keys().index(s.subtract)
        return MeansView(shown, names, mean, mean.mean(axis=(1, 2)), len(train), IMAGE_SETS[s.images].train, row)

    def explain(self, result: MeansView) -> Sequence[str]:
        mean, channels = result.mean_image, result.channel_mean
        numbers = ", ".join(f"{value:.2f}" for value in channels)
        means = "the means of its 3 channels" if len(channels) == 3 else "its mean over all pixels"
        found = [f"The mean image of {result.examples:,} {result.what} has {mean.size:,} numbers; {means}: {numbers}."]
        if result.examples == 1:
            found.append("Of one image, the mean is that image: minus it, nothing would be left of it.")
        original, minus_image, minus_channels = result.rows()
        spread = float((mean - channels[:, None, None]).std())
        total = float((original - original.mean(axis=(2, 3), keepdims=True)).std())
        verdict = (
            "it is nearly flat, so that the mean of each channel does as well"
            if spread < FLAT * total
            else "it has a shape of its own, which the mean of a channel does not take away"
        )
        return [
            *found,
            f"Within a channel it varies by std {spread:.3f}, the images shown by {total:.2f}: {verdict}.",
            (
                f"The images shown are none of those {result.what}, so their mean, {hundredths(original.mean())}, "
                f"becomes {hundredths(minus_image.mean())} (mean image) and {hundredths(minus_channels.mean())} "
                "(channels), not exactly 0."
            ),
        ]

    def script(self, s: Any) -> str:
        return means_script(s.images, s.examples)

    def above(self) -> Sequence[Upload]:
        take = self.lab._guarded(self.take_image)
        self.upload = Upload("Open an image", ".png,.jpg,.jpeg", take, tooltip="A PNG or JPEG file")
        return [self.upload]

    def take_image(self, name: str, content: bytes) -> None:
        """Show an image, the first of the row, beside the photographs."""
        self._own = name.rpartition(".")[0] or name, read_image(name, content, SIDE)
        self.lab.renew(show="images", images="photographs")
