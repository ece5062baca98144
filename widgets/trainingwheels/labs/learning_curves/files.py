"""Files in and out: a row of buttons above the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from trainingwheels.engine import write_csv, write_tensorboard
from trainingwheels.engine.records.files import ACCEPTED
from trainingwheels.labs.base.files import Upload

if TYPE_CHECKING:
    from trainingwheels.labs.learning_curves.lab import LearningCurves

__all__ = ["CSV_FILE", "FileRow"]

CSV_FILE = "learning-curves.csv"
ZIP_FILE = "learning-curves.zip"
PNG_FILE = "learning-curves.png"


class FileRow(w.Box):  # type: ignore[misc]
    """Import files; save the runs on screen, or the picture (``saves``); forget."""

    def __init__(self, lab: LearningCurves) -> None:
        def button(text: str, tooltip: str, act: Callable[[], None]) -> w.Button:
            made = w.Button(description=text, tooltip=tooltip)
            made.on_click(lab._guarded(lambda _: act()))
            return made

        def save(name: str, data: bytes) -> None:
            lab._face.page.save(name, data)

        what = "CSV, JSON, logs, TensorBoard event files, or archives of them"
        take = Upload("Import", ACCEPTED, lab._guarded(lab.take_files), multiple=True, together=True, tooltip=what)
        csv, zipped = "Save the runs on screen as CSV", "Save the runs on screen as event files, zipped"
        self.saves = [
            button("CSV", csv, lambda: save(CSV_FILE, write_csv(lab.shown_runs()).encode())),
            button("TensorBoard", zipped, lambda: save(ZIP_FILE, write_tensorboard(lab.shown_runs()))),
            button("PNG", "Save the picture", lambda: save(PNG_FILE, lab.png())),
        ]
        forget = button("Forget", "Forget imported runs and those of this session", lab.forget)
        super().__init__([take, *self.saves, forget], layout={"flex_flow": "row wrap"})
        self.add_class("tw-transport")
