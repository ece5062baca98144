"""Few-shot classes as a plain script: a net learns digits, and a new output layer a handful of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.evaluation.few_shot import RATE, SHRINK, STEPS
from trainingwheels.engine.scripts.training import training_script
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["few_shot_script"]


def few_shot_script(images: Sequence[Any], labels: Sequence[int], source: RunConfig) -> str:
    """A runnable script for images (64,) each and their classes, on the features of the net of the run
    ``source``. It leaves the output layer in ``W`` and ``b``."""
    rows = ",\n".join(f"    {np.round(np.asarray(image, float), 4).tolist()}" for image in images)
    return f"""\
# First a net learns the digits.
{training_script(source)}
# Then a new output layer learns these images, from what the last hidden layer makes of them.
images = np.array([
{rows},
])
labels = np.array({list(labels)})


def features(X):
    with torch.no_grad():
        return net[:-1](torch.tensor(X, dtype=torch.get_default_dtype())).double().numpy()


def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


of_digits = features(X_train)
H = (features(images) - of_digits.mean(axis=0)) / of_digits.std()
target = np.eye(labels.max() + 1)[labels]
W, b = np.zeros((target.shape[1], H.shape[1])), np.zeros(target.shape[1])
rate = {RATE} / max(1.0, (H**2).sum(axis=1).max() / 4)
for step in range({STEPS}):
    d = (softmax(H @ W.T + b) - target) / len(H)
    W -= rate * (d.T @ H + {SHRINK} * W)
    b -= rate * d.sum(axis=0)
print("known of its own images:", ((H @ W.T + b).argmax(axis=1) == labels).mean())
"""
