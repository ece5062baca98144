"""A second task from few labels: from scratch, or with what was learned before, which is kept or tuned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig, Snapshot, load_dataset, training_script
from trainingwheels.engine.evaluation.transfer import METHODS, adaptations
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.kind_words import gain_words, lost_sentence
from trainingwheels.labs.base.parameters import LogWholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.transfer_learning.nets import OfNets, OfTask, base_config
from trainingwheels.labs.transfer_learning.pictures.adapt import Adapted, AdaptedPicture
from trainingwheels.labs.transfer_learning.tasks import TASKS

__all__ = ["COUNTS", "Adapt"]

COUNTS = (1, 4, 16, 64, 256)


class Adapt(OfTask, OfNets, NetsView):
    """Four methods at several numbers of labels, all nets at once."""

    name = "adapt"
    label = "adapt"
    about = (
        "Nets that have learned one task learn another, with few labels of each class or many; beside them nets that "
        "begin from scratch. Press Start; then compare them where labels are few and where they are many."
    )
    picture = AdaptedPicture
    still = 1

    look_at = LogWholeSlider(
        1, 256, 4, label="labels", unit="labels", looks=True, help="labels of each class at which the curves are shown"
    )

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        task = TASKS[s.task]
        counts = counts_of(task.target)
        seeds = range(s.seed, s.seed + s.nets)
        base = base_config(s, task.target)
        configs = adaptations(task.source, task.target, counts, METHODS.keys(), seeds, s.tuning, base)
        kinds = [f"{method.label}, {many(count, 'label')}" for count in counts for method in METHODS.values()]
        labels = [kind for kind in kinds for _ in seeds]
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Adapted:
        counts = counts_of(TASKS[s.task].target)
        looked = min(counts, key=lambda count: abs(np.log(count / s.look_at)))
        return Adapted(TASKS[s.task], snapshot.histories, METHODS.values(), counts, looked)

    def explain(self, result: Adapted) -> Sequence[str]:
        if failed := next((history.failed for history in result.histories if history.failed), ""):
            return [failed]
        nets = f"{len(result.histories)} nets: {many(result.nets, 'seed')}, {len(result.counts)} numbers of labels, "
        nets += "four methods"
        task = f"First {result.task.source}, then {result.task.target}."
        steps = len(result.histories[0].steps)
        if not steps:
            about = convolution_sentence(result.histories[0].config)
            return [f"Not trained yet: {nets}. {task} Press Start.", *about]
        mean = " Validation accuracy is the mean over the seeds." if result.nets > 1 else ""
        found = [f"{task} After {many(steps, 'step')}, {nets}.{mean}"]
        for count in dict.fromkeys((result.counts[0], result.looked, result.counts[-1])):
            accuracies = {method.name: result.accuracies(method.name, count) for method in result.methods}
            words = ", ".join(
                f"{method.label} {percent(float(accuracies[method.name].mean()))}" for method in result.methods
            )
            found.append(f"{many(count, 'label')} of each class: {words}.")
            found.append(_against_scratch(accuracies))
        return [*found, *lost_sentence(sum(history.diverged_at is not None for history in result.histories))]

    def script(self, s: Any) -> str:
        counts = counts_of(TASKS[s.task].target)
        looked = min(counts, key=lambda count: abs(np.log(count / s.look_at)))
        configs, _ = self.configs(s)
        return training_script([config for config in configs if config.per_class == looked][-1])


def counts_of(target: str) -> list[int]:
    """COUNTS, as far as the set's rarest class has so many; then all that it has."""
    data = load_dataset(target)
    rarest = int(np.bincount(data.y_train, minlength=data.dataset.classes).min())
    return sorted({min(count, rarest) for count in COUNTS})


def _against_scratch(accuracies: Mapping[str, Any]) -> str:
    """What each way to transfer gains, seed by seed."""
    gains = [
        f"{method.label} {gain_words(accuracies[method.name] - accuracies['scratch'])}"
        for method in METHODS.values()
        if method.pretrained
    ]
    return f"Against from scratch: {', '.join(gains)}."
