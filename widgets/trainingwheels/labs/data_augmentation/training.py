"""What augmentation buys: a small ConvNet trained without and with transforms, and whether labels survive them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import DATASETS, RunConfig, Snapshot, load_dataset, training_script
from trainingwheels.engine.augmentation import TRANSFORMS, augment
from trainingwheels.engine.augmentation.pipelines import Steps
from trainingwheels.figures.kinds import Kind, kinds_of
from trainingwheels.figures.labels import capital, many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.kind_words import diverged_sentence, effect_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.data_augmentation.magnitudes import steps_of
from trainingwheels.labs.data_augmentation.mixing import CHANGES, change_text, mix, mixes_labels
from trainingwheels.labs.data_augmentation.nets import BATCH, NOTHING, PARTNERS, PLAIN, OfNets, run_of
from trainingwheels.labs.data_augmentation.photograph import as_pixels
from trainingwheels.labs.data_augmentation.pictures.training import Bought, BoughtPicture, Example, Opinions

__all__ = ["WhatItBuys"]

ASKED = 180  # validation examples that nets are asked about
COPIES = 10  # of each example, over which a test may average


class WhatItBuys(OfNets, NetsView):
    """Nets without transforms, with one, with another and with both; equal seeds share weights and batches."""

    name = "training"
    label = "what it buys"
    about = (
        "The same small ConvNet learns a few examples as they are, and changed anew whenever it sees them. Beside the "
        "curves, examples before and after the transform, each with what the net that was trained without it says."
    )
    picture = BoughtPicture
    at_once = ("lr",)  # the nets differ in their transforms

    partner = Choice(
        PARTNERS, NOTHING, label="and then",
        help="a second change, alone and after the first; cutout, mixup and CutMix come after all transforms",
    )  # fmt: skip
    train_size = LogWholeSlider(
        16, 4096, 40, unit="examples", limit=lambda s: DATASETS[s["dataset"]].examples, label="examples",
        help="training examples, at most; a set that has fewer gives all",
    )  # fmt: skip
    epochs = LogWholeSlider(8, 512, 200, unit="epochs", section="optimizer", help="how often each example is seen")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        all_there_is = s.train_size >= len(load_dataset(s.dataset).y_train)
        own = {
            "train_size": None if all_there_is else s.train_size,
            "batch_size": min(BATCH, s.train_size),
            "epochs": s.epochs,
        }
        configs, labels = [], []
        for names in self._kinds(s):
            configs += [run_of(s, names, s.seed + net, **own) for net in range(s.nets)]
            labels += ["both" if len(names) == 2 else CHANGES[names[0]].label if names else PLAIN] * s.nets
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Bought:
        last = self._kinds(s)[-1]
        said = [change_text(s, name) for name in last]
        if snapshot.histories[0].failed or snapshot.histories[-1].failed:
            return Bought(snapshot.histories, labels, said, None)
        opinions = _opinions(snapshot, len(labels) - s.nets, last, s)
        return Bought(snapshot.histories, labels, said, opinions)

    def explain(self, result: Bought) -> Sequence[str]:
        if failed := next((history.failed for history in result.histories if history.failed), ""):
            return [failed]
        kinds = kinds_of(result)
        nets, steps = len(kinds[0].histories), len(result.histories[0].steps)
        if not steps:
            names = "; ".join(kind.label for kind in kinds)
            found = [f"Not trained yet: {many(nets, 'net')} of each kind ({names}). Press Start."]
        else:
            found = [f"At step {steps:,}, {many(nets, 'net')} of each kind. {_accuracies(kinds[0])}"]
            found += map(_accuracies, kinds[1:])
            found += [effect_sentence(kind, kinds[0]) for kind in kinds[1:]]
        if result.opinions is not None and steps:
            found += _survival(result.opinions, result.said, kinds)
        return [*found, *diverged_sentence(kinds)]

    def script(self, s: Any) -> str:
        return training_script(self.configs(s)[0][-s.nets])

    def _kinds(self, s: Any) -> list[tuple[str, ...]]:
        pair = tuple(dict.fromkeys(name for name in (s.transform, s.partner) if name != NOTHING))
        return [(), *((name,) for name in pair), *([pair] if len(pair) == 2 else [])]


def _certain(steps: Steps) -> Steps:
    """With what happens with a probability done for certain."""
    return tuple(
        (name, 1.0 if TRANSFORMS[name].unit == "probability" and magnitude else magnitude) for name, magnitude in steps
    )


def _changed(s: Any, steps: Steps, names: Sequence[str], images: Any, y: Any, classes: int) -> tuple[Any, Any]:
    """Images after the ``steps`` and what mixes of ``names``, and of the label of each, or of the two, the heavier."""
    if steps:
        images = augment(images, steps, s.seed).images.numpy()
    mixed, shares = mix(s, names, images, np.eye(classes)[y], s.seed)
    return mixed, shares.argmax(axis=-1)


def _opinions(snapshot: Snapshot, other: int, names: Sequence[str], s: Any) -> Opinions:
    """What the first net, trained without, and the first of the last kind say of examples before and after."""
    data = load_dataset(s.dataset)
    shape, classes = data.dataset.shape, data.dataset.classes
    X, labels = data.X_val[:ASKED], data.y_val[:ASKED]
    images, steps = X.reshape(-1, *shape), steps_of(s, names)
    changed, heavier = _changed(s, _certain(steps), names, images, labels, classes)
    rows = changed.reshape(len(X), -1)
    without = [snapshot.respond_of(0, each).probabilities for each in (X, rows)]
    trained = [snapshot.respond_of(other, each).probabilities for each in (X, rows)]
    firsts = [int(np.flatnonzero(labels == label)[0]) for label in np.unique(labels)][:10]
    examples = [
        Example(
            as_pixels(images[place]),
            as_pixels(changed[place]),
            (str(labels[place]), str(heavier[place])),
            *((str(p[place].argmax()), float(p[place].max())) for p in without),
        )
        for place in firsts
    ]
    before, after, trained_before, trained_after = (
        float((p.argmax(axis=-1) == right).mean())
        for p, right in zip((*without, *trained), (labels, heavier) * 2, strict=True)
    )
    averaged, mixed = None, mixes_labels(names)
    if snapshot.done and not mixed:
        many_images, many_labels = (np.repeat(each, COPIES, axis=0) for each in (images, labels))
        copies, _ = _changed(s, steps, names, many_images, many_labels, classes)
        answers = snapshot.respond_of(other, copies.reshape(len(copies), -1)).probabilities
        mean = answers.reshape(len(X), COPIES, -1).mean(axis=1)
        averaged = float((mean.argmax(axis=-1) == labels).mean())
    touched = int((rows != X).any(axis=1).sum())
    return Opinions(examples, len(X), before, after, trained_before, trained_after, averaged, mixed, touched)


def _accuracies(kind: Kind) -> str:
    validation, train = (float(each.mean()) for each in (kind.validation, kind.train))
    return f"{capital(kind.label)}: validation accuracy {percent(validation)}, training {percent(train)}."


def _survival(opinions: Opinions, said: Sequence[str], kinds: Sequence[Kind]) -> list[str]:
    if not opinions.touched:
        return [f"Does the label survive? {' and '.join(said)} changes none of {opinions.asked} validation examples."]
    right = "the heavier of its two labels" if opinions.mixed else "the right label"
    before, after, trained_before, trained_after = map(
        percent, (opinions.before, opinions.after, opinions.trained_before, opinions.trained_after)
    )
    found = [
        (
            f"Does the label survive? With {' and '.join(said)} done to each of {opinions.asked} validation examples, "
            f"a net trained without gives {right} to {after} ({before} as they are); one trained with it to "
            f"{trained_after} ({trained_before})."
        )
    ]
    if opinions.averaged is not None:
        averaged = percent(opinions.averaged)
        found.append(f"Averaged over {COPIES} changed copies of each example, its answers are right for {averaged}.")
    return found
