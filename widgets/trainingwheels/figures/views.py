"""Several pictures that take turns on one figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from trainingwheels.figures.picture import Picture

__all__ = ["Views"]


class Views(Picture):
    """Shows each result with the picture that belongs to its type: ``Views(figure, {Cloud: CloudPicture, ...})``.

    A picture is made when it is first needed; until there is a result, the first one stands. A pinned result is drawn
    behind a result of its own type only.
    """

    def __init__(self, figure: Figure, pictures: Mapping[type, type[Picture]]) -> None:
        self.figure = figure
        self._kinds = dict(pictures)
        self._made: dict[type, Picture] = {}
        self._turn_to(next(iter(self._kinds)))

    def update(self, result: Any, pinned: Any = None) -> None:
        kind = type(result)
        if self._made.get(kind) is not self._now:
            self._turn_to(kind)
        self._now.update(result, pinned if type(pinned) is kind else None)

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

    def _turn_to(self, kind: type) -> None:
        """Clear the figure and let the picture for ``kind`` have it."""
        if kind in self._made:
            self._made[kind].resize(self.width)
        else:
            self.figure.clear()
            self._made[kind] = self._kinds[kind](self.figure)
            if self._made[kind].width != self.width:
                self._made[kind].resize(self.width)
        self._now = self._made[kind]
        self._follow()

    def _follow(self) -> None:
        self.width, self.live, self.parts = self._now.width, self._now.live, self._now.parts
