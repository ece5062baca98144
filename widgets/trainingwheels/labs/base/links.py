"""The state of a lab as the query part of a link. What comes in is parsed strictly, clamped, and never trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from trainingwheels.engine.settings import InvalidSetting, unknown_name
from trainingwheels.labs.base.parameters import Parameter

__all__ = ["read_query", "write_query"]

LONGEST = 2000  # characters; a lab's own links have a tenth of it
# Keys that the pages around a lab use themselves; their values may be secrets and are not looked at.
FOREIGN = frozenset({"token", "voila-template", "voila-theme", "reset", "clone", "factory", "path", "v"})


def write_query(settings: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """The settings that differ from the defaults, as ``"std=0.05&activation=relu"``."""
    changed = {name: value for name, value in settings.items() if value != defaults[name]}
    return urlencode({name: _text(value) for name, value in changed.items()})


def read_query(query: str, parameters: Mapping[str, Parameter]) -> tuple[dict[str, Any], list[str]]:
    """The settings in a link, and one line for each thing in it that could not be taken as it stands.

    A number out of range is clamped to the nearest allowed one; anything else that is not allowed is left out.
    """
    if len(query) > LONGEST:
        return {}, [f"The link has {len(query):,} characters, more than {LONGEST:,}: it was not read. Copy a new one."]
    try:
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=64, errors="strict")
    except ValueError:
        return {}, ["The link cannot be read: it was left aside. Copy a new one."]
    settings: dict[str, Any] = {}
    notes = []
    for name, text in pairs:
        if name in FOREIGN:
            continue
        try:
            settings[name] = _value(name, text, parameters)
        except InvalidSetting as error:
            notes.append(f"From the link: {error}")
            if name in parameters and (near := _clamped(text, parameters[name])) is not None:
                settings[name] = near
                notes[-1] += f" Using {near:g}."
    return settings, notes


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(name: str, text: str, parameters: Mapping[str, Parameter]) -> Any:
    if name not in parameters:
        raise InvalidSetting(unknown_name("setting", name, parameters))
    return parameters[name].domain.read(name, text)


def _clamped(text: str, parameter: Parameter) -> float | None:
    """The allowed number nearest to ``text``; None where there is none."""
    try:
        number = float(text)
        return None if number != number or not hasattr(parameter.domain, "low") else parameter.domain.clamp(number)
    except (ValueError, OverflowError):
        return None
