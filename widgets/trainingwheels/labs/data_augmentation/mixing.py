"""Cutout, mixup and CutMix beside the transforms: how strong each is, and what it makes of a batch and its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.augmentation import TRANSFORMS
from trainingwheels.engine.regularizers import cutmix, cutout, mixup
from trainingwheels.engine.settings import Table
from trainingwheels.labs.base.mixing import CUT_PARTS, cut_pixels, cutmix_alpha, cutout_side, mixup_alpha
from trainingwheels.labs.data_augmentation.magnitudes import magnitude_text, while_on

__all__ = ["CHANGES", "MIXES", "Strengths", "change_text", "mix", "mix_settings", "mixes_labels"]

Floats = NDArray[Any]
BATCH = 20  # examples that share a draw, as in training


class Mix(NamedTuple):
    """One of them, as lists have it."""

    name: str
    label: str
    about: str


MIXES = Table(
    "mix",
    (
        Mix("mixup", "mixup", "Each picture is blended with another of its batch, and the labels with the same λ."),
        Mix("cutmix", "CutMix", "A box of each picture shows another of its batch; labels count by the area in sight."),
        Mix("cutout", "cutout", "A square around any pixel goes black, clipped at the border; the label stays."),
    ),
)
"""In the order in which training does them, after all transforms."""
CHANGES: Table[Any] = Table("transform", (*TRANSFORMS.values(), *MIXES.values()))


class Strengths:
    """Of views in which they can be chosen: how strong each is, in sight while it is on."""

    cutout_by = cutout_side(while_on("cutout"))
    mixup_by = mixup_alpha(while_on("mixup"))
    cutmix_by = cutmix_alpha(while_on("cutmix"))


def mixes_labels(names: Sequence[str]) -> bool:
    """Whether an example then has a share of two labels."""
    return "mixup" in names or "cutmix" in names


def mix_settings(s: Any, names: Sequence[str], side: int) -> dict[str, Any]:
    """What a run that trains with those of the ``names`` that mix has set, on images of this side in pixels."""
    strengths = {"mixup": s.mixup_by, "cutmix": s.cutmix_by, "cutout": cut_pixels(s.cutout_by, side)}
    return {name: strengths[name] for name in MIXES if name in names}


def mix(s: Any, names: Sequence[str], images: Floats, labels: Floats, seed: int) -> tuple[Floats, Floats]:
    """Images (n, channels, height, width) and labels (n, classes) after those of the ``names`` that mix, in batches
    each with its own draw."""
    rng = np.random.default_rng(seed)
    batches = max(len(images) // BATCH, 1)
    mixed = [
        _mixed(mix_settings(s, names, min(images.shape[2:])), *batch, rng)
        for batch in zip(np.array_split(images, batches), np.array_split(labels, batches), strict=True)
    ]
    x, y = (np.concatenate(parts) for parts in zip(*mixed, strict=True))
    return x.astype(images.dtype), y


def _mixed(strengths: dict[str, Any], x: Floats, y: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    for name, strength in strengths.items():
        if name == "mixup":
            x, y = mixup(x, y, strength, rng)[:2]
        elif name == "cutmix":
            x, y = cutmix(x, y, strength, rng)[:2]
        elif strength:
            x = cutout(x, strength, rng).images
    return x, y


def change_text(s: Any, name: str) -> str:
    """A transform or a mix with its strength: rotation, m = 15 (degrees); mixup, α = 1; cutout, 3/8 of the side."""
    if name == "cutout":
        return f"cutout, {s.cutout_by}/{CUT_PARTS} of the side"
    if name in MIXES:
        return f"{MIXES[name].label}, α = {getattr(s, f'{name}_by'):g}"
    return magnitude_text(s, name)
