"""From few examples to many: what a transform gains or costs at each number of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig, Snapshot, load_dataset, training_script
from trainingwheels.engine.evaluation.transfer import steps_of
from trainingwheels.figures.labels import capital, many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.kind_words import gain_words, lost_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.data_augmentation.mixing import CHANGES, change_text
from trainingwheels.labs.data_augmentation.nets import NOTHING, PARTNERS, PLAIN, OfNets, run_of
from trainingwheels.labs.data_augmentation.pictures.few_to_many import FewToManyPicture, Gains

__all__ = ["PER_CLASS", "FewToMany"]

PER_CLASS = (2, 8, 32, 128)


class FewToMany(OfNets, NetsView):
    """Nets that see few examples of each class, or many, without a transform, with one, and with a rival."""

    name = "few"
    label = "few to many"
    about = (
        "The same small ConvNet learns 2 examples of each class, 8, 32 and 128, all for the same number of steps, "
        "without a transform and with one: accuracy, and what the transform gains, seed by seed. Press Start."
    )
    picture = FewToManyPicture
    at_once = ("lr",)  # the nets differ in their transforms and examples

    rival = Choice(PARTNERS, "flip", label="beside it", help="another transform, alone")
    steps = LogWholeSlider(
        64, 4096, 200, unit="steps", section="optimizer", help="steps of each net, 20 examples each, whole epochs"
    )

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        configs, labels = [], []
        for names in self._kinds(s):
            for count in counts_of(s.dataset):
                for net in range(s.nets):
                    run = run_of(s, names, s.seed + net, per_class=count)
                    configs.append(steps_of(run, s.dataset, s.steps))
                    labels.append(f"{CHANGES[names[0]].label if names else PLAIN}, {count} of each class")
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Gains:
        kinds = [CHANGES[names[0]].label if names else PLAIN for names in self._kinds(s)]
        said = [change_text(s, name) for names in self._kinds(s) for name in names]
        return Gains(snapshot.histories, kinds, said, counts_of(s.dataset), load_dataset(s.dataset).dataset.classes)

    def explain(self, result: Gains) -> Sequence[str]:
        if failed := next((history.failed for history in result.histories if history.failed), ""):
            return [failed]
        nets = f"{many(len(result.histories), 'net')}: {'; '.join(result.kinds)}; {len(result.counts)} numbers of "
        nets += f"examples, {many(result.seeds, 'seed')}"
        steps = len(result.histories[0].steps)
        if not steps:
            return [f"Not trained yet: {nets}. Press Start."]
        mean = " Validation accuracy is the mean over the seeds." if result.seeds > 1 else ""
        found = [f"After {many(steps, 'step')}, {nets}.{mean}"]
        for place, said in enumerate(result.said, 1):
            gains = [
                f"with {examples:,} examples {gain_words(gain)}"
                for examples, gain in zip(result.examples, result.gains(place), strict=True)
            ]
            found.append(f"{capital(said)}, against {PLAIN}: {', '.join(gains)}.")
        without = result.accuracies(0).mean(axis=1)
        found.append(
            f"Without a transform, accuracy goes from {percent(float(without[0]))} with {result.examples[0]:,} "
            f"examples to {percent(float(without[-1]))} with {result.examples[-1]:,}."
        )
        return [*found, *lost_sentence(sum(history.diverged_at is not None for history in result.histories))]

    def script(self, s: Any) -> str:
        """The last kind with the fewest examples."""
        count = counts_of(s.dataset)[0]
        return training_script([config for config in self.configs(s)[0] if config.per_class == count][-s.nets])

    def _kinds(self, s: Any) -> list[tuple[str, ...]]:
        return [(), *((name,) for name in dict.fromkeys((s.transform, s.rival)) if name != NOTHING)]


def counts_of(dataset: str) -> list[int]:
    """PER_CLASS, as far as the set's rarest class has so many."""
    data = load_dataset(dataset)
    rarest = int(np.bincount(data.y_train, minlength=data.dataset.classes).min())
    return sorted({min(count, rarest) for count in PER_CLASS})
