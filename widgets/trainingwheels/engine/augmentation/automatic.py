"""Transforms that choose others for each picture, as a policy says."""

from __future__ import annotations

from functools import partial
from typing import Any

from trainingwheels.engine.augmentation.choosing import POSITIONS, auto_augment, rand_augment, trivial_augment
from trainingwheels.engine.augmentation.policies import LEVELS, POLICIES
from trainingwheels.engine.augmentation.transform import CUBUK, Shape, Transform

__all__ = ["AUTOMATIC"]


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
            return f" {value:+z.0f}°"
        case "width":
            return f" {value * shape[2]:+z.0f} px"
        case "height":
            return f" {value * shape[1]:+z.0f} px"
        case "threshold":
            return f" ≥ {255 * value:.0f}"
        case "bits":
            return f" {value:.0f} bit"
        case "shear":
            return f" {value:+z.2f}"
    return f" ×{value:.2f}"


AUTOMATIC = (
    *(
        Transform(
            f"auto_{policy}", f"AutoAugment, {label}", "policy", "probability", 1, 1, 6,
            partial(auto_augment, policy), _say_policy,
            f"One of {len(POLICIES[policy])} sub-policies for each picture, with this probability.",
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
        rand_augment, _say_policy,
        "Two of fourteen operations for each picture, with equal chances, at this level.",
        r"N = 2,\ M = m", "Cubuk et al., RandAugment, 2020",
    ),
    Transform(
        "trivial_augment", "TrivialAugment", "policy", "of the range", 1, 1, 3,
        trivial_augment, _say_policy,
        "One of fourteen operations for each picture, its strength anywhere in a wide range.",
        r"N = 1,\ M \sim U(0, m)", "Müller and Hutter, 2021",
    ),
)  # fmt: skip
