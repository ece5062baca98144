"""Automatic data augmentation: the slide's table as a grid, published policies, random ones, and mixes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.augmentation import LEVELS, POLICIES, TRANSFORMS, Drawn, Pipeline
from trainingwheels.engine.augmentation.policies import SubPolicy
from trainingwheels.engine.scripts.mixtures import mix_script
from trainingwheels.engine.scripts.pictures import policy_script
from trainingwheels.engine.settings import Table
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.data_augmentation import photograph
from trainingwheels.labs.data_augmentation.mixing import MIXES, Strengths
from trainingwheels.labs.data_augmentation.mixtures import mixtures, partners
from trainingwheels.labs.data_augmentation.photograph import OfPicture
from trainingwheels.labs.data_augmentation.pictures.automatic import BATCHES, COLUMNS, Automatic, AutomaticPicture
from trainingwheels.labs.data_augmentation.pictures.cells import Cell

__all__ = ["AutomaticAugmentation"]

AUTOMATIC: Table[Any] = Table(
    "policy", (*(each for each in TRANSFORMS.values() if each.kind == "policy"), *MIXES.values())
)
GROUPS = 5  # of a published policy, five sub-policies each


def _subpolicies(settings: Any) -> tuple[SubPolicy, ...]:
    """Those of a policy that has some."""
    return POLICIES.get(settings["policy"].removeprefix("auto_"), ())


class AutomaticAugmentation(OfPicture, Strengths, photograph.Drawn):
    """Three batches by five sub-policies, by five draws, or by five partners."""

    name = "automatic"
    label = "automatic"
    about = (
        "Policies that choose the transforms themselves. AutoAugment draws one of its sub-policies for each picture, "
        "two operations with a probability and a level each; here each column is one sub-policy, three times. Cutout, "
        "mixup and CutMix need no search."
    )
    picture = AutomaticPicture

    policy = Choice(AUTOMATIC, "auto_lecture", help="which policy, or which mix")
    group = WholeSlider(
        1, GROUPS, 1, label="sub-policies", when=lambda s: len(_subpolicies(s)) > COLUMNS,
        help="which five of the 25: 1 to 5, 6 to 10, ...",
    )  # fmt: skip
    level = WholeSlider(0, 10, 5, when={"policy": "rand_augment"}, help="RandAugment's level, of ten")

    def compute(self, s: Any) -> Automatic:
        original, name = self.original(s)
        if s.policy in MIXES:
            return mixtures(s, Cell(original, name), partners(s))
        transform = TRANSFORMS[s.policy]
        subs = POLICIES.get(s.policy.removeprefix("auto_"), ())
        first = COLUMNS * (s.group - 1) if len(subs) > COLUMNS else 0
        u = np.random.default_rng(s.draw).random((BATCHES * COLUMNS, transform.numbers))
        if subs:  # column by column its own sub-policy, which is what the first number draws
            u[:, 0] = (first + np.arange(BATCHES * COLUMNS) % COLUMNS + 0.5) / len(subs)
        values = transform.draw(u, s.level if s.policy == "rand_augment" else 1.0)
        batch = self.batch(s, original, BATCHES * COLUMNS)
        drawn = Drawn(s.policy, values, tuple(batch.shape[1:]))
        images = Pipeline(((s.policy, 1.0),)).apply(batch, [drawn]).numpy()
        cells = [
            Cell(photograph.as_pixels(image), "", _words(drawn.words(place))) for place, image in enumerate(images)
        ]
        shown = subs[first : first + COLUMNS]
        about = (
            f"{transform.label}: {f'one of {len(subs)} sub-policies for each picture.' if subs else transform.about}"
        )
        return Automatic(Cell(original, name), cells, _heads(shown, first), shown, first, (about,))

    def explain(self, result: Automatic) -> Sequence[str]:
        if result.batches:
            return result.about
        size = result.original.image.shape[:2]
        touched = sum(cell.words != ("nothing",) for cell in result.cells)
        found = [*result.about]
        if result.subs:
            found.append(
                "An operation is written with its name, its probability and its level. "
                f"What the levels mean for a picture of {size[1]} x {size[0]} pixels:"
            )
            found += [
                f"Sub-policy {number}: {_step(first, size)}, then {_step(second, size)}. "
                f"Nothing happens with probability {(1 - first[1]) * (1 - second[1]):.2g}."
                for number, (first, second) in enumerate(result.subs, result.first + 1)
            ]
        else:
            found.append("There are no sub-policies: nothing was searched for, and each column is one more draw.")
        found.append(f"Here {touched} of {len(result.cells)} pictures are changed.")
        return found

    def script(self, s: Any) -> str:
        if s.policy in MIXES:
            picture, place = self.scripted(s)
            others, strength = partners(s), getattr(s, f"{s.policy}_by")
            if s.what != photograph.PHOTOGRAPH:
                places = [place, *(other.place for other in others)]
                return mix_script(s.policy, strength, s.draw, [picture], places)
            return mix_script(s.policy, strength, s.draw, [picture, *(other.photograph for other in others)])
        return policy_script(s.policy, s.level if s.policy == "rand_augment" else 1.0, s.draw, *self.scripted(s))


def _words(said: str) -> tuple[str, ...]:
    """What happened, without the number of the sub-policy, which the column has."""
    text = said.split(": ", 1)[-1].replace("-", "−")
    return tuple(text.split(", "))


def _heads(subs: Sequence[SubPolicy], first: int) -> list[tuple[str, ...]]:
    """What stands over each column."""
    if not subs:
        return [(f"draw {column + 1}",) for column in range(COLUMNS)]
    return [
        (f"sub-policy {number}", *(f"{LEVELS[name].published}, {chance:g}, {level}" for name, chance, level in sub))
        for number, sub in enumerate(subs, first + 1)
    ]


def _step(step: tuple[str, float, int], size: tuple[int, ...]) -> str:
    name, chance, level = step
    meaning = LEVELS[name].words(level, (size[0], size[1]))
    return f"{LEVELS[name].published} with probability {chance:g} at level {level} ({meaning})"
