"""The colours of a set of pictures: the principal directions of its RGB values, and offsets along them.

After Krizhevsky et al., 2012: sum of alpha_i lambda_i p_i, alpha_i from N(0, 0.1), is added to all pixels of a picture.
lambda_i is a variance, so the formula is for values from 0 to 1: with values to 255 it would be 255 times as much.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import InvalidSetting

__all__ = ["IMAGENET", "ColourComponents", "colour_components", "colour_offset"]

Floats = NDArray[np.float64]


AT_ONCE = 256  # pictures: all of CIFAR-10 as float64 would be more than a gigabyte


class ColourComponents(NamedTuple):
    """``eigenvalues`` (3,), the largest first, in squared units of 0..1, and ``eigenvectors`` (3, 3), one (R, G, B) a
    row."""

    eigenvalues: Floats
    eigenvectors: Floats


IMAGENET = ColourComponents(
    np.array([0.2175, 0.0188, 0.0045]),
    np.array([[0.5675, 0.5808, 0.5836], [0.7192, -0.0045, -0.6948], [0.4009, -0.8140, 0.4203]]),
)
"""Those of ImageNet's training set, as many programs quote them: fb.resnet.torch, 2016; a sign means nothing."""


def colour_components(images: ArrayLike) -> ColourComponents:
    """The principal components of all pixels of ``images`` (n, height, width, 3), R, G, B with values from 0 to 1.

    Each direction's largest entry is positive. Raises :class:`InvalidSetting` for another shape, no pixel, or values
    outside 0..1.
    """
    pixels = np.asarray(images)
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or not pixels.size:
        raise InvalidSetting(
            f"images of shape {pixels.shape} have no colours: choose an array (n, height, width, 3), channels last."
        )
    if not (pixels.min() >= 0 and pixels.max() <= 1):
        raise InvalidSetting(
            f"images have values from {pixels.min():g} to {pixels.max():g}: choose 0 to 1, as by dividing by 255."
        )
    total, products, count = np.zeros(3), np.zeros((3, 3)), 0
    for part in np.array_split(pixels, -(-len(pixels) // AT_ONCE)):
        flat = part.reshape(-1, 3).astype(float)
        total, products, count = total + flat.sum(axis=0), products + flat.T @ flat, count + len(flat)
    mean = total / count
    values, columns = np.linalg.eigh(products / count - np.outer(mean, mean))
    columns = columns * np.sign(columns[np.abs(columns).argmax(axis=0), np.arange(3)])  # eigh leaves the signs open
    return ColourComponents(values[::-1].clip(0), columns.T[::-1].copy())


def colour_offset(components: ColourComponents, alpha: ArrayLike) -> Floats:
    """What is added to R, G and B of every pixel, (..., 3) in units of 0..1, for alpha (..., 3)."""
    return (np.asarray(alpha, float) * components.eigenvalues) @ components.eigenvectors
