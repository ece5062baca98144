"""What it costs to change pictures: a batch of digits beside the step that sees it, and a grid of photographs.

python -m nbtests.bench.bench_augmentation

Times are those that the thread was at work, the quietest of many rounds. What changing a batch adds is the difference
of fetching it changed and as it is; sixteen steps are changed at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from nbtests.bench.bench_training import quietest, stepper
from nbtests.bench.table import Target, report
from trainingwheels.engine import RunConfig
from trainingwheels.engine.augmentation import TRANSFORMS, augment
from trainingwheels.engine.training.fleet import Fleet

AUGMENTED = {
    "flip": (("flip", 0.5),),
    "translate": (("translate", 0.1),),
    "four": (("flip", 0.5), ("translate", 0.1), ("rotate", 10), ("contrast", 0.3)),
    "auto_svhn": (("auto_svhn", 1),),
    "rand_augment": (("rand_augment", 5),),
}
AUGMENTING = [
    Target(f"{name} against the step", "augment / step", at_most=1, of=lambda row, name=name: row["augment"] == name)
    for name in AUGMENTED
]
GRID = [Target("a grid of 16 photographs of 224 pixels", "ms", at_most=150)]


def augmenting(name: str, net: str, members: int) -> dict[str, Any]:
    """What changing a batch adds to fetching it, and the step that sees it."""
    shape = {"dense": {"hidden": (100, 100)}, "conv": {"conv": (16, 32), "hidden": (64,)}}[net]
    runs = [RunConfig(lr=0.05 * (1 + k / members), **shape) for k in range(members)]
    contestants = {
        "step": stepper(runs),
        "plain": fetcher(runs),
        "changed": fetcher([replace(run, augment=AUGMENTED[name]) for run in runs]),
    }
    step, plain, changed = (seconds / 22 * 1e6 for seconds in quietest(contestants, 6).values())
    added = changed - plain
    return {"augment": name, "net": net, "K": members, "step us": step, "us": added, "augment / step": added / step}


def fetcher(runs: list[RunConfig]) -> Callable[[], None]:
    """What fetches 22 batches more, of an endless run."""
    group = Fleet([replace(run, epochs=10_000) for run in runs], "cpu", "float32").lanes[0].group
    assert group is not None

    @torch.inference_mode()
    def run() -> None:
        for _ in range(22):
            next(group.batches)

    return run


def grid(name: str) -> dict[str, Any]:
    """Sixteen photographs after one transform, or the pipeline of some."""
    steps = AUGMENTED[name] if name in AUGMENTED else ((name, TRANSFORMS[name].default),)
    x = torch.rand(16, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    return {"transform": name, "ms": 1000 * quietest({name: partial(augment, x, steps)}, 3)[name]}


if __name__ == "__main__":
    torch.set_num_threads(1)
    nets = [("dense", 1), ("conv", 1), ("conv", 16)]
    report("augmentation", [augmenting(name, *net) for net in nets for name in AUGMENTED], *AUGMENTING)
    report("augmentation_grid", [grid(name) for name in ("four", *TRANSFORMS)], *GRID)
