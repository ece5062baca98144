"""One side of what a lab teaches: what can be changed in it, what it computes, its picture, its words, its script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as w

from trainingwheels.figures import Picture
from trainingwheels.labs.base.parameters import Parameter, declared

if TYPE_CHECKING:
    from trainingwheels.labs.base.lab import Lab

__all__ = ["View"]


class View:
    """One side of a lab.

    A subclass sets ``name``, ``label``, ``about`` and ``picture``, declares its parameters (:mod:`.parameters`), and
    writes ``compute``, ``explain`` and ``script``. It may write ``results``, ``drag``, ``seconds``, ``compared`` and
    ``above``, and touches nothing else. Its parameters become the lab's; they are in sight while the view is. Views
    that share some inherit them from one class that declares them.

    Parameters
    ----------
    lab : Lab
        The lab that it is a view of. A view lives as long as its lab, and may keep what a learner has brought.
    """

    name: ClassVar[str] = ""
    """What links and code call it: ``lab.show = "layer"``."""

    label: ClassVar[str] = ""
    """What its tab says."""

    about: ClassVar[str] = ""
    """What it shows, whatever its settings, in one or two sentences: they introduce the words under its picture."""

    picture: ClassVar[type[Picture]]
    """Shows its results."""

    def compute(self, s: Any) -> Any:
        """The result for settings ``s`` (a named tuple of the parameters). Pure: it may run in any thread."""
        raise NotImplementedError

    def explain(self, result: Any) -> Sequence[str]:
        """What the picture shows, in sentences with numbers, true for every setting."""
        raise NotImplementedError

    def script(self, s: Any) -> str:
        """A short plain script that computes what ``compute`` does for settings ``s``."""
        raise NotImplementedError

    def results(self, s: Any) -> Iterator[Any]:
        """The results for ``s``, each shown as it comes. A view that computes one writes ``compute`` instead."""
        yield self.compute(s)

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, Any]:
        """What changes when the learner drags in the picture, from ``start`` to ``now`` (what its ``point`` returns),
        by name; a slider stops at what is nearest. A click is a drag from a place to itself. ``s`` are the settings at
        the start."""
        return {}

    def seconds(self, s: Any) -> float | None:
        """About how long ``compute`` takes for ``s``, if that is long enough to say so."""
        return None

    def compared(self, settings: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """The parameters in whose place several values are compared, with these values: their controls are grey."""
        return {}

    def above(self) -> Sequence[w.Widget]:
        """Widgets between the tabs and the picture, in sight while the view is. Asked for once."""
        return ()

    # What everybody uses ---------------------------------------------------------------------------------------------

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """The parameters by name, in the order of their declaration."""
        return declared(cls)
