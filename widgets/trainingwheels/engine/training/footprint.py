"""How much memory a group of nets takes while it trains."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.training.convolution import PART_NUMBERS
from trainingwheels.engine.training.evaluation import columns
from trainingwheels.engine.training.net import parameter_shapes
from trainingwheels.engine.training.nonlinear import NONLINEARITIES
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["bytes_needed"]

RATES = ("lr", "momentum", "beta2", "l1", "l2")
DISTURBED = ("mixup", "cutmix", "cutout", "input_noise")  # each makes inputs of its own for every member


def bytes_needed(configs: Sequence[RunConfig], data: Data, watched: bool, itemsize: int = 4) -> int:
    """At the most, for nets of equal structure with numbers of ``itemsize`` bytes, and batches of ``data``.

    The counts of arrays are those of the layers and of the update rules, found by measuring peaks.
    """
    config, pieces = configs[0], ACTIVATIONS[configs[0].activation].pieces
    differing = sum(len({getattr(one, rate) for one in configs}) > 1 for rate in RATES)
    differing += len({one.share_of_rate(layer) for one in configs for layer in range(1, one.depth + 2)} | {1.0}) > 1
    moments = OPTIMIZERS[config.optimizer].moments
    thinned = any(one.dropconnect for one in configs)  # a mask, and what it leaves of the weights
    like_parameters = 3 + 2 * moments + 2 * differing + 2 * watched + 2 * thinned
    like_units = 1 + config.batchnorm + 3 * (pieces - 1) + config.residual  # in evaluation, and in training as well
    dropping = watched or any(one.dropout for one in configs)  # a rate can be changed while one watches
    more_in_training = 2 + (not NONLINEARITIES[config.activation].in_place) + 3 * dropping + watched + config.residual
    shapes = parameter_shapes(config, data.X_train.shape[1], data.dataset.classes)
    parameters = sum(prod(shape) for shape in shapes.values())
    examples = like_units * columns(configs) + (like_units + more_in_training) * config.batch_size
    disturbing = sum(any(getattr(one, name) for one in configs) for name in DISTURBED)
    inputs: int = (disturbing + (disturbing > 0)) * data.X_train.shape[1] * config.batch_size
    units = sum(config.convolved) + sum(config.hidden)
    return itemsize * len(configs) * (like_parameters * parameters + examples * units + inputs) + (
        itemsize * _for_convolutions(configs, columns(configs)) if config.conv else 0
    )


def _for_convolutions(configs: Sequence[RunConfig], evaluated: int) -> int:
    """Numbers that convolutions and pooling hold on top of what every layer does."""
    config = configs[0]
    tall, wide = config.kernel_extent
    units = sum(config.convolved)
    seen, made, kept = units, (1 + config.batchnorm) * units, 0  # of an example: pictures, gradients, what is pooled
    for place, (channels, height, width) in enumerate(config.maps[:-1]):
        padded = (height + tall - 1) * (width + wide - 1)
        seen += channels * padded
        made += (config.conv[place] * padded + channels * height * width) if place else 0
        kept += prod(config.maps[place + 1])
    pooled = 3 * kept * (config.pool > 1)  # with the places of the largest, twice as long
    batch = config.batch_size
    return len(configs) * ((seen + pooled) * (evaluated + batch) + made * batch) + 6 * PART_NUMBERS * len(config.conv)
