"""How each update rule is called and coloured, in every picture of this lab."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.figures.palettes import run_color

__all__ = ["rule_color", "rule_name", "rule_style"]


def rule_name(name: str) -> str:
    """Short: its label, without the word that two of them share."""
    return {"momentum": "momentum", "nesterov": "Nesterov"}.get(name, OPTIMIZERS[name].label)


def rule_color(name: str) -> str:
    """By its place in the table."""
    return run_color(OPTIMIZERS.keys().index(name))


def rule_style(name: str) -> Any:
    """Of its line: AdamW's, which lies on Adam's where nothing decays, lets that be seen."""
    return (0, (4, 4)) if name == "adamw" else "-"
