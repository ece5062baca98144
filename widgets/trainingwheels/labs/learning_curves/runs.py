"""Runs laid over each other, smoothed, and diagnosed by rules of thumb: what all views do with the runs they list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trainingwheels.engine import Curves, History, RunConfig, training_script
from trainingwheels.engine.records.diagnosis import CURVE_KINDS, Finding, diagnose
from trainingwheels.engine.records.one_axis import on_one_axis
from trainingwheels.engine.scripts.curves import plot_script
from trainingwheels.engine.shares import in_percent
from trainingwheels.engine.training.history import place
from trainingwheels.figures import CurvesView
from trainingwheels.figures.names import brief_names, without_shared_ends
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.view import View
from trainingwheels.labs.learning_curves.files import CSV_FILE
from trainingwheels.labs.learning_curves.pictures.learning_curves import CurvesPicture
from trainingwheels.labs.learning_curves.run_list import (
    ListedRun,
    colors,
    groups,
    kind_of,
    listed,
    once_each,
)

if TYPE_CHECKING:
    from trainingwheels.labs.learning_curves.lab import LearningCurves

__all__ = ["MOST", "Diagnoses", "Runs", "RunsView"]

MOST = 400  # runs in one list: a file's, the session's and the gallery's together
MOST_SENTENCES = 6  # runs that are diagnosed one by one
MOST_NAMED = 4  # runs in a sentence
LONGEST = 24  # characters of a name in a picture, for runs that were not trained here
MOST_DOTTED = 8  # runs whose batches are drawn: the dots of more are a fog
NOTHING_SHOWN = "All runs are hidden: tick those to draw."
HEURISTIC = "What rules of thumb say, a heuristic with its thresholds in brackets:"
UNSAID = "Say what you see, then tick diagnosis: rules of thumb have their say."


@dataclass(frozen=True)
class RunsView(CurvesView):
    """``runs`` are the list, ``training`` how far it is trained (1 is all of it), ``diagnosis`` whether to judge."""

    runs: tuple[ListedRun, ...] = ()
    training: float = 1.0
    diagnosis: bool = True


class Runs(View):
    """A list of runs. A subclass says which: it writes ``trains``, ``others``, or both."""

    lab: LearningCurves
    picture = CurvesPicture
    nothing = ""
    """What to say where the list is empty: where its runs come from."""

    def trains(self, s: Any) -> tuple[Sequence[str], tuple[RunConfig, ...]]:
        """What to call each run that is trained for settings ``s``, and its settings."""
        return (), ()

    def others(self) -> Iterator[tuple[str, Curves]]:
        """Name and curves of each run that was trained elsewhere."""
        return iter(())

    def results(self, s: Any) -> Iterator[RunsView]:
        names, configs = self.trains(s)
        for histories in self.lab.trained.histories(configs):
            yield self._view(s, names, histories)

    def explain(self, result: RunsView) -> Sequence[str]:
        shown = [each for place, each in enumerate(result.runs) if place not in result.hidden]
        if not result.runs:
            return [self.nothing]
        if result.training < 1:
            return [f"Training the runs, {percent(result.training)} done."]
        if not shown:
            return [NOTHING_SHOWN]
        return [
            *_axis(result, shown),
            *_best(shown),
            *(self._diagnoses(result, shown) if result.diagnosis else [UNSAID]),
        ]

    def script(self, s: Any) -> str:
        others = [run.config if isinstance(run, History) else None for _, run in self.others()]
        configs = [*self.trains(s)[1], *others]
        config = configs[min(s.chosen, len(configs)) - 1] if configs else None
        return training_script(config) if config else plot_script(CSV_FILE, s.log_y)

    def _view(self, s: Any, names: Sequence[str], histories: Sequence[History]) -> RunsView:
        kinds = [f"gallery {name.partition(', seed ')[0]}" for name in names]  # of one kind, whatever the seed
        others = [(name, kind_of(name, run.settings), run) for name, run in self.others()]
        short = brief_names([name for name, _, _ in others], lambda name: len(name) <= LONGEST, without_shared_ends)
        trained = zip(names, kinds, histories, strict=True)
        runs = listed(
            [
                *((name, kind, run, name) for name, kind, run in trained),
                *((name or whole, kind, run, whole) for name, (whole, kind, run) in zip(short, others, strict=True)),
            ]
        )
        done = [len(history.steps) / history.total_steps for history in histories if history.diverged_at is None]
        hidden = frozenset(place - 1 for place in s.hide)
        labels = groups(runs) if s.band or s.seeds > 1 else [each.name for each in runs]
        if s.seeds > 1 and not s.band:  # one colour for all seeds, and one label
            labels = once_each(labels, hidden)
        drawn = iter(on_one_axis([each.run for number, each in enumerate(runs) if number not in hidden]))
        curves = [each.run if number in hidden else next(drawn) for number, each in enumerate(runs)]
        return RunsView(
            histories=curves,
            labels=labels,
            colors=colors(runs, self.lab.colors, s.band or s.seeds > 1),
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

    def _diagnoses(self, result: RunsView, shown: Sequence[ListedRun]) -> list[str]:
        diagnoses = self.lab.diagnoses
        if len(shown) > MOST_SENTENCES:
            counts = Counter(diagnoses.verdict(each.run) for each in shown)
            words = ", ".join(f"{count} × {label}" for label, count in counts.most_common())
            chosen = result.runs[result.chosen or 0]
            sentences = [f"{chosen.name}: {finding.sentence}" for finding in diagnoses.of(chosen.run)]
            return [f"{HEURISTIC} {words}.", *sentences]
        findings = [(f"{each.name}: ", finding) for each in shown for finding in diagnoses.of(each.run)]
        return [HEURISTIC, *(f"{who if len(shown) > 1 else ''}{finding.sentence}" for who, finding in findings)]


class Diagnoses:
    """What rules of thumb find in runs, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Curves, list[Finding]]] = {}

    def of(self, run: Curves) -> list[Finding]:
        known = self._known.get(id(run))
        if known is None or known[0] is not run:
            known = (run, diagnose(run))
            self._known = dict([*self._known.items()][-MOST:]) | {id(run): known}
        return known[1]

    def verdict(self, run: Curves) -> str:
        """The first finding, in a word or two."""
        return CURVE_KINDS[self.of(run)[0].verdict].label


def _axis(result: RunsView, shown: Sequence[ListedRun]) -> list[str]:
    """What is along x, where the runs do not count alike."""
    names: dict[str, list[str]] = {}
    for each in shown:
        names.setdefault(each.run.x_is, []).append(each.name)
    if len(names) < 2:
        return []
    counted = "; ".join(f"{kind}s: {_some(each)}" for kind, each in sorted(names.items()))
    drawn = {run.x_is for number, run in enumerate(result.histories) if number not in result.hidden}
    if drawn == {"epoch"}:
        return [f"The runs do not count alike ({counted}); all are drawn over epochs, whose steps are known."]
    return [
        (
            f"The runs do not count alike ({counted}), and how many of one are one of the other is not known: each is "
            "drawn over the share of its own run. Compare shapes, not speeds."
        )
    ]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _best(shown: Sequence[ListedRun]) -> list[str]:
    """Which run went furthest."""
    best = [(found.val_accuracy, each.name, found.step, each.run.x_is) for each in shown if (found := each.run.best)]
    if not best:
        return []
    accuracy, name, step, x_is = max(best)
    of = f" of {len(shown)}: {name}," if len(shown) > 1 else ":"
    return [f"Best validation accuracy{of} {in_percent(accuracy, 1)} at {place(x_is, step)}."]
