"""How much faster a population trains than one net after the other, side by side in one run.

python -m nbtests.bench.bench_training [threads]

The nets are 64-H-H-10 with batchnorm on digits, batch 64, momentum, float32; each member has its own learning rate. A
plain loop is nn.Module, autograd and torch.optim on batches gathered by index, without any evaluation. Ours is a whole
call of ``train``: set-up, batches, 21 evaluations, layer statistics and histories, divided by its steps. Each number is
the median of several rounds in which the contestants take turns.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from nbtests.bench.table import Target, report
from trainingwheels.engine import RunConfig, load_dataset, train
from trainingwheels.engine.training.fleet import Fleet
from trainingwheels.engine.training.products import product

BASE = RunConfig(batchnorm=True, epochs=20)
STEPS = 440  # 20 epochs of 22
PLAIN_STEPS = 66  # of one net in one round: the cost of a step does not change
ROUNDS = 7
AGAINST_LOOPS = [
    Target(
        f"32 nets of width {width} against plain loops",
        "step x plain",
        at_least=times,
        of=lambda row, width=width: row["K"] == 32 and row["H"] == width,
    )
    for width, times in ((32, 20), (100, 8))
]


def configs(members: int, width: int) -> list[RunConfig]:
    return [replace(BASE, hidden=(width, width), lr=0.05 * (1 + k / members)) for k in range(members)]


def plain_net(width: int) -> nn.Sequential:
    hidden = [nn.Linear(64, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
    hidden += [nn.Linear(width, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
    return nn.Sequential(*hidden, nn.Linear(width, 10))


def data() -> tuple[Tensor, Tensor]:
    digits = load_dataset("digits")
    return torch.tensor(digits.X_train), torch.tensor(digits.y_train)


def plain(width: int) -> float:
    """Seconds of one step of one net, as one writes it."""
    (X, y), net, losses = data(), plain_net(width), []
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    start = time.perf_counter()
    for step in range(PLAIN_STEPS):
        batch = torch.arange(64) + 64 * (step % 22)
        loss = nn.functional.cross_entropy(net(X[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return (time.perf_counter() - start) / PLAIN_STEPS


def vmapped(members: int, width: int) -> float:
    """Seconds of one step of all nets by torch.func: stacked modules, vmap over grad, momentum on stacked tensors."""
    (X, y), nets = data(), [plain_net(width) for _ in range(members)]
    parameters, buffers = torch.func.stack_module_state(nets)
    velocity = {name: torch.zeros_like(p) for name, p in parameters.items()}

    def loss(parameters: Any, buffers: Any, x: Tensor, y: Tensor) -> Any:
        return nn.functional.cross_entropy(torch.func.functional_call(nets[0], (parameters, buffers), (x,)), y)

    gradients = torch.func.vmap(torch.func.grad(loss), in_dims=(0, 0, None, None))
    steps = PLAIN_STEPS // 3
    start = time.perf_counter()
    for step in range(steps):
        batch = torch.arange(64) + 64 * (step % 22)
        found = gradients(parameters, buffers, X[batch], y[batch])
        with torch.no_grad():
            for name, p in parameters.items():
                velocity[name].mul_(0.9).add_(found[name])
                p.sub_(velocity[name], alpha=0.05)
    return (time.perf_counter() - start) / steps


def whole_call(members: int, width: int) -> float:
    """Seconds per step of ``train``, everything counted in."""
    runs = configs(members, width)
    start = time.perf_counter()
    train(runs, "cpu")
    return (time.perf_counter() - start) / STEPS


def steps_only(members: int, width: int) -> float:
    """Seconds of one step alone."""
    group = Fleet(configs(members, width), "cpu", "float32").lanes[0].group
    assert group is not None
    batches = [next(group.batches) for _ in range(22)]
    losses = torch.empty(group.population.blocked_shape)
    with torch.inference_mode():
        start = time.perf_counter()
        for step in range(PLAIN_STEPS):
            group.population.step(*batches[step % 22], losses)
    return (time.perf_counter() - start) / PLAIN_STEPS


def measured_sgemm(multiply: Callable[[Tensor, Tensor], Tensor] = product) -> float:
    """FLOP per second of the best product of two 1024 x 1024 matrices, by the fastest library that torch has."""
    A, B, taken = torch.randn(1024, 1024), torch.randn(1024, 1024), []
    for _ in range(10):
        start = time.perf_counter()
        multiply(A, B)
        taken.append(time.perf_counter() - start)
    return 2 * 1024**3 / min(taken)


def flops(members: int, width: int) -> float:
    """Multiplications and additions of one step's matrix products: forward, dW, and dx of all layers but the first."""
    first, others = 64 * width, width * width + 10 * width
    return float(members * 64 * 2 * (2 * first + 3 * others))


def in_turns(contestants: dict[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median of each contestant's seconds over rounds in which each runs once, after one that does not count."""
    taken = [{name: run() for name, run in contestants.items()} for _ in range(rounds + 1)][1:]
    return {name: median(one[name] for one in taken) for name in contestants}


def against_loops(members: int, width: int) -> dict[str, Any]:
    contestants: dict[str, Callable[[], float]] = {
        "plain": lambda: plain(width),
        "train": lambda: whole_call(members, width),
        "step": lambda: steps_only(members, width),
        "vmap": lambda: vmapped(members, width),
    }
    taken = in_turns(contestants)
    return {
        "K": members,
        "H": width,
        "plain us": taken["plain"] * 1e6,
        "vmap us": taken["vmap"] * 1e6,
        "train us": taken["train"] * 1e6,
        "step us": taken["step"] * 1e6,
        "train x plain": members * taken["plain"] / taken["train"],
        "step x plain": members * taken["plain"] / taken["step"],
        "train x vmap": taken["vmap"] / taken["train"],
    }


def against_members(members: int, width: int, peak: float) -> dict[str, Any]:
    rounds = 3 if members > 32 else ROUNDS
    taken = in_turns({"plain": lambda: plain(width), "step": lambda: steps_only(members, width)}, rounds)
    return {
        "K": members,
        "H": width,
        "step us": taken["step"] * 1e6,
        "us per member": taken["step"] / members * 1e6,
        "x plain": members * taken["plain"] / taken["step"],
        "GFLOP/s": flops(members, width) / taken["step"] / 1e9,
        "% of sgemm": 100 * flops(members, width) / taken["step"] / peak,
        "x plain at the limit": members * taken["plain"] * peak / flops(members, width),
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        torch.set_num_threads(int(sys.argv[1]))
    fastest, plain_mm = measured_sgemm(), measured_sgemm(torch.mm)
    print(f"threads {torch.get_num_threads()}, sgemm {fastest / 1e9:.0f} GFLOP/s, by torch.mm {plain_mm / 1e9:.0f}")
    report("training", [against_loops(*sizes) for sizes in ((1, 32), (32, 32), (1, 100), (32, 100))], *AGAINST_LOOPS)
    peak = measured_sgemm()
    sizes = [(members, width) for width in (32, 100) for members in (1, 4, 16, 64, 256)]
    report("training_members", [against_members(*each, peak) for each in sizes])
