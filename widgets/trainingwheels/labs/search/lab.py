"""Searching for hyperparameters: grid against random, with real runs, and how far to believe the winner."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.search.features import WrongAndRight
from trainingwheels.labs.search.folds import CrossValidation
from trainingwheels.labs.search.presets import PRESETS
from trainingwheels.labs.search.scales import LogOrLinear
from trainingwheels.labs.search.searching import RealRuns
from trainingwheels.labs.search.two_parameters import GridAndRandom
from trainingwheels.labs.search.winners import WinnersCurse

__all__ = ["Search"]


class Search(TrainingLab):
    """Grid and random search on a landscape and with real runs, scales, the winner's curse and cross-validation."""

    slug = "search"
    number = "14"
    title = "Search"
    summary = "Grid against random on one budget, with real runs; log scales, the winner's curse, cross-validation."
    part = "Training dynamics"
    presets = PRESETS
    views = (GridAndRandom, RealRuns, LogOrLinear, WinnersCurse, CrossValidation, WrongAndRight)

    def share(self, storage: str, study: str = "search") -> None:
        """Keep the search on screen in a ``storage`` that others may join, and show what they find as it comes. Of its
        trials, none is taken here before Start.

        ``storage`` is what :func:`.search` takes: a file, or the URL of a database. The others say ``trainingwheels
        worker --study NAME --storage URL``. It is called from code, never from the page or by a link.
        """
        self._runs.leave()
        self._runs.shared = (storage, study)
        self.set(show=RealRuns.name)
        self.restart()

    def close(self) -> None:
        super().close()
        self._runs.leave()

    @property
    def _runs(self) -> RealRuns:
        view = self._views[RealRuns.name]
        assert isinstance(view, RealRuns)
        return view
