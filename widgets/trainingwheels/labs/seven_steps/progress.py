"""What a learner has passed and found, case by case, and how a link writes it: "healthy_1_2_3~0.1"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.settings import InvalidSetting, ListOf, brief
from trainingwheels.engine.steps.patients import PATIENTS, REPAIRS
from trainingwheels.figures.panels import plain
from trainingwheels.labs.base.parameters import Words

__all__ = ["PASSED", "Case", "Key", "Progress"]

MOST = 12  # cases that a link keeps, the latest: 500 characters at the most that they may have
STEP = re.compile(r"([1-7])((?:~[\d.e+-]{1,9}){0,2})")
CHANNELS = re.compile(r"|[1-9]\d?")
DEFAULTS = ("healthy", "none", "softmax", "")

Key = tuple[str, str, str, str]  # patient, repair, loss, channels of the convolution
Found = tuple[float, ...]  # a learning rate, a learning rate and a weight decay, or nothing


class Case(NamedTuple):
    """A patient after a repair, trained with a loss, and what the steps that it has passed have found. ``conv`` is how
    many channels its convolution has, nothing without one."""

    patient: str
    repair: str
    loss: str
    conv: str
    steps: Mapping[int, Found]

    def __str__(self) -> str:
        names = [*self[:4]]
        while len(names) > 1 and names[-1] == DEFAULTS[len(names) - 1]:
            names.pop()
        steps = ("~".join([str(step), *map(_short, found)]) for step, found in sorted(self.steps.items()))
        return "_".join(["~".join(names), *steps])


class _Cases:
    """The domain of one case: what a link may say of it."""

    def check(self, name: str, value: Any) -> Case:
        if not isinstance(value, Case):
            raise self._refusal(name, value)
        return value

    def read(self, name: str, text: str) -> Case:
        head, *steps = text.split("_")
        names = head.split("~")
        patient, repair, loss, conv = (*names, *DEFAULTS[len(names) :])[:4]
        found = [STEP.fullmatch(step) for step in steps]
        if len(names) > 4 or not steps or None in found or not CHANNELS.fullmatch(conv):
            raise self._refusal(name, text)
        for table, each in ((PATIENTS, patient), (REPAIRS, repair), (LOSSES, loss)):
            table[each]  # refuses what it does not know
        try:
            return Case(patient, repair, loss, conv, {int(each[1]): _numbers(each[2]) for each in found if each})
        except ValueError:
            raise self._refusal(name, text) from None

    def clamp(self, value: Any) -> Case:
        return self.check("passed", value)

    def _refusal(self, name: str, value: Any) -> InvalidSetting:
        return InvalidSetting(
            f"{name} = {brief(value)} is not what this lab writes: choose a patient, a repair and the steps that are "
            "passed, as in a~initialization_1_3~0.1."
        )


PASSED = Words(ListOf(_Cases(), 0, MOST), (), help="which steps are passed, and what was found")


class Progress:
    """What has been passed and found, for each patient, repair, loss and convolution: mended it is another net."""

    def __init__(self) -> None:
        self._cases: dict[Key, dict[int, Found]] = {}

    def add(self, case: Key, step: int, found: Found) -> bool:
        """A step is passed. Whether that was not known."""
        steps = self._cases.pop(case, {})
        new = steps.get(step) != found
        self._cases[case] = {**steps, step: found}  # the latest case comes last
        return new

    def take_back(self, cases: Iterable[Case]) -> None:
        """Add what was kept, where nothing is known that is newer."""
        for case in cases:
            self._cases[case[:4]] = {**case.steps, **self._cases.get(case[:4], {})}

    def of(self, case: Key) -> Mapping[int, Found]:
        """The steps that a case has passed, in order, with what each has found."""
        return dict(sorted(self._cases.get(case, {}).items()))

    @property
    def cases(self) -> tuple[Case, ...]:
        """The latest, as many as a link keeps."""
        return tuple(Case(*case, steps) for case, steps in [*self._cases.items()][-MOST:])

    def words(self, case: Key, steps: Mapping[int, str]) -> str:
        """Which steps are passed, and which of ``steps``, with their names, comes next."""
        done = self.of(case)
        left = [name for step, name in steps.items() if step not in done]
        passed = f"Passed: {', '.join(map(_said, done, done.values()))}." if done else "No step passed yet."
        return f"{passed} Next: {left[0]}." if left else f"{passed} All seven."


def _said(step: int, found: Sequence[float]) -> str:
    values = ", ".join(f"{name} {plain(value)}" for name, value in zip(("lr", "λ"), found, strict=False))
    return f"{step} ({values})" if values else str(step)


def _short(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-").replace("e+0", "e")


def _numbers(text: str) -> Found:
    numbers = tuple(map(float, text.split("~")[1:]))
    if any(not 0 <= number <= 1e6 for number in numbers):
        raise ValueError(text)
    return numbers
