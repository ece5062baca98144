"""Several pictures that take turns on one figure."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from trainingwheels.figures.picture import FIRST_WIDTH, Picture

__all__ = ["Views"]


class Views(Picture):
    """One picture after the other: ``turn_to`` says which; until then it is ``first``.

    A picture is made when it is first turned to. A pinned result is drawn behind a result of its own type only.
    """

    _now: Picture

    def __init__(self, figure: Figure, first: type[Picture]) -> None:
        self.figure, self.width = figure, FIRST_WIDTH
        self._made: dict[type[Picture], Picture] = {}
        self.turn_to(first)

    def turn_to(self, kind: type[Picture]) -> None:
        """Let the picture of this kind have the figure, if it has it not already."""
        if kind not in self._made:
            self._made[kind] = kind(self.figure, self.width)
        elif self._made[kind] is not self._now:
            self._made[kind].resize(self.width)
        self._now = self._made[kind]
        self._follow()

    def update(self, result: Any, pinned: Any = None) -> None:
        self._now.update(result, pinned if type(pinned) is type(result) else None)

    def point(self, x: float, y: float) -> Any:
        return self._now.point(x, y)

    def resize(self, width: float) -> None:
        self._now.resize(width)
        self._follow()

    @property
    def has_result(self) -> bool:
        return self._now.has_result

    def forget(self, *parts: Any) -> None:
        self._now.forget(*parts)

    def render(self) -> None:
        self._now.render()

    def _follow(self) -> None:
        self.width, self.live, self.parts, self.held = self._now.width, self._now.live, self._now.parts, self._now.held
