"""The learning rate while a net trains: schedules beside each other, and batch sizes with the rates that suit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from trainingwheels.engine import DATASETS, OPTIMIZERS, SCHEDULES, History, RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures import CurvesView
from trainingwheels.figures.labels import compact, many
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panel_and_curves import Line
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.optimizers.pictures.schedules import SchedulesPicture, SchedulesView

__all__ = ["BATCHES", "LRS", "Schedules"]

HIDDEN, BATCH, TRAIN_SIZE = (64, 64), 64, 1024
BATCHES = (16, 64, 256)
LRS = tuple(float(f"{rate:.2g}") for rate in np.logspace(-2.5, 0.5, 7))  # half a decade apart

COMPARED = Table("versus", (Option("schedules", "schedules"), Option("batches", "batch sizes × lr")))
NAMES = {"step": "step", "inverse_sqrt": "inverse root"}


class Schedules(NetsView):
    """Nets that differ by their schedule alone, or by batch size and learning rate."""

    name = "schedules"
    label = "schedules"
    picture = SchedulesPicture
    about = (
        "Nets from the same initial weights that differ by the schedule of their learning rate; or by the size of "
        "their batches, each with seven learning rates."
    )

    versus = Choice(COMPARED, "schedules", label="compare", help="what differs between the nets")
    peak = LogSlider(
        1e-4, 10.0, 1.0, step=0.125, label="lr", when={"versus": "schedules"}, help="the highest learning rate of each"
    )
    warm_up = Slider(
        0.0, 0.9, 0.0, step=0.05, label="warm-up", when={"versus": "schedules"},
        help="share of the run over which the learning rate rises from 0",
    )  # fmt: skip
    rule = Choice(OPTIMIZERS, "sgd", label="optimizer", section="net", help="of all nets")
    depth = WholeSlider(1, 8, 2, unit="layers", label="hidden layers", section="net", help=f"of {HIDDEN[0]} units each")
    filters = convolutions(data="learned")
    learned = Choice(DATASETS, "mnist1d", label="dataset", section="data", help="what is learned")
    length = LogWholeSlider(
        1, 128, 16, unit="epochs", label="epochs", section="data", help="how often each example is seen"
    )
    copies = WholeSlider(1, 5, 1, unit="nets", label="nets", section="more", help="of each kind; they differ by seed")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        configs, labels = [], []
        for label, changes in _kinds(s):
            for seed in range(s.copies):
                configs.append(_config(s, seed, changes))
                labels.append(label)
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> SchedulesView:
        histories = snapshot.histories
        names = list(dict.fromkeys(labels))
        if s.versus == "schedules":
            colors = [run_color(names.index(label)) for label in labels]
            curves = CurvesView(histories, labels, colors, band=s.copies > 1, dots=False)
            total = histories[0].total_steps
            steps = np.arange(total)
            lines = []
            for place, (label, changes) in enumerate(_kinds(s)):
                factors = SCHEDULES[changes["schedule"]].factors(total, round(s.warm_up * total))
                lines.append(Line(label, run_color(place), steps, s.peak * factors))
            return SchedulesView(curves, lines, False, len(histories[0].steps))
        lines, chosen = [], set()
        for place, size in enumerate(BATCHES):
            mine = [at for at, history in enumerate(histories) if history.config.batch_size == size]
            accuracy = np.array([
                np.mean([histories[at].val_accuracy[-1] for at in mine if histories[at].config.lr == lr]) for lr in LRS
            ])  # fmt: skip
            best = LRS[int(np.argmax(accuracy))]
            chosen |= {at for at in mine if histories[at].config.lr == best}
            lines.append(Line(f"batches of {size}", run_color(place), np.array(LRS), accuracy))
        hidden = frozenset(set(range(len(histories))) - chosen)
        colors = [run_color(BATCHES.index(history.config.batch_size)) for history in histories]
        return SchedulesView(CurvesView(histories, labels, colors, hidden, band=s.copies > 1, dots=False), lines, True)

    def explain(self, result: SchedulesView) -> Sequence[str]:
        histories = [cast(History, history) for history in result.curves.histories]
        first = histories[0]
        if failed := next((history.failed for history in histories if history.failed), ""):
            return [failed]
        if not len(first.steps):
            return [
                f"Not trained yet: {many(len(histories), 'net')}. Press Start.",
                *convolution_sentence(first.config),
            ]
        if result.by_rate:
            under_way = any(h.diverged_at is None and len(h.steps) < h.total_steps for h in histories)
            return [*map(_best, result.lines), *(["They are still training: this is so far."] if under_way else [])]
        found = []
        for line in result.lines:
            mine = [h for h, label in zip(histories, result.curves.labels, strict=True) if label == line.name]
            accuracy, loss = (np.mean([getattr(h, name)[-1] for h in mine]) for name in ("val_accuracy", "val_loss"))
            lost = sum(h.diverged_at is not None for h in mine)
            ends = f"diverged, {lost} of {len(mine)}" if lost else f"loss {compact(float(loss))}"
            now = float(line.y[min(len(mine[0].steps), len(line.y)) - 1])
            found.append(
                f"{line.name}: validation accuracy {percent(float(accuracy))}, {ends}; its "
                f"learning rate is {compact(now)}."
            )
        return [f"After {many(len(first.steps), 'step')} of {first.total_steps:,}:", *found]

    def script(self, s: Any) -> str:
        configs, _ = self.configs(s)
        return training_script(configs[-1])


def _kinds(s: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """What the nets of each kind are called, and by which settings they differ."""
    if s.versus == "schedules":
        return [(NAMES.get(name, name), {"schedule": name, "lr": s.peak, "warmup": s.warm_up}) for name in SCHEDULES]
    return [(f"{size}, lr {compact(lr)}", {"batch_size": size, "lr": lr}) for size in BATCHES for lr in LRS]


def _config(s: Any, seed: int, changes: Mapping[str, Any]) -> RunConfig:
    base = {
        "dataset": s.learned,
        "train_size": min(TRAIN_SIZE, DATASETS[s.learned].examples),
        "conv": conv_of(s, "filters", "learned"),
        "hidden": HIDDEN[:1] * s.depth,
        "batch_size": BATCH,
        "optimizer": s.rule,
        "epochs": s.length,
        "seed": seed,
    }
    return RunConfig(**{**base, **changes})


def _best(line: Line) -> str:
    best = [compact(float(lr)) for lr in line.x[line.y == line.y.max()]]
    rates = f"a learning rate of {best[0]}" if len(best) == 1 else f"learning rates of {', '.join(best)} alike"
    return f"{line.name}: best at {rates}, with {percent(float(line.y.max()))} right."
