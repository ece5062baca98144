"""What a training loop prints, as a table: ``Epoch 3/10 - loss: 0.52 - val_loss: 0.61``, one row a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trainingwheels.engine.records.columns import meaning_of, x_kind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_lines"]

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?nan|[-+]?inf"
PAIR = re.compile(
    r"(?P<name>[A-Za-z][\w/@.-]*(?: [A-Za-z][\w/@.-]*){0,2})[\"']?\s*[:=]?\s*\[?\s*"
    rf"(?P<number>(?<![\w.])(?:{NUMBER}))(?P<percent>\s?%)?(?![\w.:])",
    re.IGNORECASE,
)
EPOCH = re.compile(r"\bepoch\W{0,3}(\d+)", re.IGNORECASE)
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
LONGEST = 2000  # characters of a line: what is longer is a progress bar that was written over itself


def read_lines(text: str) -> pd.DataFrame | None:
    """The table of what stands as ``name: number`` in the lines; None if no line says a loss or an accuracy."""
    import pandas as pd

    rows: list[dict[str, str]] = []
    epoch = ""
    for line in text.split("\n"):
        plain = ESCAPES.sub("", line[-LONGEST:])
        pairs = [(_name(found["name"]), found["number"] + (found["percent"] or "")) for found in PAIR.finditer(plain)]
        row = {name: number for name, number in pairs if meaning_of(name) or x_kind(name)}
        if found := EPOCH.search(plain):
            epoch = found[1]
        if not any(meaning_of(name) for name in row):
            continue
        if epoch and not any(x_kind(name) for name in row):
            row = {"epoch": epoch} | row
        rows.append(row)
    if not rows:
        return None
    names = dict.fromkeys(name for row in rows for name in row)
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in names}, dtype=object)


def _name(text: str) -> str:
    """The name before a number: the longest end of the words that means something."""
    words = text.split()
    for begin in range(len(words)):
        name = " ".join(words[begin:])
        if meaning_of(name) or x_kind(name):
            return name
    return text
