"""A net that is trained, asked with the noise of its training still on: what the test's single pass approximates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.batchnorm import RUNNING_SHARE
from trainingwheels.engine.data.batches import epoch_order
from trainingwheels.engine.training.devices import using_threads
from trainingwheels.engine.training.disturbances import Disturbances
from trainingwheels.engine.training.net import Net, Noise
from trainingwheels.engine.training.snapshot import Snapshot

__all__ = ["noisy_probabilities"]

Floats = NDArray[Any]
ELSEWHERE = 2**40  # added to a run's seed: what is drawn to ask a net is not what it was trained with


def noisy_probabilities(snapshot: Snapshot, run: int, X: Floats, passes: int) -> NDArray[np.float32]:
    """What one net says of ``X`` (n, features), preprocessed, in each of so many passes in which units, weights and
    blocks fall and examples are cut and noisy: softmax probabilities, ndarray (passes, n, classes).

    What is random is drawn anew for each pass, from the run's seed. Examples are not mixed with each other, which
    would leave no class to speak of; batchnorm takes the statistics of a random batch of training examples.
    """
    found = snapshot.group_of(run)
    assert found is not None, "it failed"
    group = found.of(run)
    config = snapshot.histories[run].config
    config = replace(config, seed=(config.seed + ELSEWHERE) % 2**63, mixup=0.0, cutmix=0.0, label_smoothing=0.0)
    parameters = group.net.parameters
    device, dtype = parameters.flat.device, parameters.flat.dtype
    noise = Noise.of([config.seed], device, dtype)
    running = group.net.running.copy()
    measuring, net = (Net(config, parameters, parameters, running, noise, still) for still in (0, config.depth))
    for each in (measuring, net):
        each.drop(group.net.dropped)
    disturbances = Disturbances([config], [0], device, dtype)
    disturbances.settle([config])
    train = group.data[0].X_train

    def columns(examples: Floats) -> Tensor:
        return torch.tensor(examples, device=device, dtype=dtype).t()[None]  # (1, features, n)

    def take_statistics(place: int) -> None:
        """Batchnorm normalizes by the mean and variance of one random batch from now on: by averages of it alone."""
        batch = epoch_order(config.seed, place, len(train))[: config.batch_size]
        running.flat.zero_()
        measuring.forward(columns(train[np.sort(batch)]), train=True)
        for batchnorm in measuring.batchnorms:
            batchnorm.running.settle()
        running.flat.div_(RUNNING_SHARE)

    with using_threads(1), torch.inference_mode():
        x, scores = columns(X), []
        target = x.new_zeros(1, 1, group.data[0].dataset.classes, len(X))  # nothing asks for it
        for place in range(passes):
            if config.batchnorm:
                take_statistics(place)
            scores.append(net.forward(disturbances(x, target)[0], train=True)[0].clone())
        p: NDArray[np.float32] = torch.stack(scores).softmax(1).mT.float().cpu().numpy()  # (passes, n, classes)
    return p
