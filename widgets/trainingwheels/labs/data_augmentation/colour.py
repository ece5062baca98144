"""Colour jitter: contrast and brightness at random, and an offset along the principal directions of all pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.augmentation import IMAGENET, colour_components, colour_offset
from trainingwheels.engine.data.photographs import IMAGE_SETS
from trainingwheels.engine.scripts.pictures import colour_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, Slider
from trainingwheels.labs.data_augmentation.photograph import Drawn, OfPhotograph, middle_square
from trainingwheels.labs.data_augmentation.pictures.cells import Cell
from trainingwheels.labs.data_augmentation.pictures.colour import SAMPLES, Cloud, ColourPicture, Colours

__all__ = ["ColourJitter"]

Floats = NDArray[Any]
NOTHING = 1e-9  # variance of values from 0 to 1 that is only rounding
POINTS = 1500  # pixels of the set that are drawn
JITTERS = Table("jitter", (Option("pca", "an offset along the PCA"), Option("simple", "contrast and brightness")))
THIS = "this"
SETS: Table[Any] = Table("of", (*IMAGE_SETS.values(), Option(THIS, "this photograph alone")))


class ColourJitter(OfPhotograph, Drawn):
    """The pixels of a set in the colour cube, and a photograph whose colours are changed at random."""

    name = "colour"
    label = "colour"
    about = (
        "Every dot in the cube is a pixel of the set, in its own colour. A photograph gets another contrast and "
        "brightness, or the same random offset for all of its pixels. Drag the cube to turn it."
    )
    picture = ColourPicture

    jitter = Choice(JITTERS, "pca", help="what is drawn for each sample")
    alpha = Slider(
        0.0, 2.0, 0.1, step=0.05, label="std of α", when={"jitter": "pca"}, help="AlexNet draws α from N(0, 0.1)"
    )
    strength = Slider(
        0.0, 0.9, 0.4, step=0.05, label="contrast, brightness", when={"jitter": "simple"},
        help="each is multiplied by a factor from 1 minus this to 1 plus this",
    )  # fmt: skip
    of = Choice(SETS, "photographs", label="PCA of", section="directions", help="whose pixels the directions are of")
    turn = Slider(
        -90.0, 90.0, -35.0, step=1.0, unit="degrees", section="directions", help="from where the cube is seen"
    )

    def compute(self, s: Any) -> Colours:
        own = middle_square(self.pixels(s)) / np.float32(255)
        cloud = _cloud(own[None], s.photograph) if s.of == THIS else cloud_of(s.of)
        rng = np.random.default_rng(s.draw)
        alphas = rng.standard_normal((SAMPLES, 3)) * s.alpha
        factors = 1 + s.strength * rng.uniform(-1, 1, (SAMPLES, 2))
        offsets = colour_offset(cloud.components, alphas) if s.jitter == "pca" else np.zeros((0, 3))
        if s.jitter == "pca":
            changed = [own + offset.astype(np.float32) for offset in offsets]
            words = [_offset_words(alpha, offset) for alpha, offset in zip(alphas, offsets, strict=True)]
        else:
            changed = [_jittered(own, *each) for each in factors]
            words = [(f"contrast × {each[0]:.2f}", f"brightness × {each[1]:.2f}") for each in factors]
        cut = float(np.mean([(image < 0) | (image > 1) for image in changed]))
        cells = [Cell(_bytes(own), self.called(s), ("as it is",))]
        cells += [
            Cell(_bytes(image), f"sample {place}", said)
            for place, (image, said) in enumerate(zip(changed, words, strict=True), 1)
        ]
        return Colours(cloud, offsets, cells, s.turn, s.alpha if s.jitter == "pca" else None, cut)

    def explain(self, result: Colours) -> Sequence[str]:
        cloud = result.cloud
        values, vectors = cloud.components
        grey = cloud.grey
        cut = f"{percent(result.cut)} of the samples' numbers leave 0..1 and are cut."
        if values[0] < NOTHING:
            return [f"All {cloud.count:,} pixels of {cloud.name} have one colour: no direction, and no offset.", cut]
        share, published = (percent(each[0] / each.sum()) for each in (values, IMAGENET.eigenvalues))
        direction = ", ".join(f"{entry:.2f}".replace("-", "−") for entry in vectors[0])
        found = [
            (
                f"{cloud.count:,} pixels of {cloud.name}: the first direction, p₁ = ({direction}), has {share} of "
                f"their variance; by AlexNet's numbers, of ImageNet, it has {published}."
            )
        ]
        if (vectors[0] > 0).all() and not grey:
            found.append("All three channels grow along it: it is light against dark. The other two are colours.")
        if grey:
            found.append(
                "They are grey, on the diagonal of the cube: λ₂ and λ₃ are 0, and an offset only makes lighter or "
                "darker."
            )
        if result.alpha is not None:
            found += _of_offset(result.alpha, float(values[0]))
            if result.gain:
                size = "as it is" if result.gain == 1 else f"{result.gain:g} times as large"
                found.append(f"The strip under each sample is its offset, {size}, added to grey.")
        else:
            found.append(
                "Contrast moves pixels away from the photograph's mean or towards it, brightness multiplies them; "
                "hues stay what they are, but for what is cut."
            )
        return [*found, cut]

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        return {"turn": s.turn - (now - start) / 2}

    def script(self, s: Any) -> str:
        images = s.photograph if s.of == THIS else s.of
        return colour_script(s.photograph, images, s.jitter, s.alpha if s.jitter == "pca" else s.strength, s.draw)


@lru_cache(maxsize=8)
def cloud_of(name: str) -> Cloud:
    """The colours of a set's training images."""
    images = IMAGE_SETS[name]
    train = images.load().train
    return _cloud(np.moveaxis(train, 1, -1), f"{len(train):,} {images.train}")


def _cloud(images: Floats, name: str) -> Cloud:
    grey = bool((images == images[..., :1]).all())
    coloured = np.broadcast_to(images, (*images.shape[:-1], 3))
    pixels = coloured.reshape(-1, 3)
    some = pixels[np.random.default_rng(0).integers(0, len(pixels), POINTS)]
    mean = pixels.mean(axis=0, dtype=np.float64)
    return Cloud(some, mean, colour_components(coloured), len(pixels), name, grey)


def _offset_words(alpha: Floats, offset: Floats) -> tuple[str, ...]:
    moved = (f"{name} {_signed(255 * value, 0)}" for name, value in zip("RGB", offset, strict=True))
    return *(f"α{name} {_signed(each)}" for name, each in zip("₁₂₃", alpha, strict=True)), ", ".join(moved)


def _of_offset(alpha: float, value: float) -> list[str]:
    if alpha == 0:
        return ["With α = 0 no sample gets an offset: all are the photograph as it is."]
    along = alpha * value
    return [
        (
            f"Every pixel of a sample gets the same offset, α₁ λ₁ p₁ + α₂ λ₂ p₂ + α₃ λ₃ p₃. Where α is from "
            f"N(0, {alpha:g}), it has a standard deviation of {alpha:g} × {value:.4f} = {along:.4f} along p₁, "
            f"{255 * along:.1f} of 255; pixels themselves have √λ₁ = {np.sqrt(value):.2f} along it."
        ),
        (
            "Mind the unit: λ is a variance. Of values from 0 to 255 it would be 65,025 times as large, and the offset "
            f"{255**2 * along:,.0f}: the rule is one for values from 0 to 1, in the order R, G, B."
        ),
    ]


def _jittered(image: Floats, contrast: float, brightness: float) -> Floats:
    mean = image.mean()
    changed: Floats = ((image - mean) * contrast + mean) * brightness
    return changed


def _bytes(image: Floats) -> NDArray[np.uint8]:
    return np.asarray(np.rint(255 * image.clip(0, 1)), np.uint8)


def _signed(value: float, digits: int = 2) -> str:
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")
