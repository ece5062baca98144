"""Learning curves of any runs laid over each other, smoothed, and diagnosed by rules of thumb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as w
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from trainingwheels.engine import Curves, FileRun, InvalidSetting
from trainingwheels.engine.settings import ListOf, Whole, brief
from trainingwheels.figures.png import encode
from trainingwheels.figures.theme import CSS_DPI
from trainingwheels.labs.base.kept_runs import KEPT, from_texts
from trainingwheels.labs.base.lab import Lab, Shown
from trainingwheels.labs.base.parameters import LogWholeSlider, Switch, WholeSlider, Words
from trainingwheels.labs.learning_curves.files import FileRow
from trainingwheels.labs.learning_curves.imports import Imports
from trainingwheels.labs.learning_curves.presets import PRESETS
from trainingwheels.labs.learning_curves.reading import Reading
from trainingwheels.labs.learning_curves.run_list import table
from trainingwheels.labs.learning_curves.run_table import RunTable
from trainingwheels.labs.learning_curves.runs import MOST, Diagnoses, RunsView
from trainingwheels.labs.learning_curves.sources import Everything, Gallery, Imported, Session, Trained

__all__ = ["LearningCurves", "RunsView"]


MOST_SAID = 5  # files that are named in the message; all have their line below the picture


class LearningCurves(Lab):
    """Runs laid over each other: what their curves look like, and what rules of thumb say of them.

    What the views declare says which runs they list; what the lab declares, how these are shown.
    """

    slug = "learning-curves"
    number = "07"
    title = "Learning curves"
    summary = "Overlay, smooth and diagnose runs: a gallery, this session's, and your own files."
    part = "Training dynamics"
    presets = PRESETS
    views = (Gallery, Session, Imported, Everything)

    window = LogWholeSlider(1, 512, 16, most=100_000, unit="steps", help="steps of the moving average of the losses")
    diagnosis = Switch(True, help="what rules of thumb say of the curves: a heuristic")
    band = Switch(
        False,
        label="mean of seeds",
        section="compare",
        help="mean and range of the runs that differ by their seed only",
    )
    dots = Switch(
        True, label="single batches", section="more", help="a dot for the loss of each batch; of few runs only"
    )
    log_x = Switch(False, label="log steps", section="more", help="logarithmic scale for the steps")
    log_y = Switch(True, label="log loss", section="more", help="logarithmic scale for the loss")
    hide = Words(ListOf(Whole(1, MOST, "runs"), 0, MOST), (), elsewhere=True, help="numbers of runs not drawn")
    chosen = WholeSlider(
        1, 30, 1, most=MOST, elsewhere=True, help="the run that is drawn thicker, and whose code it is"
    )

    # What everybody uses ---------------------------------------------------------------------------------------------

    def __init__(self, **settings: Any) -> None:
        self.imports = Imports()
        self.recalled: tuple[FileRun, ...] = ()  # trained on other pages of this site
        self.trained = Trained()
        self.diagnoses = Diagnoses()
        self.colors: dict[str, str] = {}  # of runs, by name; a run keeps its colour whatever else is shown
        super().__init__(**settings)
        self._face.page.recalls = True
        KEPT.listen(self._submit)  # there may be other runs to show

    def take_file(self, name: str, data: bytes) -> None:
        """Read a file (a table, JSON, what a loop printed, an event file, or an archive of them) and show its runs."""
        self.take_files([(name, data)])

    def take_files(self, files: Sequence[tuple[str, bytes]]) -> None:
        """The same for several, each (name, content); each has its word in the message."""
        with self._lock:
            said: list[str] = []
            refused: list[str] = []
            for name, data in files:
                known = len(self.imports.files)
                try:
                    count = self.imports.add(name, data)
                    said.append(f"{count or 'No more'} {'run' if count == 1 else 'runs'} from {brief(name)}.")
                except InvalidSetting as error:
                    if len(self.imports.files) > known:
                        said.append(f"{error} Or choose its columns below.")
                    else:
                        refused.append(str(error))
            if not said:
                self._reading.show(self.imports)  # each file has its line, whatever is looked at
                raise InvalidSetting(_together(refused))
            if isinstance(self.view, Imported):
                self._submit()
            else:
                self.show = "imported"
            self._say(_together([*said, *refused]), error=bool(refused))

    def take_for(self, place: int, role: str, column: str | None) -> None:
        """Take a column of the ``place``-th imported file for a role of ``ROLES``: "" for none, None for the one that
        names say."""
        with self._lock:
            self.imports.choose(place, role, column)
            self._submit()
            self._say(self.imports.files[place].refused, error=bool(self.imports.files[place].refused))

    def forget(self) -> None:
        """Forget all imported runs, and those of this session, in this browser too."""
        with self._lock:
            self.imports.forget()
            self.recalled = ()
            self._face.page.keep("")
        KEPT.forget()  # which shows what is left

    def shown_runs(self) -> dict[str, Curves]:
        """The runs on screen that are not hidden, by their whole names: what the export buttons save."""
        view = self.result
        runs = [] if view is None else [each for place, each in enumerate(view.runs) if place not in view.hidden]
        if not runs:
            raise InvalidSetting("There is no run on screen to save: tick one, or import a file.")
        return {each.whole: each.run for each in runs}

    def png(self) -> bytes:
        """The picture as on screen, at twice the resolution."""
        with self._lock:
            dpi, canvas = self.figure.dpi, FigureCanvasAgg(self.figure)  # one that no page follows
            try:
                self.figure.dpi = 2 * CSS_DPI
                self._picture.forget()
                self._picture.render()
                return encode(np.asarray(canvas.buffer_rgba()))
            finally:
                self.figure.dpi = dpi
                self.figure.set_canvas(self._canvas)
                self._picture.forget()

    def close(self) -> None:
        KEPT.unlisten(self._submit)
        super().close()

    # What Lab asks for -----------------------------------------------------------------------------------------------

    def above(self) -> Sequence[w.Widget]:
        self._files = FileRow(self)
        self._table = RunTable()
        self._table.on_action(self._guarded(self._act))
        return [self._files, self._table]

    def below(self) -> Sequence[w.Widget]:
        self._reading = Reading(self._guarded(self.take_for))
        self._reading.show(None)
        return [self._reading]

    # How it works ----------------------------------------------------------------------------------------------------

    def _take(self, record: bool = True, gesture: str | None = None) -> None:
        another = gesture == "show" or gesture in self._of_views  # list of runs: places in it mean other runs
        if another and (self.hide or self.chosen > 1):
            self._applying = True
            try:
                self.hide, self.chosen = (), 1
            finally:
                self._applying = False
        super()._take(record, gesture)

    def _on_event(self, event: Mapping[str, Any]) -> None:
        match event:
            case {"event": "recalled", "texts": texts}:
                with self._lock:
                    self.recalled = from_texts(texts, KEPT.runs)
                    self._submit()
            case _:
                super()._on_event(event)

    def _act(self, action: str, place: int, value: Any) -> None:
        """Something was done in the table of runs."""
        with self._lock:
            runs = () if self.result is None else self.result.runs
            if place >= len(runs):
                return  # the table was of another list
            match action:
                case "color":
                    self.colors[runs[place].name] = value
                    self._submit()
                case "choose":
                    self.chosen = place + 1
                case "show":
                    every = range(1, len(runs) + 1) if place < 0 else [place + 1]
                    hidden = set(self.hide) - set(every) if value else set(self.hide) | set(every)
                    self.hide = tuple(sorted(hidden))

    def _present(self, shown: Shown) -> None:
        super()._present(shown)
        result: RunsView = shown.result
        judged = result.training == 1 and result.diagnosis
        words = [self.diagnoses.verdict(each.run) for each in result.runs] if judged else []
        self._table.show(*table(result.runs, result.colors, result.hidden, result.chosen, words))
        self._reading.show(self._imports_in_sight())

    def _imports_in_sight(self) -> Imports | None:
        """What was brought, while it is looked at."""
        return self.imports if isinstance(self.view, Imported) else None


def _together(lines: Sequence[str]) -> str:
    """The lines about several files as one message."""
    more = len(lines) - MOST_SAID
    return " ".join([*lines[:MOST_SAID], *([f"And {more} more files, each with its line below."] if more > 0 else [])])
