"""Runs from and to files: tables, JSON, what a loop printed, TensorBoard's event files, and archives of any of them.

Nothing in a file is trusted.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from trainingwheels.engine.records.documents import is_document, read_document
from trainingwheels.engine.records.event_files import Events, Scalar, read_events, write_events
from trainingwheels.engine.records.event_logs import logs_of_events
from trainingwheels.engine.records.file_run import MOST_RUNS, FileRun, refuse
from trainingwheels.engine.records.joined import joined
from trainingwheels.engine.records.lines import read_lines
from trainingwheels.engine.records.log import Log
from trainingwheels.engine.records.sheets import is_curve, sheets_of, stem
from trainingwheels.engine.records.tables import has_header, read_table
from trainingwheels.engine.records.text import decode
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.history import Curves

__all__ = ["ACCEPTED", "Opened", "open_logs", "read_runs", "write_tensorboard"]

ACCEPTED = ".csv,.tsv,.txt,.log,.json,.jsonl,.zip,.gz,.tgz,.tar,.0,.v2,application/octet-stream"
"""What a file chooser offers; event files have no ending of their own."""

LARGEST = 64_000_000  # bytes of an archive when it is unpacked
MOST_MEMBERS = 2000  # of an archive
READABLE = re.compile(r"\.(csv|tsv|txt|log|dat|json|jsonl|ndjson)(\.gz)?$", re.IGNORECASE)
TAGS = {
    "loss": "loss/train",
    "val_loss": "loss/val",
    "train_accuracy": "accuracy/train",
    "val_accuracy": "accuracy/val",
    "lr": "lr",
}


@dataclass(frozen=True)
class Opened:
    """What is in a file: its ``logs``, and a line for each part of it that was passed over, and why."""

    logs: tuple[Log, ...]
    passed: tuple[str, ...] = ()


def read_runs(name: str, data: bytes) -> list[FileRun]:
    """The runs in the file ``name``. Raises :class:`InvalidSetting`, one line that names it, for anything else."""
    runs: list[FileRun] = []
    refused: InvalidSetting | None = None
    for log in open_logs(name, data).logs:
        try:
            runs += log.runs()
        except InvalidSetting as error:
            refused = refused or error
    if refused and not runs:
        raise refused
    if len(runs) > MOST_RUNS:
        raise refuse(name, f"has more than {MOST_RUNS} runs", "choose fewer")
    return runs


def open_logs(name: str, data: bytes) -> Opened:
    """The logs in the file ``name``, whose columns can be looked at and chosen. Raises :class:`InvalidSetting`, one
    line that names it, if there is none."""
    data = _unzipped(name, data)
    if b"xl/workbook.xml" in data[-4000:] and data[:2] == b"PK":
        raise refuse(name, "is an Excel workbook", "save it as CSV")
    if not _is_archive(data):
        return Opened(tuple(_open_file(name, data)))
    logs: list[Log] = []
    events: dict[str, Events] = {}
    passed: list[str] = []
    refused: InvalidSetting | None = None
    for path, content in _members(name, data):
        try:
            if not _wanted(path):
                passed.append(f"{brief(path)} is passed over: neither a log nor an event file")
            elif not content:
                passed.append(f"{brief(path)} is passed over: it is empty")
            elif _is_events(path, content := _unzipped(path, content)):
                events[path] = read_events(content, path)
            else:
                logs += _open_file(path, content)
        except InvalidSetting as error:
            passed.append(str(error))
            refused = refused or error
    logs += logs_of_events(events, stem(name))
    if not logs:
        raise refused or refuse(name, "has neither CSV nor event files in it", "choose another archive")
    return Opened(tuple(joined(logs)), tuple(passed))


def _open_file(name: str, data: bytes) -> list[Log]:
    if _is_events(name, data):
        return logs_of_events({name: read_events(data, name)}, _own_name(name))
    text = decode(data, name)
    if is_document(text):
        tables, notes = read_document(text, name)
        several = len(tables) > 1
        sheets = [sheet for run, table in tables.items() for sheet in sheets_of(table, run if several else name)]
        return [Log(name, tuple(sheets), tuple(notes), is_curve(name))]
    if not has_header(text) and (printed := read_lines(text)) is not None:
        return [Log(name, tuple(sheets_of(printed, name)), ("read from what a loop printed",))]
    table, notes = read_table(text, name)
    return [Log(name, tuple(sheets_of(table, name)), tuple(notes), is_curve(name))]


def _is_events(name: str, data: bytes) -> bool:
    """Whether it is an event file: its first event, a version and perhaps who wrote it, is a few bytes long; one
    that is damaged there is known by its name."""
    named = "tfevents" in name.rpartition("/")[2] and not READABLE.search(name)
    return named or (len(data) > 8 and 0 < int.from_bytes(data[:8], "little") < 256)


def _own_name(path: str) -> str:
    """The name of an event file that lies in no folder, without what all of them share."""
    file = path.rpartition("/")[2]
    return re.sub(r"^events\.out\.tfevents\.\d*\.?", "", file) or file


# Archives -------------------------------------------------------------------------------------------------------------


def _is_archive(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04" or data[257:262] == b"ustar"


def _unzipped(name: str, data: bytes) -> bytes:
    """What is in a gzip file; anything else as it is."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise refuse(name, "is a damaged gzip file", "choose an intact one") from None
    if len(content) > LARGEST:
        raise refuse(name, f"is more than {LARGEST / 1e6:g} MB unpacked", "choose fewer runs")
    return content


def _members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, in its order. What it says of their sizes may be a lie: the bytes are counted."""
    left = LARGEST
    try:
        for number, (path, content) in enumerate(_of_zip(data) if data[:2] == b"PK" else _of_tar(data), 1):
            with content as file:
                found = file.read(left + 1) if _wanted(path) else b"\0"
            left -= len(found)
            if left < 0 or number > MOST_MEMBERS:
                raise refuse(name, f"is more than {LARGEST / 1e6:g} MB unpacked", "choose fewer runs")
            yield path, found
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise refuse(name, "is a damaged archive", "choose an intact one, without a password") from None
    except (OverflowError, ValueError, UnicodeError) as error:
        if isinstance(error, InvalidSetting):
            raise
        raise refuse(name, "is a damaged archive", "choose an intact one, without a password") from None


def _of_zip(data: bytes) -> Iterator[tuple[str, io.BufferedIOBase]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename, archive.open(entry)  # type: ignore[misc]


def _of_tar(data: bytes) -> Iterator[tuple[str, io.BufferedIOBase]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for entry in archive:
            if entry.isfile() and (file := archive.extractfile(entry)):
                yield entry.name, file  # type: ignore[misc]


def _wanted(path: str) -> bool:
    """Whether a member of an archive may be a log, by its name."""
    parts = path.split("/")
    hidden = "__MACOSX" in parts or parts[-1].startswith(".")
    return not hidden and ("tfevents" in parts[-1] or READABLE.search(path) is not None) and not path.endswith("-empty")


# Out ------------------------------------------------------------------------------------------------------------------
def write_tensorboard(runs: Mapping[str, Curves]) -> bytes:
    """A ZIP archive with a folder and an event file for each run; unpack it for ``tensorboard --logdir``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        taken: set[str] = set()
        for place, (name, run) in enumerate(runs.items()):
            folder = re.sub(r"[^\w.=+-]+", "-", name).strip(".-") or "run"
            folder = folder if folder not in taken else f"{folder}-{place + 1}"
            taken.add(folder)
            entry = zipfile.ZipInfo(f"runs/{folder}/events.out.tfevents.{place}.trainingwheels")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, write_events(_scalars(run)))
    return out.getvalue()


def _scalars(run: Curves) -> list[Scalar]:
    lr = run.steps[: len(run.lr)]
    curves = {
        "loss": (run.steps, run.train_loss),
        "lr": (lr, run.lr),
        "val_loss": (run.eval_steps, run.val_loss),
        "val_accuracy": (run.eval_steps, run.val_accuracy),
        "train_accuracy": (run.eval_steps, run.train_accuracy),
    }
    return [
        Scalar(TAGS[metric], int(step), float(value))
        for metric, (steps, values) in curves.items()
        for step, value in zip(steps, values, strict=True)
        # a gap in a file is NaN here, and stays a gap; that a batch's loss was no number is to be seen
        if metric == "loss" or not np.isnan(value)
    ]
