"""Learning rates on two scales, tried on real nets, as a short plain PyTorch script."""

from __future__ import annotations

from math import prod

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.scripts.training import convolution_modules
from trainingwheels.engine.search.scales import EPOCHS, learning

__all__ = ["scales_script"]

_OPTIMIZERS = {
    "adam": "torch.optim.Adam(net.parameters(), lr=lr)",
    "momentum": "torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)",
}


def scales_script(optimizer: str, low: float, high: float, trials: int, conv: tuple[int, ...] = ()) -> str:
    """Leaves ``best``, the best validation accuracy by scale."""
    base = learning(optimizer, conv)
    fan_in = prod(base.maps[-1]) if conv else DATASETS["digits"].features
    layers = [*convolution_modules(base), f"nn.Linear({fan_in}, 32)", "nn.ReLU()", "nn.Linear(32, 10)"]
    net = "".join(f"\n        {layer}," for layer in layers)
    return f"""import numpy as np
import torch
from torch import nn

{DATASETS["digits"].code}

X, y, V, t = (torch.tensor(array) for array in (X_train, y_train, X_val, y_val))


def accuracy(lr):  # of a net that has learned with it for {EPOCHS} epochs
    torch.manual_seed(0)
    net = nn.Sequential({net}
    )
    optimizer = {_OPTIMIZERS[optimizer]}
    for _ in range({EPOCHS}):
        for batch in torch.randperm(len(X)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X[batch]), y[batch]).backward()
            optimizer.step()
    return (net(V).argmax(1) == t).double().mean().item()


low, high, trials = {low:g}, {high:g}, {trials}
u = np.random.default_rng(0).random(trials)
scales = {{"log": low * (high / low) ** u, "linear": low + (high - low) * u}}
best = {{name: max(accuracy(lr) for lr in rates) for name, rates in scales.items()}}
for name, rates in scales.items():
    top_decade = np.mean(rates > high / 10)
    print(f"{{name}}: {{top_decade:.0%}} of the trials in the highest decade, the best has {{best[name]:.1%}}")
"""
