"""What the steps have in common: whose they are, what is mended, and how a verdict is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from trainingwheels.engine import History, RunConfig, Snapshot
from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.steps.passing import Verdict
from trainingwheels.engine.steps.patients import PATIENTS, REPAIRS, treated
from trainingwheels.labs.base.convolutions import convolutions
from trainingwheels.labs.base.parameters import Choice, WholeSlider

__all__ = ["DECAYS", "Treated", "said", "settled", "trouble", "veiled"]

DECAYS = (1e-4, 1e-5, 0.0)
"""The lecture's weight decays to try."""


class Treated:
    """Of views whose nets are those of one patient. ``step`` is the step that they are about."""

    step: ClassVar[int]

    patient = Choice(PATIENTS, "healthy", help="whose net: a healthy one, or one with a fault to be found")
    repair = Choice(REPAIRS, "none", label="mend", help="what you suspect; it helps if that is the fault")
    conv = convolutions(data=None, most=1)  # with a second one a healthy net's initial loss is too high for step 1
    loss = Choice(LOSSES, "softmax", section="net", help="what is minimized")
    seed = WholeSlider(0, 99, 0, section="net", help="initial weights and order of batches")

    def config(self, s: Any, **settings: Any) -> RunConfig:
        return treated(s.patient, s.repair, **{"conv": s.conv, "loss": s.loss, "seed": s.seed, **settings})


def said(step: int, verdict: Verdict | None, condition: str, started: bool = False) -> list[str]:
    """The verdict of a step, or how it is passed, in sentences."""
    if verdict is None and started:
        return [f"Step {step} is judged at the end: it is passed {condition}."]
    if verdict is None:
        return [f"Step {step} is passed {condition}. Press Start."]
    if verdict.passed:
        return [f"Step {step} is passed: {verdict.why}."]
    return [f"Step {step} is not passed: {verdict.why}.", *(f"Hint: {hint}." for hint in verdict.hints)]


def settled(verdict: Verdict, snapshot: Snapshot) -> Verdict | None:
    """A verdict that more training does not change: that it is passed, or whatever it is at the end."""
    return verdict if verdict.passed or snapshot.done else None


def trouble(snapshot: Snapshot) -> Verdict | None:
    """What made a run stop that could not go on."""
    failed = next((history.failed for history in snapshot.histories if history.failed), "")
    return Verdict(False, failed.rstrip(".")) if failed else None


def veiled(history: History) -> History:
    """The same curves without what would give a patient away."""
    return replace(history, config=replace(history.config, label_noise=0.0))
