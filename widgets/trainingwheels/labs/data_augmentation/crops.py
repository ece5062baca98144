"""Random crops and scales: what ResNet's training cuts out of an image, and the fixed set that its test averages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.augmentation import TEST_SCALES, resized, resnet_crop, ten_crops
from trainingwheels.engine.augmentation.crops import CROP, SHORT_SIDES
from trainingwheels.engine.scripts.pictures import crops_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.panels import percent, percents
from trainingwheels.labs.base.parameters import Choice
from trainingwheels.labs.data_augmentation import crop_net
from trainingwheels.labs.data_augmentation.photograph import OWN, Drawn, OfPhotograph
from trainingwheels.labs.data_augmentation.pictures.cells import Cell
from trainingwheels.labs.data_augmentation.pictures.crops import Cropped, CropsPicture, Opinion, Scaled, Spot

__all__ = ["CropsAndScales"]

Pixels = NDArray[np.uint8]
DRAWS = 5
RULES = Table("rule", (Option("training", "training: random"), Option("test", "test: a fixed set")))
SCALES = Table("scale", tuple(Option(f"{scale}", f"short side {scale}") for scale in TEST_SCALES))
CORNERS = ("upper left", "upper right", "lower left", "lower right", "centre")
EXTREME = 4.0  # a photograph longer than this many times its width is not shown at 640 pixels


class CropsAndScales(OfPhotograph, Drawn):
    """Boxes on the photograph, and the patches in them."""

    name = "crops"
    label = "crops and scales"
    about = (
        "ResNet's rule on a photograph: training resizes it so that its short side has a random length and cuts out a "
        "random square; the test averages over a fixed set of crops."
    )
    picture = CropsPicture

    rule = Choice(RULES, "training", help="what training does, or the test")
    scale = Choice(SCALES, "256", when={"rule": "test"}, help="whose ten crops are shown; all five count")

    def compute(self, s: Any) -> Cropped:
        pixels = self.pixels(s)
        height, width = pixels.shape[:2]
        if max(height, width) > EXTREME * min(height, width):
            raise InvalidSetting(
                f"{self.called(s)!r} has {width} x {height} pixels: choose one with sides of at most {EXTREME:g} to 1."
            )
        if s.rule == "training":
            return _training(pixels, s.draw)
        return _test(pixels, int(s.scale), None if s.photograph == OWN else self.called(s))

    def explain(self, result: Cropped) -> Sequence[str]:
        return _of_training(result) if result.chosen is None else _of_test(result)

    def seconds(self, s: Any) -> float | None:
        return 2.0 if s.rule == "test" else None

    def script(self, s: Any) -> str:
        return crops_script(s.photograph, s.draw if s.rule == "training" else None)


def _training(pixels: Pixels, seed: int) -> Cropped:
    """Five draws, each with its scale and its square."""
    (whole_height, whole_width, _), scaled, patches = pixels.shape, [], []
    for place in range(DRAWS):
        short, top, left, _ = resnet_crop(whole_height, whole_width, np.random.default_rng((seed, place)))
        height, width = resized(whole_height, whole_width, short)
        scaled.append(Scaled(short, height, width, [Spot(top, left, place)]))
        share = CROP**2 / (height * width)
        words = (f"L = {short}, {percent(share)} in sight", f"from ({left}, {top})")
        patches.append(Cell(_cut(_scaled(pixels, height, width), top, left), f"draw {place + 1}", words))
    return Cropped(pixels, scaled, patches, range(DRAWS))


def _test(pixels: Pixels, short: int, name: str | None) -> Cropped:
    """The ten crops of one scale, and where those of the others lie."""
    (whole_height, whole_width, _), scaled = pixels.shape, []
    for scale in TEST_SCALES:
        height, width = resized(whole_height, whole_width, scale)
        crops = ten_crops(height, width, CROP)[:DRAWS]
        scaled.append(Scaled(scale, height, width, [Spot(top, left, at) for at, (top, left, _) in enumerate(crops)]))
    height, width = resized(whole_height, whole_width, short)
    large, patches = _scaled(pixels, height, width), []
    for place, (top, left, flipped) in enumerate(ten_crops(height, width, CROP)):
        patch = _cut(large, top, left)
        words = ("mirrored" if flipped else CORNERS[place % DRAWS],)
        patches.append(Cell(patch[:, ::-1] if flipped else patch, "", words))
    chosen = TEST_SCALES.index(short)
    answers = crop_net.ask(crop_net.fixed_crops(pixels))
    opinion = Opinion(answers[chosen], answers[chosen].mean(axis=0), answers.mean(axis=(0, 1)), crop_net.NAMES, name)
    return Cropped(pixels, scaled, patches, [*range(DRAWS)] * 2, chosen, opinion)


def _scaled(pixels: Pixels, height: int, width: int) -> Pixels:
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR))


def _cut(pixels: Pixels, top: int, left: int) -> Pixels:
    return pixels[top : top + CROP, left : left + CROP]


def _of_training(result: Cropped) -> list[str]:
    height, width = result.image.shape[:2]
    shares = [CROP**2 / (each.height * each.width) for each in result.scaled]
    drawn = ", ".join(str(each.short) for each in result.scaled)
    low, high = SHORT_SIDES
    return [
        (
            f"For each draw, the short side of {width} x {height} pixels becomes a random L from {low} to {high} (here "
            f"{drawn}), then a square of {CROP} x {CROP} pixels is cut out anywhere (the boxes)."
        ),
        (
            f"The patches show {percents(min(shares), max(shares))} of the photograph: a small L shows much of it, a "
            "large L a part, larger. The label stays, also where what it names is not in the patch."
        ),
    ]


def _of_test(result: Cropped) -> list[str]:
    assert result.chosen is not None
    chosen = result.scaled[result.chosen]
    different = len({(spot.top, spot.left) for spot in chosen.spots})
    scales = ", ".join(map(str, TEST_SCALES))
    found = [
        (
            f"Nothing is drawn at random: the photograph is resized to {len(TEST_SCALES)} scales ({scales}), at each "
            f"the four corners and the centre are cut out, and their mirror images: {10 * len(TEST_SCALES)} crops."
        ),
        (
            f"In sight are those of L = {chosen.short}, {chosen.width} x {chosen.height} pixels. A crop shows "
            f"{percent(CROP**2 / (chosen.height * chosen.width))} of it."
        ),
    ]
    if different < len(chosen.spots):
        places = f"only {different} of the five places differ" if different > 1 else "all five places are the same"
        found.append(f"Here the short side is as long as a crop: {places}.")
    return [*found, *_of_opinion(result.opinion)] if result.opinion else found


def _of_opinion(opinion: Opinion) -> list[str]:
    place = int(opinion.all.argmax()) if opinion.name is None else opinion.names.index(opinion.name)
    crops, ten, fifty = opinion.probabilities[:, place], opinion.average[place], opinion.all[place]
    alone, tens, right = crop_net.right()
    size = f"{crop_net.SEEN} x {crop_net.SEEN}"
    found = [
        (
            f"The net is a small one of ours: it has learned {crop_net.CROPS} random crops, reduced to {size} pixels, "
            f"of the {len(opinion.names)} bundled photographs, and says which of them a crop is of, nothing else."
        ),
        (
            f"For {opinion.names[place]} single crops in sight give {percents(crops.min(), crops.max())}, "
            f"their average {percent(ten)}, that of all fifty {percent(fifty)}."
        ),
        (
            f"Of all crops of the {len(opinion.names)} photographs it is right about {percent(alone)} alone, about "
            f"{percent(tens)} of the averages of ten, and about {right} of {len(opinion.names)} averages of fifty."
        ),
    ]
    if opinion.name is None:
        found.insert(1, "It has never seen this photograph: it can only say which of those it is most like.")
    return found
