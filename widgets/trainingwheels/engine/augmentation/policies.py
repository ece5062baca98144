"""Policies that choose transforms for each picture: AutoAugment's, found by search, RandAugment and TrivialAugment.

What a level means is that of the authors' programs, where a picture of CIFAR-10 or SVHN has 32 x 32 pixels; shears,
rotations and shifts go either way with equal chances.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from trainingwheels.engine.settings import InvalidSetting, Table, unknown_name

__all__ = ["LEVELS", "POLICIES", "TOP", "Level", "SubPolicy"]

Step = tuple[str, float, int]  # name, probability, level
SubPolicy = tuple[Step, Step]

TOP = 10  # the highest level


@dataclass(frozen=True)
class Level:
    """What levels 0 to 10 of one operation mean.

    ``value(level)`` is the strength in ``unit`` (None: it has none, and every level does the same); where ``signed``
    its sign is drawn. ``wide`` is TrivialAugment's strength for a share 0..1 of its own, wider range, ``rand`` what
    RandAugment makes of a level, where it differs. ``published`` is the name in the paper.
    """

    name: str
    published: str
    unit: str = ""
    value: Callable[[Any], Any] | None = None
    wide: Callable[[Any], Any] | None = None
    signed: bool = False
    rand: Callable[[Any], Any] | None = None

    def words(self, level: float, size: tuple[int, int]) -> str:
        """The level in degrees, pixels of a picture of ``size`` (height, width), or what else it means."""
        if self.value is None:
            return "no strength"
        value = float(self.value(level))
        either = "±" if self.signed and value else ""
        match self.unit:
            case "degrees":
                return f"{either}{value:g}°"
            case "shear":
                line = "row" if self.name == "shear_x" else "column"
                return f"{either}{value:.2g} pixels a {line}, {either}{np.degrees(np.arctan(value)):.0f}°"
            case "width" | "height":
                pixels = size[self.unit == "width"]
                return f"{either}{value * pixels:.0f} of {pixels} pixels"
            case "threshold":
                return f"inverted from {255 * value:.0f} of 255 on" if value <= 1 else "nothing inverted"
            case "bits":
                return f"{value:.0f} bit{'s' if value != 1 else ''} a colour"
        return f"factor {value:.3g}"


def _whole(level: Any, most: float) -> Any:
    """The authors' ``int_parameter``."""
    return np.floor(np.asarray(level) * most / TOP + 1e-9)


def _shear(level: Any) -> Any:
    return np.asarray(level) * 0.3 / TOP


def _shift(level: Any) -> Any:
    return _whole(level, 10) / 32


def _enhance(level: Any) -> Any:
    return 0.1 + np.asarray(level) * 1.8 / TOP


def _enhance_wide(share: Any) -> Any:
    return 0.99 * np.asarray(share)


def _enhancing(name: str, published: str) -> Level:
    return Level(name, published, "factor", _enhance, _enhance_wide)


LEVELS: Table[Level] = Table(
    "operation",
    (
        Level("shear_x", "ShearX", "shear", _shear, lambda share: 0.99 * share, signed=True),
        Level("shear_y", "ShearY", "shear", _shear, lambda share: 0.99 * share, signed=True),
        Level("translate_x", "TranslateX", "width", _shift, lambda share: share, signed=True),
        Level("translate_y", "TranslateY", "height", _shift, lambda share: share, signed=True),
        Level("rotate", "Rotate", "degrees", lambda level: _whole(level, 30), lambda share: 135 * share, signed=True),
        Level("auto_contrast", "AutoContrast"),
        Level("invert", "Invert"),
        Level("equalize", "Equalize"),
        Level(
            "solarize",
            "Solarize",
            "threshold",
            lambda level: (256 - _whole(level, 256)) / 255,
            lambda share: (256 - np.floor(256 * share)) / 255,
        ),
        Level(
            "posterize",
            "Posterize",
            "bits",
            lambda level: 4 - _whole(level, 4),
            lambda share: 8 - np.round(6 * share),
            rand=lambda level: 8 - np.round(0.4 * level),
        ),
        _enhancing("contrast", "Contrast"),
        _enhancing("color", "Color"),
        _enhancing("brightness", "Brightness"),
        _enhancing("sharpness", "Sharpness"),
    ),
)


class Policies(dict[str, tuple[SubPolicy, ...]]):
    """Policies by name."""

    def __missing__(self, name: str) -> tuple[SubPolicy, ...]:
        raise InvalidSetting(unknown_name("policy", name, self))


def _policy(*lines: str) -> tuple[SubPolicy, ...]:
    """Sub-policies from lines as the paper prints them: "Invert 0.1 7, Contrast 0.2 6"."""
    names = {level.published: level.name for level in LEVELS.values()}

    def step(text: str) -> Step:
        published, probability, level = text.split()
        return names[published], float(probability), int(level)

    pairs = [tuple(map(step, line.split(","))) for line in lines]
    return tuple((first, second) for first, second in pairs)


POLICIES = Policies(
    # The lecture's slide: five of those found for SVHN.
    lecture=_policy(
        "ShearX 0.9 7, Invert 0.2 3",
        "ShearY 0.7 6, Solarize 0.4 8",
        "ShearX 0.9 4, AutoContrast 0.8 3",
        "Invert 0.9 3, Equalize 0.6 3",
        "ShearY 0.8 5, AutoContrast 0.7 3",
    ),
    # Cubuk et al., 2019, table 7 of the appendix.
    cifar10=_policy(
        "Invert 0.1 7, Contrast 0.2 6",
        "Rotate 0.7 2, TranslateX 0.3 9",
        "Sharpness 0.8 1, Sharpness 0.9 3",
        "ShearY 0.5 8, TranslateY 0.7 9",
        "AutoContrast 0.5 8, Equalize 0.9 2",
        "ShearY 0.2 7, Posterize 0.3 7",
        "Color 0.4 3, Brightness 0.6 7",
        "Sharpness 0.3 9, Brightness 0.7 9",
        "Equalize 0.6 5, Equalize 0.5 1",
        "Contrast 0.6 7, Sharpness 0.6 5",
        "Color 0.7 7, TranslateX 0.5 8",
        "Equalize 0.3 7, AutoContrast 0.4 8",
        "TranslateY 0.4 3, Sharpness 0.2 6",
        "Brightness 0.9 6, Color 0.2 8",
        "Solarize 0.5 2, Invert 0.0 3",
        "Equalize 0.2 0, AutoContrast 0.6 0",
        "Equalize 0.2 8, Equalize 0.6 4",
        "Color 0.9 9, Equalize 0.6 6",
        "AutoContrast 0.8 4, Solarize 0.2 8",
        "Brightness 0.1 3, Color 0.7 0",
        "Solarize 0.4 5, AutoContrast 0.9 3",
        "TranslateY 0.9 9, TranslateY 0.7 9",
        "AutoContrast 0.9 2, Solarize 0.8 3",
        "Equalize 0.8 8, Invert 0.1 3",
        "TranslateY 0.7 9, AutoContrast 0.9 1",
    ),
    # The same, for SVHN.
    svhn=_policy(
        "ShearX 0.9 4, Invert 0.2 3",
        "ShearY 0.9 8, Invert 0.7 5",
        "Equalize 0.6 5, Solarize 0.6 6",
        "Invert 0.9 3, Equalize 0.6 3",
        "Equalize 0.6 1, Rotate 0.9 3",
        "ShearX 0.9 4, AutoContrast 0.8 3",
        "ShearY 0.9 8, Invert 0.4 5",
        "ShearY 0.9 5, Solarize 0.2 6",
        "Invert 0.9 6, AutoContrast 0.8 1",
        "Equalize 0.6 3, Rotate 0.9 3",
        "ShearX 0.9 4, Solarize 0.3 3",
        "ShearY 0.8 8, Invert 0.7 4",
        "Equalize 0.9 5, TranslateY 0.6 6",
        "Invert 0.9 4, Equalize 0.6 7",
        "Contrast 0.3 3, Rotate 0.8 4",
        "Invert 0.8 5, TranslateY 0.0 2",
        "ShearY 0.7 6, Solarize 0.4 8",
        "Invert 0.6 4, Rotate 0.8 4",
        "ShearY 0.3 7, TranslateX 0.9 3",
        "ShearX 0.1 6, Invert 0.6 5",
        "Solarize 0.7 2, TranslateY 0.6 7",
        "ShearY 0.8 4, Invert 0.8 8",
        "ShearX 0.7 9, TranslateY 0.8 3",
        "ShearY 0.8 5, AutoContrast 0.7 3",
        "ShearX 0.7 2, Invert 0.1 5",
    ),
)
