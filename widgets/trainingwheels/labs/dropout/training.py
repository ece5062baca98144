"""Nets that train with several rates of dropout at once, of several sizes, on few examples and on many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from trainingwheels.engine import DATASETS, RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Table
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.dropout.inputs import Seeded
from trainingwheels.labs.dropout.pictures.training import Line, Trained, TrainedPicture, lines_of

__all__ = ["COMPARISONS", "Training"]

BATCH, RATE, STEPS = 50, 0.3, 1200


@dataclass(frozen=True)
class Comparison:
    """What a training compares: ``values`` of the setting that the axis calls ``knob``."""

    name: str
    label: str
    values: tuple[float, ...]
    knob: str


COMPARISONS: Table[Comparison] = Table(
    "compare",
    (
        Comparison("rates", "several p at once", (1.0, 0.9, 0.8, 0.65, 0.5, 0.3), "p: probability of keeping a unit"),
        Comparison("sizes", "net size", (10, 30, 100, 300), "units in each of two hidden layers"),
        Comparison("examples", "few examples, many", (100, 300, 1000, 4000), "training examples"),
    ),
)


class Training(Seeded, NetsView):
    """Training and validation accuracy, and the gap between them, with and without dropout."""

    name = "training"
    label = "training"
    about = (
        "Nets that train side by side with dropout and without: training and validation accuracy, and the gap "
        "between them."
    )
    picture = TrainedPicture

    compare = Choice(COMPARISONS, "rates", help="what differs between the nets, besides dropout")
    trained_keep = Slider(
        0.1,
        0.95,
        0.8,
        step=0.05,
        label="p against 1",
        help="probability of keeping a unit, in the nets with dropout; 1 keeps all",
        when={"compare": ("sizes", "examples")},
    )
    wrong_labels = Slider(0.0, 0.8, 0.0, step=0.05, help="share of training labels replaced by wrong ones")
    dataset = Choice(DATASETS, "mnist1d", section="data", help="what is learned")
    train_size = LogWholeSlider(
        64,
        4096,
        1024,
        unit="examples",
        section="data",
        help="training examples, at most",
        when={"compare": ("rates", "sizes")},
        limit=lambda s: 2 ** (DATASETS[s["dataset"]].examples - 1).bit_length(),
    )
    conv = convolutions()
    width = LogWholeSlider(
        8, 512, 128, unit="units", section="net", help="units in each of two hidden layers",
        when={"compare": ("rates", "examples")},
    )  # fmt: skip
    nets = WholeSlider(1, 5, 1, section="more", help="nets per curve, which differ by their seed")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        configs, labels = [], []
        for (value, keep), net in product(_pairs(s), range(s.nets)):
            there = DATASETS[s.dataset].examples
            size = min(int(value) if s.compare == "examples" else s.train_size, there)
            units = int(value) if s.compare == "sizes" else s.width
            configs.append(
                RunConfig(
                    dataset=s.dataset,
                    train_size=size,
                    label_noise=s.wrong_labels,
                    conv=conv_of(s),
                    hidden=(units, units),
                    dropout=round(1 - keep, 9),
                    optimizer="sgd",
                    lr=RATE,
                    batch_size=BATCH,
                    epochs=max(1, STEPS // (size // BATCH)),
                    seed=s.seed + net,
                )
            )
            labels.append(f"p {keep:g}" if s.compare == "rates" else f"{value:,g}, p {keep:g}")
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Trained:
        pairs = [pair for pair in _pairs(s) for _ in range(s.nets)]
        values, keeps = zip(*pairs, strict=True)
        return Trained(snapshot.histories, labels, values, keeps, COMPARISONS[s.compare].knob)

    def explain(self, result: Trained) -> Sequence[str]:
        if failed := next((history.failed for history in result.histories if history.failed), ""):
            return [failed]
        nets = len(result.histories) // len(dict.fromkeys(result.labels))
        each = f"{many(nets, 'net')} per curve"
        which = "p is the probability of keeping a unit: RunConfig(dropout=1 - p)."
        filters = convolution_sentence(result.histories[0].config)
        if not len(result.histories[0].steps):
            return [f"Not trained yet: {len(result.histories)} nets, {each}. Press Start. {which}", *filters]
        return [
            f"After {max(len(h.steps) for h in result.histories):,} steps, {each}. {which}",
            *_say(result, lines_of(result)),
            *filters,
            *label_sentence(result.histories[0]),
        ]

    def script(self, s: Any) -> str:
        configs, _ = self.configs(s)
        return training_script(configs[-1])


def _pairs(s: Any) -> list[tuple[float, float]]:
    """The value of the knob and the probability of keeping a unit, for each curve."""
    values = COMPARISONS[s.compare].values
    if s.compare == "rates":
        return [(keep, keep) for keep in values]
    return [(value, keep) for value in values for keep in (1.0, s.trained_keep)]


def _say(result: Trained, lines: Sequence[Line]) -> list[str]:
    if len(lines) == 1:
        line = lines[0]
        best = max(range(len(line.values)), key=lambda place: line.val[place])
        whole = line.values.index(1.0)
        at_best = f"Validation accuracy is highest at p = {line.values[best]:g}: {_ends(line, best)}."
        return [at_best, f"Without dropout, p = 1: {_ends(line, whole)}."]
    plain, dropped = lines
    return [
        f"{value:,g} {result.knob.split()[-1] if result.knob.endswith('examples') else 'units'}: validation accuracy "
        f"{percent(dropped.val[place])} with p = {dropped.keep:g} (gap {_points(dropped, place)}), "
        f"{percent(plain.val[place])} without dropout (gap {_points(plain, place)})."
        for place, value in enumerate(plain.values)
    ]


def _ends(line: Line, place: int) -> str:
    return f"{percent(line.val[place])}, with {percent(line.train[place])} in training, a gap of {_points(line, place)}"


def _points(line: Line, place: int) -> str:
    return f"{100 * (line.train[place] - line.val[place]):.0f} points".replace("-", "−")
