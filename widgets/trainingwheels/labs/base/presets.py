"""Presets: the lecture's slides, each with the lecturer's question and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Preset"]


@dataclass(frozen=True)
class Preset:
    """One slide: the settings it shows, and what the lecturer asks about it.

    Parameters
    ----------
    name : str
        What ``lab.apply`` takes, for example ``"xavier-tanh"``.
    label : str
        What the button says.
    settings : mapping
        The parameters that it sets; all others go to their defaults.
    question, answer : str
        The lecturer's question, and the answer to reveal.
    """

    name: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    question: str = ""
    answer: str = ""
