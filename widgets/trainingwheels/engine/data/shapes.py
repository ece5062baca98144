"""Small colour pictures that no net can learn pixel by pixel. The function stands alone: exported scripts print it."""

from __future__ import annotations

import numpy as np

__all__ = ["CLASSES", "shapes"]

CLASSES = ("disc", "ring", "square", "frame", "triangle", "cross")


def shapes(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """One of six shapes on 16 x 16 pixels, of any place, size and colours: a net has to find it to know it."""
    y = np.arange(size) % 6
    radius, place = rng.uniform(3.5, 6, (size, 1, 1)), rng.uniform(0, 1, (2, size, 1, 1))
    rows, columns = np.mgrid[:16, :16]
    down, right = (line - (radius + at * (15 - 2 * radius)) for line, at in zip((rows, columns), place, strict=True))
    far, near = np.maximum(abs(down), abs(right)), np.minimum(abs(down), abs(right))
    distance = np.hypot(down, right)
    drawn = [
        distance <= radius,
        (distance <= radius) & (distance > radius / 2),
        far <= 0.8 * radius,
        (far <= 0.8 * radius) & (far > 0.4 * radius),
        (abs(down) <= 0.8 * radius) & (abs(right) <= 0.55 * (down + 0.8 * radius)),
        (far <= radius) & (near <= radius / 4),
    ]
    shape = np.stack(drawn, axis=1)[np.arange(size), y]  # (size, 16, 16)
    color = rng.uniform(0, 1, (size, 3, 1, 1))
    ground = (color + rng.uniform(0.3, 0.7, (size, 3, 1, 1))) % 1  # at least 0.3 away in each channel
    X = np.where(shape[:, None], color, ground) + 0.05 * rng.standard_normal((size, 3, 16, 16))
    return X.clip(0, 1).reshape(size, -1).astype(np.float32), y
