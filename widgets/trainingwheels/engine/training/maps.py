"""The pictures inside a net with convolutions: how large each is, and what a kernel covers of it."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Map", "as_picture", "extent", "maps"]

Map = tuple[int, int, int]  # channels, height, width


def as_picture(shape: Sequence[int]) -> Map:
    """An example's shape as channels, height, width: a sequence is one row of pixels of one channel."""
    channels, height, width = (1,) * (3 - len(shape)) + tuple(shape)
    return channels, height, width


def extent(side: int, picture: Map) -> tuple[int, int]:
    """Height and width of a square kernel, or pool, of this side; on a sequence it is one row high."""
    return (1 if picture[1] == 1 else side), side


def maps(shape: Sequence[int], conv: Sequence[int], pool: int) -> tuple[Map, ...]:
    """What each convolution is given, and last what is left after them all, each (channels, height, width).

    ``shape`` is an example's. A convolution keeps the size of its picture, whose border is padded with zeros; pooling
    divides it by ``pool``, and what does not fill a last window is left out.
    """
    found = [as_picture(shape)]
    tall, wide = extent(pool, found[0])
    for channels in conv:
        _, height, width = found[-1]
        found.append((channels, height // tall, width // wide))
    return tuple(found)
