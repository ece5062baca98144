"""Digits made again of a few principal components, and whitened ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import load_dataset
from trainingwheels.engine.geometry.components import digit_components
from trainingwheels.engine.scripts.preprocessing import components_script
from trainingwheels.figures.labels import many, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.images import OfExamples
from trainingwheels.labs.preprocessing.pictures.components import ComponentsPicture, ComponentsView

__all__ = ["FewComponents"]


class FewComponents(OfExamples, View):
    """The principal components of digits, and what other digits look like in the first of them."""

    name = "components"
    label = "components"
    about = (
        "The principal components of handwritten digits; other digits made again of a few of them; and the same "
        "digits whitened."
    )
    picture = ComponentsPicture

    keep = WholeSlider(1, 64, 12, unit="components", help="components that are kept")

    def compute(self, s: Any) -> ComponentsView:
        return ComponentsView(digit_components(s.examples), s.keep, load_dataset("digits").X_val[:10])

    def explain(self, result: ComponentsView) -> Sequence[str]:
        parts, k = result.components, result.k
        error = float(np.sqrt(np.mean((parts.rebuilt(result.images, k) - result.images) ** 2)))
        digits = many(parts.examples, "training digit")
        kept = f"{k} of 64 components keep {percent(parts.kept(k))} of the variance of {digits}."
        if not parts.rank:
            kept = f"{digits} varies in nothing: no component has any variance to keep."
        found = [
            f"{kept} Other digits made again of them miss by an rms of {short(error)}, where 0 is black and 1 is white."
        ]
        if parts.examples <= 64:
            found.append(
                f"{many(parts.examples, 'example')} in 64 dimensions: the covariance has rank {parts.rank}. The other "
                "directions have no variance, and whitening enlarges what new images have there over 300 times."
            )
        if parts.constant:
            found.append(
                f"{many(parts.constant, 'pixel')} of 64 never changed in training: variance 0, and only the 1e-5 that "
                "is added to each variance keeps whitening from dividing by it."
            )
        if parts.rank > 1:
            top, last = (float(np.sqrt(parts.variances[place])) for place in (0, parts.rank - 1))
            found.append(
                f"The std along the components goes from {short(top)} down to {short(last)}. Whitening makes them "
                "equal: the weakest become as strong as the rest."
            )
        return found

    def script(self, s: Any) -> str:
        return components_script(s.examples, s.keep)
