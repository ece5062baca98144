"""Pictures to test transforms on."""

import numpy as np
import torch

SIZE = 24, 31  # neither square nor a power of two


def smooth(n=3, size=SIZE, channels=3, dtype=torch.float64):
    """Pictures (n, channels, height, width) of slow waves, each another one, from 0 to 1."""
    down, across = np.mgrid[: size[0], : size[1]]
    waves = [
        np.sin(across * (0.15 + 0.03 * i) + down * (0.1 + 0.02 * c) + i + c) for i in range(n) for c in range(channels)
    ]
    return torch.tensor(0.5 + 0.5 * np.array(waves).reshape(n, channels, *size), dtype=dtype)


def bytes_of(n=2, size=SIZE, seed=0):
    """Pictures (n, height, width, 3) of random bytes, as Pillow takes them."""
    return np.random.default_rng(seed).integers(0, 256, (n, *size, 3), np.uint8)


def tensor(pictures):
    """The same, (n, 3, height, width) from 0 to 1."""
    return torch.tensor(pictures.transpose(0, 3, 1, 2) / 255, dtype=torch.float32)


def blob(size=SIZE, at=(12, 15)):
    """One picture with a small round spot, and black around."""
    down, across = np.mgrid[: size[0], : size[1]]
    return torch.tensor(np.exp(-((down - at[0]) ** 2 + (across - at[1]) ** 2) / 4.0))[None, None]


def centroid(x):
    """(row, column) of each picture's mass, (n, 2)."""
    down, across = (torch.arange(size, dtype=x.dtype) for size in x.shape[2:])
    mass = x.sum((1, 2, 3))
    return torch.stack([(x.sum((1, 3)) @ down) / mass, (x.sum((1, 2)) @ across) / mass], 1)
