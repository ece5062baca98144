"""A box of an image goes black, cutout (DeVries and Taylor, 2017), or shows another one, CutMix (Yun et al., 2019)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.regularizers.mixup import beta_quantile, blend, check_mixable
from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["Box", "Cut", "CutMixed", "cutmix", "cutout", "drawn_box", "paste"]

Floats = NDArray[np.float64]


class Box(NamedTuple):
    """Rows from ``top`` to before ``bottom``, columns from ``left`` to before ``right``, in pixels."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> int:
        return (self.bottom - self.top) * (self.right - self.left)


class Cut(NamedTuple):
    """Images with a hole each, and where it is."""

    images: Floats
    boxes: list[Box]


class CutMixed(NamedTuple):
    """Images in whose ``box`` another one shows, image ``partner[i]`` in image i; ``share`` is what is left visible."""

    images: Floats
    y: Floats
    share: float
    box: Box
    partner: NDArray[np.int64]


def box_around(row: int, column: int, sides: tuple[int, int], shape: tuple[int, int]) -> Box:
    """A box of ``sides`` pixels around a pixel, clipped at the border; an even side reaches further up and left."""
    bounds = []
    for centre, side, size in zip((row, column), sides, shape, strict=True):
        start = centre - side // 2
        bounds += [min(max(start, 0), size), min(max(start + side, 0), size)]
    return Box(*bounds)


def cutout(images: ArrayLike, side: int, rng: np.random.Generator) -> Cut:
    """``images`` (batch, channels, height, width) with a square of ``side`` pixels set to 0 in each.

    Its centre is any pixel, so that near a border less is cut, as in the paper. Of equal ``rng``, a larger square
    covers the smaller one. At test time images are whole. Raises :class:`InvalidSetting` for a side that is not from 1
    to the image's own.
    """
    whole = np.array(images, float)
    shape = _size("cutout", whole)
    if not 1 <= side <= min(shape):
        raise InvalidSetting(
            f"side = {brief(side)} does not fit the image: choose a whole number from 1 to {min(shape)}."
        )
    boxes = []
    for image in whole:
        row, column = (rng.random(2) * shape).astype(int)
        box = box_around(row, column, (side, side), shape)
        image[:, box.top : box.bottom, box.left : box.right] = 0
        boxes.append(box)
    return Cut(whole, boxes)


def cutmix(images: ArrayLike, y: ArrayLike, alpha: float, rng: np.random.Generator) -> CutMixed:
    """``images`` (batch, channels, height, width) in which one box shows a shuffled self, and labels (batch, classes).

    The box has 1 - lambda of the area, lambda from Beta(alpha, alpha), its sides rounded down, around any pixel; the
    labels mix by the area that is visible after it is clipped at the border. At test time images are left alone.
    Raises :class:`InvalidSetting` for an alpha that is not above 0, or for labels of a single class.
    """
    whole, labels = np.asarray(images, float), np.asarray(y, float)
    height, width = shape = _size("cutmix", whole)
    check_mixable("cutmix", alpha, labels)
    box = drawn_box(shape, alpha, rng)
    partner = rng.permutation(len(whole))
    share = 1 - box.area / (height * width)
    return CutMixed(paste(whole, whole[partner], box), blend(labels, labels[partner], share), share, box, partner)


def drawn_box(shape: tuple[int, int], alpha: float, rng: np.random.Generator) -> Box:
    """CutMix's box in an image of this height and width."""
    height, width = shape
    side = np.sqrt(1 - beta_quantile(rng.random(), alpha))
    row, column = (rng.random(2) * shape).astype(int)
    return box_around(row, column, (int(height * side), int(width * side)), shape)


def paste(images: ArrayLike, others: ArrayLike, box: Box) -> Floats:
    """The images (..., height, width), the box in each showing the other one."""
    mixed = np.array(images, float)
    inside = (..., slice(box.top, box.bottom), slice(box.left, box.right))
    mixed[inside] = np.asarray(others)[inside]
    return mixed


def _size(method: str, images: Floats) -> tuple[int, int]:
    """Height and width."""
    if images.ndim != 4:
        raise InvalidSetting(
            f"{method} of an array of shape {images.shape} finds no images: "
            "choose an array (batch, channels, height, width)."
        )
    return images.shape[2], images.shape[3]
