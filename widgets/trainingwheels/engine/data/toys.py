"""Points in the plane that no line separates. Each function stands on its own: exported scripts print it as it is.

Each takes a generator, how many points, and the spread of their noise; it returns X, float32 of shape (size, 2), and
the labels y of shape (size,), class after class, so that any beginning of the set is balanced.
"""

from __future__ import annotations

import numpy as np

__all__ = ["blobs", "circles", "moons", "spirals", "xor"]


def spirals(rng: np.random.Generator, size: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(size) % 3
    radius = rng.uniform(0, 1, size)
    angle = 4 * radius + 2 * np.pi / 3 * y + noise * rng.standard_normal(size)
    X = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return X.astype(np.float32), y


def moons(rng: np.random.Generator, size: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(size) % 2
    angle = rng.uniform(0, np.pi, size)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 0, upper, [1, 0.5] - upper) + noise * rng.standard_normal((size, 2))
    return X.astype(np.float32), y


def circles(rng: np.random.Generator, size: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(size) % 2
    angle = rng.uniform(0, 2 * np.pi, size)
    X = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.where(y == 0, 1, 0.5)[:, None]
    X += noise * rng.standard_normal((size, 2))
    return X.astype(np.float32), y


def xor(rng: np.random.Generator, size: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(size) % 2
    X = rng.uniform(0.1, 1, (size, 2)) * rng.choice([-1, 1], (size, 1))
    X[:, 1] *= np.where(y == 0, 1, -1)
    X += noise * rng.standard_normal((size, 2))
    return X.astype(np.float32), y


def blobs(rng: np.random.Generator, size: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(size) % 4
    angle = np.pi / 2 * y + np.pi / 4
    X = np.stack([np.cos(angle), np.sin(angle)], axis=1) + noise * rng.standard_normal((size, 2))
    return X.astype(np.float32), y
