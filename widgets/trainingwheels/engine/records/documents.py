"""JSON as a table: lines of it, a list of rows, lists by name, a trainer's state, runs by name."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trainingwheels.engine.records.columns import meaning_of, part_of, words_of, x_kind
from trainingwheels.engine.records.file_run import refuse
from trainingwheels.engine.records.tables import MOST_COLUMNS, MOST_ROWS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["is_document", "read_document"]

EXAMPLE = 'write a line {"step": 1, "loss": 2.3} for each step, or {"loss": [2.3, 1.9], "val_loss": [2.2, 2.0]}'
HISTORIES = ("log_history", "history", "logs", "metrics", "records", "data", "scalars")
DEEPEST = 6


def is_document(text: str) -> bool:
    """Whether a text is JSON, as far as its beginning tells."""
    return re.match(r"\s*(\{\s*[\"}]|\[\s*[\[{\]])", text) is not None


def read_document(text: str, name: str) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables in it, by the name of their run ("" if it has none), and what was passed over.

    Raises :class:`InvalidSetting`, naming the file.
    """
    notes: list[str] = []
    try:
        found: Any = json.loads(text, parse_int=float, parse_constant=str)
    except (ValueError, RecursionError):
        found = _lines(text, name, notes)
    tables = {"": boosted} if (boosted := _boosted(found)) is not None else _tables(found, 0)
    if not tables:
        raise refuse(name, "is JSON without rows of numbers", EXAMPLE)
    return tables, notes


def _boosted(found: Any) -> pd.DataFrame | None:
    """CatBoost's catboost_training.json as a table: each row has a list of metrics for each set, named in ``meta``."""
    import pandas as pd

    match found:
        case {"meta": {"learn_metrics": [*learn], "test_metrics": [*test]}, "iterations": [*rows]}:
            table = [_of_metrics(row, learn, test) for row in rows[:MOST_ROWS] if isinstance(row, Mapping)]
            return pd.DataFrame(table) if any(len(row) > 1 for row in table) else None
    return None


def _of_metrics(row: Mapping[str, Any], learn: Sequence[Any], test: Sequence[Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {"iteration": row.get("iteration")}
    for part, values in row.items():
        if isinstance(values, list):
            for metric, value in zip(learn if part_of([part]) == "train" else test, values, strict=False):
                name = str(metric.get("name", "")) if isinstance(metric, Mapping) else ""
                falls = bool(name) and not meaning_of(name) and metric.get("best_value") == "Min"
                cells[f"{part}/{name}{' loss' if falls else ''}"] = value
    return cells


def _lines(text: str, name: str, notes: list[str]) -> list[Any]:
    """The documents in lines of JSON; a last one that was cut short is left out."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > MOST_ROWS:
        raise refuse(name, f"has more than {MOST_ROWS:,} rows", "choose a shorter one, say every tenth step")
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(json.loads(line, parse_int=float, parse_constant=str))
        except (ValueError, RecursionError):
            if number == len(lines) and len(lines) > 1:
                notes.append("the last line is cut short and left out")
                break
            raise refuse(name, f"has no JSON in line {number:,}", EXAMPLE) from None
    return rows


def _tables(found: Any, depth: int) -> dict[str, pd.DataFrame]:
    if depth > DEEPEST:
        return {}
    if isinstance(found, list):
        table = _rows(found)
        return {} if table is None else {"": table}
    if not isinstance(found, Mapping):
        return {}
    for key in HISTORIES:
        if isinstance(found.get(key), Mapping | list) and (inner := _tables(found[key], depth + 1)):
            return inner
    lists = _by_name(found)
    inner = {str(key): _tables(each, depth + 1) for key, each in found.items()}
    named = {f"{key}/{run}".strip("/"): table for key, tables in inner.items() for run, table in tables.items()}
    if lists and (not named or any(map(meaning_of, lists))):
        apart = _apart(lists)
        return {"": _of_parts(apart, {}) if apart else _padded(lists)}
    if named and all(part_of(words_of(key)) for key in named):
        return {"": _of_parts(named, lists)}
    return named


def _apart(lists: Mapping[str, list[Any]]) -> dict[str, pd.DataFrame]:
    """Lists called train_steps, train_loss, val_steps, val_loss as a table for each part of the data; nothing if a part
    has no steps or epochs of its own."""
    parts: dict[str, dict[str, list[Any]]] = {}
    for name, values in lists.items():
        words = words_of(name)
        rest = "_".join(word for word in words if not part_of([word]))
        parts.setdefault(part_of(words), {})[rest] = values
    whole = sum(map(len, parts.values())) == len(lists)
    apart = whole and len(parts) > 1 and all(part and any(map(x_kind, found)) for part, found in parts.items())
    return {part: _padded(found) for part, found in parts.items()} if apart else {}


def _of_parts(parts: Mapping[str, pd.DataFrame], beside: Mapping[str, list[Any]]) -> pd.DataFrame:
    """One table of the tables of training and validation: below each other where each counts its steps or epochs, else
    next to each other and to the lists that stand ``beside`` them."""
    import pandas as pd

    kinds = [{kind[0] for name in table if (kind := x_kind(name))} for table in parts.values()]
    shared = set.intersection(*kinds)
    tables = [_titled(table, part, shared) for part, table in parts.items()]
    if shared:
        return pd.concat(tables, ignore_index=True)
    return _padded({**beside, **{name: list(table[name]) for table in tables for name in table}})


def _titled(table: pd.DataFrame, part: str, shared: Collection[str]) -> pd.DataFrame:
    """The table, its columns called as of the part, but for the first that counts each of the ``shared`` x."""
    titles: dict[str, str] = {}
    for name in table:
        kind = (x_kind(name) or ("",))[0]
        titles[name] = kind if kind in shared and kind not in titles.values() else f"{part}/{name}"
    return table.rename(columns=titles)


def _rows(found: Sequence[Any]) -> pd.DataFrame | None:
    """A list of rows: objects, or TensorBoard's [time, step, value]."""
    import pandas as pd

    rows = [row for row in found if isinstance(row, Mapping)]
    if rows and len(rows) <= MOST_ROWS:
        flat = [_flat(row) for row in rows]
        names = dict.fromkeys(name for row in flat for name in row)
        if len(names) <= MOST_COLUMNS:
            return pd.DataFrame({name: [row.get(name) for row in flat] for name in names})
    triples = [row for row in found if isinstance(row, list) and len(row) == 3]
    if triples and len(triples) == len(found) <= MOST_ROWS:
        return pd.DataFrame(triples, columns=["Wall time", "Step", "Value"])
    return None


def _flat(row: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """A row without rows within it: {"train": {"loss": 2}} is {"train/loss": 2}."""
    found: dict[str, Any] = {}
    for key, cell in row.items():
        if isinstance(cell, Mapping):
            if depth < DEEPEST:
                found |= _flat(cell, f"{before}{key}/", depth + 1)
        elif not isinstance(cell, list):
            found[f"{before}{key}"] = cell
    return found


def _by_name(found: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The lists of numbers in a document, by name; also those written as {"0": 2.3, "1": 1.9}."""
    lists = {}
    for key, each in list(found.items())[:MOST_COLUMNS]:
        values = list(each.values()) if isinstance(each, Mapping) and _counted(each) else each
        if isinstance(values, list) and values and not any(isinstance(value, list | Mapping) for value in values):
            lists[str(key)] = values[:MOST_ROWS]
    return lists


def _counted(found: Mapping[str, Any]) -> bool:
    return bool(found) and all(str(key).isdigit() for key in found)


def _padded(lists: Mapping[str, list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in lists.items()})
