"""How much faster a population trains than one net after the other, side by side in one run.

python -m nbtests.bench.bench_training [threads]

The nets are 64-H-H-10 with batchnorm on digits, batch 64, momentum, float32; each member has its own learning rate. A
plain loop is nn.Module, autograd and torch.optim on batches gathered by index, without any evaluation. Ours is a whole
call of ``train``: set-up, batches, 21 evaluations, layer statistics and histories, divided by its steps. Each number is
the median of several rounds in which the contestants take turns.

Nets with convolutions, 16 of them, are measured against as many plain loops by the quietest of many rounds: see below.

Regularizers are measured without batchnorm, on residual nets of width 32, as a sweep of 16 values against one net
without it and, alone or as a sweep, against the same nets without it: the quietest of many rounds, by the time that the
thread was at work, since a step is short and others may run beside it.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
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
ROUNDS = 5
AGAINST_LOOPS = [
    Target(
        f"32 nets of width {width} against plain loops",
        "step x plain",
        at_least=times,
        of=lambda row, width=width: row["K"] == 32 and row["H"] == width,
    )
    for width, times in ((32, 20), (100, 8))
]


SMALLEST = RunConfig(dataset="spirals", hidden=(8, 8, 8), activation="tanh", batch_size=10, optimizer="sgd", epochs=40)
QUICK = Target("the smallest net", "train us", at_most=65)  # half of what it took; under node a Playground took 37

AGAINST_CONVOLVING_LOOPS = [
    Target(
        "16 nets with a convolution against plain loops", "step x plain", at_least=4, of=lambda row: row["conv"] == "8"
    )
]

SWEPT = {"dropout": 0.05, "l2": 1e-4}
NOISES = {"dropout": 0.05, "dropconnect": 0.05, "stochastic_depth": 0.05, "mixup": 0.1, "cutmix": 0.1, "cutout": 0.5}
NOISES |= {"input_noise": 0.05, "label_smoothing": 0.05}  # of member 1 of a sweep; member k has k times as much
AGAINST_ONE_NET = [Target("a sweep of 16 values against one net", "train x one net", at_most=2.5)]
AGAINST_ONE = [Target("an ensemble of 32 nets of width 32 against one net", "train x one net", at_most=4)]
AGAINST_NONE = [Target("a noise against the step without it", "step x none", at_most=1.5)]


def configs(members: int, width: int, conv: tuple[int, ...] = ()) -> list[RunConfig]:
    if conv:
        base = replace(BASE, conv=conv, hidden=(64,), epochs=5)
        return [replace(base, lr=0.02 * (1 + k / members)) for k in range(members)]
    return [replace(BASE, hidden=(width, width), lr=0.05 * (1 + k / members)) for k in range(members)]


def plain_net(width: int) -> nn.Sequential:
    hidden = [nn.Linear(64, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
    hidden += [nn.Linear(width, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
    return nn.Sequential(*hidden, nn.Linear(width, 10))


def plain_convolutions(conv: tuple[int, ...]) -> nn.Sequential:
    layers, channels, side = [nn.Unflatten(1, (1, 8, 8))], 1, 8
    for outputs in conv:
        layers += [nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        layers += [nn.MaxPool2d(2)]
        channels, side = outputs, side // 2
    layers += [nn.Flatten(), nn.Linear(channels * side**2, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(64, 10))


def data(dataset: str = "digits") -> tuple[Tensor, Tensor]:
    of = load_dataset(dataset)
    return torch.tensor(of.X_train), torch.tensor(of.y_train)


def plain(net: nn.Sequential, dataset: str = "digits", batch_size: int = 64, momentum: float = 0.9) -> float:
    """Seconds of one step of one net, as one writes it."""
    (X, y), losses = data(dataset), []
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=momentum)
    start = time.perf_counter()
    for step in range(PLAIN_STEPS):
        batch = torch.arange(batch_size) + batch_size * (step % 22)
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


def steps_only(runs: list[RunConfig]) -> float:
    """Seconds of one step alone."""
    group = Fleet(runs, "cpu", "float32").lanes[0].group
    assert group is not None
    batches = [next(group.batches) for _ in range(22)]
    losses = torch.empty(group.population.blocked_shape)
    with torch.inference_mode():
        start = time.perf_counter()
        for step in range(PLAIN_STEPS):
            group.population.step(*batches[step % 22], losses)
    return (time.perf_counter() - start) / PLAIN_STEPS


def quietest(contestants: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The least seconds of each at work in this thread, over rounds in which each runs once, after what the one before
    has left behind is collected (and what was there before all of them is not looked through each time)."""
    best = dict.fromkeys(contestants, float("inf"))
    gc.freeze()
    for _ in range(rounds):
        for name, run in contestants.items():
            gc.collect()
            start = time.thread_time()
            run()
            best[name] = min(best[name], time.thread_time() - start)
    return best


def swept(name: str, each: float, members: int = 16) -> list[RunConfig]:
    """A population whose member k has k times ``each`` of one strength."""
    base = RunConfig(hidden=(32, 32), residual=True, lr=0.05)
    values = [int(each * k) % 9 if name == "cutout" else each * k for k in range(members)]
    return [replace(base, **{name: value}) for value in values]


def against_one_net(name: str) -> dict[str, Any]:
    runs = swept(name, SWEPT[name])
    taken = quietest({"one": lambda: train(runs[:1], "cpu"), "all": lambda: train(runs, "cpu")}, ROUNDS)
    us = {who: seconds / STEPS * 1e6 for who, seconds in taken.items()}
    ratio = taken["all"] / taken["one"]
    return {"swept": name, "one net us": us["one"], "16 nets us": us["all"], "train x one net": ratio}


def ensemble(members: int, width: int = 32) -> dict[str, Any]:
    """Nets that differ by their seed, each with batches of its own, against one of them: whole calls of ``train``."""
    base = RunConfig(hidden=(width, width), lr=0.05)
    runs = [replace(base, seed=seed) for seed in range(members)]
    taken = quietest({"one": lambda: train(runs[:1], "cpu"), "all": lambda: train(runs, "cpu")}, ROUNDS)
    us = {who: seconds / STEPS * 1e6 for who, seconds in taken.items()}
    return {
        "K": members,
        "H": width,
        "one us": us["one"],
        "all us": us["all"],
        "train x one net": us["all"] / us["one"],
    }


def against_none(name: str, members: int) -> dict[str, Any]:
    """The step of nets with a noise against the step of as many without it; of one net, with much of it."""
    runs = swept(name, NOISES[name])
    noisy = [runs[8]] if members == 1 else runs
    taken = quietest({"none": stepper([runs[0]] * members), "noisy": stepper(noisy)}, 30)
    none, with_it = (seconds / 22 * 1e6 for seconds in taken.values())
    return {"noise": name, "K": members, "none us": none, "noisy us": with_it, "step x none": with_it / none}


def stepper(runs: list[RunConfig]) -> Callable[[], None]:
    """What trains ``runs`` for 22 steps more, of an endless run."""
    group = Fleet([replace(run, epochs=10_000) for run in runs], "cpu", "float32").lanes[0].group
    assert group is not None
    population, batches = group.population, [next(group.batches) for _ in range(22)]
    losses = torch.empty(population.blocked_shape)

    @torch.inference_mode()
    def run() -> None:
        for batch in batches:
            population.step(*batch, losses)

    return run


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
        "plain": lambda: plain(plain_net(width)),
        "train": lambda: whole_call(members, width),
        "step": lambda: steps_only(configs(members, width)),
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


def smallest() -> dict[str, Any]:
    """TensorFlow Playground's ground: what goes on around the products is all that takes time."""
    widths = [2, *SMALLEST.hidden, 3]
    *hidden, last = [nn.Linear(*sizes) for sizes in pairwise(widths)]
    net = nn.Sequential(*[part for layer in hidden for part in (layer, nn.Tanh())], last)
    contestants = {"plain": lambda: plain(net, "spirals", 10, momentum=0), "train": lambda: train([SMALLEST], "cpu")}
    taken, steps = quietest(contestants, 2 * ROUNDS), len(train([SMALLEST], "cpu")[0].steps)
    us = {"plain": 1e6 * taken["plain"] / PLAIN_STEPS, "train": 1e6 * taken["train"] / steps}
    return {
        "net": "-".join(map(str, widths)),
        "plain us": us["plain"],
        "train us": us["train"],
        "train x plain": us["plain"] / us["train"],
    }


def against_convolving_loops(conv: tuple[int, ...], members: int = 16) -> dict[str, Any]:
    net = plain_convolutions(conv)
    taken = quietest({"plain": lambda: plain(net), "step": stepper(configs(members, 64, conv))}, 2 * ROUNDS)
    one, all_of_them = taken["plain"] / PLAIN_STEPS, taken["step"] / 22
    times = members * one / all_of_them
    return {
        "K": members,
        "conv": ", ".join(map(str, conv)),
        "plain us": one * 1e6,
        "step us": all_of_them * 1e6,
        "step x plain": times,
    }


def against_members(members: int, width: int, peak: float) -> dict[str, Any]:
    rounds = 3 if members > 32 else ROUNDS
    taken = in_turns(
        {"plain": lambda: plain(plain_net(width)), "step": lambda: steps_only(configs(members, width))}, rounds
    )
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
    report("training_smallest", [smallest()], QUICK)
    convolving = [against_convolving_loops(conv) for conv in ((8,), (8, 16), (16, 32))]
    report("training_convolutions", convolving, *AGAINST_CONVOLVING_LOOPS)
    report("training_sweeps", [against_one_net(name) for name in SWEPT], *AGAINST_ONE_NET)
    report("training_ensembles", [ensemble(32)], *AGAINST_ONE)
    report("training_noises", [against_none(name, members) for members in (1, 16) for name in NOISES], *AGAINST_NONE)
    peak = measured_sgemm()
    sizes = [(members, width) for width in (32, 100) for members in (1, 16, 64, 256)]
    report("training_members", [against_members(*each, peak) for each in sizes])
