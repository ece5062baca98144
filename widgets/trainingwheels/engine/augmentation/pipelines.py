"""Transforms one after the other: an ordered list of (name, magnitude), drawn from a seed, as JSON and as settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.augmentation.colours import IMAGENET, ColourComponents
from trainingwheels.engine.augmentation.transform import Transform, Values
from trainingwheels.engine.augmentation.transforms import TRANSFORMS
from trainingwheels.engine.settings import InvalidSetting, brief, unknown_name
from trainingwheels.engine.signals.noise import Role, generator

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Augmented", "Drawn", "Draws", "Pipeline", "Steps", "StepsOf", "augment", "check_pictures"]

Steps = tuple[tuple[str, float], ...]
Shape = tuple[int, ...]  # (channels, height, width)

MOST = 20  # steps of a pipeline
UNIFORM, NORMAL = 0, 1  # pieces of a step's stream


@dataclass(frozen=True)
class StepsOf:
    """What a setting of transforms may be: pairs (name, magnitude) in order, none or several, one name also twice."""

    def check(self, name: str, value: Any) -> Steps:
        """The pairs. Raises :class:`InvalidSetting` with the place, for an unknown name or a magnitude out of range."""
        if isinstance(value, (str, dict)) or not isinstance(value, Iterable):
            raise InvalidSetting(f'{name} = {brief(value)} is not a list: choose pairs, as in [["flip", 0.5]].')
        steps = list(value)
        if len(steps) > MOST:
            raise InvalidSetting(f"{name} has {len(steps):,} transforms: choose at most {MOST}.")
        return tuple(_step(f"{name}[{place}]", step) for place, step in enumerate(steps))

    def read(self, name: str, text: str) -> Steps:
        """Pairs from JSON, as ``Pipeline.to_json`` writes them."""
        try:
            value = json.loads(text, parse_constant=str)
        except (ValueError, RecursionError) as error:
            where = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            raise InvalidSetting(
                f'{name} = {brief(text)} is not JSON{where}: write it as [["flip", 0.5], ["rotate", 15]].'
            ) from None
        return self.check(name, value)

    def clamp(self, value: Iterable[Any]) -> Steps:
        return tuple((name, TRANSFORMS[name].domain.clamp(magnitude)) for name, magnitude in value)[:MOST]

    def __str__(self) -> str:
        return f"at most {MOST} pairs of a name and a magnitude"


def _step(place: str, step: Any) -> tuple[str, float]:
    if isinstance(step, (str, dict)) or not isinstance(step, Iterable) or len(pair := list(step)) != 2:
        raise InvalidSetting(f"{place} = {brief(step)} is not a pair: choose a name and a magnitude.")
    name, magnitude = pair
    if name not in TRANSFORMS:
        raise InvalidSetting(unknown_name(place, name, TRANSFORMS.keys()))
    return str(name), TRANSFORMS[name].check(magnitude)


@dataclass(frozen=True)
class Drawn:
    """What one step of a pipeline drew: for each picture its parameters, arrays of shape (n,) by name.

    ``values`` may also hold the ``field`` of a picture's own random numbers, (n, ...). ``shape`` is that of a picture,
    (channels, height, width).
    """

    name: str
    values: Values
    shape: Shape

    @property
    def transform(self) -> Transform:
        return TRANSFORMS[self.name]

    def parameters(self, place: int) -> dict[str, Any]:
        """Those of one picture, by name, without its field."""
        return {name: values[place].item() for name, values in self.values.items() if name != "field"}

    def words(self, place: int) -> str:
        """The same in a few words, as a label under the picture: "+12°", "→ 3.0 ↑ 1.0 px"."""
        return self.transform.say(self.parameters(place), self.shape)


@dataclass(frozen=True)
class Augmented:
    """Pictures after a pipeline, (n, channels, height, width), and what each step drew."""

    images: Tensor
    drawn: tuple[Drawn, ...]

    def words(self, place: int) -> list[str]:
        """What happened to one picture, step by step."""
        return [each.words(place) for each in self.drawn]


@dataclass(frozen=True)
class Pipeline:
    """Transforms in order, each (name, magnitude); from ``TRANSFORMS``, checked on construction."""

    steps: Steps

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", StepsOf().check("pipeline", self.steps))

    def __len__(self) -> int:
        return len(self.steps)

    def to_json(self) -> str:
        """The steps as one line: ``[["flip", 0.5], ["rotate", 15.0]]``."""
        return json.dumps(self.steps)

    @classmethod
    def from_json(cls, text: str) -> Pipeline:
        """The pipeline that ``to_json`` wrote. Raises :class:`InvalidSetting`, one line, for anything else."""
        return cls(StepsOf().read("pipeline", text))

    def draws(self, seed: int) -> Draws:
        """The stream of random numbers of a run with this seed, batch after batch."""
        return Draws(self.steps, seed)

    def apply(self, images: Tensor, drawn: Sequence[Drawn], components: ColourComponents = IMAGENET) -> Tensor:
        """``images`` (n, channels, height, width), values 0 to 1, with what was drawn for each, on their device."""
        from trainingwheels.engine.augmentation.operations import act

        return act(images, [(each.name, each.values) for each in drawn], components)


class Draws:
    """Random parameters for one batch after another. Each step has streams of its own, and each picture its share.

    So picture i of a batch is the same in a larger batch, and a changed magnitude leaves the luck as it was.
    """

    def __init__(self, steps: Steps, seed: int) -> None:
        self.steps, self.seed = steps, seed

    @cached_property
    def _generators(self) -> list[tuple[np.random.Generator, np.random.Generator]]:
        return [
            (generator(self.seed, place, Role.AUGMENT, UNIFORM), generator(self.seed, place, Role.AUGMENT, NORMAL))
            for place in range(len(self.steps))
        ]

    def __call__(self, count: int, shape: Shape) -> tuple[Drawn, ...]:
        """For the next ``count`` pictures of ``shape`` (channels, height, width)."""
        return tuple(
            _drawn(*step, *sources, count, shape) for step, sources in zip(self.steps, self._generators, strict=True)
        )


def _drawn(
    name: str, magnitude: float, uniform: np.random.Generator, normal: np.random.Generator, count: int, shape: Shape
) -> Drawn:
    transform = TRANSFORMS[name]
    values = transform.draw(uniform.random((count, transform.numbers)), magnitude)
    if transform.field is not None:
        field = normal.standard_normal((count, *transform.field(shape)), dtype=np.float32)
        values |= _alphas(field, magnitude) if name == "pca" else {"field": field}
    return Drawn(name, values, shape)


def _alphas(field: NDArray[np.float32], std: float) -> Values:
    return {f"alpha{i}": std * column.astype(float) for i, column in enumerate(field.T, 1)}


def augment(
    images: Any, pipeline: Pipeline | Steps, seed: int = 0, components: ColourComponents = IMAGENET
) -> Augmented:
    """``images`` (n, channels, height, width), a tensor or an array of values 0 to 1, after a pipeline.

    Same seed, same pictures, picture by picture: what the i-th gets depends on the seed, i, and the steps before it in
    the list, not on how many there are. ``components`` are the colour directions of "pca". Raises
    :class:`InvalidSetting` for anything that is no pictures, or values outside 0..1.
    """
    import torch

    pipeline = pipeline if isinstance(pipeline, Pipeline) else Pipeline(pipeline)
    x = images if isinstance(images, torch.Tensor) else torch.from_numpy(np.array(images, np.float32))
    check_pictures(x)
    drawn = pipeline.draws(seed)(len(x), tuple(x.shape[1:]))
    with torch.inference_mode():
        return Augmented(pipeline.apply(x, drawn, components), drawn)


def check_pictures(x: Tensor) -> None:
    """Raise :class:`InvalidSetting` unless ``x`` is (n, channels, height, width) with values from 0 to 1."""
    if x.ndim != 4 or x.shape[1] not in (1, 3) or not x.numel():
        raise InvalidSetting(
            f"images of shape {tuple(x.shape)} are no pictures: choose (n, channels, height, width), 1 or 3 channels."
        )
    low, high = x.min().item(), x.max().item()
    if not (low >= 0 and high <= 1):
        raise InvalidSetting(f"images have values from {low:g} to {high:g}: choose 0 to 1, as by dividing by 255.")
