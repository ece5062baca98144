"""How much faster the matrix-free propagation is than the lecture's code, side by side in one run, on one BLAS thread.

python -m nbtests.bench.bench_propagation
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy loads: what one learner's kernel has in a classroom

import time
from collections.abc import Callable
from functools import partial
from itertools import count, pairwise, product
from statistics import median
from typing import Any

import numpy as np

from nbtests.bench.table import Target, report
from trainingwheels.engine import DeepNet, propagate

NET = DeepNet((4096,) * 7, "tanh", "gaussian", std=0.01)
PASSES = {"forward": False, "forward and backward": True}
SEED = count(1)  # a new seed for each cold run


def lecture(backward: bool) -> None:
    """The lecture's loop as it stands, then mean and std of each layer; backward by the chain rule, as literally."""
    dims, hs, tape = NET.widths, [], []
    x = np.random.randn(16, dims[0])  # noqa: NPY002 - the lecture's generator
    for Din, Dout in pairwise(dims):
        W = 0.01 * np.random.randn(Din, Dout)  # noqa: NPY002
        tape.append((x, W) if backward else ())
        x = np.tanh(x.dot(W))
        hs.append(x)
    _ = [(h.mean(), h.std()) for h in hs]
    if backward:
        dh = np.random.randn(16, dims[-1])  # noqa: NPY002
        for h, (x_in, W) in zip(reversed(hs), reversed(tape), strict=True):
            dy = dh * (1 - h**2)
            _ = np.sqrt(np.mean(x_in.T.dot(dy) ** 2)), dh.std()
            dh = dy.dot(W.T)


def seconds(run: Callable[[], Any], times: int) -> float:
    """The median time of one run, after one that is not counted if there are several."""
    if times > 1:
        run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return median(taken)


def with_new_noise(net: DeepNet, backward: bool) -> None:
    propagate(net, seed=next(SEED), backward=backward)


def with_kept_noise(net: DeepNet, backward: bool) -> None:
    propagate(net, seed=0, backward=backward)


def against_the_lecture() -> list[dict[str, Any]]:
    rows = []
    for name, backward in PASSES.items():
        literal = seconds(partial(lecture, backward), 1)
        for noise, run in (("new", with_new_noise), ("kept", with_kept_noise)):
            ours = seconds(partial(run, NET, backward), 50)
            numbers = {"lecture s": literal, "matrix-free ms": ours * 1e3, "times faster": literal / ours}
            rows.append({"pass": name, "noise": noise, **numbers})
    return rows


def against_the_width() -> list[dict[str, Any]]:
    rows = []
    for width, (name, backward) in product((1_000, 10_000, 100_000, 1_000_000), PASSES.items()):
        net = DeepNet((width,) * 7, "tanh", "xavier")
        taken = seconds(partial(with_new_noise, net, backward), 1 if width == 1_000_000 else 5)
        rows.append({"pass": name, "width": width, "ms": taken * 1e3, "us per unit": taken / width * 1e6})
    return rows


if __name__ == "__main__":
    report("propagation", against_the_lecture(), Target("against the lecture", "times faster", at_least=100))
    report("propagation_width", against_the_width())
