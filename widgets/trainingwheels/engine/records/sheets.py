"""From a table to the runs in it, whatever its shape.

Wide: a column for each curve, several runs under each other with their names in a column. Long: a column of keys and
one of values, or one that says of each row whether it is of training or validation. Side by side: a column for each run
and curve, as experiment trackers export them. TensorBoard's: one curve, its tag in the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.records.cells import Column, column_of
from trainingwheels.engine.records.columns import part_of, words_of, x_kind
from trainingwheels.engine.records.file_run import MOST_RUNS, refuse, shown_name
from trainingwheels.engine.records.sheet import Sheet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETTING", "is_curve", "sheets_of", "stem"]

SETTING = "setting."
# Names of columns that say something of each row, the most telling first.
RUNS = ("run", "run_name", "run_id", "experiment", "exp", "trial", "trial_id", "fold", "seed", "run_uuid")
KEYS = ("key", "metric", "tag", "variable", "metric_name", "metric_key", "quantity", "name")
VALUES = ("value", "values", "metric_value", "val")
PHASES = ("phase", "split", "stage", "mode", "subset", "set", "partition", "part", "type", "dataset")
ENDINGS = r"\.(csv|tsv|txt|log|json|jsonl|ndjson|dat|gz|tgz|tar|zip)$"
TAG_IN_NAME = re.compile(r"(?:run[-_])?(?P<run>.*?)[-_]?tag-(?P<tag>.+)", re.IGNORECASE)
BOOSTED = re.compile("(?P<part>learn|test)_error", re.IGNORECASE)
"""What CatBoost calls its two files of curves, learn_error.tsv and test_error.tsv."""
Rows = NDArray[np.bool_]


def stem(name: str) -> str:
    """The name of a file without its folder and endings."""
    found = name.rpartition("/")[2]
    while shorter := re.sub(ENDINGS, "", found, flags=re.IGNORECASE):
        if shorter == found:
            break
        found = shorter
    return found


def sheets_of(frame: pd.DataFrame, name: str) -> list[Sheet]:
    """The runs in a table, in the order of their first rows. Raises :class:`InvalidSetting` if they are too many."""
    lower = {"_".join(column.lower().split()): column for column in frame.columns}
    beside = _side_by_side(list(frame.columns))
    if beside:
        return [_sheet(frame, run, columns, None, {}) for run, columns in beside.items()]
    run = _first(frame, lower, RUNS, _several) or lower.get("run")
    key, value = _first(frame, lower, KEYS, _is_text), _first(frame, lower, VALUES, _is_anything)
    phase = _first(frame, lower, PHASES, _is_phase)
    keys = [column for column in (run, phase, *((key, value) if key and value else ())) if column]
    plain = {column: column for column in frame.columns if column not in keys and not column.startswith(SETTING)}
    sheets = []
    for title, rows in _runs(frame, run, name):
        sheet = _sheet(frame, title, plain, rows, _given(frame, rows))
        if key and value:
            sheet = _long(sheet, frame, key, value)
        if phase:
            sheet = _phased(sheet, frame[phase], [column for column in sheet.columns if not x_kind(column)])
        sheets.append(_of_one_curve(sheet, name))
    return sheets


def _first(
    frame: pd.DataFrame, lower: Mapping[str, str], names: Sequence[str], fits: Callable[[Any], bool]
) -> str | None:
    """The first column with one of these names whose cells are fit for it."""
    return next((lower[name] for name in names if name in lower and fits(frame[lower[name]])), None)


def _is_anything(_: pd.Series) -> bool:
    return True


def _several(cells: pd.Series) -> bool:
    return bool(1 < cells.nunique() <= MOST_RUNS)


def _is_text(cells: pd.Series) -> bool:
    return bool(cells.dtype.kind not in "iufb")


def _is_phase(cells: pd.Series) -> bool:
    """Whether each cell names a part of the data."""
    if not _is_text(cells):
        return False
    found = [str(each) for each in cells.dropna().unique()[:10]]
    return bool(found) and all(part_of(words_of(each)) for each in found)


def _runs(frame: pd.DataFrame, run: str | None, name: str) -> Iterator[tuple[str, Rows | None]]:
    """The name of each run, and which rows are its."""
    if run is None:
        yield stem(name), None
        return
    cells = frame[run].ffill().fillna("")
    names = cells.unique()
    if len(names) > MOST_RUNS:
        raise refuse(name, f"has more than {MOST_RUNS} runs", "choose fewer")
    numbers = cells.dtype.kind in "iuf"
    for each in names:
        text = f"{each:g}" if numbers and abs(each) < 1e6 else str(each).strip()
        yield (
            (f"{run} {text}" if numbers and run.lower() not in ("run", "run_id") else text),
            (cells == each).to_numpy(),
        )


def _given(frame: pd.DataFrame, rows: Rows | None) -> dict[str, str]:
    """The settings of a run, in its first rows."""
    found = {}
    for column in frame.columns:
        if column.lower().startswith(SETTING):
            cells = frame[column] if rows is None else frame.loc[rows, column]
            texts = [text for text in map(_plain, cells.dropna().head(3)) if text]
            if texts:
                found[column.lower().removeprefix(SETTING)[:40]] = shown_name(texts[0])
    return found


def _plain(cell: object) -> str:
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell).strip()


def _sheet(frame: pd.DataFrame, name: str, columns: dict[str, str], rows: Rows | None, given: dict[str, str]) -> Sheet:
    """The sheet of these columns (what to call each: its name in the table), within the rows if not all are of it."""
    found = {}
    for title, column in columns.items():
        numbers = column_of(frame[column], whole=x_kind(column) is not None)
        found[title] = numbers if rows is None else numbers.within(rows)
    return Sheet(shown_name(name), len(frame), found, given)


def _long(sheet: Sheet, frame: pd.DataFrame, key: str, value: str) -> Sheet:
    """A column for each key."""
    numbers, keys = column_of(frame[value]), frame[key].fillna("").astype(str).to_numpy()
    rows = np.zeros(len(frame), bool)
    for column in sheet.columns.values():
        rows[column.at] = True
    if not rows.any():
        rows[:] = True
    here = numbers.within(rows)
    names = dict.fromkeys(keys[here.at])
    curves = {str(name): here.within(keys == name) for name in names}
    return Sheet(sheet.name, sheet.rows, {**sheet.columns, **curves}, sheet.given)


def _phased(sheet: Sheet, phases: pd.Series, names: Sequence[str]) -> Sheet:
    """A column for each phase in place of each."""
    texts = phases.fillna("").astype(str).to_numpy()
    parts = list(dict.fromkeys(text for text in texts if part_of(words_of(text))))
    columns: dict[str, Column] = {name: column for name, column in sheet.columns.items() if name not in names}
    for part in parts:
        for name in names:
            column = sheet.columns[name].within(texts == part)
            if len(column.at):
                columns[f"{part}/{name}"] = column
    return Sheet(sheet.name, sheet.rows, columns, sheet.given)


def _of_one_curve(sheet: Sheet, name: str) -> Sheet:
    """The sheet, its column Value called as the tag in the file's name: TensorBoard names what it saves so, and
    CatBoost the part of the data.
    """
    if boosted := BOOSTED.fullmatch(stem(name)):
        part, folder = boosted["part"].lower(), name.rpartition("/")[0].rpartition("/")[2]
        titles = {column: column if x_kind(column) else f"{part}/{column}" for column in sheet.columns}
        named = {titles[column]: numbers for column, numbers in sheet.columns.items()}
        return Sheet(shown_name(folder or "catboost"), sheet.rows, named, sheet.given)
    values = [column for column in sheet.columns if column.lower() == "value"]
    if len(values) != 1:
        return sheet
    found = TAG_IN_NAME.fullmatch(stem(name))
    tag = found["tag"] if found else stem(name)
    words = re.split(r"[-_. ]+", found["run"] if found else "")
    part = part_of([word.lower() for word in words])
    title = f"{part}/{tag}" if part and not part_of(words_of(tag)) else tag
    columns = {title if column == values[0] else column: numbers for column, numbers in sheet.columns.items()}
    run = "-".join(word for word in words if word and not part_of([word.lower()]))
    return Sheet(shown_name(run if found else sheet.name), sheet.rows, columns, sheet.given)


def is_curve(name: str) -> bool:
    """Whether a file is called as TensorBoard, or CatBoost, calls what it saves of one curve."""
    return any(names.fullmatch(stem(name)) for names in (TAG_IN_NAME, BOOSTED))


def _side_by_side(names: list[str]) -> dict[str, dict[str, str]]:
    """For each run its columns (name of the curve: name in the table), where a tracker has put runs side by side."""
    shared = [name for name in names if x_kind(name)]
    curves = [name for name in names if " - " in name]
    if not curves or len(shared) + len(curves) < len(names) - 1:
        return {}
    runs: dict[str, dict[str, str]] = {}
    for name in curves:
        run, _, curve = name.rpartition(" - ")
        if not curve.endswith(("__MIN", "__MAX")):
            runs.setdefault(run, {name: name for name in shared})[curve] = name
    named = [words_of(run) for run in runs]
    parts = all(words and all(part_of([word]) for word in words) for words in named)
    return {} if parts else runs  # "train - loss" is of no run called train
