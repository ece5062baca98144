"""Cross-validation of several values, as a short plain PyTorch script."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.scripts.training import convolution_modules
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["folds_script"]


def folds_script(configs: Sequence[RunConfig], field: str, folds: int, seed: int) -> str:
    """Leaves ``scores``, (values, folds). ``configs`` differ by ``field``: lr, l2, dropout, or the one hidden width."""
    one = configs[0]
    values = [config.hidden[0] if field == "hidden" else getattr(config, field) for config in configs]
    names = {"lr": repr(one.lr), "l2": repr(one.l2), "hidden": repr(one.hidden[0]), "dropout": repr(one.dropout)}
    names[field] = "value"
    noise = (
        f"""
wrong = np.random.default_rng(1).random(len(y)) < {one.label_noise:g}
y = np.where(wrong, (y + np.random.default_rng(2).integers(1, 10, len(y))) % 10, y)"""
        if one.label_noise
        else ""
    )
    fan_in = prod(one.maps[-1]) if one.conv else DATASETS[one.dataset].features
    layers = [
        *convolution_modules(one, names["dropout"] if field == "dropout" else ""),
        f"nn.Linear({fan_in}, width)",
        "nn.ReLU()",
        f"nn.Dropout({names['dropout']})",
        f"nn.Linear(width, {DATASETS[one.dataset].classes})",
    ]
    net = "\n".join(f"        {layer}," for layer in layers)
    return f"""import numpy as np
import torch
from torch import nn

{DATASETS[one.dataset].code}

X, y = X_train[:{one.train_size}], y_train[:{one.train_size}]{noise}
X, y = torch.tensor(X), torch.tensor(y)
folds, size = {folds}, {one.batch_size}
order = np.random.default_rng({seed}).permutation(len(X))[: len(X) // folds * folds]
parts = np.split(order, folds)


def accuracy(value, fold):  # on the part left out, of a net that has trained on the others
    torch.manual_seed({one.seed})
    train, val = np.concatenate([part for place, part in enumerate(parts) if place != fold]), parts[fold]
    width = {names["hidden"]}
    net = nn.Sequential(
{net}
    )
    optimizer = torch.optim.SGD(net.parameters(), lr={names["lr"]}, momentum={one.momentum:g})
    for _ in range({one.epochs}):
        for batch in np.random.permutation(train)[: len(train) // size * size].reshape(-1, size):
            loss = nn.functional.cross_entropy(net(X[batch]), y[batch])
            loss = loss + {names["l2"]} * sum((p**2).sum() for p in net.parameters() if p.ndim > 1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    net.eval()
    return (net(X[val]).argmax(1) == y[val]).double().mean().item()


values = {values}
scores = np.array([[accuracy(value, fold) for fold in range(folds)] for value in values])
for value, row in zip(values, scores):
    print(f"{field} {{value:g}}: {{row.mean():.3f}} ± {{row.std(ddof=1) / np.sqrt(folds):.3f}}")
"""
