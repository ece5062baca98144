"""Many small arrays in one flat buffer, so that whatever happens to all of them is one operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import torch
from torch import Tensor

__all__ = ["Buffer"]


class Buffer:
    """The arrays of ``members`` equal nets, one contiguous block per name, in one flat tensor.

    ``buffer[name]`` is a view of shape (members, *shapes[name]) into ``flat``.
    """

    def __init__(
        self, shapes: Mapping[str, Sequence[int]], members: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.shapes, self.members = dict(shapes), members
        self._look(torch.zeros(members * sum(map(prod, shapes.values())), device=device, dtype=dtype))

    def _look(self, flat: Tensor) -> None:
        self.flat = flat
        self._views: dict[str, Tensor] = {}
        start = 0
        for name, shape in self.shapes.items():
            count = self.members * prod(shape)
            self._views[name] = flat[start : start + count].view(self.members, *shape)
            start += count

    def __getitem__(self, name: str) -> Tensor:
        return self._views[name]

    def empty_like(self) -> Buffer:
        """Zeros in the same layout."""
        return Buffer(self.shapes, self.members, self.flat.device, self.flat.dtype)

    def look_at(self, flat: Tensor) -> Buffer:
        """Another flat tensor in the same layout, not copied."""
        twin = object.__new__(Buffer)
        twin.shapes, twin.members = self.shapes, self.members
        twin._look(flat)
        return twin

    def copy(self) -> Buffer:
        """The same numbers, on their own from now on."""
        return self.look_at(self.flat.clone())

    def pick(self, *members: int) -> Buffer:
        """The arrays of these members, copied."""
        picked = Buffer(self.shapes, len(members), self.flat.device, self.flat.dtype)
        for name in self.shapes:
            picked[name].copy_(self[name][list(members)])
        return picked

    def spread(self, values: Sequence[float]) -> float | Tensor:
        """One value per member as an optimizer wants it: the number itself if all are equal, else one per entry."""
        if len(set(values)) == 1:
            return float(values[0])
        spread = self.empty_like()
        column = torch.tensor(values, device=self.flat.device, dtype=self.flat.dtype)
        for name in self.shapes:
            spread[name].view(self.members, -1).copy_(column[:, None])
        return spread.flat
