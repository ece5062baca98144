"""Nets that somebody watches in a lab, picture by picture, against ``train`` on the same single thread.

python -m nbtests.bench.bench_watched

The lab draws for a page of 1400 px, without a page. 10 and 50 nets are the slide "Learning rates" of batch
normalization (half of them with it, five rates), 1 is a net of *Train a net* on digits. Both sides take turns.
"""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median
from typing import Any

import torch

from nbtests.bench.table import Target, report
from trainingwheels.engine import train
from trainingwheels.labs import BatchNormalization, TrainNet
from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.batch_normalization import what_it_buys

PAGE = 1040  # CSS pixels that the picture has on a page of 1400
SECONDS, ROUNDS = 1.5, 3
DEPTH = 4


def make(members: int, width: int) -> TrainingLab:
    if members == 1:
        return TrainNet(dataset="digits", hidden=(width,) * DEPTH, batchnorm=True, batch_size=64, epochs=8192)
    what_it_buys.WIDTH = width
    what_it_buys.QUESTIONS["lr"].settings["epochs"] = 8192  # so that it does not end while it is measured
    return BatchNormalization(show="training", question="lr", depth=DEPTH, nets=members // 10)


def watched(lab: TrainingLab) -> tuple[float, float]:
    """Steps and pictures in a second, once it is on its way."""
    nets, paints = lab.view.in_hand, []
    paint = lab._canvas.paint
    lab._canvas.paint = lambda: (paints.append(time.perf_counter()), paint())
    lab.restart()
    lab.start()
    while len(paints) < 6:
        time.sleep(0.01)
    steps, start, pictures = nets.steps, time.perf_counter(), len(paints)
    time.sleep(SECONDS)
    per_second = (nets.steps - steps) / (time.perf_counter() - start), (len(paints) - pictures) / SECONDS
    lab.pause()
    lab.settle()
    lab._canvas.paint = paint
    return per_second


def silent(lab: TrainingLab, steps: float) -> float:
    """Steps in a second of ``train``, for about as many steps, evaluated once an epoch: twenty times, as in a run of
    twenty epochs, would be half of the time of so short a one."""
    configs, _ = lab.view.configs(lab._named())
    epochs = max(1, round(steps / lab.view.in_hand.snapshot.histories[0].steps_per_epoch))
    start = time.perf_counter()
    histories = train([replace(config, epochs=epochs) for config in configs], "cpu", evaluations=epochs)
    return len(histories[0].steps) / (time.perf_counter() - start)


def compare(members: int, width: int) -> dict[str, Any]:
    lab = make(members, width)
    lab._face.page.width = PAGE
    lab.settle()
    seen = []
    for _ in range(ROUNDS):
        steps, pictures = watched(lab)
        seen.append((steps, pictures, silent(lab, SECONDS * steps)))
    lab.close()
    steps, pictures, alone = (median(each) for each in zip(*seen, strict=True))
    return {
        "K": members,
        "H": width,
        "watched steps/s": steps,
        "train steps/s": alone,
        "share": steps / alone,
        "pictures/s": pictures,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    report(
        "watched",
        [compare(members, width) for members in (1, 10, 50) for width in (32, 100)],
        Target("one net", "share", at_least=0.8, of=lambda row: row["K"] == 1),
        Target("50 nets of width 100", "share", at_least=0.6, of=lambda row: row["K"] == 50 and row["H"] == 100),
        Target("pictures", "pictures/s", at_least=8),
    )
