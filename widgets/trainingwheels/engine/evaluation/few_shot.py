"""Few-shot classes: a new output layer for a handful of images, on features that digits have taught."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.softmax import softmax
from trainingwheels.engine.training.pretraining import source_of
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.thinned import trained_nets

__all__ = ["RATE", "SHRINK", "STEPS", "FewShot", "Head", "features", "few_shot", "source_config"]

Floats = NDArray[Any]
STEPS, RATE, SHRINK = 200, 0.5, 1e-3  # of gradient descent on all images at once, and its L2


@dataclass(frozen=True)
class Head:
    """An output layer on inputs from which ``mean`` is taken and that are divided by ``scale``, those of digits.

    ``W`` is (classes, inputs), ``b`` (classes,). ``known`` (images,) is 1 for an image that a head knows that was
    trained on the others, 0 for one that it does not, and NaN for the only image of a class. It took ``seconds``.
    """

    W: Floats
    b: Floats
    mean: Floats
    scale: float
    known: Floats
    seconds: float

    def probabilities(self, H: Floats) -> Floats:
        """Softmax of the scores, (n, classes)."""
        return softmax(((H - self.mean) / self.scale) @ self.W.T + self.b)


@dataclass(frozen=True)
class FewShot:
    """Heads for the learner's classes, on the pixels themselves and on the features of the net of a run, ``source``."""

    pixels: Head
    features: Head
    source: RunConfig


def source_config(seed: int, conv: tuple[int, ...] = ()) -> RunConfig:
    """The run in which a net has learned all digits, with these convolutions before its hidden layers."""
    return source_of(RunConfig(pretrained="digits", conv=conv, hidden=(64, 64), seed=seed))


def features(X: Floats, source: RunConfig) -> Floats:
    """What the last hidden layer of the net of the run ``source`` makes of images X (n, 64): (n, units)."""
    (net,) = trained_nets(source)
    return net.features(X)


def few_shot(X: Floats, y: NDArray[np.int64], source: RunConfig | None = None) -> FewShot:
    """Train heads on images X (n, 64) with labels y. ``source`` is the run whose net lends its features, None that of
    seed 0 without convolutions. Raises :class:`InvalidSetting` for images of one class only."""
    source = source or source_config(0)
    counts = np.bincount(y)
    if (counts > 0).sum() < 2:
        there = f"All {len(y)} images are of one class" if len(y) > 1 else "There is one image"
        raise InvalidSetting(f"{there}: draw or upload some of another class, at least one.")
    digits = load_dataset("digits").X_train
    X = np.asarray(X, np.float32)
    return FewShot(_head(X, y, digits), _head(features(X, source), y, features(digits, source)), source)


def _head(H: Floats, y: NDArray[np.int64], of_digits: Floats) -> Head:
    """Softmax regression from 0: on all images, and on all but each."""
    n = len(y)
    mean, scale = of_digits.mean(axis=0), float(of_digits.std())
    Z = (H - mean) / scale
    start = time.perf_counter()
    W, b = _regression(Z, y, np.ones((1, n)))
    seconds = time.perf_counter() - start
    each, offset = _regression(Z, y, 1 - np.eye(n))
    known = (np.einsum("nf,ncf->nc", Z, each) + offset).argmax(axis=1) == y
    return Head(W[0], b[0], mean, scale, np.where(np.bincount(y)[y] > 1, known, np.nan), seconds)


def _regression(Z: Floats, y: NDArray[np.int64], seen: Floats) -> tuple[Floats, Floats]:
    """W (runs, classes, inputs) and b (runs, classes) of one run for each row of ``seen`` (runs, n), by gradient
    descent on the images that it is 1 for."""
    target = np.eye(int(y.max()) + 1)[y]
    share = seen / seen.sum(axis=1, keepdims=True)
    rate = RATE / max(1.0, float((Z**2).sum(axis=1).max()) / 4)  # half the curvature's bound: no step overshoots
    W, b = np.zeros((len(seen), target.shape[1], Z.shape[1])), np.zeros((len(seen), target.shape[1]))
    for _ in range(STEPS):
        d = share[:, :, None] * (softmax(np.einsum("nf,kcf->knc", Z, W) + b[:, None]) - target)
        W -= rate * (np.einsum("knc,nf->kcf", d, Z) + SHRINK * W)
        b -= rate * d.sum(axis=1)
    return W, b
