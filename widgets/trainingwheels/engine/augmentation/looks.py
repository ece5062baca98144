"""Transforms that leave pixels where they are: colours, blur, noise and holes."""

from __future__ import annotations

import numpy as np

from trainingwheels.engine.augmentation.transform import (
    CUBUK,
    SLIDE,
    Floats,
    Transform,
    Values,
    chance,
    did,
    either_way,
    factor,
    said,
)
from trainingwheels.engine.shares import in_percent

__all__ = ["LOOKS"]


def _solarize(u: Floats, m: float) -> Values:
    return {"threshold": (1 - m * u[:, 0]) * 256 / 255}


def _posterize(u: Floats, m: float) -> Values:
    return {"bits": 8 - np.floor((np.floor(m) + 1) * u[:, 0])}


def _erase(u: Floats, m: float) -> Values:
    aspect = np.exp(either_way(u[:, 1], np.log(3.3)))
    area = m * u[:, 0]
    height, width = np.minimum(np.sqrt(area * aspect), 1), np.minimum(np.sqrt(area / aspect), 1)
    return {"height": height, "width": width, "top": u[:, 2] * (1 - height), "left": u[:, 3] * (1 - width)}


JITTER = "the lecture, colour jitter"
KRIZHEVSKY = "Krizhevsky et al., ImageNet classification, 2012"
LOOKS = (
    Transform(
        "brightness", "brightness", "colour", "", 0.95, 0.4, 1,
        lambda u, m: {"factor": 1 + either_way(u[:, 0], m)},
        said("brightness ×{factor:.2f}"),
        "Multiplies by a factor from 1 - m to 1 + m.",
        r"x' = f x,\ f \sim U(1 - m, 1 + m)", JITTER,
    ),
    Transform(
        "contrast", "contrast", "colour", "", 0.95, 0.4, 1,
        lambda u, m: {"factor": 1 + either_way(u[:, 0], m)},
        said("contrast ×{factor:.2f}"),
        "Moves values away from the picture's mean grey, or towards it, by a factor from 1 - m to 1 + m.",
        r"x' = \bar g + f (x - \bar g)", JITTER,
    ),
    Transform(
        "color", "saturation", "colour", "", 0.95, 0.4, 1,
        lambda u, m: {"factor": 1 + either_way(u[:, 0], m)},
        said("colour ×{factor:.2f}"),
        "Moves colours away from grey, or towards it, by a factor from 1 - m to 1 + m.",
        r"x' = g + f (x - g)", CUBUK, colours=True,
    ),
    Transform(
        "hue", "hue", "colour", "degrees", 180, 20, 1,
        lambda u, m: {"degrees": either_way(u[:, 0], m)},
        said("hue {degrees:+z.0f}°"),
        "Turns the circle of colours by up to this angle.",
        r"h' = h + \varphi,\ \varphi \sim U(-m, m)", "Szegedy et al., 2015", colours=True,
    ),
    Transform(
        "gamma", "gamma", "colour", "", 2, 0.5, 1,
        lambda u, m: {"gamma": factor(u[:, 0], m)},
        said("gamma {gamma:.2f}"),
        "Raises values to a power from 1 / (1 + m) to 1 + m.",
        r"x' = x^\gamma", JITTER,
    ),
    Transform(
        "pca", "PCA colour offset", "colour", "std of alpha", 1, 0.1, 0,
        lambda u, m: {},
        lambda v, shape: f"alpha {v['alpha1']:+z.2f} {v['alpha2']:+z.2f} {v['alpha3']:+z.2f}",
        "Adds one colour to all pixels, along the principal directions of the colours; 0.1 is AlexNet's.",
        r"x' = x + \sum_i \alpha_i \lambda_i p_i,\ \alpha_i \sim N(0, m)", KRIZHEVSKY,
        lambda shape: (3,), colours=True,
    ),
    Transform(
        "grayscale", "grey", "colour", "probability", 1, 0.5, 1,
        chance, did("grey"),
        "Takes the colour away with this probability.",
        r"x' = 0.299 R + 0.587 G + 0.114 B", "Chen et al., SimCLR, 2020", colours=True,
    ),
    Transform(
        "invert", "invert", "colour", "probability", 1, 0.5, 1,
        chance, did("inverted"),
        "Turns light into dark with this probability.",
        r"x' = 1 - x", CUBUK,
    ),
    Transform(
        "solarize", "solarize", "colour", "", 1, 0.5, 1,
        _solarize, lambda v, shape: f"inverted from {255 * v['threshold']:.0f}",
        "Inverts what is brighter than a threshold, at most m below white.",
        r"x' = 1 - x\ \mathrm{where}\ x \geq t", CUBUK,
    ),
    Transform(
        "posterize", "posterize", "colour", "bits", 7, 5, 1,
        _posterize, said("{bits:.0f} bits"),
        "Drops up to this many of the 8 bits of a value.",
        r"x' = \lfloor x / 2^{8-b} \rfloor\, 2^{8-b}", CUBUK,
    ),
    Transform(
        "equalize", "equalize", "colour", "probability", 1, 0.5, 1,
        chance, did("equalized"),
        "Spreads values so that all are equally frequent, with this probability.",
        r"x' = F(x)", CUBUK,
    ),
    Transform(
        "auto_contrast", "auto-contrast", "colour", "probability", 1, 0.5, 1,
        chance, did("stretched"),
        "Stretches each colour from black to white, with this probability.",
        r"x' = (x - \min x) / (\max x - \min x)", CUBUK,
    ),
    Transform(
        "sharpness", "sharpness", "texture", "", 2, 0.9, 1,
        lambda u, m: {"factor": 1 + either_way(u[:, 0], m)},
        said("sharpness ×{factor:.2f}"),
        "Moves away from a blurred copy, or towards it, by a factor from 1 - m to 1 + m.",
        r"x' = s + f (x - s)", CUBUK,
    ),
    Transform(
        "blur", "blur", "texture", "of the side", 0.1, 0.02, 1,
        lambda u, m: {"sigma": m * u[:, 0]},
        lambda v, shape: f"blur {v['sigma'] * min(shape[1:]):.1f} px",
        "Smooths with a Gaussian, whose width is up to this share of the shorter side.",
        r"x' = G_\sigma * x", SLIDE,
    ),
    Transform(
        "noise", "noise", "texture", "", 1, 0.1, 1,
        lambda u, m: {"std": m * u[:, 0]},
        said("noise {std:.2f}"),
        "Adds normal numbers to all values, whose standard deviation is up to m.",
        r"x' = x + \sigma n,\ n \sim N(0, 1)", SLIDE, lambda shape: shape,
    ),
    Transform(
        "salt_pepper", "salt and pepper", "texture", "of the pixels", 1, 0.05, 1,
        lambda u, m: {"share": m * u[:, 0]},
        said("{share:.0f} % salt and pepper", share=100),
        "Makes up to this share of the pixels white or black.",
        r"P(x' = 0) = P(x' = 1) = q / 2", SLIDE, lambda shape: (1, *shape[1:]),
    ),
    Transform(
        "erase", "random erasing", "texture", "of the area", 0.9, 0.3, 4,
        _erase, lambda v, shape: f"{in_percent(v['height'] * v['width'])} erased",
        "Blackens a rectangle of up to this share of the area, of random shape and place.",
        r"x'_{ij} = 0\ \mathrm{inside}", "Zhong et al., 2017",
    ),
)  # fmt: skip
