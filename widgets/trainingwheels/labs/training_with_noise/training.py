"""What the noises do to nets that learn from few examples: each alone, two together, and none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import DATASETS, RunConfig, Snapshot, load_dataset, training_script
from trainingwheels.figures.kinds import Kind, kinds_of
from trainingwheels.figures.labels import capital, many, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import conv_of, convolutions
from trainingwheels.labs.base.kind_words import diverged_sentence, effect_sentence
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.training_with_noise.methods import METHODS, PARTNERS, Strengths, run_settings, strength_text
from trainingwheels.labs.training_with_noise.pattern import OfMethod, Seeded
from trainingwheels.labs.training_with_noise.pictures.training import Noised, NoisedPicture

__all__ = ["InTraining", "OfData", "base_config"]

LOWER = 0.01  # of the accuracy, from which on it is said why training accuracy is lower under the noise


class OfData:
    """Of views in which nets train: what on, and how large they are."""

    train_size = LogWholeSlider(
        16,
        4096,
        200,
        unit="examples",
        limit=lambda s: DATASETS[s["dataset"]].examples,
        label="examples",
        section="data",
        help="training examples, at most; a set that has fewer gives all",
    )
    label_noise = Slider(
        0.0, 0.8, 0.2, step=0.05, label="wrong labels", help="share of training labels replaced by wrong ones"
    )
    dataset = Choice(DATASETS, "digits", section="data", help="what is learned")
    conv = convolutions()
    depth = WholeSlider(1, 8, 2, unit="layers", section="net", help="number of hidden layers")
    width = LogWholeSlider(8, 512, 100, unit="units", section="net", help="units of each hidden layer")
    lr = LogSlider(1e-3, 1.0, 0.03, step=0.1, section="optimizer", help="learning rate; momentum is 0.9")
    epochs = LogWholeSlider(8, 512, 64, unit="epochs", section="optimizer", help="how often each is seen")  # fmt: skip


def base_config(s: Any, **own: Any) -> RunConfig:
    """A run of the nets that ``s`` asks for, with settings of its ``own``."""
    examples = len(load_dataset(s.dataset).y_train)
    return RunConfig(
        dataset=s.dataset,
        train_size=None if s.train_size >= examples else s.train_size,
        label_noise=s.label_noise,
        conv=conv_of(s),
        hidden=(s.width,) * s.depth,
        lr=s.lr,
        epochs=s.epochs,
        batch_size=s.batch_size,
        **own,
    )


class InTraining(OfMethod, Strengths, OfData, Seeded, NetsView):
    """Nets with none of the noises, with each alone and with both; equal seeds share weights, batches and draws."""

    name = "training"
    label = "training"
    about = (
        "Nets learn the same examples without noise and with one method or, if you add another, with each and with "
        "both. Press Start; then compare their validation accuracies, and each with its training accuracies."
    )
    picture = NoisedPicture
    at_once = ("lr",)  # the nets differ in their noises

    partner = Choice(PARTNERS, "nothing", label="and with", help="a second noise, alone and together with the first")
    nets = WholeSlider(1, 10, 5, section="more", help="nets of each kind, which differ by their seed")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        pair = tuple(dict.fromkeys(name for name in (s.method, s.partner) if name != "nothing"))
        run_settings(s, pair, s.dataset)  # refuses what cannot be
        kinds: list[tuple[str, ...]] = [(), *((name,) for name in pair)]
        kinds += [pair] if len(pair) == 2 else []
        needs = {need: True for name in pair for need in METHODS[name].needs}
        configs, labels = [], []
        for kind in kinds:
            for net in range(s.nets):
                own = run_settings(s, kind, s.dataset)
                configs.append(base_config(s, **needs, **own, seed=s.seed + net))
                labels.append("both" if len(kind) == 2 else strength_text(s, kind[0]) if kind else "no noise")
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Noised:
        return Noised(snapshot.histories, labels)

    def explain(self, result: Noised) -> Sequence[str]:
        if failed := next((history.failed for history in result.histories if history.failed), ""):
            return [failed]
        kinds = kinds_of(result)
        nets = len(kinds[0].histories)
        if not len(result.histories[0].steps):
            names = ", ".join(kind.label for kind in kinds)
            return [f"Not trained yet: {many(nets, 'net')} of each kind ({names}). Press Start."]
        step = f"At step {len(result.histories[0].steps):,}, {many(nets, 'net')} of each kind."
        found = [f"{step} {_accuracies(kinds[0])}", *map(_accuracies, kinds[1:])]
        found += [effect_sentence(kind, kinds[0]) for kind in kinds[1:]]
        if len(kinds) == 4:
            found.append(_together(kinds))
        return [*found, *_why(kinds), *_about(kinds), *diverged_sentence(kinds)]

    def script(self, s: Any) -> str:
        return training_script(self.configs(s)[0][-s.nets])


def _accuracies(kind: Kind) -> str:
    validation, train, noisy = (float(each.mean()) for each in (kind.validation, kind.train, kind.noisy))
    words = f"{capital(kind.label)}: validation accuracy {percent(validation)}, training {percent(train)}"
    under = f" ({percent(noisy)} under the noise)" if noises(kind.histories[0].config) and np.isfinite(noisy) else ""
    return f"{words}{under}, gap {points(train - validation)}."


def _together(kinds: Sequence[Kind]) -> str:
    none, one, other, both = kinds
    single = [float((kind.validation - none.validation).mean()) for kind in (one, other)]
    together = float((both.validation - none.validation).mean())
    verdict = "more than" if together > max(single) else "no more than"
    best = (one, other)[int(np.argmax(single))].label
    return (
        f"Alone they change it by {points(single[0], True)} and {points(single[1], True)}, which add up to "
        f"{points(sum(single), True, '')}; together by {points(together, True)}, {verdict} {best} alone."
    )


def _why(kinds: Sequence[Kind]) -> list[str]:
    """Why the training accuracy is another under the noise."""
    found = []
    disturbed = [kind for kind in kinds if set(noises(kind.histories[0].config)) - {"label_smoothing"}]
    if any(float((kind.train - kind.noisy).mean()) > LOWER for kind in disturbed):
        found.append(
            "Under the noise it is harder: something is missing, cut, mixed or blurred. The training accuracy itself "
            "is that of the whole net on whole examples, as the validation accuracy is."
        )
    if any(set(noises(kind.histories[0].config)) & {"mixup", "cutmix"} for kind in kinds):
        found.append("Of a mixed example the heavier label counts.")
    return found


def _about(kinds: Sequence[Kind]) -> list[str]:
    config, found = kinds[0].histories[0].config, []
    if config.residual:
        found.append("All of them are residual nets, since stochastic depth needs blocks to drop.")
    if config.label_noise:
        right = ", ".join(f"{percent(float(kind.right.mean()))} ({kind.label})" for kind in kinds)
        found += label_sentence(kinds[0].histories[0])
        found.append(f"By the right labels training accuracy is {right}.")
    return found


def noises(config: RunConfig) -> list[str]:
    """The methods that a run trains with."""
    return [name for name in METHODS if getattr(config, name)]
