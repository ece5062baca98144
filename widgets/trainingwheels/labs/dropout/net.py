"""The lecture's net with one mask, drawn: what is dropped, and what test time does instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ipywidgets as w

from trainingwheels.engine.regularizers.dropout import KINDS
from trainingwheels.engine.regularizers.three_layers import DROPPED, EXAMPLES, MOST_STEPS, drawn_mask, examples, trained
from trainingwheels.engine.scripts.dropout import net_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import short
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.dropout.inputs import Keeps, which_is_which
from trainingwheels.labs.dropout.pictures.net import DrawnNet, NetPicture

__all__ = ["TheNet"]

UNITS = Table("bend", (Option("relu", "ReLU, as in the lecture"), Option("linear", "none: a linear net")))
MOST_DRAWS = 999
TOGETHER = 30  # steps that one press of the button trains
SAME = 1e-9  # a difference that is rounding


class TheNet(Keeps, View):
    """Vanilla and inverted dropout in the same net, under the same mask."""

    name = "net"
    label = "the net and its mask"
    about = (
        "The lecture's net of three layers, twice, under one mask: vanilla dropout scales at test time, inverted "
        "in training. Below each, what it says with this mask, on average over all masks, and at test time."
    )
    picture = NetPicture

    step = WholeSlider(0, MOST_STEPS, 60, label="training step", help="each has masks of its own")
    draw = WholeSlider(0, MOST_DRAWS, 0, label="mask", section="net", help="which mask; the button draws the next one")
    example = WholeSlider(0, EXAMPLES - 1, 29, section="net", help="of those that the net learns from, which is drawn")
    bend = Choice(UNITS, "relu", label="nonlinearity", section="net", help="after both hidden layers")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._from: int | None = None  # the step from which the learner wants to see each

    def results(self, s: Any) -> Iterator[DrawnNet]:
        start, self._from = self._from, None
        for step in range(s.step if start is None else start, s.step):
            yield self.compute(s._replace(step=step))
        yield self.compute(s)

    def compute(self, s: Any) -> DrawnNet:
        net = trained(s.seed, s.keep, s.bend == "linear")[s.step]
        drawn = slice(s.example, s.example + 1)
        x = examples(s.seed)[0][:, drawn]
        U1, U2 = (kept[:, drawn] for kept in drawn_mask(s.seed, s.step, s.keep, s.draw))
        scales = {name: kind.in_training(s.keep) for name, kind in KINDS.items()}
        return DrawnNet(
            net=net,
            x=x,
            keep=s.keep,
            kept=(U1[:, 0], U2[:, 0]),
            masked={kind: net.train_pass(x, U1 * scale, U2 * scale) for kind, scale in scales.items()},
            expected={kind: net.expected(x, kind, s.keep) for kind in KINDS},
            test={kind: net.predict(x, kind, s.keep) for kind in KINDS},
            step=s.step,
        )

    def explain(self, result: DrawnNet) -> Sequence[str]:
        stay = [int(kept.sum()) for kept in result.kept]
        return [
            which_is_which(result.keep),
            (
                f"This mask keeps {stay[0]} of 6 units in the first hidden layer and {stay[1]} of 6 in the second. "
                "Vanilla leaves what stays as it is and multiplies by p at test time; inverted divides what stays by "
                "p, and test time is unchanged."
            ),
            f"In H1, test time is the mean over all {2**DROPPED:,} masks exactly, in both kinds. {_outputs(result)}",
        ]

    def script(self, s: Any) -> str:
        return net_script(s.seed, s.keep, s.step, s.draw, s.example, s.bend == "linear")

    def above(self) -> Sequence[w.Widget]:
        another = w.Button(description="New mask", tooltip="Draw another mask for the same net")
        train = w.Button(description=f"Train {TOGETHER} steps", tooltip="With a new mask for each example in each step")
        another.on_click(self.lab._guarded(lambda _: self.draw_another()))
        train.on_click(self.lab._guarded(lambda _: self.train()))
        return [another, train]

    def draw_another(self) -> None:
        """Another mask for the same net."""
        self.lab.set(draw=(self.lab.draw + 1) % (MOST_DRAWS + 1))

    def train(self) -> None:
        """Train on, or from the beginning if this is the end; each step is shown with its mask."""
        start = self.lab.step if self.lab.step < MOST_STEPS else 0
        self._from = start
        self.lab.set(step=min(start + TOGETHER, MOST_STEPS))


def _outputs(result: DrawnNet) -> str:
    misses = {kind: result.miss(kind, "out") for kind in KINDS}
    if max(misses.values()) < SAME:
        return "So are the outputs here: the two differ by rounding only."
    return (
        "The outputs are so only nearly, since a ReLU bends what the masks make of H2: they differ by at most "
        f"{short(misses['vanilla'])} with vanilla and {short(misses['inverted'])} with inverted dropout. Without the "
        "ReLUs they agree."
    )
