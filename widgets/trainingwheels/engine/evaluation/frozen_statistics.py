"""Layers that are frozen, and their batchnorm's running statistics, which drift unless somebody stops them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import EPSILON
from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.training.devices import using_threads
from trainingwheels.engine.training.pretraining import Layers, pretrained_net, source_of
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train_steps

if TYPE_CHECKING:
    from trainingwheels.engine.training.snapshot import Frozen

__all__ = ["Drift", "drifts", "with_and_without"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class Drift:
    """Nets with frozen layers up to now, (moments, nets, ...), the moments at ``steps``.

    ``means`` (moments, nets, layers) is how far the running means have moved from those that the layers were pretrained
    with: the mean over a layer's units, in standard deviations of before. ``source`` is the validation accuracy of the
    frozen layers with the output layer they had before, on the set they were trained on; ``target`` that of the net on
    what it learns now.
    """

    configs: Sequence[RunConfig]
    steps: NDArray[np.int64]
    means: Floats
    source: Floats
    target: Floats
    total: int


def drifts(configs: Sequence[RunConfig], moments: int = 20) -> Iterator[Drift]:
    """Train nets all of whose hidden layers are frozen and normalized, and measure them at so many moments."""
    before = [pretrained_net(config) for config in configs]
    of_source = load_dataset(source_of(configs[0]).dataset, preprocessing=configs[0].preprocessing)
    steps, means, source, target = [], [], [], []
    for snapshot in train_steps(configs, "cpu", snapshots=moments):
        histories = snapshot.histories
        steps.append(len(histories[0].steps))
        target.append([history.val_accuracy[-1] for history in histories])
        moved, kept = np.zeros((len(configs), configs[0].depth)), np.zeros(len(configs))
        for group in snapshot.frozen:
            places = list(group.places)
            old = [before[place] for place in places]
            moved[places] = _moved(group, old)
            kept[places] = _source_accuracy(group, old, of_source.X_val, of_source.y_val)
        means.append(moved)
        source.append(kept)
        yield Drift(
            configs, np.array(steps), np.array(means), np.array(source), np.array(target), histories[0].total_steps
        )


def _moved(group: Frozen, old: Sequence[Layers]) -> Floats:
    """(members, layers)."""
    columns = []
    for layer in range(1, group.net.config.depth + 1):
        now = group.net.running[f"mean{layer}"].cpu().numpy()
        mean, var = (np.stack([layers[f"{name}{layer}"] for layers in old]) for name in ("mean", "var"))
        columns.append((np.abs(now - mean) / np.sqrt(var + EPSILON)).mean(axis=1))
    return np.stack(columns, axis=1)


def _source_accuracy(group: Frozen, old: Sequence[Layers], X: Floats, y: Floats) -> Floats:
    """Of the frozen layers as they are with each net's old output layer, (members,)."""
    import torch

    flat, last = group.net.parameters.flat, group.net.config.depth + 1
    x = torch.tensor(X, device=flat.device, dtype=flat.dtype).t()[None]
    with using_threads(1), torch.inference_mode():
        H = group.net.hidden(x)[-2].cpu().numpy()  # (members, units, examples)
    accuracies = []
    for h, layers in zip(H, old, strict=True):
        scores = layers[f"W{last}"] @ h + layers[f"b{last}"][:, None]
        accuracies.append((scores.argmax(axis=0) == y).mean())
    return np.array(accuracies)


def with_and_without(config: RunConfig, seeds: Sequence[int]) -> list[RunConfig]:
    """``config`` with drifting statistics for each seed, then with still ones."""
    frozen = replace(config, batchnorm=True, frozen=config.depth)
    return [replace(frozen, drift=drift, seed=seed) for drift in (True, False) for seed in seeds]
