"""What the learner has brought: each file with what it was read as, or why it was not, and what was chosen for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trainingwheels.engine import FileRun, InvalidSetting
from trainingwheels.engine.records.columns import ROLES, x_kind
from trainingwheels.engine.records.file_run import MOST_RUNS
from trainingwheels.engine.records.files import open_logs
from trainingwheels.engine.records.joined import joined
from trainingwheels.engine.records.log import Log
from trainingwheels.engine.settings import brief

__all__ = ["Import", "Imports"]

MOST_LEFT = 8  # columns that are named as left out


@dataclass(eq=False)
class Import:
    """A log that can be drawn, and what the learner ``chose`` for it (roles to columns, "" for none).

    ``runs`` are what came of it, ``refused`` is why nothing did, or empty.
    """

    log: Log
    chosen: dict[str, str] = field(default_factory=dict)
    runs: tuple[FileRun, ...] = ()
    refused: str = ""

    def read(self) -> None:
        """Read the log again, as chosen."""
        try:
            self.runs, self.refused = tuple(self.log.runs(self.chosen)), ""
        except InvalidSetting as error:
            self.runs, self.refused = (), str(error)

    @property
    def choosable(self) -> bool:
        """Whether there are numbers in it that may be a curve, whatever they are called."""
        return any(x_kind(name) is None for name in self.log.counts)

    @property
    def words(self) -> str:
        """What it was read as, in a line."""
        name = brief(self.log.name)
        if self.refused:
            return self.refused
        count = f"{len(self.runs)} {'run' if len(self.runs) == 1 else 'runs'}"
        columns = {role: dict.fromkeys(run.taken[role] for run in self.runs if role in run.taken) for role in ROLES}
        taken = "; ".join(f"{ROLES[role]}: {' or '.join(each)}" for role, each in columns.items() if each)
        left = list(dict.fromkeys(column for run in self.runs for column in run.left))
        more = f" and {len(left) - MOST_LEFT} more" if len(left) > MOST_LEFT else ""
        named = [f"left out: {', '.join(left[:MOST_LEFT])}{more}"] if left else []
        notes = dict.fromkeys(note for run in self.runs for note in run.notes)
        return f"{name}: {count}; {'; '.join([taken, *named, *notes])}."


class Imports:
    """The files that were brought, in their order; ``passed`` has a line for each that was refused or passed over."""

    def __init__(self) -> None:
        self.files: list[Import] = []
        self.passed: list[str] = []

    @property
    def runs(self) -> tuple[FileRun, ...]:
        """The runs of all files."""
        return tuple(run for each in self.files for run in each.runs)

    @property
    def lines(self) -> list[str]:
        """A line for each file."""
        return [*(each.words for each in self.files), *self.passed]

    def add(self, name: str, data: bytes) -> int:
        """Take a file, and say how many runs are in it. Raises :class:`InvalidSetting` if none is; a file of numbers
        whose names say nothing is kept all the same, to be chosen from."""
        try:
            opened = open_logs(name, data)
            files = self._with([*opened.logs])
            if sum(len(each.runs) for each in files) > MOST_RUNS:
                raise InvalidSetting(f"{brief(name)} makes more than {MOST_RUNS} imported runs: forget some first.")
        except InvalidSetting as error:
            self._pass(str(error))
            raise
        before, known = len(self.runs), len(self.files)
        self.files = [each for each in files if each.runs or each.choosable]
        refused = [each.refused for each in files[known:] if each.refused]
        for line in (*opened.passed, *(each.refused for each in files if each not in self.files)):
            self._pass(line)
        if refused and len(refused) == len(files) - known:
            raise InvalidSetting(refused[0])
        return len(self.runs) - before

    def choose(self, place: int, role: str, column: str | None) -> None:
        """Take a column of the ``place``-th file for a role: "" is none, None what the names say."""
        each = self.files[place]
        if column is None:
            each.chosen.pop(role, None)
        else:
            each.chosen[role] = column
        each.read()

    def forget(self) -> None:
        """Have no files any more."""
        self.files, self.passed = [], []

    def _with(self, logs: Sequence[Log]) -> list[Import]:
        """The files with these added, curves of one run joined."""
        found = joined([*(each.log for each in self.files), *logs])
        files = []
        for place, log in enumerate(found):
            known = self.files[place] if place < len(self.files) else Import(log)
            if known.log is not log or place >= len(self.files):
                known = Import(log, dict(known.chosen))
                known.read()
            files.append(known)
        return files

    def _pass(self, line: str) -> None:
        if line not in self.passed:
            self.passed.append(line)
