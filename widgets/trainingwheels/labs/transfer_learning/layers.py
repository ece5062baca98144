"""How many layers to retrain: against how much data there is, and how similar the new task is to the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from trainingwheels.engine import RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Table
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.labels import capital, many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.kind_words import gain_words, lost_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.transfer_learning.nets import OfNets, base_config
from trainingwheels.labs.transfer_learning.pictures.layers import Cell, LayersPicture, Retrained

__all__ = ["FAMILIES", "WhichLayers"]


@dataclass(frozen=True)
class Family:
    """A set that is learned first, and two to learn then: one like it, and one that is not."""

    name: str
    label: str
    source: str
    similar: str
    different: str


FAMILIES: Table[Family] = Table(
    "family",
    (
        Family("series", "MNIST-1D; or in another order", "mnist1d-0-4", "mnist1d-5-9", "mnist1d-shuffled-5-9"),
        Family("digits", "digits; or inverted", "digits-0-4", "digits-5-9", "digits-inverted-5-9"),
        Family("letters", "letters; or digits", "letters-0-4", "letters-5-9", "digits-5-9"),
    ),
)


class WhichLayers(OfNets, NetsView):
    """Two tasks, two numbers of labels; in each of the four, nets of which the last layer learns, the last two, ..."""

    name = "layers"
    label = "which layers"
    about = (
        "Little data or much, a task like the old one or another: in each of the four, nets of which the last layer "
        "learns, the last two, and so on to all; and nets that begin from scratch."
    )
    picture = LayersPicture

    family = Choice(FAMILIES, "series", label="tasks", help="what is learned before, and the two tasks after it")
    little = LogWholeSlider(1, 128, 4, unit="labels", help="labelled examples of each class where there are few")
    much = LogWholeSlider(1, 256, 128, unit="labels", help="labelled examples of each class where there are many")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        configs, labels = [], []
        for (target, words), count, retrained, net in _runs(s):
            base = replace(base_config(s, target), dataset=target, per_class=count, seed=s.seed + net)
            if retrained:
                frozen = base.depth + 1 - retrained
                base = replace(base, pretrained=FAMILIES[s.family].source, frozen=frozen, tuning=s.tuning)
            configs.append(base)
            which = f"last {many(retrained, 'layer')}" if retrained else "from scratch"
            labels.append(f"{words}, {many(count, 'label')}, {which}")
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Retrained:
        places = [(*task, count) for task, count in product(_tasks(s), (s.little, s.much))]
        now = accuracies_now(snapshot.histories)
        cells = [
            Cell(*place, accuracies)
            for place, accuracies in zip(places, now.reshape(len(places), -1, s.nets), strict=True)
        ]
        failed = next((history.failed for history in snapshot.histories if history.failed), "")
        lost = sum(history.diverged_at is not None for history in snapshot.histories)
        return Retrained(
            cells,
            len(snapshot.histories[0].steps),
            snapshot.histories[0].chance,
            failed,
            lost,
            snapshot.histories[0].config,
        )

    def explain(self, result: Retrained) -> Sequence[str]:
        if result.failed:
            return [result.failed]
        layers, nets = result.cells[0].accuracies.shape
        each = f"{many(nets, 'net')} for each of {layers} ways in each of four places"
        if not result.steps:
            return [f"Not trained yet: {each}. Press Start.", *convolution_sentence(result.config)]
        found = [f"After {many(result.steps, 'step')}, {each}; layers trained before learn with the smaller lr."]
        found += map(_words, result.cells)
        chosen = (
            f"The best of {layers - 1} ways is chosen on the examples that it is measured on: expect a little less."
        )
        return [*found, chosen, *lost_sentence(result.lost)]

    def script(self, s: Any) -> str:
        configs, _ = self.configs(s)
        return training_script(configs[s.nets])


def _words(cell: Cell) -> str:
    """What one place of the table says."""
    layers, best = len(cell.accuracies) - 1, cell.best
    learn = "all layers learn" if best == layers else "the last layer learns" if best == 1 else f"the last {best} learn"
    means = cell.accuracies[1:].mean(axis=1)
    where = f"is best if {learn}," if means.min() < means.max() else "has, however many layers learn,"
    scratch, transfer = (percent(float(cell.accuracies[way].mean())) for way in (0, best))
    gain = gain_words(cell.accuracies[best] - cell.accuracies[0])
    return (
        f"{capital(cell.words)} task ({cell.target}), {many(cell.count, 'label')} of each class: transfer "
        f"{where} {transfer}; from scratch {scratch}. Transfer changes it by {gain}."
    )


def _tasks(s: Any) -> list[tuple[str, str]]:
    family = FAMILIES[s.family]
    return [(family.similar, "similar"), (family.different, "different")]


def _runs(s: Any) -> Any:
    """Task, labels, layers retrained (0 is from scratch) and net of each run."""
    return product(_tasks(s), (s.little, s.much), range(len(s.conv) + s.depth + 2), range(s.nets))
