"""Files of one curve each, as TensorBoard's page saves them, joined to runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trainingwheels.engine.records.cells import Column
from trainingwheels.engine.records.columns import x_kind
from trainingwheels.engine.records.log import Log
from trainingwheels.engine.records.sheet import Sheet

__all__ = ["joined"]


def joined(logs: Sequence[Log]) -> list[Log]:
    """The logs, those of one curve of the same run as one, in the place of its first."""
    found: list[Log] = []
    for log in logs:
        place = next((place for place, other in enumerate(found) if _belong(other, log)), None)
        if place is None:
            found.append(log)
        else:
            found[place] = _both(found[place], log)
    return found


def _belong(one: Log, other: Log) -> bool:
    """Whether both are curves of one run, and not the same curve twice."""
    if not (one.curve and other.curve and one.sheets[0].name == other.sheets[0].name):
        return False
    curves = [{name for name in log.sheets[0].columns if not _shared(name)} for log in (one, other)]
    return not curves[0] & curves[1]


def _shared(name: str) -> bool:
    return x_kind(name) is not None or name.lower() == "wall time"


def _both(one: Log, other: Log) -> Log:
    """One log with the rows of the other below its own."""
    first, second = one.sheets[0], other.sheets[0]
    columns = dict(first.columns)
    for name, column in second.columns.items():
        below = replace(column, at=column.at + first.rows)
        if name in columns:
            above = columns[name]
            values = np.concatenate([above.values, below.values])
            below = Column(np.concatenate([above.at, below.at]), values)
        columns[name] = below
    sheet = Sheet(first.name, first.rows + second.rows, columns, first.given)
    return replace(one, name=f"{one.name}, {other.name.rpartition('/')[2]}", sheets=(sheet,))
