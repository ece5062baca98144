"""Each mask is one model: how many must be averaged, and how far they differ on an ordinary and on an odd input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.scripts.dropout import ensemble_script
from trainingwheels.engine.settings import Table
from trainingwheels.engine.signals.noise import Role, generator
from trainingwheels.engine.training.mask_ensembles import COUNTS, MODELS, mask_ensemble, masked_probabilities
from trainingwheels.engine.training.thinned import TrainedNet, trained_nets
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.dropout.inputs import TrainedOnFew, which_is_which
from trainingwheels.labs.dropout.pictures.ensemble import EnsemblePicture, EnsembleView, Looked

__all__ = ["ODD", "Ensemble"]

Floats = NDArray[np.float32]
HIDDEN = (100, 100)


@dataclass(frozen=True)
class Odd:
    """A way of making an input (8, 8) odd; ``make`` may take another input, and noise on [0, 1)."""

    name: str
    label: str
    make: Callable[[Floats, Floats, Floats], Floats]


def _blend(image: Floats, other: Floats) -> Floats:
    both: Floats = (image + other) / np.float32(2)
    return both


ODD: Table[Odd] = Table(
    "odd",
    (
        Odd("blend", "half another digit", lambda image, other, noise: _blend(image, other)),
        Odd("upside", "upside down", lambda image, other, noise: image[::-1]),
        Odd("negative", "black and white swapped", lambda image, other, noise: 1 - image),
        Odd("noise", "noise only", lambda image, other, noise: noise),
    ),
)


class Ensemble(TrainedOnFew, View):
    """Accuracy of 1, 2, 4, ... masks averaged against the scaled pass, and the spread of their predictions."""

    name = "ensemble"
    label = "an ensemble of masks"
    about = (
        "Each mask of a net that has learned digits is one model: averaged, and each by itself on an ordinary and "
        "on an odd input."
    )
    picture = EnsemblePicture

    image = WholeSlider(0, 359, 0, label="digit", help="which validation digit is looked at")
    odd = Choice(ODD, "blend", help="what is odd about the other input")

    def compute(self, s: Any) -> EnsembleView:
        ensemble = mask_ensemble(self.config(s, s.keep, HIDDEN))
        (plain,) = trained_nets(self.config(s, 1.0, HIDDEN))
        net = ensemble.net
        images = net.data.X_val.reshape(-1, 8, 8)
        image, other = images[s.image], images[(s.image + 1) % len(images)]
        noise = generator(s.seed, s.image, Role.INPUT).random((8, 8)).astype(np.float32)
        odd = ODD[s.odd].make(image, other, noise)
        label = int(net.data.y_val[s.image])
        inputs = [_look(net, each, s.seed, true) for each, true in ((image, label), (odd, None))]
        return EnsembleView(ensemble, plain.accuracy(), inputs[0], inputs[1], ODD[s.odd].label)

    def explain(self, result: EnsembleView) -> Sequence[str]:
        ensemble = result.ensemble
        means = [float(found.mean()) for found in ensemble.accuracies]
        enough = next(count for count, mean in zip(COUNTS, means, strict=True) if mean >= means[-1] - 0.01)
        return [
            (
                f"{which_is_which(ensemble.net.keep)} One mask alone is right on {percent(means[0])} of the validation "
                f"digits, {MODELS:,} averaged on {percent(means[-1])}; {enough} {'is' if enough == 1 else 'are'} "
                f"enough to come within a point of that. The single scaled pass: {percent(ensemble.single)}. The same "
                f"net trained without dropout: {percent(result.without)}."
            ),
            f"The ordinary input, a {result.ordinary.label}: {_say(result.ordinary)}",
            f"The odd one, {result.odd}: {_say(result.other)}",
        ]

    def script(self, s: Any) -> str:
        return ensemble_script(self.config(s, s.keep, HIDDEN))

    def seconds(self, s: Any) -> float | None:
        return 2.0


def _look(net: TrainedNet, image: Floats, seed: int, label: int | None) -> Looked:
    x = image.reshape(1, -1)
    return Looked(image, label, masked_probabilities(net, x, MODELS, seed)[:, 0], net.probabilities(x)[0])


def _say(looked: Looked) -> str:
    return (
        f"{percent(looked.agree)} of the masks say {looked.top}, with a mean probability of "
        f"{looked.masks[:, looked.top].mean():.2f} and a standard deviation of {looked.spread:.2f} over the masks; the "
        f"scaled pass gives it {looked.single[looked.top]:.2f}."
    )
