"""How strong each transform is: a slider for each, in sight while the transform is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trainingwheels.engine.augmentation import TRANSFORMS, Transform
from trainingwheels.engine.augmentation.pipelines import Steps
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.labs.base.parameters import Slider, WholeSlider

__all__ = ["Magnitudes", "magnitude_text", "on", "settings_of", "steps_of", "while_on"]

STOPS = 40  # of a slider, about


def parameter_name(transform: str) -> str:
    """What the lab calls the magnitude of a transform: ``rotate_by``."""
    return f"{transform}_by"


def while_on(transform: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether the view on screen is about a transform, for a parameter's ``when``."""
    return lambda settings: transform in on(settings)


def on(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The transforms that the view on screen is about."""
    match settings["show"]:
        case "transforms":
            chosen: tuple[str, ...] = settings["chosen"]
            return chosen
        case "training":
            return settings["transform"], settings["partner"]
        case "few":
            return settings["transform"], settings["rival"]
        case "automatic":
            return (settings["policy"],)
    return ()


def _slider(transform: Transform) -> Slider:
    how: dict[str, Any] = {
        "label": transform.label,
        "unit": transform.unit_in_words,
        "help": transform.about,
        "when": while_on(transform.name),
        "hides": True,
    }
    if transform.high > 2 and float(transform.default).is_integer():
        return WholeSlider(0, int(transform.high), int(transform.default), **how)
    step = next(each for each in (0.0025, 0.005, 0.01, 0.02, 0.025, 0.05, 0.1) if transform.high / each <= STOPS + 10)
    return Slider(0.0, transform.high, transform.default, step=step, **how)


class Magnitudes:
    """Of views that are about transforms: the magnitude of each."""


for _name, _transform in TRANSFORMS.items():
    setattr(Magnitudes, parameter_name(_name), _slider(_transform))
    getattr(Magnitudes, parameter_name(_name)).__set_name__(Magnitudes, parameter_name(_name))


def steps_of(s: Any, names: Sequence[str]) -> Steps:
    """The pipeline of the transforms among these, with their magnitudes in ``s``."""
    return tuple((name, float(getattr(s, parameter_name(name)))) for name in names if name in TRANSFORMS)


def settings_of(steps: Steps) -> dict[str, Any]:
    """The settings of the lab at which its pipeline is this one. Raises :class:`InvalidSetting`."""
    names = [name for name, _ in steps]
    if not names:
        raise InvalidSetting('pipeline = [] has no transform: write at least one, as in [["flip", 0.5]].')
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidSetting(f"pipeline has {twice} twice: here each has one slider; keep one of them.")
    found: dict[str, Any] = {"chosen": tuple(names)}
    for name, magnitude in steps:
        whole = float(magnitude).is_integer()
        found[parameter_name(name)] = int(magnitude) if whole else magnitude
    return found


def magnitude_text(s: Any, name: str) -> str:
    """A transform with its magnitude: rotation, m = 15 (degrees)."""
    transform = TRANSFORMS[name]
    return f"{transform.label}, m = {getattr(s, parameter_name(name)):g} {transform.unit_in_words}".strip()
