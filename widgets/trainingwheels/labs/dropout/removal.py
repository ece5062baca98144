"""Redundancy: units are removed from trained nets, at random, the most important first, or by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as w
import numpy as np

from trainingwheels.engine.scripts.dropout import removal_script
from trainingwheels.engine.settings import ListOf, Option, Table, Whole
from trainingwheels.engine.training.removal import REPEATS, Removal, accuracy_without, removals
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, WholeSlider, Words
from trainingwheels.labs.base.view import View
from trainingwheels.labs.dropout.inputs import TrainedOnFew, which_is_which
from trainingwheels.labs.dropout.pictures.removal import RemovalPicture, RemovalView, mean_size

__all__ = ["Removing"]

UNITS = 32
ORDERS = Table(
    "order",
    (
        Option("random", "at random"),
        Option("worst", "the most important first"),
        Option("hand", "by hand"),
    ),
)


class Removing(TrainedOnFew, View):
    """Two nets with the same data, weights at the start and batches: one had dropout. Units are removed from both."""

    name = "removal"
    label = "units removed"
    about = (
        "Two nets have learned the same digits, one of them with dropout. Now units of the hidden layer are taken "
        "away from both. Click a unit to take it away or to put it back."
    )
    picture = RemovalPicture

    removed = WholeSlider(
        0, UNITS, 8, unit="units", help="of the 32 units of the hidden layer", when={"order": ("random", "worst")}
    )
    order = Choice(ORDERS, "random", help="which units go first")
    by_hand = Words(
        ListOf(Whole(1, UNITS), 0, UNITS),
        (),
        label="units",
        section="by hand",
        help="the units to remove, as 3, 17; counted row by row, from 1; or click them",
        when={"order": "hand"},
    )

    def compute(self, s: Any) -> RemovalView:
        found = removals(self.config(s, 1.0, (UNITS,)), self.config(s, s.keep, (UNITS,)))
        plain, dropped = found
        gone = self._gone(plain, s), self._gone(dropped, s)
        left = accuracy_without(plain.net, gone[0]), accuracy_without(dropped.net, gone[1])
        if s.order == "worst":
            return RemovalView((plain, dropped), gone, left, (plain.worst, dropped.worst), None, None, _words(s.order))
        means, low, high = (
            (at(plain.at_random, axis=0), at(dropped.at_random, axis=0)) for at in (np.mean, np.min, np.max)
        )
        return RemovalView((plain, dropped), gone, left, means, low, high, _words(s.order))

    def drag(self, s: Any, start: tuple[int, int], now: tuple[int, int]) -> Mapping[str, Any]:
        """A click on a unit takes it away from both nets, or puts it back."""
        net, unit = start
        found = removals(self.config(s, 1.0, (UNITS,)), self.config(s, s.keep, (UNITS,)))
        gone = set((self._gone(found[net], s) + 1).tolist()) ^ {unit + 1}
        return {"order": "hand", "by_hand": tuple(sorted(gone))} if start == now else {}

    def _gone(self, net: Removal, s: Any) -> Any:
        match s.order:
            case "random":
                return net.orders[0][: s.removed]
            case "worst":
                return net.by_importance[: s.removed]
        return np.unique(np.array(s.by_hand, np.intp)) - 1

    def explain(self, result: RemovalView) -> Sequence[str]:
        plain, dropped = result.nets
        count, whole = len(result.gone[0]), [float(curve[0]) for curve in result.curves]
        pairs = [
            f"{percent(before)} with all units, {percent(left)} without these: {100 * (before - left):.1f} points lost"
            for before, left in zip(whole, result.left, strict=True)
        ]
        alone = [1 - accuracy_without(net.net, net.by_importance[:1]) / max(net.worst[0], 1e-9) for net in result.nets]
        at_random = result.order == ORDERS["random"].label
        one = f", in one order of {REPEATS}" if at_random else ""
        return [
            which_is_which(dropped.net.keep),
            f"{many(count, 'unit')} of {UNITS} removed {result.order}{one}, nothing scaled. Without dropout: "
            f"{pairs[0]}. With it: {pairs[1]}.{_on_average(result, count) if at_random else ''}".replace("-", "−"),
            (
                f"The single most important unit is worth {percent(max(alone[0], 0.0))} of the accuracy without "
                f"dropout, {percent(max(alone[1], 0.0))} with it. Mean |w| of the first layer: {mean_size(plain):.3f} "
                f"and {mean_size(dropped):.3f}. In training the second net never knew which units it would have."
            ),
        ]

    def script(self, s: Any) -> str:
        config = self.config(s, s.keep, (UNITS,))
        (found,) = removals(config)
        return removal_script(config, self._gone(found, s).tolist())

    def seconds(self, s: Any) -> float | None:
        return 2.0

    def above(self) -> Sequence[w.Widget]:
        one = w.Button(description="Remove a unit", tooltip="One more, in the order chosen; by hand, one at random")
        back = w.Button(description="Put all back", tooltip="Remove none")
        one.on_click(self.lab._guarded(lambda _: self.remove_one()))
        back.on_click(self.lab._guarded(lambda _: self.lab.set(removed=0, by_hand=())))
        return [one, back]

    def remove_one(self) -> None:
        """One more, in the order chosen; by hand, any that is left."""
        lab = self.lab
        if lab.order != "hand":
            lab.set(removed=min(lab.removed + 1, UNITS))
            return
        left = [unit for unit in range(1, UNITS + 1) if unit not in lab.by_hand]
        if left:
            lab.set(by_hand=(*lab.by_hand, left[(len(lab.by_hand) * 13 + lab.seed) % len(left)]))


def _words(order: str) -> str:
    return str(ORDERS[order].label) if order != "hand" else f"by hand; line: mean of {REPEATS} random orders"


def _on_average(result: RemovalView, count: int) -> str:
    """What so many units are worth over all random orders, where that was counted."""
    places = np.flatnonzero(result.nets[0].counts == count)
    if not len(places):
        return ""
    lost = [100 * float(curve[0] - curve[places[0]]) for curve in result.curves]
    return f" On average over the {REPEATS} orders it is {lost[0]:.1f} and {lost[1]:.1f} points."
