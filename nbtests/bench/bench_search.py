"""How much faster a coarse grid is searched as one population than one run after the other, side by side in one run.

python -m nbtests.bench.bench_search

A grid of 24 runs, 6 learning rates by 4 strengths of L2, for 5 epochs on digits, batch 64, momentum: nets 64-H-H-10. A
plain run is nn.Module, autograd and torch.optim on batches gathered by index, with loss and accuracy on the training,
validation and test examples that ours looks at, once an epoch. Ours is a whole call of ``search``, or of
``search_steps``, whose results a live picture would show; of each the least seconds at work in this thread, over rounds
in which they take turns, since others may run beside it. ``s`` is by the clock. Nets of width 100 are bound by the
multiplications that both have to do.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from nbtests.bench.bench_training import quietest
from nbtests.bench.table import Target, report
from trainingwheels.engine import RunConfig
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search import LogUniform, search, search_steps

SPACE = {"lr": LogUniform(1e-4, 1.0), "l2": LogUniform(1e-6, 1e-2)}
GRID: dict[str, Any] = {"sampler": "grid", "trials": 24, "device": "cpu"}
RETRIED = 250
ROUNDS = 5


def plain(configs: list[RunConfig]) -> None:
    """The same runs, one after the other."""
    data = load_with_test("digits")
    X, y = torch.tensor(data.X_train), torch.tensor(data.y_train)
    kept = [(data.X_val, data.y_val), (data.X_test, data.y_test), (data.X_train[:RETRIED], data.y_train[:RETRIED])]
    looked_at = [(torch.tensor(inputs), torch.tensor(labels)) for inputs, labels in kept]
    for config in configs:
        plain_run(config, X, y, looked_at)


def plain_run(config: RunConfig, X: Tensor, y: Tensor, looked_at: list[tuple[Tensor, Tensor]]) -> list[Any]:
    one, two = config.hidden
    net = nn.Sequential(nn.Linear(64, one), nn.ReLU(), nn.Linear(one, two), nn.ReLU(), nn.Linear(two, 10))
    decay = {"params": [p for p in net.parameters() if p.dim() > 1], "weight_decay": 2 * config.l2}
    rest = {"params": [p for p in net.parameters() if p.dim() == 1]}
    optimizer = torch.optim.SGD([decay, rest], lr=config.lr, momentum=0.9)
    curves = []
    for _ in range(config.epochs):
        order = torch.randperm(len(X))
        for start in range(0, len(X) - 63, 64):
            batch = order[start : start + 64]
            loss = nn.functional.cross_entropy(net(X[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            curves.append(loss.item())
        with torch.no_grad():
            for inputs, labels in looked_at:
                scores = net(inputs)
                curves.append(nn.functional.cross_entropy(scores, labels).item())
                curves.append((scores.argmax(1) == labels).float().mean().item())
    return curves


def row(width: int) -> dict[str, Any]:
    base = RunConfig(hidden=(width, width), epochs=5)
    result = search(SPACE, base=base, **GRID)
    configs = [replace(base, **trial.params) for trial in result.trials]
    start = time.perf_counter()
    *_, last = search_steps(SPACE, base=base, **GRID)
    seconds = time.perf_counter() - start
    assert len(last.finished) == 24
    taken = quietest(
        {
            "plain": lambda: plain(configs),
            "search": lambda: search(SPACE, base=base, **GRID),
            "live": lambda: [*search_steps(SPACE, base=base, **GRID)],
        },
        ROUNDS,
    )
    return {
        "H": width,
        "live s": seconds,
        "plain ms": taken["plain"] * 1e3,
        "search ms": taken["search"] * 1e3,
        "live ms": taken["live"] * 1e3,
        "search x plain": taken["plain"] / taken["search"],
        "live x plain": taken["plain"] / taken["live"],
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    report(
        "search",
        [row(width) for width in (32, 100)],
        Target(
            "24 runs of 5 epochs against plain PyTorch, width 32",
            "search x plain",
            at_least=8,
            of=lambda row: row["H"] == 32,
        ),
        Target("the same with live curves, by the clock", "live s", at_most=10),
    )
