"""A small net that has learned, from random crops, which of the bundled photographs a crop is of."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainingwheels.engine import DATASETS, RunConfig, train_steps
from trainingwheels.engine.augmentation import TEST_SCALES, resized, resnet_crop, ten_crops
from trainingwheels.engine.augmentation.crops import CROP
from trainingwheels.engine.data.datasets import prepared
from trainingwheels.engine.data.photographs import PHOTOGRAPHS
from trainingwheels.labs.data_augmentation.photograph import bundled

__all__ = ["CROPS", "NAMES", "SEEN", "ask", "fixed_crops", "right"]

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
LIKE = DATASETS["shapes"]  # pictures of the same size, and as many classes
SEEN = LIKE.shape[-1]  # pixels along a side of what the net is given
CROPS = 480  # that it learns
NAMES = [photograph.label for photograph in PHOTOGRAPHS.values()]


def seen(pixels: Pixels, short: int, top: int, left: int) -> Floats:
    """What the net is given of a crop: (features,), values from 0 to 1. It is averaged from the photograph itself."""
    height, width, _ = pixels.shape
    scale = resized(height, width, short)[0] / height
    x, y, side = left / scale, top / scale, CROP / scale
    box = (x, y, min(x + side, width), min(y + side, height))
    small = np.asarray(Image.fromarray(pixels).resize((SEEN, SEEN), Image.Resampling.BOX, box))
    return np.asarray(small.transpose(2, 0, 1).ravel(), np.float32) / np.float32(255)


def fixed_crops(pixels: Pixels) -> Floats:
    """What the net is given of the fifty crops of a test, (scales, 10, features)."""
    height, width, _ = pixels.shape
    scales = []
    for short in TEST_SCALES:
        crops = []
        for top, left, flipped in ten_crops(*resized(height, width, short), CROP):
            picture = seen(pixels, short, top, left).reshape(3, SEEN, SEEN)
            crops.append((picture[..., ::-1] if flipped else picture).ravel())
        scales.append(crops)
    return np.array(scales, np.float32)


@lru_cache(maxsize=1)
def _all_fixed() -> list[Floats]:
    """The fixed crops of every bundled photograph."""
    return [fixed_crops(bundled(name)) for name in PHOTOGRAPHS]


@lru_cache(maxsize=2)
def nets(count: int = 1) -> Any:
    """So many nets, which differ by their seed, at the end of their training."""
    rng = np.random.default_rng(0)
    pictures = [bundled(name) for name in PHOTOGRAPHS]
    y = np.arange(CROPS) % len(pictures)
    X = []
    for label in y:
        height, width, _ = pictures[label].shape
        short, top, left, _ = resnet_crop(height, width, rng)
        picture = seen(pictures[label], short, top, left).reshape(3, SEEN, SEEN)
        X.append((picture[..., ::-1] if rng.random() < 0.5 else picture).ravel())
    fixed = np.concatenate([each.reshape(-1, LIKE.features) for each in _all_fixed()])
    labels = np.repeat(np.arange(len(pictures)), len(fixed) // len(pictures))
    dataset = replace(LIKE, name="crops", label="crops of photographs")
    data = prepared(dataset, "none", (np.array(X), y), (fixed, labels))
    config = RunConfig(dataset=LIKE.name, conv=(8, 16), hidden=(32,), epochs=10, batch_size=24, lr=0.03)
    configs = [replace(config, seed=seed) for seed in range(count)]
    *_, snapshot = train_steps(configs, "cpu", snapshots=1, data=[data] * count)
    return snapshot


def ask(crops: Floats, net: int = 0, of: int = 1) -> Floats:
    """A net's probabilities for crops (..., features): (..., photographs)."""
    flat = nets(of).respond_of(net, crops.reshape(-1, crops.shape[-1])).probabilities
    answers: Floats = flat.reshape(*crops.shape[:-1], -1)
    return answers


@lru_cache(maxsize=16)
def right(net: int = 0, of: int = 1) -> tuple[float, float, int]:
    """Over the photographs that a net has learned: the shares of the fixed crops alone, and of averages of ten, for
    which it is right; and for how many photographs the average of all fifty is."""
    answers = np.stack([ask(crops, net, of) for crops in _all_fixed()])  # (photographs, scales, 10, classes)
    labels = np.arange(len(answers))
    alone = (answers.argmax(axis=-1) == labels[:, None, None]).mean()
    ten = (answers.mean(axis=2).argmax(axis=-1) == labels[:, None]).mean()
    fifty = (answers.mean(axis=(1, 2)).argmax(axis=-1) == labels).sum()
    return float(alone), float(ten), int(fifty)
