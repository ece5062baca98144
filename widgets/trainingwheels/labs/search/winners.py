"""The winner's curse: its score on the examples by which it was chosen, and on new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as w

from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.scripts.winners import winners_script
from trainingwheels.engine.search.winners import LOOKS, NETS, POOLS, SIZES, contender, winners
from trainingwheels.figures.labels import many, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.kind_words import side_of
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.search.inputs import Filtered, Seeded
from trainingwheels.labs.search.pictures.winners import Cursed, WinnersPicture

__all__ = ["WinnersCurse"]


class WinnersCurse(Filtered, Seeded, View):
    """Real nets compete on a few examples; the winner is looked at on all the others."""

    name = "winner"
    label = "winner's curse"
    about = (
        f"{NETS} small nets have learned 300 digits. Some of them compete on a few other digits, and the winner is "
        "tried on digits by which nothing was chosen."
    )
    picture = WinnersPicture

    contenders = LogWholeSlider(1, NETS, 32, unit="nets", label="nets", help="how many there are to choose from")
    judged = LogWholeSlider(
        SIZES[0], SIZES[-1], 64, unit="digits", label="digits to choose by", help="validation examples; powers of two"
    )
    kind = Choice(POOLS, "search", label="who", help="nets that differ by lr and L2, or by their seed alone")

    def compute(self, s: Any) -> Cursed:
        size = min(SIZES, key=lambda size: abs(size - s.judged))
        return Cursed(winners(s.kind, s.seed, s.filters), s.contenders, size, s.kind, s.filters)

    def explain(self, result: Cursed) -> Sequence[str]:
        at = result.place, slice(None), result.contenders - 1
        lost = result.winners.val[at] - result.winners.new[at]
        low, high = bootstrap_interval(lost)
        chosen = (
            f"The best of {many(result.contenders, 'net')} by {result.size} digits has {percent(result.val)} on these "
            f"and {percent(result.new)} on new ones"
        )
        if result.contenders == 1:
            chosen = (
                f"A single net, chosen from nobody, has {percent(result.val)} on {result.size} digits and "
                f"{percent(result.new)} on new ones"
            )
        verdict = ("not to be told from none", "too much is promised", "less is promised than it has")[
            side_of(low, high)
        ]
        found = [
            f"{chosen}, the mean of {LOOKS} looks.",
            (
                f"It loses {points(lost.mean())} (99 % interval {points(low, unit='')} to {points(high, unit='')}: "
                f"{verdict})."
            ),
        ]
        if result.contenders > 1:
            found.append(
                f"Somebody who knew the new digits would choose one with {percent(result.best)}: choosing by "
                f"{result.size} costs {points(result.best - result.new)} of that."
            )
        if result.kind == "seeds" and result.contenders > 1:
            found.append(
                "These nets differ by their seed alone: what wins is luck in the digits, and a little luck in the seed."
            )
        return [*found, *convolution_sentence(contender(result.conv))]

    def script(self, s: Any) -> str:
        return winners_script(s.contenders, self.compute(s).size)

    def seconds(self, s: Any) -> float | None:
        return 8.0 if s.filters else 3.0

    def above(self) -> Sequence[w.Widget]:
        button = w.Button(description="Another look", tooltip="Other digits to choose by, and other nets")
        button.on_click(self.lab._guarded(lambda _: self.look_again()))
        return [button]

    def look_again(self) -> None:
        """Other digits to choose by, and other nets."""
        self.lab.set(seed=(self.lab.seed + 1) % 100)
