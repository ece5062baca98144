"""What a net begins with that has learned another set before: the hidden layers of a net like it, trained on that."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train_steps

__all__ = ["Layers", "pretrained_layers", "pretrained_net", "source_of"]

Layers = Mapping[str, NDArray[np.float32]]
"""The arrays of a member by name: W1, b1, W2, ..., and of batchnorm gamma1, beta1, mean1, var1, ..."""

KEPT = 256  # nets; one of two layers of 100 units has 70 kB
ALIKE = (
    "preprocessing", "conv", "kernel", "pool", "hidden", "activation", "residual", "batchnorm", "initializer", "std",
    "seed",
)  # fmt: skip

_kept: OrderedDict[RunConfig, Layers] = OrderedDict()
_lock = RLock()  # a source is trained as any other run is, and asks here what it begins with


def source_of(config: RunConfig) -> RunConfig:
    """The run in which the hidden layers of ``config`` were trained before: the same net from the same seed, on all
    examples of the set ``pretrained``, 30 epochs of SGD with momentum at a rate that falls to 0."""
    assert config.pretrained is not None
    alike = {name: getattr(config, name) for name in ALIKE}
    return RunConfig(dataset=config.pretrained, lr=0.05, schedule="cosine", batch_size=50, epochs=30, **alike)


def pretrained_layers(configs: Sequence[RunConfig]) -> list[Layers]:
    """What each config's net begins with: all but the output layer of its pretrained net, or nothing.

    Nets that have not been trained yet are trained now, together; the latest ``KEPT`` are kept.
    """
    trained = iter(_nets([source_of(config) for config in configs if config.pretrained is not None]))
    return [{} if config.pretrained is None else _hidden(config, next(trained)) for config in configs]


def pretrained_net(config: RunConfig) -> Layers:
    """All layers of the net that ``config`` begins with, the output layer with them."""
    (net,) = _nets([source_of(config)])
    return net


def _hidden(config: RunConfig, layers: Layers) -> Layers:
    last = config.depth + 1
    return {name: array for name, array in layers.items() if name not in (f"W{last}", f"b{last}")}


def _nets(sources: Sequence[RunConfig]) -> list[Layers]:
    """The trained nets of these runs."""
    with _lock:
        missing = [source for source in dict.fromkeys(sources) if source not in _kept]
        if missing:
            _kept.update(zip(missing, _trained(missing), strict=True))
        found = []
        for source in sources:
            _kept.move_to_end(source)
            found.append(_kept[source])
        while len(_kept) > max(KEPT, len(missing)):
            _kept.popitem(last=False)
    return found


def _trained(sources: Sequence[RunConfig]) -> list[Layers]:
    *_, snapshot = train_steps(sources, "cpu", snapshots=1)
    found: dict[int, Layers] = {}
    for group in snapshot.frozen:
        for member, place in enumerate(group.places):
            buffers = (group.net.parameters, group.net.running)
            found[place] = {name: each[name][member].cpu().numpy().copy() for each in buffers for name in each.shapes}
    return [found[place] for place in range(len(sources))]
