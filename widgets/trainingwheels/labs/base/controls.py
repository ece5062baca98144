"""The control that fits a parameter: what the learner moves, and the box in which an exact value can be typed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as w

from trainingwheels.labs.base.chips import Chips
from trainingwheels.labs.base.parameters import Choice, Layers, Parameter, Several, Slider, Switch, Tabs, Words

__all__ = ["Control"]

_LONG = 25  # letters of a name that still fit into a list beside its label
_ECHO = 2.0  # seconds; the longest that a page under load was seen to take is a fraction of one
_ROUNDING = 1e-6  # of a stop: steps such as 0.1 are rounded themselves


class Control:
    """The widgets of one parameter, in one ``widget``.

    Parameters
    ----------
    parameter : Parameter
        What it controls.
    value
        Its present value.
    move : callable (name, value) -> None
        Called when the learner has moved the control.
    type_in : callable (name, text) -> None
        Called when the learner has typed a value.
    layout : Layout
        Shared between all controls: each layout of its own would be one more message while the page loads.
    """

    def __init__(
        self,
        parameter: Parameter,
        value: Any,
        move: Callable[[str, Any], None],
        type_in: Callable[[str, str], None],
        layout: w.Layout,
    ) -> None:
        self._parameter = parameter
        self._name = str(parameter.name)
        self._value = value
        self._moving = self._quiet = self._away = False
        self._end = parameter.high if isinstance(parameter, Slider) else None  # of the slider, at present
        self._instead = ""  # what stands in the box instead of the value
        self._told: dict[Any, float] = {}  # stops that the page has been told to go to, and when
        common = {"description": parameter.label, "tooltip": parameter.help, "layout": layout}
        self._main = _main_widget(parameter, value, common)
        self._box: w.Text | None = None
        if isinstance(parameter, Slider):
            self._box = w.Text(
                parameter.text(value), continuous_update=False, tooltip=f"{parameter.domain}", layout=layout
            )
            self._box.observe(lambda change: self._typed(change.new, type_in), "value")
        self._buttons: list[w.Button] = []
        if isinstance(parameter, Layers):
            self._buttons = [
                w.Button(description="−", tooltip=f"remove the last {parameter.one}", layout=layout),
                w.Button(description="+", tooltip=f"add a {parameter.one}", layout=layout),
            ]
            for button, change in zip(self._buttons, (parameter.less, parameter.more), strict=True):
                button.on_click(lambda _, change=change: self._pressed(change, move))
        self.widget = w.Box([self._main, *([self._box] if self._box else []), *self._buttons], layout=layout)
        self.widget.add_class("tw-control")
        if not parameter.section:
            self.widget.add_class("tw-large")
        if isinstance(parameter, Choice) and max(len(name) for name, _ in _options(parameter, value)) > _LONG:
            self.widget.add_class("tw-long")
        if isinstance(parameter, Words):
            self._main.observe(lambda change: self._typed(change.new, type_in), "value")
        else:
            self._main.observe(lambda change: self._moved(change.new, move), "value")

    @property
    def in_sight(self) -> bool:
        """Whether the learner sees it, unless its section is folded."""
        return not self._away

    def show(self, value: Any) -> None:
        """Show the parameter's value."""
        self._value = value
        if isinstance(self._parameter, Choice) and value not in (name for _, name in self._main.options):
            self._quiet = True  # other options come with a choice of their own
            self._main.options = _options(self._parameter, value)
            self._quiet = False
        if not self._moving:  # writing back to a slider under the learner's finger makes it jump
            self._told |= dict.fromkeys(self._stops(value), time.monotonic())
            self._quietly(self._main, self._nearest(value))
        if self._box is not None:
            self._quietly(self._box, self._text())

    def mend(self) -> bool:
        """Write the value over what was typed and refused; False if nothing was."""
        box = self._main if isinstance(self._parameter, Words) else self._box
        if box is None or box.value == self._text():
            return False
        self._quietly(box, self._text())
        return True

    def stand(self, instead: str) -> None:
        """Let these words stand in the box instead of the value; none let the value stand there."""
        if instead != self._instead:
            self._instead = instead
            self.mend()

    def limit(self, settings: Mapping[str, Any]) -> None:
        """Let the slider end where a larger value makes no difference with these settings."""
        slider = self._parameter
        if isinstance(slider, Slider) and slider.limit is not None and (end := slider.limit(settings)) != self._end:
            # a page whose slider gets another end reports where it stood
            self._told |= dict.fromkeys(self._stops(self._value), time.monotonic())
            self._end = end
            self._main.max = math.log2(end) if slider.log and slider.whole else math.log10(end) if slider.log else end
            self.show(self._value)

    def enable(self, usable: bool) -> None:
        """Let the learner use the control, or grey it out."""
        if self._main.disabled is usable:
            for widget in [self._main, *([self._box] if self._box else []), *self._buttons]:
                widget.disabled = not usable
            (self.widget.remove_class if usable else self.widget.add_class)("tw-off")

    def appear(self, in_sight: bool) -> None:
        """Let the learner see the control, or take it away."""
        if in_sight is self._away:
            self._away = not in_sight
            (self.widget.remove_class if in_sight else self.widget.add_class)("tw-away")

    def _quietly(self, widget: w.Widget, value: Any) -> None:
        self._quiet = True
        try:
            widget.value = value
        finally:
            self._quiet = False

    def _moved(self, value: Any, move: Callable[[str, Any], None]) -> None:
        stop = self._stop(value)
        if self._quiet or stop in self._stops(self._value) or self._is_echo(stop):
            return  # a page moves its slider to the nearest stop and reports that as a change
        self._moving = True
        try:
            move(self._name, self._from_slider(value))
        finally:
            self._moving = False

    def _is_echo(self, stop: Any) -> bool:
        """Whether the page reports what it was told a moment ago, when it has been told something else since.

        What it was never told is the learner's own; from then on the slider is in the learner's hand.
        """
        when = self._told.pop(stop, None)
        if when is None or time.monotonic() - when > _ECHO:
            self._told.clear()
            return False
        return True

    def _pressed(self, change: Callable[[Any], Any], move: Callable[[str, Any], None]) -> None:
        """A button that changes the value; at the end of what is allowed it does nothing."""
        move(self._name, change(self._value))

    def _typed(self, text: str, type_in: Callable[[str, str], None]) -> None:
        if not self._quiet:
            type_in(self._name, text.strip())

    def _text(self) -> str:
        """What stands in the box: the value, or the largest that makes a difference, or what is said instead."""
        limited = isinstance(self._parameter, Slider) and self._parameter.limit is not None
        return self._instead or self._parameter.text(min(self._value, self._end) if limited else self._value)

    def _nearest(self, value: Any) -> Any:
        """The value on the control nearest to ``value``; code may go further than a slider."""
        if isinstance(self._parameter, Words):
            return self._text()
        return min(max(value, self._parameter.low), self._end) if isinstance(self._parameter, Slider) else value

    def _stop(self, value: Any) -> Any:
        """Which stop of the slider is nearest to ``value``."""
        return self._stops(value)[0]

    def _stops(self, value: Any) -> Sequence[Any]:
        """The stops nearest to ``value``: two where it lies half-way, since a page may round to either."""
        slider = self._parameter
        if not isinstance(slider, Slider):
            return (value,)
        place = self._nearest(value)
        scale = math.log2 if slider.whole else math.log10
        stops = (scale(place) - scale(slider.low) if slider.log else place - slider.low) / slider.step
        return sorted({math.floor(stops + 0.5 - _ROUNDING), math.floor(stops + 0.5 + _ROUNDING)})

    def _from_slider(self, value: Any) -> Any:
        """What the slider's position means: three digits are all that its pixels can tell."""
        slider = self._parameter
        if not isinstance(slider, Slider):
            return value
        if self._end != slider.high and self._stop(value) == self._stop(self._end):
            return slider.high  # all there is
        return round(value) if slider.whole else float(f"{value:.3g}")


def _options(parameter: Choice, value: str) -> list[tuple[str, str]]:
    """What a drop-down offers: the table, and the value, which the table may have and not list."""
    names = dict.fromkeys([*parameter.table, value])
    return [(str(parameter.table[name].label), name) for name in names]


def _main_widget(parameter: Parameter, value: Any, common: dict[str, Any]) -> w.Widget:
    match parameter:
        case Tabs():
            return w.ToggleButtons(options=_options(parameter, value), value=value, layout=common["layout"])
        case Choice():
            return w.Dropdown(options=_options(parameter, value), value=value, **common)
        case Several():
            options = [(entry.label, name) for name, entry in parameter.table.items()]
            return Chips(options, value, parameter.label, parameter.help, parameter.ordered)
        case Words():
            return w.Text(parameter.text(value), continuous_update=False, **common)
        case Switch():
            return w.Checkbox(value, indent=False, **common)
        case Slider(log=True):
            base, scale = (2, math.log2) if parameter.whole else (10, math.log10)
            ends = {"min": scale(parameter.low), "max": scale(parameter.high)}
            return w.FloatLogSlider(value, base=base, step=parameter.step, readout=False, **ends, **common)
        case Slider():
            kind = w.IntSlider if parameter.whole else w.FloatSlider
            ends = {"min": parameter.low, "max": parameter.high}
            return kind(
                min(max(value, parameter.low), parameter.high), step=parameter.step, readout=False, **ends, **common
            )
    raise TypeError(f"no control is known for {type(parameter).__name__}")
