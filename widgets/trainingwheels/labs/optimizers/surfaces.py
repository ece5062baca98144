"""Seven update rules on a surface: their paths, and one of their updates taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from trainingwheels.engine.descent.paths import descend, suited_rate
from trainingwheels.engine.descent.surfaces import SURFACES, Surface
from trainingwheels.engine.descent.updates import Hyper
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.scripts.descent import path_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import compact, many
from trainingwheels.labs.base.animation import AnimatedView
from trainingwheels.labs.base.parameters import Choice, LogSlider, Several, Slider, WholeSlider
from trainingwheels.labs.optimizers.pictures.rules import rule_name
from trainingwheels.labs.optimizers.pictures.surfaces import SurfacesPicture, SurfacesView
from trainingwheels.labs.optimizers.start import Started

__all__ = ["STEPS", "Surfaces"]

STEPS = 150
PICTURES = 75  # of an animation, at most: three seconds
ARRIVED = 1e-3  # of the loss at the start

RATES = Table(
    "rates", (Option("suited", "each rule has the one that suits it"), Option("same", "one for all: the slider"))
)


class Surfaces(Started, AnimatedView):
    """Paths from one point, the losses on the way, and the parts of one step as arrows."""

    name = "surfaces"
    label = "surfaces"
    picture = SurfacesPicture
    about = (
        "Update rules that start from one point: click in the map to choose it. Beside it their losses, and one update "
        "taken apart: 1 downhill, −g; 2 the velocity, −v, of what was kept and what is new (pale); 3 the root of the "
        "second moment; 4 the step."
    )

    surface = Choice(SURFACES, "ravine", help="the loss of two weights")
    apart = Choice(OPTIMIZERS, "adam", label="taken apart", looks=True, help="whose update is taken apart")
    step = WholeSlider(0, STEPS, STEPS, label="step", looks=True, help="up to which step the paths are drawn")
    rules = Several(OPTIMIZERS, tuple(OPTIMIZERS), section="rules", help="which of them start")
    rates = Choice(RATES, "suited", label="learning rates", section="rules", help="of the rules")
    rate = LogSlider(
        1e-4, 10.0, 0.01, step=0.125, label="lr", section="rules", when={"rates": "same"},
        help="the learning rate of every rule",
    )  # fmt: skip
    momentum = Slider(
        0.0, 0.99, 0.9, step=0.01, section="rules", help="share of the velocity that is kept; beta1 of Adam"
    )
    beta2 = Slider(
        0.0, 0.999, 0.99, step=0.001, section="rules", help="share of the second moment that RMSProp and Adam keep"
    )
    weight_decay = Slider(
        0.0, 1.0, 0.0, step=0.01, section="rules", label="λ", help="weight of the sum of squares, decoupled in AdamW"
    )
    angle = Slider(-90.0, 90.0, 0.0, step=1.0, unit="degrees", section="surface", help="by which the surface is turned")

    def compute(self, s: Any) -> SurfacesView:
        surface, start = Surface(s.surface, s.angle), np.array((s.start_x, s.start_y))
        chosen = [name for name in OPTIMIZERS if name in s.rules or name == s.apart]
        paths = {name: descend(surface, name, start, STEPS, _hyper(s, surface, name), s.noise_seed) for name in chosen}
        return SurfacesView(surface, paths, s.apart, s.step)

    def frames(self, result: SurfacesView) -> Sequence[int]:
        moments = np.linspace(0, result.step, min(result.step, PICTURES) + 1).round()
        return [int(moment) for moment in moments]

    def frame(self, result: SurfacesView, moment: int) -> SurfacesView:
        return replace(result, step=moment)

    def explain(self, result: SurfacesView) -> Sequence[str]:
        return [_arrivals(result), *_taken_apart(result)]

    def script(self, s: Any) -> str:
        surface = Surface(s.surface, s.angle)
        hyper = _hyper(s, surface, s.apart)
        return path_script(surface, s.apart, (s.start_x, s.start_y), STEPS, hyper, s.noise_seed)


def _hyper(s: Any, surface: Surface, name: str) -> Hyper:
    hyper = Hyper(0.0, s.momentum, s.beta2, s.weight_decay)
    lr = s.rate if s.rates == "same" else suited_rate(surface, name, STEPS, hyper)
    return replace(hyper, lr=lr)


def _arrivals(result: SurfacesView) -> str:
    """When each rule had a thousandth of the loss at the start, and its learning rate."""
    each = []
    for name, path in result.paths.items():
        below = path.losses < ARRIVED * path.losses[0]
        when = f"after {many(int(below.argmax()), 'step')}" if below.any() else f"not in {len(path.losses) - 1}"
        if path.diverged_at is not None:
            when = f"diverged at step {path.diverged_at}"
        each.append(f"{rule_name(name)} {when} (lr {compact(path.lr)})")
    if next(iter(result.paths.values())).losses[0] == 0:
        return "The loss at the start is 0: there is nothing below."
    return f"Below a thousandth of the loss at the start: {', '.join(each)}."


def _taken_apart(result: SurfacesView) -> list[str]:
    update, name, path = result.update, result.apart, result.paths[result.apart]
    rule = OPTIMIZERS[name]
    parts = [f"the gradient is {_pair(update.gradient)}"]
    if name in ("momentum", "nesterov", "adam", "adamw"):
        parts.append(f"the velocity {_pair(update.velocity)}, of which {_pair(update.kept)} was there before")
    if name == "nesterov":
        parts.append(f"the step looks ahead, {_pair(update.direction)}")
    if (update.size != 1).any():
        parts.append(f"the root of the second moment {_pair(update.size)}")
    shrunk = f", {_pair(-update.shrink)} of it weight decay" if update.shrink.any() else ""
    parts.append(f"the step {_pair(update.step)}{shrunk}")
    return [f"{rule.label}, step {result.taken + 1} of {len(path.losses) - 1}: {'; '.join(parts)}."]


def _pair(vector: Any) -> str:
    return f"({', '.join(compact(float(value)) for value in vector)})"
