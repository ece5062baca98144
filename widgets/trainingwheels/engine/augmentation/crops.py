"""Crops of a fixed size: the ten that ResNet averages in testing, and the random one it trains with.

He et al., 2016; ten crops are those of Krizhevsky et al., 2012. All lengths are whole pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Whole

__all__ = ["CROP", "SHORT_SIDES", "TEST_SCALES", "Crop", "ResNetCrop", "cut", "resized", "resnet_crop", "ten_crops"]

CROP = 224
SHORT_SIDES = 256, 480  # from which training draws L, both included
TEST_SCALES = (224, 256, 384, 480, 640)
"""The short sides, in pixels, at which ResNet tests a picture with ten crops each."""
SIDE = Whole(1, 2**20, "pixels")


class Crop(NamedTuple):
    """A square at row ``top`` and column ``left`` in pixels, mirrored where ``flipped``."""

    top: int
    left: int
    flipped: bool


class ResNetCrop(NamedTuple):
    """Resize so that the short side is ``short`` pixels, then take ``size`` x ``size`` of them at (top, left)."""

    short: int
    top: int
    left: int
    size: int


def ten_crops(height: int, width: int, size: int = CROP) -> tuple[Crop, ...]:
    """Four corners (top left, top right, bottom left, bottom right) and the centre, then the mirrors of the five.

    The centre is rounded down to a whole pixel. Raises :class:`InvalidSetting` for a crop that does not fit.
    """
    _check_fits(height, width, size)
    bottom, right = height - size, width - size
    places = ((0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2))
    return tuple(Crop(top, left, flipped) for flipped in (False, True) for top, left in places)


def cut(images: NDArray[Any], crops: Sequence[Crop], size: int = CROP) -> NDArray[Any]:
    """What the crops show of ``images`` (n, channels, height, width): (crops, n, channels, size, size).

    Raises :class:`InvalidSetting` for a crop that reaches beyond the pictures.
    """
    height, width = images.shape[-2:]
    for crop in crops:
        if not (0 <= crop.top <= height - size and 0 <= crop.left <= width - size):
            raise InvalidSetting(
                f"a crop of {size} x {size} at ({crop.top}, {crop.left}) reaches beyond {height} x {width} pixels: "
                "choose one of ten_crops, or a smaller size."
            )
    windows = [images[..., top : top + size, left : left + size] for top, left, _ in crops]
    return np.stack(
        [window[..., ::-1] if crop.flipped else window for window, crop in zip(windows, crops, strict=True)]
    )


def resnet_crop(height: int, width: int, rng: np.random.Generator) -> ResNetCrop:
    """A random scale and place: L is uniform on 256, ..., 480, the place uniform on all that fit.

    ``height`` and ``width`` are the picture's before it is resized; see :func:`resized`.
    """
    short = int(rng.integers(SHORT_SIDES[0], SHORT_SIDES[1] + 1))
    top, left = (int(rng.integers(0, side - CROP + 1)) for side in resized(height, width, short))
    return ResNetCrop(short, top, left, CROP)


def resized(height: int, width: int, short: int) -> tuple[int, int]:
    """Height and width after resizing to a short side, the other rounded to the nearest pixel.

    Raises :class:`InvalidSetting` for what is no length of a side.
    """
    for name, side in (("height", height), ("width", width), ("short", short)):
        SIDE.check(name, side)
    scale = short / min(height, width)
    return max(short, round(height * scale)), max(short, round(width * scale))


def _check_fits(height: int, width: int, size: int) -> None:
    for name, side in (("height", height), ("width", width), ("size", size)):
        SIDE.check(name, side)
    if size > min(height, width):
        raise InvalidSetting(
            f"a crop of {size} x {size} does not fit a picture of {height} x {width} pixels: "
            f"choose a size from 1 to {min(height, width)}, or resize first."
        )
