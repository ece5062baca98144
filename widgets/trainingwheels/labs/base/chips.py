"""Several entries of a table at once: a row of buttons that stay pressed."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
from traitlets import Bool, Tuple, observe

__all__ = ["Chips"]


class Chips(w.Box):  # type: ignore[misc]
    """One toggle button for each of ``options``, (label, name) pairs; ``value`` holds the names of those pressed.

    They stand in it in the order of the options or, if ``ordered``, in the order in which they were pressed, which the
    buttons then say.
    """

    value = Tuple()
    disabled = Bool(False)

    def __init__(
        self,
        options: list[tuple[str, str]],
        value: tuple[str, ...],
        description: str,
        tooltip: str,
        ordered: bool = False,
    ) -> None:
        self._labels = {name: label for label, name in options}
        self._ordered = ordered
        self._buttons = {name: w.ToggleButton(description=label, tooltip=tooltip) for label, name in options}
        self._filling = False
        title = w.Label(description, tooltip=tooltip)
        super().__init__([title, *self._buttons.values()])
        self.add_class("tw-chips")
        self.value = value
        for button in self._buttons.values():
            button.observe(self._pressed, "value")

    @observe("value")
    def _fill(self, change: Any) -> None:
        self._filling = True
        try:
            for name, button in self._buttons.items():
                button.value = name in change.new
                button.description = self._labels[name]
                if self._ordered and button.value and len(change.new) > 1:
                    button.description = f"{change.new.index(name) + 1}. {self._labels[name]}"
        finally:
            self._filling = False

    @observe("disabled")
    def _disable(self, change: Any) -> None:
        for button in self._buttons.values():
            button.disabled = change.new

    def _pressed(self, change: Any) -> None:
        if not self._filling:
            pressed = [name for name, button in self._buttons.items() if button.value]
            before = [name for name in self.value if name in pressed] if self._ordered else []
            self.value = tuple(dict.fromkeys([*before, *pressed]))
