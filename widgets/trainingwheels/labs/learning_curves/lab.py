"""Learning curves of any runs laid over each other, smoothed, and diagnosed by rules of thumb."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import ipywidgets as w
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trainingwheels.engine import (
    Curves,
    FileRun,
    History,
    InvalidSetting,
    RunConfig,
    read_runs,
    training_script,
    write_csv,
    write_tensorboard,
)
from trainingwheels.engine.records.diagnosis import CURVE_KINDS, Finding, diagnose
from trainingwheels.engine.records.file_run import MOST_RUNS
from trainingwheels.engine.records.files import ACCEPTED
from trainingwheels.engine.records.shapes import SHAPES, train_evenly
from trainingwheels.engine.scripts.curves import plot_script
from trainingwheels.engine.settings import ListOf, Option, Table, Whole, brief
from trainingwheels.figures import CurvesView, Picture
from trainingwheels.figures.png import encode
from trainingwheels.figures.theme import CSS_DPI
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.kept_runs import KEPT, from_texts
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Switch, WholeSlider, Words
from trainingwheels.labs.learning_curves.pictures.learning_curves import CurvesPicture
from trainingwheels.labs.learning_curves.presets import SLIDES
from trainingwheels.labs.learning_curves.run_list import ListedRun, colors, groups, kind_of, listed, once_each, table
from trainingwheels.labs.learning_curves.run_table import RunTable

__all__ = ["LearningCurves", "RunsView"]

CSV_FILE = "learning-curves.csv"
MOST = 400  # runs in one list: a file's, the session's and the gallery's together
MOST_SENTENCES = 6  # runs that are diagnosed one by one
NOTHING = (
    "No runs yet. Train a net in this session, import a CSV or TensorBoard event file, or show the gallery of shapes."
)
MOST_DOTTED = 8  # runs whose batches are drawn: the dots of more are a fog
HEURISTIC = "What rules of thumb say, a heuristic with its thresholds in brackets:"
UNSAID = "Say what you see, then tick diagnosis: rules of thumb have their say."
MOST_SHAPES = 12  # lists of trained runs that stay at hand
FRAME = 0.08  # seconds between two pictures of a shape in training
LISTS = ("show", "shape", "cure", "seeds")  # a change of these makes another list of runs

SOURCES = Table(
    "show",
    (
        Option("gallery", "the gallery of shapes"),
        Option("session", "runs of this session"),
        Option("imported", "imported runs"),
        Option("everything", "everything"),
    ),
)


@dataclass(frozen=True)
class RunsView(CurvesView):
    """``runs`` are the list, ``training`` how far it is trained (1 is all of it), ``diagnosis`` whether to judge."""

    runs: tuple[ListedRun, ...] = ()
    training: float = 1.0
    diagnosis: bool = True


class LearningCurves(Lab):
    """Runs laid over each other: what their curves look like, and what rules of thumb say of them."""

    slug = "learning-curves"
    number = "07"
    title = "Learning curves"
    summary = "Overlay, smooth and diagnose runs: a gallery, this session's, and your own files."
    part = "Training dynamics"

    window = LogWholeSlider(1, 512, 16, most=100_000, unit="steps", help="steps of the moving average of the losses")
    show = Choice(SOURCES, "gallery", help="where the runs come from")
    shape = Choice(SHAPES, "learning-rates", help="a kind of curve, trained now", views=("gallery", "everything"))
    cure = Switch(False, label="with the cure", help="also train what mends it", views=("gallery", "everything"))
    seeds = WholeSlider(1, 10, 1, unit="seeds", help="how often each is trained", views=("gallery", "everything"))
    band = Switch(False, label="mean of seeds", help="mean and range of the runs that differ by their seed only")
    dots = Switch(True, label="single batches", help="a dot for the loss of each batch; of few runs only")
    log_x = Switch(False, label="log steps", help="logarithmic scale for the steps")
    log_y = Switch(True, label="log loss", help="logarithmic scale for the loss")
    diagnosis = Switch(True, help="what rules of thumb say of the curves: a heuristic")
    hide = Words(ListOf(Whole(1, MOST, "runs"), 0, MOST), (), elsewhere=True, help="numbers of runs not drawn")
    chosen = WholeSlider(
        1, 30, 1, most=MOST, elsewhere=True, help="the run that is drawn thicker, and whose code it is"
    )

    presets = SLIDES

    def __init__(self, **settings: Any) -> None:
        self._imported: tuple[FileRun, ...] = ()
        self._recalled: tuple[FileRun, ...] = ()  # trained on other pages of this site
        self._colors: dict[str, str] = {}  # of runs, by name; a run keeps its colour whatever else is shown
        self._trained: dict[tuple[RunConfig, ...], Sequence[History]] = {}
        self._found: dict[int, tuple[Curves, list[Finding]]] = {}
        super().__init__(**settings)
        self._face.page.recalls = True
        KEPT.listen(self._refresh)

    # What the lab is -------------------------------------------------------------------------------------------------

    def compute(self, s: Any) -> RunsView:
        *_, view = self.results(s)
        return view

    def results(self, s: Any) -> Iterator[RunsView]:
        labels, configs = _gallery(s)
        if configs and configs not in self._trained:
            seen = time.monotonic()
            for histories in train_evenly(configs):
                if time.monotonic() - seen > FRAME:
                    seen = time.monotonic()
                    yield self._view(s, labels, histories)
            self._trained = dict([*self._trained.items()][-MOST_SHAPES:]) | {configs: histories}
        yield self._view(s, labels, self._trained.get(configs, ()))

    def _view(self, s: Any, names: Sequence[str], histories: Sequence[History]) -> RunsView:
        runs = listed([*zip(names, _kinds(names), histories, strict=True), *self._session(s), *self._files(s)])
        done = [len(history.steps) / history.total_steps for history in histories if history.diverged_at is None]
        hidden = frozenset(place - 1 for place in s.hide)
        labels = groups(runs) if s.band or s.seeds > 1 else [each.name for each in runs]
        if s.seeds > 1 and not s.band:  # one colour for all seeds, and one label
            labels = once_each(labels, hidden)
        return RunsView(
            histories=[each.run for each in runs],
            labels=labels,
            colors=colors(runs, self._colors, s.band or s.seeds > 1),
            hidden=hidden,
            chosen=min(s.chosen, len(runs)) - 1 if len(runs) > 1 else None,
            window=s.window,
            log_x=s.log_x,
            log_y=s.log_y,
            band=s.band,
            dots=s.dots and len(runs) <= MOST_DOTTED,
            runs=tuple(runs),
            training=min(done, default=1.0),
            diagnosis=s.diagnosis,
        )

    def _session(self, s: Any) -> Iterator[tuple[str, str, Curves]]:
        for kept in KEPT.runs if s.show in ("session", "everything") else ():
            yield kept.name, kind_of(kept.name, kept.history.settings), kept.history
        for run in self._recalled if s.show in ("session", "everything") else ():
            yield run.name, kind_of(run.name, run.given), run

    def _files(self, s: Any) -> Iterator[tuple[str, str, Curves]]:
        for run in self._imported if s.show in ("imported", "everything") else ():
            yield run.name, kind_of(run.name, run.given), run

    def picture(self, figure: Figure) -> Picture:
        return CurvesPicture(figure)

    def explain(self, result: RunsView) -> Sequence[str]:
        shown = [each for place, each in enumerate(result.runs) if place not in result.hidden]
        if not result.runs:
            return [NOTHING]
        if result.training < 1:
            return [f"Training the runs, {result.training:.0%} done."]
        if not shown:
            return ["All runs are hidden: tick those to draw."]
        return [*_best(shown), *(self._diagnoses(result, shown) if result.diagnosis else [UNSAID])]

    def _diagnoses(self, result: RunsView, shown: Sequence[ListedRun]) -> list[str]:
        found = [(each.name, self._findings(each.run)) for each in shown]
        if len(found) > MOST_SENTENCES:
            counts = Counter(findings[0].verdict for _, findings in found)
            words = ", ".join(f"{count} × {CURVE_KINDS[name].label}" for name, count in counts.most_common())
            name = result.runs[result.chosen or 0].name
            return [
                f"{HEURISTIC} {words}.",
                *(f"{name}: {finding.sentence}" for finding in self._findings(result.runs[result.chosen or 0].run)),
            ]
        sentences = [
            f"{name}: {finding.sentence}" if len(found) > 1 else finding.sentence
            for name, findings in found
            for finding in findings
        ]
        return [HEURISTIC, *sentences]

    def _findings(self, run: Curves) -> list[Finding]:
        known = self._found.get(id(run))
        if known is None or known[0] is not run:
            known = (run, diagnose(run))
            self._found = dict([*self._found.items()][-MOST:]) | {id(run): known}
        return known[1]

    def script(self, s: Any) -> str:
        configs = _gallery(s)[1]
        others = [run for _, _, run in (*self._session(s), *self._files(s))]
        place = min(s.chosen, len(configs) + len(others)) - 1
        if 0 <= place < len(configs):
            return training_script(configs[place])
        run = others[place - len(configs)] if others else None
        return training_script(run.config) if isinstance(run, History) else plot_script(CSV_FILE, s.log_y)

    # Files -----------------------------------------------------------------------------------------------------------

    def take_file(self, name: str, data: bytes) -> None:
        """Read a file (CSV, TensorBoard event file, or an archive of them) and show its runs."""
        runs = read_runs(name, data)
        with self._lock:
            if len(self._imported) + len(runs) > MOST_RUNS:
                raise InvalidSetting(f"{brief(name)} makes more than {MOST_RUNS} imported runs: forget some first.")
            self._imported += tuple(runs)
            if self.show not in ("imported", "everything"):
                self.show = "imported"
            else:
                self._submit()
            self._say(f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} from {brief(name)}.")

    def forget(self) -> None:
        """Forget all imported runs, and those of this session, in this browser too."""
        with self._lock:
            self._imported = self._recalled = ()
            self._face.page.keep("")
        KEPT.forget()  # which shows what is left

    def shown_runs(self) -> dict[str, Curves]:
        """The runs on screen that are not hidden, by name: what the export buttons save."""
        view = self.result
        runs = [] if view is None else [each for place, each in enumerate(view.runs) if place not in view.hidden]
        if not runs:
            raise InvalidSetting("There is no run on screen to save: tick one, or import a file.")
        return {each.name: each.run for each in runs}

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

    # How it works ----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        KEPT.unlisten(self._refresh)
        super().close()

    def _refresh(self) -> None:
        """There may be other runs to show."""
        self._submit()

    def _take(self, record: bool = True, gesture: str | None = None) -> None:
        if gesture in LISTS and (self.hide or self.chosen > 1):  # places in another list
            self._applying = True
            try:
                self.hide, self.chosen = (), 1
            finally:
                self._applying = False
        super()._take(record, gesture)

    def _above(self) -> Sequence[w.Widget]:
        save = self._guarded(lambda name, make: self._face.page.save(name, make()))
        what = "CSV, TensorBoard event files, or a ZIP of them"
        take = Upload("Import", ACCEPTED, self._guarded(self.take_file), multiple=True, tooltip=what)
        self._buttons = []
        for text, name, tooltip, make in (
            ("CSV", CSV_FILE, "Save the runs on screen as CSV", lambda: write_csv(self.shown_runs()).encode()),
            (
                "TensorBoard",
                "learning-curves.zip",
                "Save the runs on screen as event files, zipped",
                lambda: write_tensorboard(self.shown_runs()),
            ),
            ("PNG", "learning-curves.png", "Save the picture", self.png),
        ):
            button = w.Button(description=text, tooltip=tooltip)
            button.on_click(lambda _, name=name, make=make: save(name, make))
            self._buttons.append(button)
        forget = w.Button(description="Forget", tooltip="Forget imported runs and those of this session")
        forget.on_click(self._guarded(lambda _: self.forget()))
        row = w.Box([take, *self._buttons, forget], layout={"flex_flow": "row wrap"})
        row.add_class("tw-transport")
        self._table = RunTable()
        self._table.on_action(self._guarded(self._act))
        return [row, self._table]

    def _on_event(self, event: Mapping[str, Any]) -> None:
        match event:
            case {"event": "recalled", "texts": texts}:
                with self._lock:
                    self._recalled = from_texts(texts, KEPT.runs)
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
                    self._colors[runs[place].name] = value
                    self._submit()
                case "choose":
                    self.chosen = place + 1
                case "show":
                    every = range(1, len(runs) + 1) if place < 0 else [place + 1]
                    hidden = set(self.hide) - set(every) if value else set(self.hide) | set(every)
                    self.hide = tuple(sorted(hidden))

    def _present(self, result: RunsView) -> None:
        super()._present(result)
        findings = (
            [self._findings(each.run) for each in result.runs] if result.training == 1 and result.diagnosis else []
        )
        words = [CURVE_KINDS[found[0].verdict].label for found in findings]
        self._table.show(*table(result.runs, result.colors, result.hidden, result.chosen, words))


def _gallery(s: Any) -> tuple[Sequence[str], tuple[RunConfig, ...]]:
    """What the gallery trains for settings ``s``: a name for each run, and its settings."""
    return _runs_of(s.shape, s.cure, s.seeds) if s.show in ("gallery", "everything") else ((), ())


@lru_cache(maxsize=64)
def _runs_of(name: str, cure: bool, seeds: int) -> tuple[Sequence[str], tuple[RunConfig, ...]]:
    shape = SHAPES[name]
    runs = [*shape.runs, *([shape.cure] if cure and shape.cure else [])]
    names = [name if seeds == 1 else f"{name}, seed {seed}" for name, _ in runs for seed in range(seeds)]
    return names, tuple(replace(config, seed=seed) for _, config in runs for seed in range(seeds))


def _kinds(names: Sequence[str]) -> list[str]:
    """The gallery's runs of one name are of one kind, whatever their seed."""
    return [f"gallery {name.partition(', seed ')[0]}" for name in names]


def _best(shown: Sequence[ListedRun]) -> list[str]:
    """Which run went furthest."""
    best = [(each.run.best.val_accuracy, each.name, each.run.best.step) for each in shown if each.run.best]
    if not best:
        return []
    accuracy, name, step = max(best)
    of = f" of {len(shown)}: {name}," if len(shown) > 1 else ":"
    return [f"Best validation accuracy{of} {accuracy:.1%} at step {step:,}."]
