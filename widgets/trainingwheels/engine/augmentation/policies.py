"""Policies that choose transforms for each picture: AutoAugment's, found by search, RandAugment and TrivialAugment.

What a level means is that of the authors' programs, where a picture of CIFAR-10 or SVHN has 32 x 32 pixels; shears,
rotations and shifts go either way with equal chances.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Table, unknown_name

__all__ = ["LEVELS", "POLICIES", "POSITIONS", "Level", "SubPolicy"]

Floats = NDArray[np.float64]
Step = tuple[str, float, int]  # name, probability, level
SubPolicy = tuple[Step, Step]

TOP = 10  # the highest level
POSITIONS = ("first", "second")


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
                return f"{either}{value:.2g} pixels a row, {either}{np.degrees(np.arctan(value)):.0f}°"
            case "width" | "height":
                pixels = size[self.unit == "width"]
                return f"{either}{value * pixels:.0f} of {pixels} pixels"
            case "threshold":
                return f"from {255 * value:.0f} of 255 on" if value <= 1 else "nothing"
            case "bits":
                return f"{value:.0f} bit{'s' if value != 1 else ''} a colour"
        return f"factor {value:.2g}"


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


# What is drawn for each picture: at each position a name ("" is nothing) and its value --------------------------------

Values = dict[str, NDArray[Any]]


def _signed(names: Sequence[str], values: Floats, up: NDArray[np.bool_]) -> Floats:
    signed = np.array([bool(name) and LEVELS[name].signed for name in names])
    return np.where(signed & ~up, -values, values)


def auto_augment(policy: str, u: Floats, share: float) -> Values:
    """One sub-policy for each picture, with the chance ``share``; ``u`` is (n, 6), uniform on [0, 1)."""
    subs = POLICIES[policy]
    chosen = np.minimum((u[:, 0] * len(subs)).astype(int), len(subs) - 1)
    used = u[:, 1] < share
    found: Values = {"subpolicy": np.where(used, chosen + 1, 0)}
    for position, name in enumerate(POSITIONS):
        steps = [subs[sub][position] for sub in chosen]
        acts = used & (u[:, 2 + 2 * position] < [chance for _, chance, _ in steps])
        names = [step[0] if act else "" for step, act in zip(steps, acts, strict=True)]
        values = np.array([_value(step[0], step[2]) for step in steps])
        found[name] = np.array(names, "U16")
        found[f"{name}_value"] = np.where(acts, _signed(names, values, u[:, 3 + 2 * position] < 0.5), 0)
    return found


def _value(name: str, level: float, rand: bool = False) -> float:
    if not name:
        return 0.0
    value = (rand and LEVELS[name].rand) or LEVELS[name].value
    return 1.0 if value is None else float(value(level))


IDENTITY = "identity"
ALL = (IDENTITY, *(name for name in LEVELS if name != "invert"))  # of which RandAugment and TrivialAugment choose


def rand_augment(u: Floats, level: float) -> Values:
    """Two operations for each picture, of equal chances and of this level; ``u`` is (n, 4).

    What makes a picture brighter, sharper or more colourful goes either way from 1: at level 10 by 0.9.
    """
    found: Values = {}
    for position, name in enumerate(POSITIONS):
        names, up = _any(u[:, 2 * position]), u[:, 2 * position + 1] < 0.5
        strengths = {each: _value(each, level, rand=True) for each in set(names)}
        distance = 0.9 * level / TOP
        values = np.array([_either(each, strengths[each], distance, y) for each, y in zip(names, up, strict=True)])
        found[name] = np.array(names, "U16")
        found[f"{name}_value"] = _signed(names, values, up)
    return found


def trivial_augment(u: Floats, share: float) -> Values:
    """One operation for each picture, its strength uniform on ``share`` of a wide range; ``u`` is (n, 3)."""
    names, strength, up = _any(u[:, 0]), share * u[:, 1], u[:, 2] < 0.5
    values = []
    for name, each, y in zip(names, strength, up, strict=True):
        wide = LEVELS[name].wide if name else None
        values.append(_either(name, float(wide(each)) if wide else 1.0, 0.99 * each, y))
    return {"first": np.array(names, "U16"), "first_value": _signed(names, np.array(values), up)}


def _any(u: Floats) -> list[str]:
    chosen = [ALL[min(int(each * len(ALL)), len(ALL) - 1)] for each in u]
    return ["" if name == IDENTITY else name for name in chosen]


def _either(name: str, value: float, distance: float, up: bool) -> float:
    """A factor lies ``distance`` from 1, on either side; anything else is ``value``."""
    factor = bool(name) and LEVELS[name].unit == "factor"
    return (1 + distance if up else 1 - distance) if factor else value
