"""From event files to runs: which files are one run, and what their folders say of the tags in them.

Keras writes ``logs/train`` and ``logs/validation``, ``add_scalars("loss", ...)`` a folder ``loss_train`` for each
curve: both are one run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from trainingwheels.engine.records.cells import Column
from trainingwheels.engine.records.columns import SAYS_NOTHING, TEST, TRAIN, VALIDATION, words_of
from trainingwheels.engine.records.event_files import Events, Scalar
from trainingwheels.engine.records.file_run import shown_name
from trainingwheels.engine.records.log import Log
from trainingwheels.engine.records.sheet import Sheet

__all__ = ["logs_of_events"]

PARTS = TRAIN | VALIDATION | TEST | SAYS_NOTHING
STEP = "step"


def logs_of_events(files: Mapping[str, Events], whole: str) -> list[Log]:
    """A log for each run in these event files, by path; ``whole`` is what they came in."""
    runs: dict[str, dict[str, list[tuple[str, Scalar]]]] = {}
    for path in files:
        folder = path.rpartition("/")[0]
        parent, _, last = folder.rpartition("/")
        tags = dict.fromkeys(scalar.tag for scalar in files[path].scalars)
        titles = {tag: _of_folder(last, tag) for tag in tags}
        inside = bool(last) and all(titles.values())
        run = runs.setdefault(parent if inside else folder, {})
        run[path] = [
            (titles[scalar.tag] or scalar.tag if inside else scalar.tag, scalar) for scalar in files[path].scalars
        ]
    names = _log_names(list(runs), whole)
    return [_log(names[run], members, files) for run, members in runs.items()]


def _of_folder(folder: str, tag: str) -> str:
    """What to call a tag in a folder of curves of one run; empty if it is a folder of a run."""
    words = words_of(folder)
    if words and PARTS.issuperset(words) and not SAYS_NOTHING.issuperset(words):
        return f"{folder}/{tag}"
    main = re.sub(r"[/ ]", "_", tag)
    if folder.lower().startswith(f"{main.lower()}_"):
        return f"{tag}/{folder[len(main) + 1 :]}"
    return ""


def _log_names(folders: list[str], whole: str) -> dict[str, str]:
    """A name for each folder of a run: its last part, or all of it where that is not enough."""
    last = {folder: folder.rpartition("/")[2] for folder in folders}
    several = {name for name in last.values() if [*last.values()].count(name) > 1}
    return {folder: folder if name in several else name or whole for folder, name in last.items()}


def _log(name: str, members: Mapping[str, list[tuple[str, Scalar]]], files: Mapping[str, Events]) -> Log:
    pairs = [pair for path in sorted(members) for pair in members[path]]  # by the time in their names
    rows: dict[str, list[int]] = {}
    for row, (title, _) in enumerate(pairs):
        rows.setdefault(title, []).append(row)
    values = np.array([scalar.value for _, scalar in pairs], np.float64)
    steps = np.array([scalar.step for _, scalar in pairs], np.float64)
    columns = {STEP: Column(np.arange(len(pairs)), steps)}
    for title, places in rows.items():
        at = np.array(places, np.int64)
        columns[title if title != STEP else f"{title} (tag)"] = Column(at, values[at])
    notes = [
        f"{path.rpartition('/')[2]}: {note}" if len(members) > 1 else note
        for path in members
        for note in files[path].notes
    ]
    return Log(name, (Sheet(shown_name(name), len(pairs), columns),), tuple(notes))
