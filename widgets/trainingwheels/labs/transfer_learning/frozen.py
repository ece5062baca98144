"""Batch normalization in layers that are frozen: their statistics drift, and what the net knew goes with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from trainingwheels.engine import RunConfig, training_script
from trainingwheels.engine.evaluation.frozen_statistics import Drift, drifts, with_and_without
from trainingwheels.engine.evaluation.transfer import METHODS
from trainingwheels.figures.labels import compact, many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.kind_words import gain_words
from trainingwheels.labs.base.parameters import LogWholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.transfer_learning.nets import OfNets, OfTask, base_config
from trainingwheels.labs.transfer_learning.pictures.frozen import FrozenPicture
from trainingwheels.labs.transfer_learning.tasks import TASKS

__all__ = ["FrozenBatchnorm"]

MOVED = 0.1  # standard deviations, from which on two decimals say enough


class FrozenBatchnorm(OfTask, OfNets, View):
    """A new head on frozen, normalized layers: with statistics that go on averaging, and with still ones."""

    name = "frozen"
    label = "batchnorm, frozen"
    about = (
        "Only a new output layer learns; no weight of the hidden layers moves. Their batch normalization goes on "
        "averaging what it sees, unless one stops it."
    )
    picture = FrozenPicture

    per_class = LogWholeSlider(1, 256, 16, label="labels", unit="labels", help="labelled examples of each class")

    def results(self, s: Any) -> Iterator[Drift]:
        yield from drifts(with_and_without(_config(s), range(s.seed, s.seed + s.nets)))

    def explain(self, result: Drift) -> Sequence[str]:
        config, nets = result.configs[0], len(result.configs) // 2
        steps = int(result.steps[-1])
        drifting, still = slice(nets), slice(nets, None)
        first = float(result.means[-1, drifting, 0].mean())
        before, now = (float(result.source[moment, drifting].mean()) for moment in (0, -1))
        kept = float(result.source[-1, still].mean())
        loose, held = result.target[-1, drifting], result.target[-1, still]
        learned = f"{config.dataset} from {many(config.per_class or 0, 'label')} of each class"
        moved = f"{first:.2f}" if first >= MOVED else compact(first)
        layer = "convolution" if config.conv else "hidden layer"
        usual = f"the running means of the first {layer} have moved by {moved} standard deviations on average"
        old = f"With its old output layer the net knew {percent(before)} of {config.pretrained}. Now it knows"
        new = f"{percent(float(loose.mean()))} with drifting statistics, {percent(float(held.mean()))} with still ones"
        words = [
            f"{many(nets, 'net')} of each kind learned {config.pretrained}; then, in {many(steps, 'step')}, {learned}.",
            f"Frozen as usual: {usual}, though no weight has. Stopped: by 0.",
            f"{old} {percent(now)}; with stopped statistics {percent(kept)}.",
            f"On {config.dataset}: {new}. Stopping changes it by {gain_words(held - loose)}.",
        ]
        return [*words, *convolution_sentence(config), *["Still training."] * (steps < result.total)]

    def script(self, s: Any) -> str:
        return training_script(with_and_without(_config(s), [s.seed])[0])

    def seconds(self, s: Any) -> float | None:
        return 3.0


def _config(s: Any) -> RunConfig:
    task = TASKS[s.task]
    base = base_config(s, task.target)
    settings = METHODS["head"].settings(task.source, base.depth, s.tuning)
    return replace(base, dataset=task.target, per_class=s.per_class, **settings)
