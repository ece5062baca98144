"""A view whose result moves: its pictures come at their time, and what comes late is left out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import ipywidgets as w

from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.view import View

__all__ = ["AnimatedView"]


class AnimatedView(View):
    """A view that plays what it has computed, from the beginning, whenever something else is to be seen.

    A subclass writes ``compute`` (the whole of it), ``frames`` and ``frame``, and ``explain`` and ``script`` as any
    other. A change of a parameter that is declared with ``looks`` plays nothing: it moves through what is there. What
    the view shows first comes whole, and so does all where no page shows the lab: nobody watches.
    """

    per_second: ClassVar[float] = 25.0
    """Pictures a second."""

    def frames(self, result: Any) -> Sequence[int]:
        """The moments of a result, in order. The last is the one at which it stays."""
        raise NotImplementedError

    def frame(self, result: Any, moment: int) -> Any:
        """The result as it is at one of its moments: what the picture shows."""
        raise NotImplementedError

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._played: Any = None  # the settings whose result has been shown
        self._again = False  # whether it is to move once more

    def results(self, s: Any) -> Iterator[Any]:
        result, parameters = self.compute(s), self.parameters()
        moments = self.frames(result)
        playing = {name: getattr(s, name) for name in parameters if not parameters[name].looks}
        moves = self._again or self._played not in (None, playing)
        self._played, self._again = playing, False
        if moves and self.lab.on_page:
            yield from self._play(result, moments[:-1])
        yield self.frame(result, moments[-1])

    def play(self) -> None:
        """From the beginning."""
        self._again = True
        self.lab.renew()

    def above(self) -> Sequence[w.Widget]:
        button = w.Button(description="Play", tooltip="From the beginning")
        button.on_click(self.lab._guarded(lambda _: self.play()))
        return [button]

    def _play(self, result: Any, moments: Sequence[int]) -> Iterator[Any]:
        """The frames, each at its time; where drawing takes longer than a picture may, some are left out."""
        start = time.perf_counter()
        for place, moment in enumerate(moments):
            early = start + place / self.per_second - time.perf_counter()
            if early > 0:
                time.sleep(early)
            elif early < -1 / self.per_second:
                continue
            yield self.frame(result, moment)
