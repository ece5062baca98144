"""Controls under a heading that folds. What is folded says in a few words how it differs from the defaults."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ipywidgets as w

from trainingwheels.labs.base.controls import Control
from trainingwheels.labs.base.parameters import Parameter

__all__ = ["FIRST", "Section", "sections"]

FIRST = "picture"
"""The heading of what is chosen before all else: it stands above the controls that carry the lesson."""

LAST = "more"
"""The heading of what few ever change, as a seed: it stands last, whichever view named it first."""


class Section:
    """The ``controls`` of these ``parameters``, in one ``widget``; folded at first.

    Parameters
    ----------
    name : str
        The heading; also an attribute.
    parameters, controls : mapping of str to Parameter, and of str to Control
        By the parameter's name, in the order in which they stand.
    """

    def __init__(self, name: str, parameters: Mapping[str, Parameter], controls: Mapping[str, Control]) -> None:
        self.name = name
        self._parameters, self._controls = parameters, controls
        self._head = w.ToggleButton(description=name, tooltip=f"Show or hide the settings of {name}")
        self._head.add_class("tw-head")
        self._body = w.Box([control.widget for control in controls.values()])
        self._body.add_class("tw-folded")
        self._away = self._by_hand = self._telling = False
        self._differs = ""
        self.widget = w.Box([self._head, self._body])
        self.widget.add_class("tw-section")
        self._head.observe(lambda change: self._turned(change.new), "value")

    def open(self, opened: bool) -> None:
        """Open or fold it; what the learner has opened stays open."""
        self._telling = True
        try:
            self._head.value = opened or self._by_hand
        finally:
            self._telling = False

    def has(self, names: Collection[str]) -> bool:
        """Whether one of these parameters stands here."""
        return any(name in self._parameters for name in names)

    def show(self, settings: Mapping[str, Any]) -> None:
        """Say what differs from the defaults; be away if there is nothing to control."""
        in_sight = [name for name, control in self._controls.items() if control.in_sight]
        if bool(in_sight) is self._away:
            self._away = not in_sight
            (self.widget.add_class if self._away else self.widget.remove_class)("tw-away")
        self._differs = ", ".join(
            self._difference(name, settings[name]) for name in in_sight if self._changed(name, settings)
        )
        self._title()

    def _changed(self, name: str, settings: Mapping[str, Any]) -> bool:
        return bool(settings[name] != self._parameters[name].default_value)

    def _difference(self, name: str, value: Any) -> str:
        return f"{self._parameters[name].label} {self._parameters[name].text(value)}"

    def _turned(self, opened: bool) -> None:
        self._by_hand = opened and not self._telling
        (self._body.remove_class if opened else self._body.add_class)("tw-folded")
        self._title()

    def _title(self) -> None:
        title = f"{self.name}: {self._differs}" if self._differs and not self._head.value else self.name
        if self._head.description != title:
            self._head.description = title


def sections(parameters: Mapping[str, Parameter], controls: Mapping[str, Control]) -> Sequence[Section]:
    """One for each heading, in the order in which they are first named, but for the first and the last."""
    names = dict.fromkeys(parameter.section for parameter in parameters.values() if parameter.section)
    found = []
    for heading in sorted(names, key=lambda name: (name == LAST) - (name == FIRST)):
        own = {name: each for name, each in parameters.items() if each.section == heading}
        found.append(Section(heading, own, {name: controls[name] for name in own}))
    return found
