"""Runs from and to files: CSV, TensorBoard's event files, and ZIP archives of either. Nothing in a file is trusted."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from trainingwheels.engine.records.csv import read_csv
from trainingwheels.engine.records.event_files import Scalar, read_events, write_events
from trainingwheels.engine.records.file_run import MOST_RUNS, FileRun, Points, metric_of, refuse, shown_name
from trainingwheels.engine.settings import brief
from trainingwheels.engine.training.history import Curves

__all__ = ["ACCEPTED", "read_runs", "write_tensorboard"]

ACCEPTED = ".csv,.tsv,.txt,.zip,.0,.v2,application/octet-stream"
"""What a file chooser offers; event files have no ending of their own."""

LARGEST = 64_000_000  # bytes of an archive when it is unpacked
TAGS = {
    "loss": "loss/train",
    "val_loss": "loss/val",
    "train_accuracy": "accuracy/train",
    "val_accuracy": "accuracy/val",
    "lr": "lr",
}


def read_runs(name: str, data: bytes) -> list[FileRun]:
    """The runs in the file ``name``. Raises :class:`InvalidSetting`, one line that names it, for anything else."""
    if data[:4] == b"PK\x03\x04":
        return _read_archive(name, data)
    return _read_file(name, data)


def _read_file(name: str, data: bytes) -> list[FileRun]:
    if "tfevents" in name or data[:8] in _first_lengths():
        return [_of_scalars(read_events(data, name), name)]
    return read_csv(data, name)


def _first_lengths() -> frozenset[bytes]:
    """How an event file may begin: its first event, a version and perhaps who wrote it, is a few bytes long."""
    return frozenset(length.to_bytes(8, "little") for length in range(1, 256))


def _of_scalars(scalars: list[Scalar], name: str) -> FileRun:
    """The run that these curves are of. Of several curves with one meaning, the one with most values counts."""
    curves: dict[str, list[Scalar]] = {}
    for scalar in scalars:
        curves.setdefault(scalar.tag, []).append(scalar)
    points = Points(_run_name(name))
    for tag in sorted(curves, key=lambda tag: len(curves[tag]), reverse=True):
        metric = metric_of(tag)
        if metric is not None and not points.values[metric]:
            for scalar in curves[tag]:
                points.add(metric, scalar.step, scalar.value, f"{brief(name)}, {brief(tag)}")
    if points.empty:
        tags = brief(", ".join(curves))
        raise refuse(name, f"has no curve named loss or accuracy (but {tags})", "name tags as loss/train, accuracy/val")
    return points.run()


def _run_name(path: str) -> str:
    """The folder of an event file, as TensorBoard has it; else the file's own name without what all of them share."""
    folder, _, file = path.rpartition("/")
    folder = folder.rpartition("/")[2]
    return shown_name(folder or re.sub(r"^events\.out\.tfevents\.\d*\.?", "", file) or file)


def _read_archive(name: str, data: bytes) -> list[FileRun]:
    runs: list[FileRun] = []
    left = LARGEST
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or not ("tfevents" in entry.filename or entry.filename.endswith(".csv")):
                    continue
                with archive.open(entry) as file:  # what an archive says of its sizes may be a lie: count
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise refuse(name, f"is more than {LARGEST / 1e6:g} MB unpacked", "choose fewer runs")
                runs += _read_file(entry.filename, content)  # no archive within an archive
                if len(runs) > MOST_RUNS:
                    raise refuse(name, f"has more than {MOST_RUNS} runs", "choose fewer")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, OverflowError):
        raise refuse(name, "is a damaged archive", "choose an intact one, without a password") from None
    if not runs:
        raise refuse(name, "has neither CSV nor event files in it", "choose another archive")
    return runs


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
