"""The runs that a picture lays over each other, as a list: names, groups of seeds, colours, and where they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from trainingwheels.engine import Curves
from trainingwheels.engine.records.csv import setting_text
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import percent

__all__ = ["ListedRun", "colors", "differences", "groups", "kind_of", "listed", "once_each", "table"]

MOST_COLUMNS = 6  # settings that a table shows


@dataclass(frozen=True)
class ListedRun:
    """A run under a ``name`` that no other run of its list has. ``kind`` is what it shares with its other seeds;
    ``whole`` its name before that was shortened for the picture, which no other has either."""

    name: str
    kind: str
    run: Curves
    whole: str


def listed(runs: Iterable[tuple[str, str, Curves, str]]) -> list[ListedRun]:
    """The list of these (name, kind, run, whole name), with a number after a name that is taken."""
    found: list[ListedRun] = []
    names: set[str] = set()
    wholes: set[str] = set()
    for name, kind, run, whole in runs:
        found.append(ListedRun(_unique(name, names), kind, run, _unique(whole, wholes)))
    return found


def _unique(name: str, taken: set[str]) -> str:
    """The name, with a number after it if it is ``taken``; it is from then on."""
    numbered = (name if number == 1 else f"{name} ({number})" for number in count(1))
    unique = next(text for text in numbered if text not in taken)
    taken.add(unique)
    return unique


def kind_of(name: str, settings: Mapping[str, Any]) -> str:
    """The same text for runs that differ by their seed alone; the name where settings are not known."""
    if "seed" not in settings:
        return name
    return ", ".join(f"{key} {setting_text(value)}" for key, value in settings.items() if key != "seed")


def groups(runs: Sequence[ListedRun]) -> list[str]:
    """For each run the name of the first of its kind: what their mean is called."""
    first: dict[str, str] = {}
    for each in runs:
        first.setdefault(each.kind, each.name.partition(", seed ")[0])
    return [first[each.kind] for each in runs]


def once_each(labels: Sequence[str], hidden: Collection[int]) -> list[str]:
    """Each label where it first stands among the runs that are not hidden, and nothing where it stands again."""
    first: dict[str, int] = {}
    for place, label in enumerate(labels):
        if place not in hidden:
            first.setdefault(label, place)
    return [label if first.get(label) == place else "" for place, label in enumerate(labels)]


def colors(runs: Sequence[ListedRun], chosen: Mapping[str, str], by_kind: bool) -> list[str]:
    """One colour for each run, or for each kind; where one was chosen, that one."""
    kinds = list(dict.fromkeys(each.kind for each in runs))
    usual = [run_color(kinds.index(each.kind) if by_kind else place) for place, each in enumerate(runs)]
    return [chosen.get(each.name, color) for each, color in zip(runs, usual, strict=True)]


def differences(runs: Sequence[ListedRun]) -> dict[str, list[str]]:
    """The settings that are not the same for all runs: by name, the text for each run; empty where not known."""
    each = [{key: setting_text(value) for key, value in run.run.settings.items()} for run in runs]
    names = dict.fromkeys(name for settings in each for name in settings)
    columns = {name: [settings.get(name, "") for settings in each] for name in names}
    differing = {name: cells for name, cells in columns.items() if len(set(cells)) > 1}
    return dict(list(differing.items())[:MOST_COLUMNS])


def table(
    runs: Sequence[ListedRun],
    colors: Sequence[str],
    hidden: Collection[int],
    chosen: int | None,
    findings: Sequence[str],
) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns and rows of a :class:`.RunTable`; ``findings`` has a word for each run, or is empty."""
    best = [each.run.best for each in runs]
    columns = {
        **differences(runs),
        "best val. accuracy": [percent(found.val_accuracy) if found else "" for found in best],
        **({"heuristic": [*findings]} if findings else {}),
    }
    rows = [
        {
            "name": each.name,
            "color": color,
            "shown": place not in hidden,
            "chosen": place == chosen,
            "cells": [cells[place] for cells in columns.values()],
        }
        for place, (each, color) in enumerate(zip(runs, colors, strict=True))
    ]
    return [name.replace("_", " ") for name in columns], rows
