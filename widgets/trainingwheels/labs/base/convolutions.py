"""Convolutions as a choice of labs in which nets train, and what there is to say of them."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine import ACTIVATIONS, DATASETS, RunConfig
from trainingwheels.labs.base.parameters import Layers

__all__ = ["conv_of", "convolution_sentence", "convolutions"]


def convolutions(data: str | None = "dataset", channels: int = 64, most: int = 3, when: Any = None) -> Layers:
    """The channels of convolutions of 3 x 3 that come before the hidden layers, each followed by pooling.

    ``data`` is the name of the parameter that says what is learned, None if all that can be learned has neighbours;
    then they can be chosen always, or ``when`` says so. There are at ``most`` so many, of so many ``channels``.
    """
    return Layers(
        channels,
        (),
        most=most,
        one="convolution",
        label="convolutions",
        section="net",
        help="channels of each convolution, as 8, 16; empty is none. Kernels are 3 x 3, and pooling halves each side "
        "after it; points of the plane have no neighbours to look at",
        when=when if data is None else lambda s: has_neighbours(s[data]),
    )


def has_neighbours(dataset: str) -> bool:
    """Whether examples are pictures or sequences."""
    return DATASETS[dataset].shape != (2,)


def conv_of(s: Any, conv: str = "conv", data: str = "dataset") -> tuple[int, ...]:
    """The convolutions that settings ask for, where there is something for them to see."""
    return getattr(s, conv) if has_neighbours(getattr(s, data)) else ()


def convolution_sentence(config: RunConfig) -> list[str]:
    """What the first convolution saves; nothing where there is none."""
    if not config.conv:
        return []
    channels, height, width = config.maps[0]
    tall, wide = config.kernel_extent
    filters, pixels = config.conv[0], height * width
    kernel = f"{wide} numbers in a row" if height == 1 else f"{tall} x {wide} pixels"
    inputs = ACTIVATIONS[config.activation].pieces * channels * filters  # for each pixel that is seen
    shared, whole = inputs * tall * wide, inputs * pixels * pixels
    return [
        (
            f"The first layer's {filters} filters see {kernel} and share their {shared:,} weights among all "
            f"places; a fully connected layer with as many units, {filters * pixels:,}, would have {whole:,}."
        )
    ]
