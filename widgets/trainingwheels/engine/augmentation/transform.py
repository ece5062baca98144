"""One transform of pictures: what it is called, what it draws for each picture, and how that is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Real

__all__ = [
    "CUBUK",
    "KINDS",
    "SLIDE",
    "Floats",
    "Say",
    "Shape",
    "Transform",
    "Values",
    "chance",
    "did",
    "either_way",
    "factor",
    "said",
]

Floats = NDArray[np.float64]
Values = dict[str, NDArray[Any]]
Shape = tuple[int, ...]  # (channels, height, width)
Say = Callable[[dict[str, Any], Shape], str]

CUBUK, SLIDE = "Cubuk et al., AutoAugment, 2019", "the lecture, get creative"
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
    colours : bool
        Whether it does nothing to a picture of one channel.
    """

    name: str
    label: str
    kind: str
    unit: str
    high: float
    default: float
    numbers: int
    draw: Callable[[Floats, float], Values]
    say: Say
    about: str
    formula: str
    source: str
    field: Callable[[Shape], Shape] | None = None
    colours: bool = False

    @property
    def unit_in_words(self) -> str:
        """The unit as it stands after a number: (degrees); nothing where it has none."""
        return f"({self.unit})" if self.unit else ""

    @property
    def domain(self) -> Real:
        """What its magnitude may be."""
        return Real(0, self.high, self.unit_in_words)

    def check(self, magnitude: Any) -> float:
        """The magnitude as a number. Raises :class:`InvalidSetting` for one that is out of range."""
        return self.domain.check(f"magnitude of {self.name}", magnitude)


def either_way(u: Floats, most: float) -> Floats:
    """Uniform from -most to most, of shares ``u`` from 0 to 1: of their shape."""
    return most * (2 * u - 1)


def factor(u: Floats, most: float) -> Floats:
    """From 1 / (1 + most) to 1 + most, of shares ``u`` from 0 to 1: of their shape; larger and smaller have equal
    chances."""
    return np.asarray((1 + most) ** (2 * u - 1))


def chance(u: Floats, m: float) -> Values:
    """Whether each picture is changed, with probability ``m``, by the first of its shares ``u`` (pictures, ...)."""
    return {"applied": u[:, 0] < m}


def did(word: str) -> Say:
    """Says of what :func:`chance` drew: the ``word``, or that it is not so."""
    return lambda v, shape: word if v["applied"] else f"not {word}"


def said(words: str, **scale: float) -> Say:
    """The words with the parameters filled in, each times its ``scale``."""
    return lambda v, shape: words.format(**{name: scale.get(name, 1) * value for name, value in v.items()})
