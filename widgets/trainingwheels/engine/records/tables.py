"""Delimited text as a table: where its header is, what parts its columns, where a run begins again with a new header.

pandas reads the cells; here is what it must be told.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from trainingwheels.engine.records.columns import meaning_of, x_kind
from trainingwheels.engine.records.file_run import refuse
from trainingwheels.engine.records.text import EXAMPLE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "read_table"]

MOST_ROWS, MOST_COLUMNS = 500_000, 1000
MOST_ABOVE = 30  # lines of a title or of comments above the header
DELIMITERS = "\t;,|"
SPACES = r"\s+"
RULE = re.compile(r"[-=+|:_*\s]*")  # a line that is drawn, or empty
NUMBER = re.compile(r"\s*\"?[-+]?[\d.,]+(e[-+]?\d+)?%?\"?\s*", re.IGNORECASE)


def read_table(text: str, name: str) -> tuple[pd.DataFrame, list[str]]:
    """The table in delimited text, one row a line, cells as text or numbers; and what was passed over.

    Raises :class:`InvalidSetting`, naming the file.
    """
    import pandas as pd

    lines = text.split("\n")
    whole = text.endswith("\n")
    lines = [line.strip().strip("|") if line.startswith("|") else line for line in lines if not RULE.fullmatch(line)]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:  # Excel's own first line
        lines = lines[1:]
    place, delimiter = _header(lines)
    notes = (
        [f"what stands above the header is passed over ({place} {'lines' if place > 1 else 'line'})"] if place else []
    )
    lines = lines[place:]
    if not lines:
        raise refuse(name, "is empty", EXAMPLE)
    lines[0] = lines[0].lstrip("#% ") if lines[0].startswith(("#", "%")) else lines[0]
    if all(map(NUMBER.fullmatch, _names(lines[0], delimiter))):
        width = _cells(lines[0], delimiter)
        lines.insert(0, (" " if delimiter == SPACES else delimiter).join(f"column_{each + 1}" for each in range(width)))
        notes.append("the first row has no names")
    if len(lines) > MOST_ROWS + 1:
        raise refuse(name, f"has more than {MOST_ROWS:,} rows", "choose a shorter one, say every tenth step")
    if not whole and len(lines) > 2 and _cells(lines[-1], delimiter) < _cells(lines[0], delimiter):
        lines.pop()
        notes.append("the last line is cut short and left out")
    blocks = _blocks(lines, delimiter)
    frames = [_frame(block, delimiter, name) for block in blocks]
    if len(frames) > 1:
        notes.append(f"the header stands {len(frames)} times")
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return frame, notes


def _cells(line: str, delimiter: str) -> int:
    """How many cells a line has."""
    if delimiter == SPACES:
        return len(line.split())
    return re.sub(r'"[^"]*"', "", line).count(delimiter) + 1


def _header(lines: list[str]) -> tuple[int, str]:
    """The place of the header, and what parts its cells: the first line whose cells are names, of which one is known;
    else the first of as many cells as the next."""
    first: tuple[int, str] | None = None
    for place, line in enumerate(lines[:MOST_ABOVE]):
        delimiter = _delimiter(line)
        names = _names(line, delimiter)
        if any(meaning_of(each) or x_kind(each) for each in names) and not any(map(NUMBER.fullmatch, names)):
            below = lines[place + 1] if place + 1 < len(lines) else ""
            if not line.startswith("#") or _cells(line.lstrip("# "), delimiter) == _cells(below, delimiter):
                return place, delimiter
        comment = line.startswith("#")
        if first is None and not comment:
            first = place, delimiter
    return first or (0, ",")


def _delimiter(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    most = max(DELIMITERS, key=bare.count)
    if bare.count(most):
        return most
    return SPACES if re.search(r"\S[ ]+\S", bare) and '"' not in line and not _is_one_name(line) else ","


def _is_one_name(line: str) -> bool:
    """Whether a line of words is one name, such as "training loss", and not a row of names."""
    words = line.split()
    known = [word for word in words if meaning_of(word) or x_kind(word)]
    return len(known) < 2


def _names(line: str, delimiter: str) -> list[str]:
    line = line.lstrip("#% ") if line.startswith(("#", "%")) else line
    cells = (
        line.split() if delimiter == SPACES else re.split(re.escape(delimiter) + r'(?=(?:[^"]*"[^"]*")*[^"]*$)', line)
    )
    return [" ".join(cell.strip().strip('"').split()) for cell in cells]


def _blocks(lines: list[str], delimiter: str) -> list[list[str]]:
    """The lines, cut where the header stands again, or another that begins as it does."""
    header = lines[0]
    first = header.split()[0] if delimiter == SPACES else header.split(delimiter)[0]
    if not first.strip():
        begins = [0, *(place for place, line in enumerate(lines) if place and line == header)]
    else:
        begins = [place for place, line in enumerate(lines) if line.startswith(first) and not NUMBER.fullmatch(first)]
        begins = [place for place in begins if place == 0 or _is_header(lines[place], delimiter, header)]
    begins = begins if begins and begins[0] == 0 else [0, *begins]
    return [lines[begin:end] for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True)]


def _is_header(line: str, delimiter: str, header: str) -> bool:
    return line == header or len({*_names(line, delimiter)} & {*_names(header, delimiter)}) > 1


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
            keep_default_na=False,
            na_values=["", "NA", "N/A", "None", "null"],
            skipinitialspace=True,
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
