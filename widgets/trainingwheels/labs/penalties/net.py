"""A net that trains while its penalty is turned up and down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine import RunConfig, Snapshot, training_script
from trainingwheels.labs.base.parameters import Slider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.penalties.nets import SmallNets, accuracies, learned_from, plane_of, trouble, with_gap
from trainingwheels.labs.penalties.pictures.net import NetPicture, NetView

__all__ = ["OneNet"]


class OneNet(SmallNets, NetsView):
    """One net: its curves and its decision regions, with lambda at hand."""

    name = "net"
    label = "a net that trains"
    picture = NetPicture
    about = "A net with more weights than examples, some of which have wrong labels: turn λ while it trains."

    l2 = Slider(
        0.0, 0.05, 0.0, step=0.0005, most=1000.0, label="λ of L2", help="weight of the sum of squares; counts at once"
    )
    l1 = Slider(
        0.0, 0.01, 0.0, step=0.0001, most=1000.0, label="λ of L1", help="weight of the sum of |W|; counts at once"
    )

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        return [RunConfig(l2=s.l2, l1=s.l1, **self.common(s))], [""]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> NetView:
        return NetView(snapshot.histories[0], plane_of(snapshot, 0))

    def explain(self, result: NetView) -> Sequence[str]:
        history = result.history
        if problem := trouble(history):
            return [problem]
        if not len(history.steps):
            return ["Not trained yet: press Start, and turn λ while it trains.", *learned_from(history)]
        train, val = accuracies(history)
        return [f"Step {len(history.steps):,}: {with_gap(train, val)}.", *learned_from(history)]

    def script(self, s: Any) -> str:
        return training_script(self.configs(s)[0][0])
