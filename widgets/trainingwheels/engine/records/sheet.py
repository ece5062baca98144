"""One run's numbers as a file has them: named columns, each with its values and the rows in which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from trainingwheels.engine.records.cells import Column

__all__ = ["Sheet"]


@dataclass(frozen=True)
class Sheet:
    """The numbers of a run called ``name`` in ``rows`` rows; ``given`` are its settings as text.

    A long table has the curves of all its keys below each other: then each column stands in other rows.
    """

    name: str
    rows: int
    columns: Mapping[str, Column]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many values each column of numbers has."""
        return {name: int(np.isfinite(column.values).sum()) for name, column in self.columns.items() if column.numeric}
