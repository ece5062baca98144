"""What can happen to a picture before a net sees it: each transform by name, with what it draws for each picture.

Randomness first, arithmetic after: ``draw`` turns uniform numbers into the parameters of each picture, NumPy arrays
that can be read and labelled; ``operations`` applies them to tensors. At magnitude 0 a transform leaves every picture
as it is (RandAugment and TrivialAugment excepted, which still equalize).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.augmentation import policies
from trainingwheels.engine.augmentation.policies import LEVELS, POSITIONS
from trainingwheels.engine.settings import Real, Table

__all__ = ["KINDS", "TRANSFORMS", "Transform", "Values"]

Floats = NDArray[np.float64]
Values = dict[str, NDArray[Any]]
Shape = tuple[int, ...]  # (channels, height, width)

KINDS = {"geometry": "geometry", "colour": "colour", "texture": "blur, noise and holes", "policy": "automatic"}


@dataclass(frozen=True)
class Transform:
    """One transform of pictures (n, channels, height, width) with values from 0 to 1.

    Parameters
    ----------
    name, label : str
        In settings, and in a drop-down.
    kind : str
        One of ``KINDS``.
    unit : str
        Of the magnitude; "" is a plain number.
    high : float
        The largest magnitude; the smallest is 0.
    default : float
        A magnitude at which one sees what it does.
    numbers : int
        Uniform numbers that a picture needs, besides its ``field``.
    draw : callable
        ``draw(u, magnitude)`` makes of u, (n, numbers) on [0, 1), what each picture gets: arrays (n,) by name.
    say : callable
        ``say(values, shape)`` puts one picture's parameters, numbers by name, into a few words.
    about, formula, source : str
        What it does, the same in LaTeX, and the paper or the slide.
    field : callable, optional
        ``field(shape)`` is the shape of further standard normal numbers that a picture needs, as of its noise.
    """

    name: str
    label: str
    kind: str
    unit: str
    high: float
    default: float
    numbers: int
    draw: Callable[[Floats, float], Values]
    say: Callable[[dict[str, Any], Shape], str]
    about: str
    formula: str
    source: str
    field: Callable[[Shape], Shape] | None = None

    @property
    def domain(self) -> Real:
        """What its magnitude may be."""
        return Real(0, self.high, self.unit)

    def check(self, magnitude: Any) -> float:
        """The magnitude as a number. Raises :class:`InvalidSetting` for one that is out of range."""
        return self.domain.check(f"magnitude of {self.name}", magnitude)


def _either(u: Floats, most: float) -> Floats:
    """Uniform from -most to most."""
    return most * (2 * u - 1)


def _factor(u: Floats, most: float) -> Floats:
    """From 1 / (1 + most) to 1 + most; larger and smaller have equal chances."""
    return np.asarray((1 + most) ** (2 * u - 1))


def _chance(u: Floats, m: float) -> Values:
    return {"applied": u[:, 0] < m}


def _solarize(u: Floats, m: float) -> Values:
    return {"threshold": (1 - m * u[:, 0]) * 256 / 255}


def _posterize(u: Floats, m: float) -> Values:
    return {"bits": 8 - np.floor((m + 1) * u[:, 0]).clip(0, m)}


def _erase(u: Floats, m: float) -> Values:
    aspect = np.exp(_either(u[:, 1], np.log(3.3)))
    area = m * u[:, 0]
    height, width = np.minimum(np.sqrt(area * aspect), 1), np.minimum(np.sqrt(area / aspect), 1)
    return {"height": height, "width": width, "top": u[:, 2] * (1 - height), "left": u[:, 3] * (1 - width)}


def _did(word: str) -> Callable[[dict[str, Any], Shape], str]:
    return lambda v, shape: word if v["applied"] else f"not {word}"


def _said(words: str, **scale: float) -> Callable[[dict[str, Any], Shape], str]:
    """The words with the parameters filled in, each times its ``scale``."""
    return lambda v, shape: words.format(**{name: scale.get(name, 1) * value for name, value in v.items()})


def _say_shift(v: dict[str, Any], shape: Shape) -> str:
    _, height, width = shape
    parts = [f"{'→' if v['right'] >= 0 else '←'} {abs(v['right']) * width:.1f}"] if "right" in v else []
    parts += [f"{'↓' if v['down'] >= 0 else '↑'} {abs(v['down']) * height:.1f}"] if "down" in v else []
    return " ".join(parts) + " px"


def _say_policy(v: dict[str, Any], shape: Shape) -> str:
    parts = []
    for position in POSITIONS:
        if name := str(v.get(position, "")):
            level = LEVELS[name]
            parts.append(f"{level.published}{_say_value(level.unit, float(v[f'{position}_value']), shape)}")
    words = ", ".join(parts) or "nothing"
    return f"no. {v['subpolicy']}: {words}" if v.get("subpolicy") else words


def _say_value(unit: str, value: float, shape: Shape) -> str:
    match unit:
        case "":
            return ""
        case "degrees":
            return f" {value:+.0f}°"
        case "width":
            return f" {value * shape[2]:+.0f} px"
        case "height":
            return f" {value * shape[1]:+.0f} px"
        case "threshold":
            return f" ≥ {255 * value:.0f}"
        case "bits":
            return f" {value:.0f} bit"
        case "shear":
            return f" {value:+.2f}"
    return f" ×{value:.2f}"


def _smooth_field(shape: Shape) -> Shape:
    return (2, *shape[1:])


CUBUK = "Cubuk et al., AutoAugment, 2019"
SLIDE = "the lecture, get creative"
JITTER = "the lecture, colour jitter"
KRIZHEVSKY = "Krizhevsky et al., ImageNet classification, 2012"

TRANSFORMS: Table[Transform] = Table(
    "transform",
    (
        Transform(
            "flip", "horizontal flip", "geometry", "probability", 1, 0.5, 1,
            _chance, _did("mirrored"),
            "Mirrors left and right with this probability.",
            r"x'_{ij} = x_{i, W-1-j}", "the lecture, horizontal flips",
        ),
        Transform(
            "flip_vertical", "vertical flip", "geometry", "probability", 1, 0.5, 1,
            _chance, _did("upside down"),
            "Mirrors top and bottom with this probability.",
            r"x'_{ij} = x_{H-1-i, j}", SLIDE,
        ),
        Transform(
            "crop", "random crop and scale", "geometry", "of the side", 0.9, 0.3, 3,
            lambda u, m: {"side": 1 - m * u[:, 0], "left": u[:, 1], "top": u[:, 2]},
            _said("crop {side:.0f} %", side=100),
            "Takes a window whose side is at most this share smaller, anywhere, and brings it back to full size.",
            r"s \sim U(1 - m, 1)", "the lecture, random crops and scales; He et al., 2016",
        ),
        Transform(
            "translate", "translation", "geometry", "of the side", 1, 0.1, 2,
            lambda u, m: {"right": _either(u[:, 0], m), "down": _either(u[:, 1], m)},
            _say_shift,
            "Shifts by up to this share of the width and of the height; what comes in is black.",
            r"(x, y) \mapsto (x + t_x W, y + t_y H),\ t \sim U(-m, m)", SLIDE,
        ),
        Transform(
            "translate_x", "translation sideways", "geometry", "of the width", 1, 0.2, 1,
            lambda u, m: {"right": _either(u[:, 0], m)},
            _say_shift,
            "Shifts sideways by up to this share of the width; what comes in is black.",
            r"x \mapsto x + t W,\ t \sim U(-m, m)", CUBUK,
        ),
        Transform(
            "translate_y", "translation up and down", "geometry", "of the height", 1, 0.2, 1,
            lambda u, m: {"down": _either(u[:, 0], m)},
            _say_shift,
            "Shifts up or down by up to this share of the height; what comes in is black.",
            r"y \mapsto y + t H,\ t \sim U(-m, m)", CUBUK,
        ),
        Transform(
            "rotate", "rotation", "geometry", "degrees", 180, 15, 1,
            lambda u, m: {"degrees": _either(u[:, 0], m)},
            _said("{degrees:+.0f}°"),
            "Turns about the centre by up to this angle, either way.",
            r"R(\varphi),\ \varphi \sim U(-m, m)", SLIDE,
        ),
        Transform(
            "zoom", "scale", "geometry", "larger", 1, 0.25, 1,
            lambda u, m: {"factor": _factor(u[:, 0], m)},
            _said("×{factor:.2f}"),
            "Makes larger or smaller about the centre, by a factor of up to 1 + m.",
            r"(x, y) \mapsto s (x, y),\ \ln s \sim U(-\ln(1+m), \ln(1+m))", "the lecture, random crops and scales",
        ),
        Transform(
            "stretch", "stretching", "geometry", "wider", 1, 0.25, 1,
            lambda u, m: {"factor": _factor(u[:, 0], m)},
            _said("width ×{factor:.2f}"),
            "Makes wider and lower, or narrower and higher, by a factor of up to 1 + m.",
            r"(x, y) \mapsto (s x, y / s)", SLIDE,
        ),
        Transform(
            "shear_x", "shear sideways", "geometry", "pixels a row", 1, 0.3, 1,
            lambda u, m: {"shear": _either(u[:, 0], m)},
            _said("shear {shear:+.2f}"),
            "Moves each row sideways by up to m times how far it lies from the middle.",
            r"x \mapsto x + s y,\ s \sim U(-m, m)", SLIDE,
        ),
        Transform(
            "shear_y", "shear up and down", "geometry", "pixels a column", 1, 0.3, 1,
            lambda u, m: {"shear": _either(u[:, 0], m)},
            _said("shear {shear:+.2f}"),
            "Moves each column up or down by up to m times how far it lies from the middle.",
            r"y \mapsto y + s x,\ s \sim U(-m, m)", SLIDE,
        ),
        Transform(
            "perspective", "perspective", "geometry", "of half the side", 0.9, 0.4, 8,
            lambda u, m: {f"{axis}{i}": m * u[:, 2 * i + k] for i in range(4) for k, axis in enumerate("xy")},
            lambda v, shape: f"corners in by {100 * np.mean([*v.values()]) / 2:.0f} %",
            "Moves each corner inwards by up to this share of half the side.",
            r"(x, y, 1)^T \mapsto H (x, y, 1)^T", SLIDE,
        ),
        Transform(
            "lens", "lens distortion", "geometry", "", 0.5, 0.3, 1,
            lambda u, m: {"k": _either(u[:, 0], m)},
            lambda v, shape: f"{'barrel' if v['k'] > 0 else 'cushion'} {abs(v['k']):.2f}",
            "Bends straight lines as a lens does: outwards like a barrel, or inwards like a cushion.",
            r"r = r' (1 + k r'^2) / (1 + k),\ k \sim U(-m, m)", SLIDE,
        ),
        Transform(
            "elastic", "elastic", "geometry", "of the side", 0.1, 0.03, 1,
            lambda u, m: {"strength": m * u[:, 0]},
            _said("elastic {strength:.1f} %", strength=100),
            "Moves each pixel by a smooth random field, whose spread is up to this share of the side.",
            r"x' = x + \sigma\, G * n", "Simard et al., 2003", _smooth_field,
        ),
        Transform(
            "brightness", "brightness", "colour", "", 0.95, 0.4, 1,
            lambda u, m: {"factor": 1 + _either(u[:, 0], m)},
            _said("brightness ×{factor:.2f}"),
            "Multiplies by a factor from 1 - m to 1 + m.",
            r"x' = f x,\ f \sim U(1 - m, 1 + m)", JITTER,
        ),
        Transform(
            "contrast", "contrast", "colour", "", 0.95, 0.4, 1,
            lambda u, m: {"factor": 1 + _either(u[:, 0], m)},
            _said("contrast ×{factor:.2f}"),
            "Moves values away from the picture's mean grey, or towards it, by a factor from 1 - m to 1 + m.",
            r"x' = \bar g + f (x - \bar g)", JITTER,
        ),
        Transform(
            "color", "saturation", "colour", "", 0.95, 0.4, 1,
            lambda u, m: {"factor": 1 + _either(u[:, 0], m)},
            _said("colour ×{factor:.2f}"),
            "Moves colours away from grey, or towards it, by a factor from 1 - m to 1 + m.",
            r"x' = g + f (x - g)", CUBUK,
        ),
        Transform(
            "hue", "hue", "colour", "degrees", 180, 20, 1,
            lambda u, m: {"degrees": _either(u[:, 0], m)},
            _said("hue {degrees:+.0f}°"),
            "Turns the circle of colours by up to this angle.",
            r"h' = h + \varphi,\ \varphi \sim U(-m, m)", "Szegedy et al., 2015",
        ),
        Transform(
            "gamma", "gamma", "colour", "", 2, 0.5, 1,
            lambda u, m: {"gamma": _factor(u[:, 0], m)},
            _said("gamma {gamma:.2f}"),
            "Raises values to a power from 1 / (1 + m) to 1 + m.",
            r"x' = x^\gamma", JITTER,
        ),
        Transform(
            "pca", "PCA colour offset", "colour", "std of alpha", 1, 0.1, 0,
            lambda u, m: {},
            lambda v, shape: f"alpha {v['alpha1']:+.2f} {v['alpha2']:+.2f} {v['alpha3']:+.2f}",
            "Adds one colour to all pixels, along the principal directions of the colours; 0.1 is AlexNet's.",
            r"x' = x + \sum_i \alpha_i \lambda_i p_i,\ \alpha_i \sim N(0, m)", KRIZHEVSKY, lambda shape: (3,),
        ),
        Transform(
            "grayscale", "grey", "colour", "probability", 1, 0.5, 1,
            _chance, _did("grey"),
            "Takes the colour away with this probability.",
            r"x' = 0.299 R + 0.587 G + 0.114 B", "Chen et al., SimCLR, 2020",
        ),
        Transform(
            "invert", "invert", "colour", "probability", 1, 0.5, 1,
            _chance, _did("inverted"),
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
            _posterize, _said("{bits:.0f} bits"),
            "Drops up to this many of the 8 bits of a value.",
            r"x' = \lfloor x / 2^{8-b} \rfloor\, 2^{8-b}", CUBUK,
        ),
        Transform(
            "equalize", "equalize", "colour", "probability", 1, 0.5, 1,
            _chance, _did("equalized"),
            "Spreads values so that all are equally frequent, with this probability.",
            r"x' = F(x)", CUBUK,
        ),
        Transform(
            "auto_contrast", "auto-contrast", "colour", "probability", 1, 0.5, 1,
            _chance, _did("stretched"),
            "Stretches each colour from black to white, with this probability.",
            r"x' = (x - \min x) / (\max x - \min x)", CUBUK,
        ),
        Transform(
            "sharpness", "sharpness", "texture", "", 2, 0.9, 1,
            lambda u, m: {"factor": 1 + _either(u[:, 0], m)},
            _said("sharpness ×{factor:.2f}"),
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
            _said("noise {std:.2f}"),
            "Adds normal numbers to all values, whose standard deviation is up to m.",
            r"x' = x + \sigma n,\ n \sim N(0, 1)", SLIDE, lambda shape: shape,
        ),
        Transform(
            "salt_pepper", "salt and pepper", "texture", "of the pixels", 1, 0.05, 1,
            lambda u, m: {"share": m * u[:, 0]},
            _said("{share:.0f} % salt and pepper", share=100),
            "Makes up to this share of the pixels white or black.",
            r"P(x' = 0) = P(x' = 1) = q / 2", SLIDE, lambda shape: (1, *shape[1:]),
        ),
        Transform(
            "erase", "random erasing", "texture", "of the area", 0.9, 0.3, 4,
            _erase, lambda v, shape: f"{100 * v['height'] * v['width']:.0f} % erased",
            "Blackens a rectangle of up to this share of the area, of random shape and place.",
            r"x'_{ij} = 0\ \mathrm{inside}", "Zhong et al., 2017",
        ),
        *(
            Transform(
                f"auto_{policy}", f"AutoAugment, {label}", "policy", "probability", 1, 1, 6,
                partial(policies.auto_augment, policy), _say_policy,
                f"One of {len(policies.POLICIES[policy])} sub-policies for each picture, with this probability.",
                r"\mathrm{name}, p, \mathrm{level}", source,
            )
            for policy, label, source in (
                ("lecture", "the slide's five", "the lecture, automatic data augmentation; Cubuk et al., 2019"),
                ("cifar10", "CIFAR-10", CUBUK),
                ("svhn", "SVHN", CUBUK),
            )
        ),
        Transform(
            "rand_augment", "RandAugment", "policy", "level", 10, 5, 4,
            policies.rand_augment, _say_policy,
            "Two of fourteen operations for each picture, with equal chances, at this level.",
            r"N = 2,\ M = m", "Cubuk et al., RandAugment, 2020",
        ),
        Transform(
            "trivial_augment", "TrivialAugment", "policy", "of the range", 1, 1, 3,
            policies.trivial_augment, _say_policy,
            "One of fourteen operations for each picture, its strength anywhere in a wide range.",
            r"N = 1,\ M \sim U(0, m)", "Müller and Hutter, 2021",
        ),
    ),
)  # fmt: skip
