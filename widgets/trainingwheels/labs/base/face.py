"""The widgets around a picture, laid out. What they mean is the lab's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

import ipywidgets as w

from trainingwheels.labs.base.page import Page
from trainingwheels.labs.base.presets import Preset

__all__ = ["Face", "Frame", "Parts", "classed", "close_below"]


# Two columns where both find room, else one, whatever page the lab is on. Not in the style sheet, which may come after
# the lab has been laid out and its width been told; and not a container query, since Chromium does not lay out anew a
# container that grows inside a table cell, and JupyterLab's outputs are table cells.
_BODY = {"flex_flow": "row wrap", "align_items": "flex-start", "grid_gap": "10px 24px"}
_LEFT = {"flex": "1 1 310px", "min_width": "0"}
_RIGHT = {"flex": "999 1 480px", "min_width": "min(100%, 480px)"}


class Frame:
    """A picture and what belongs to it: the line and the text under it, and a button that pins it.

    ``canvas`` is the picture, ``on_pin`` what to do when it is to be pinned or not (takes True or False). A subclass
    says where they stand.
    """

    children: list[w.Widget]

    def __init__(self, canvas: w.Widget, on_pin: Callable[[bool], None]) -> None:
        self.page = Page(canvas=canvas.model_id or "")
        self.pin = w.ToggleButton(description="Pin", tooltip="Keep this result as an outline behind the next ones")
        self.pin.observe(lambda change: on_pin(change.new), "value")
        self._message = w.HTML(_paragraph("", ""))
        self._text = w.HTML()
        self._words = [classed("tw-message", self._message), classed("tw-text", self._text)]

    def say(self, message: str, *, error: bool = False) -> None:
        """Show one line under the picture, or none."""
        html = _paragraph(message, "alert" if error else "status")
        if self._message.value != html:
            self._message.value = html

    def explain(self, sentences: Sequence[str], about: str = "") -> None:
        """Show the text that says what the picture shows, after a word ``about`` what it is."""
        introduction = f'<p class="tw-about">{escape(about)}</p>' * bool(about)
        self._text.value = introduction + "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


class Parts(NamedTuple):
    """What a lab has to show: its ``first`` controls and the ``sections`` of all others, of which some stand ``before``
    them, the ``tabs`` of its views (None if it has one), the widgets ``above`` its picture, the picture's ``canvas``,
    and the widgets ``below`` it."""

    first: Sequence[w.Widget]
    sections: Sequence[w.Widget]
    tabs: w.Widget | None
    above: Sequence[w.Widget]
    canvas: w.Widget
    below: Sequence[w.Widget] = ()
    before: Sequence[w.Widget] = ()


class Face(Frame):
    """Presets above; controls and buttons on the left; tabs, picture, message, text and question on the right; code
    below.

    Parameters
    ----------
    parts : Parts
        What the lab has to show.
    presets : sequence of Preset
        One button each.
    on : mapping of str to callable
        What to do on "preset" (takes its name), "pin" (takes on or off), "undo", "reset", "link" and "reveal".
    """

    def __init__(self, parts: Parts, presets: Sequence[Preset], on: Mapping[str, Callable[..., None]]) -> None:
        super().__init__(parts.canvas, on["pin"])
        self._presets = {preset.name: _button(preset.label, "") for preset in presets}
        for name, button in self._presets.items():
            button.on_click(lambda _, name=name: on["preset"](name))
        undo = _button("Undo", "Take the last change back", on["undo"])
        reset = _button("Reset", "Back to how the lab opened", on["reset"])
        self.show_code = w.ToggleButton(description="Code", tooltip="The settings on screen as a plain script")
        link = _button("Copy link", "A link that opens the lab with these settings", on["link"])
        self._question = w.HTML()
        self._reveal = _button("Reveal the answer", "", on["reveal"])
        self._question_box = w.VBox([self._question, self._reveal])
        self._question_box.layout.display = "none"
        self._code = w.HTML()
        self._code.layout.display = "none"
        buttons = classed("tw-buttons", w.Box([self.pin, undo, reset, self.show_code, link]))
        picture = [
            *([classed("tw-tabs", parts.tabs)] if parts.tabs else []),
            *parts.above,
            self.page,
            parts.canvas,
            *self._words,
            *parts.below,
            classed("tw-question", self._question_box),
        ]
        first = classed("tw-first", w.Box(list(parts.first)))
        left = classed("tw-controls", w.Box([*parts.before, first, *parts.sections, buttons], layout=_LEFT))
        right = classed("tw-picture", w.VBox(picture, layout=_RIGHT))
        self.children = [
            classed("tw-presets", w.Box(list(self._presets.values()))),
            classed("tw-body", w.Box([left, right], layout=_BODY)),
            classed("tw-code", self._code),
        ]

    def mark(self, name: str | None) -> None:
        """Show which preset the settings are."""
        for own, button in self._presets.items():
            style = "info" if own == name else ""
            if button.button_style != style:
                button.button_style = style

    def ask(self, question: str, answer: str | None) -> None:
        """Show a question, with its answer or (None) with a button that reveals it; no question hides the box."""
        self._question_box.layout.display = None if question else "none"
        lines = [("Q", question)] if answer is None else [("Q", question), ("A", answer)]
        self._question.value = "".join(f"<p><b>{letter}:</b> {escape(line)}</p>" for letter, line in lines)
        self._reveal.layout.display = None if answer is None else "none"

    def code(self, script: str | None) -> None:
        """Show a script, or none."""
        self._code.layout.display = "none" if script is None else None
        self._code.value = "" if script is None else f'<pre tabindex="0"><code>{escape(script)}</code></pre>'


def _button(description: str, tooltip: str, on_click: Callable[[], None] | None = None) -> w.Button:
    button = w.Button(description=description, tooltip=tooltip)
    if on_click is not None:
        button.on_click(lambda _: on_click())
    return button


def classed(name: str, widget: w.Widget) -> w.Widget:
    """``widget``, which the style sheet knows by ``name`` from now on."""
    widget.add_class(name)
    return widget


def _paragraph(message: str, role: str) -> str:
    kind = ' class="tw-error"' if role == "alert" else ""
    return f'<p role="{role or "status"}"{kind}>{escape(message)}</p>'


def close_below(widget: w.Widget) -> None:
    """Close everything that ``widget`` holds: children, layouts, styles."""
    for name in widget.keys:
        held = getattr(widget, name, None)
        for part in held if isinstance(held, list | tuple) else (held,):
            if isinstance(part, w.Widget):
                close_below(part)
                part.close()
