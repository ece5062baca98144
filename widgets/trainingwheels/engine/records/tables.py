"""Delimited text as a table: where its header is, what parts its columns, where a run begins again with a new header.

pandas reads the cells; here is what it must be told.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from trainingwheels.engine.records.columns import meaning_of, x_kind
from trainingwheels.engine.records.file_run import refuse
from trainingwheels.engine.records.sheets import stem
from trainingwheels.engine.records.text import EXAMPLE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "has_header", "read_table"]

MOST_ROWS, MOST_COLUMNS = 500_000, 1000
MOST_ABOVE = 30  # lines of a title or of comments above the header
DELIMITERS = "\t;,|"
SPACES = r"\s+"
RULE = re.compile(r"[-=+|:_*\s]*")  # a line that is drawn, or empty
DECIMAL_COMMA = re.compile(r"^(?!.*\d\.\d).*\d,\d")  # not the comma of 1,000 beside 2.3
NUMBER = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?%?", re.IGNORECASE)
VALUE = re.compile(r"([:=]['\"]?\s*[-+]?\d[\d.e%+-]*|\d\.\d\S*)\W*$")  # "loss: 0.5" is what a loop prints
COMMENT = ("#", "%")


class Header(NamedTuple):
    """The ``place`` of the header among the lines, what parts its cells, and whether a name in it is ``known``."""

    place: int
    delimiter: str
    known: bool


def has_header(text: str) -> bool:
    """Whether a text begins with a row of names, of which one is known, above a row with a number: prose has none."""
    lines = _lines(text[:20_000])
    place, delimiter, known = _header(lines)
    if not known or place + 1 == len(lines):
        return False
    cells = _names(lines[place + 1], delimiter)
    most = _cells(lines[place], delimiter) + 1  # pandas prints a row's number before it
    fits = delimiter != SPACES or len(cells) <= most
    return fits and any(map(NUMBER.fullmatch, cells))


def read_table(text: str, name: str) -> tuple[pd.DataFrame, list[str]]:
    """The table in delimited text, one row a line, cells as text or numbers; and what was passed over.

    Raises :class:`InvalidSetting`, naming the file.
    """
    import pandas as pd

    lines = _lines(text)
    place, delimiter, _ = _header(lines)
    notes = ["what stands above the header is passed over"] if place else []
    lines = lines[place:]
    if not lines:
        raise refuse(name, "is empty", EXAMPLE)
    lines[0] = lines[0].lstrip("#% ") if lines[0].startswith(COMMENT) else lines[0]
    width = _cells(lines[0], delimiter)
    if all(map(NUMBER.fullmatch, _names(lines[0], delimiter))):
        names = [f"column_{place}" for place in range(1, width + 1)]
        if width < 3 and meaning_of(stem(name)):
            names[-1] = stem(name)
        lines.insert(0, (" " if delimiter == SPACES else delimiter).join(names))
        notes.append("the first row has no names")
    if len(lines) > MOST_ROWS + 1:
        raise refuse(name, f"has more than {MOST_ROWS:,} rows", "choose a shorter one, say every tenth step")
    if not text.endswith("\n") and len(lines) > 2 and _cells(lines[-1], delimiter) < width:
        lines.pop()
        notes.append("the last line is cut short and left out")
    frames = [_frame(block, delimiter, name) for block in _blocks(lines, delimiter)]
    if len(frames) > 1:
        notes.append(f"the header stands {len(frames)} times")
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True), notes


def _lines(text: str) -> list[str]:
    """The lines that say something, without Excel's own first one and the bars at the ends of a drawn table."""
    lines = [line for line in text.split("\n") if not RULE.fullmatch(line)]
    if lines and re.fullmatch(r"sep=.\s*", lines[0].lower()):
        lines = lines[1:]
    return [line.strip().strip("|") if line.startswith("|") else line for line in lines]


def _header(lines: Sequence[str]) -> Header:
    """The first line whose cells are names, of which one is known; else the first that is no comment."""
    for place, line in enumerate(lines[:MOST_ABOVE]):
        delimiter = _delimiter(line)
        if _is_header(_names(line, delimiter)):
            below = lines[place + 1] if place + 1 < len(lines) else ""
            if not line.startswith("#") or _cells(line.lstrip("# "), delimiter) == _cells(below, delimiter):
                return Header(place, delimiter, True)
    first = next((place for place, line in enumerate(lines[:MOST_ABOVE]) if not line.startswith("#")), 0)
    return Header(first, _delimiter(lines[first]) if lines else ",", False)


def _is_header(names: Sequence[str]) -> bool:
    """Whether these are names, of which one is known, and none has a number in it as its value."""
    known = any(meaning_of(name) or x_kind(name) for name in names)
    return known and not any(NUMBER.fullmatch(name) or VALUE.search(name) for name in names)


def _delimiter(line: str) -> str:
    """What parts the cells of a header: what stands in it most often, and outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    most = max(DELIMITERS, key=bare.count)
    if most in bare:
        return most
    known = [word for word in bare.split() if meaning_of(word) or x_kind(word)]
    several = len(known) > 1 or bool(re.search(r"\S {2,}\S", bare)) or all(map(NUMBER.fullmatch, bare.split()))
    return SPACES if several and len(bare.split()) > 1 and '"' not in line else ","  # "training loss" is one name


def _cells(line: str, delimiter: str) -> int:
    """How many cells a line has."""
    if delimiter == SPACES:
        return len(line.split())
    return re.sub(r'"[^"]*"', "", line).count(delimiter) + 1


def _names(line: str, delimiter: str) -> list[str]:
    """The cells of a header."""
    line = line.lstrip("#% ") if line.startswith(COMMENT) else line
    try:
        cells = line.split() if delimiter == SPACES else next(csv.reader([line], delimiter=delimiter))
    except csv.Error:  # a cell of 128 kB is no name
        cells = [line]
    return [" ".join(cell.split()) for cell in cells]


def _blocks(lines: list[str], delimiter: str) -> list[list[str]]:
    """The lines, cut where the header stands again, or another that begins as it does: a run was taken up again."""
    names = _names(lines[0], delimiter)
    head = lines[0].partition(" " if delimiter == SPACES else delimiter)[0]

    def begins(line: str) -> bool:
        if not line.startswith(head):
            return False
        return line == lines[0] or (_is_header(found := _names(line, delimiter)) and len({*found} & {*names}) > 1)

    places = [0, *(place for place, line in enumerate(lines) if place and begins(line))]
    return [lines[begin:end] for begin, end in zip(places, [*places[1:], len(lines)], strict=True)]


def _frame(lines: list[str], delimiter: str, name: str) -> pd.DataFrame:
    """The rows below a header; a row that is too short has nothing in its last cells."""
    import pandas as pd

    names = _names(lines[0], delimiter)
    if len(names) > MOST_COLUMNS:
        raise refuse(name, f"has more than {MOST_COLUMNS:,} columns", EXAMPLE)
    widest = max((_cells(line, delimiter) for line in lines[1:]), default=0)
    width = min(max(len(names), widest), MOST_COLUMNS)
    names = _unique([each or f"column_{place}" for place, each in enumerate(names, 1)])
    names += [f"column_{place}" for place in range(len(names) + 1, width + 1)]
    if len(lines) == 1:
        return pd.DataFrame({each: [] for each in names}, dtype=str)
    try:
        return pd.read_csv(
            io.StringIO("\n".join(lines[1:]) + "\n"),
            sep=delimiter,
            names=names,
            header=None,
            index_col=False,
            usecols=range(width),
            keep_default_na=False,
            na_values=["", "NA", "N/A", "None", "null"],
            skipinitialspace=True,
            decimal="," if delimiter != "," and DECIMAL_COMMA.search(lines[1]) else ".",
            low_memory=False,
            engine="c",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError) as error:
        why = " ".join(str(error).split())[:80]
        raise refuse(name, f"is no CSV ({why})", EXAMPLE) from None


def _unique(names: list[str]) -> list[str]:
    """The names, those that stand again with a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
