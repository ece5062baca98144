"""Real photographs and other images, small and as one array: what the mean image is taken of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainingwheels.engine.data.bundled import bundled_file
from trainingwheels.engine.data.datasets import DATASETS, load_dataset
from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["IMAGE_SETS", "PHOTOGRAPHS", "SHOWN", "SIDE", "ImageSet", "Images", "Photograph", "bundled", "photographs"]

Floats = NDArray[np.float32]
SIDE = 48  # pixels along a side of a photograph here: recognised, and quick
CROPS = 512  # cut out of the photographs to train on
SHOWN = 6  # images that are shown, none of them among those the statistics come from


@dataclass(frozen=True)
class Photograph:
    """One photograph: the ``file`` of a package that it ``needs``."""

    name: str
    label: str
    needs: str
    file: str

    def load(self) -> NDArray[np.uint8]:
        """Its pixels: (height, width, 3). The package is asked only where the file is not where it was."""
        file = bundled_file(self.needs, self.file)
        return np.asarray(Image.open(file).convert("RGB")) if file else self.asked()

    def asked(self) -> NDArray[np.uint8]:
        """What the package itself says that its pixels are."""
        return np.asarray(_ASK[self.needs](Path(self.file)), np.uint8)


_ASK: dict[str, Callable[[Path], Any]] = {
    "skimage": lambda file: getattr(import_module("skimage.data"), file.stem)(),
    "sklearn": lambda file: import_module("sklearn.datasets").load_sample_image(file.name),
}
PHOTOGRAPHS: Table[Photograph] = Table(
    "photograph",
    (
        Photograph("cat", "cat", "skimage", "data/chelsea.png"),
        Photograph("astronaut", "astronaut", "skimage", "data/astronaut.png"),
        Photograph("flower", "flower", "sklearn", "datasets/images/flower.jpg"),
        Photograph("temple", "temple", "sklearn", "datasets/images/china.jpg"),
        Photograph("coffee", "coffee", "skimage", "data/coffee.png"),
        Photograph("rocket", "rocket", "skimage", "data/rocket.jpg"),
    ),
)


@dataclass(frozen=True)
class Images:
    """Images to take statistics of, and others to show: (images, channels, height, width), values from 0 to 1."""

    train: Floats
    shown: Floats
    names: Sequence[str]


def bundled() -> list[Photograph]:
    """The photographs that are on this computer."""
    return [photo for photo in PHOTOGRAPHS.values() if find_spec(photo.needs) is not None]


@lru_cache(maxsize=1)
def photographs() -> Sequence[tuple[str, NDArray[np.uint8]]]:
    """Name and pixels (height, width, 3) of each photograph that is on this computer, at about twice ``SIDE``.

    Raises :class:`InvalidSetting` where there is none.
    """
    there = bundled()
    if not there:
        raise InvalidSetting(
            "images = photographs needs a package: install it with pip install 'trainingwheels[train]'."
        )
    return [(photo.label, _reduced(photo.load())) for photo in there]


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every second, third, ... mean of a block, so that the shorter side has 2 to 3 times ``SIDE`` pixels."""
    block = max(1, min(pixels.shape[:2]) // (2 * SIDE))
    height, width = (size // block * block for size in pixels.shape[:2])
    blocks = pixels[:height, :width].reshape(height // block, block, width // block, block, 3)
    return np.asarray(blocks.mean(axis=(1, 3)), np.uint8)


def _square(pixels: NDArray[np.uint8], top: int, left: int, size: int) -> NDArray[np.uint8]:
    """A square of ``size`` pixels, shown by ``SIDE`` x ``SIDE`` of them: (3, SIDE, SIDE)."""
    places = ((np.arange(SIDE) + 0.5) * size / SIDE).astype(int)
    return np.asarray(pixels[top + places][:, left + places].transpose(2, 0, 1))


def _photographs() -> Images:
    rng = np.random.default_rng(0)
    pictures = photographs()
    crops = []
    for count in range(CROPS):
        pixels = pictures[count % len(pictures)][1]
        short = min(pixels.shape[:2])
        size = int(rng.integers(short // 2, 7 * short // 8))  # never all that is shown
        top, left = (int(rng.integers(0, length - size + 1)) for length in pixels.shape[:2])
        crops.append(_square(pixels, top, left, size)[:, :, :: rng.choice([-1, 1])])
    middles = [_middle(pixels) for _, pixels in pictures]
    return Images(_floats(crops), _floats(middles), [name for name, _ in pictures])


def _middle(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    short = min(height, width)
    return _square(pixels, (height - short) // 2, (width - short) // 2, short)


def _faces() -> Images:
    if find_spec("skimage") is None:
        raise InvalidSetting("images = faces needs a package: install it with pip install scikit-image.")
    file = bundled_file("skimage", "data/lfw_subset.npy")
    both = np.load(file) if file else import_module("skimage.data").lfw_subset()
    faces = both[:100, None].astype(np.float32)  # the other half are no faces
    faces = faces[np.random.default_rng(0).permutation(len(faces))]
    return Images(faces[SHOWN:], faces[:SHOWN], [""] * SHOWN)


def _of_dataset(name: str) -> Callable[[], Images]:
    def load() -> Images:
        data = load_dataset(name)
        shape = DATASETS[name].shape
        X_train, X_val = (X.reshape(-1, *shape) for X in (data.X_train[:4096], data.X_val[:SHOWN]))
        return Images(X_train, X_val, [""] * SHOWN)

    return load


def _floats(images: Sequence[NDArray[np.uint8]]) -> Floats:
    # In C order: with the channels last in memory, NumPy's mean of a channel adds a million float32 numbers one by one.
    return np.ascontiguousarray(np.stack(images), np.float32) / np.float32(255)


@dataclass(frozen=True)
class ImageSet:
    """Images of one kind. ``train`` is what they are called, ``source`` where they come from."""

    name: str
    label: str
    train: str
    load: Callable[[], Images]
    source: str


IMAGE_SETS: Table[ImageSet] = Table(
    "images",
    (
        ImageSet(
            "photographs",
            "photographs",
            "crops of photographs",
            lru_cache(maxsize=1)(_photographs),
            "bundled with scikit-image and scikit-learn",
        ),
        ImageSet(
            "faces",
            "faces",
            "faces",
            lru_cache(maxsize=1)(_faces),
            "Labeled Faces in the Wild, 100 of them bundled with scikit-image",
        ),
        ImageSet("digits", "digits", "digits", _of_dataset("digits"), DATASETS["digits"].source),
        ImageSet("cifar10", "CIFAR-10", "images", _of_dataset("cifar10"), DATASETS["cifar10"].source),
    ),
)
