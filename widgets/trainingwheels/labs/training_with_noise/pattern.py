"""The common pattern: what is random in training, and what the test does instead, for one method at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.scripts.patterns import pattern_script
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.training_with_noise.draws import PICTURED, draw_pattern
from trainingwheels.labs.training_with_noise.methods import METHODS, Strengths, chosen
from trainingwheels.labs.training_with_noise.pictures.pattern import Pattern, PatternPicture

__all__ = ["OfMethod", "Seeded", "ThePattern"]

IMAGES = ("input_noise", "cutout", "mixup", "cutmix", "label_smoothing")


class OfMethod:
    """Of views that show one method."""

    method = Choice(METHODS, "mixup", help="how training is made noisy")


class Seeded:
    """Of views in which nets are drawn, and what disturbs them."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="initial weights, batches, wrong labels, noise")


class Drawn:
    """Of the view that shows what is drawn."""

    blocks = WholeSlider(
        2,
        54,
        12,
        label="blocks",
        when=lambda s: "stochastic_depth" in chosen(s),
        hides=True,
        help="residual blocks; the paper's net has 54",
    )
    draw = WholeSlider(0, 99, 29, most=2**31 - 1, help="which random draw")
    images = Choice(PICTURED, "photographs", section="images", when={"method": IMAGES}, help="what is disturbed")


class ThePattern(OfMethod, Strengths, Drawn, View):
    """Five steps of training, each with its own noise, and the test."""

    name = "pattern"
    label = "the pattern"
    about = (
        "Five steps of training with one method, beside the test, which draws nothing; below, the curve behind it. "
        "Choose another method, make it stronger, or draw again."
    )
    picture = PatternPicture

    def compute(self, s: Any) -> Pattern:
        return draw_pattern(s)

    def explain(self, result: Pattern) -> Sequence[str]:
        return result.words

    def script(self, s: Any) -> str:
        strength = s.batch_size if s.method == "batchnorm" else getattr(s, s.method)
        return pattern_script(s.method, strength, s.draw, s.images, s.blocks)
