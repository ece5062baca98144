"""Step 3 in another way: one run in which the learning rate rises, beside rates that are trained at once."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig, Snapshot, training_script
from trainingwheels.engine.schedules import DECADES, RISING
from trainingwheels.engine.shares import in_percent
from trainingwheels.engine.steps import range_test
from trainingwheels.engine.steps.passing import FALL, loss_left, rates_passed
from trainingwheels.engine.steps.range_test import BREAK, WIDTH, averaged, breaks_away, falls_fastest
from trainingwheels.figures.labels import compact, many
from trainingwheels.figures.panels import plain
from trainingwheels.labs.base.parameters import LogSlider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.seven_steps.pictures.range_test import RangePicture, RangeView
from trainingwheels.labs.seven_steps.rates import EPOCHS, SPANS, Tried, left_words
from trainingwheels.labs.seven_steps.shared import said, settled, trouble

__all__ = ["RangeTest"]

MARKS = f"""\
lrs = {{top}} * np.array([factor(step) for step in range(steps)])
width = round({WIDTH} * steps)
averages = averaged(losses, width)
fast, far = falls_fastest(averages, width), breaks_away(averages)
print(f"lowest: {{{{np.nanmin(averages[:far]) / averages[0]:.0%}}}} of the first loss")
print(f"falls fastest at lr {{{{lrs[fast]:.3g}}}}")
print("does not break away" if far is None else f"breaks away at lr {{{{lrs[far]:.3g}}}}")
"""


class RangeTest(Tried, NetsView):
    """One run through all rates, and below it what rates came to that had a run each."""

    name = "range"
    label = "3 range test"
    step = 3
    picture = RangePicture
    at_once = ()
    about = (
        f"Above, one run: from step to step its learning rate is multiplied by the same number, {DECADES} decades in "
        f"all (Smith, 2017). Below, a run of {EPOCHS} epochs for each of the rates of step 3, trained beside it."
    )

    range_top = LogSlider(1e-2, 1e3, 10.0, step=0.5, label="up to lr", help="learning rate at the end of the run")
    range_epochs = WholeSlider(5, 20, 10, unit="epochs", label="epochs", help="in which it rises: how slowly it does")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        rising = {"lr": s.range_top, "l2": s.small_decay, "epochs": s.range_epochs, "schedule": RISING.name}
        configs, labels = self.each(s)
        return [self.config(s, **rising), *configs], ["rising lr", *labels]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> RangeView:
        rising, *each = snapshot.histories
        lrs, steps = SPANS[s.span].lrs, s.range_epochs * rising.steps_per_epoch
        width = round(WIDTH * steps)
        asked = np.geomspace(s.range_top / 10**DECADES, s.range_top, max(steps, 2))
        losses, averages = np.asarray(rising.train_loss, float), averaged(rising.train_loss, width)
        shares = averages / averages[:1]
        verdict = trouble(snapshot) or (settled(rates_passed(each, lrs), snapshot) if len(each[0].steps) else None)
        far = breaks_away(averages) if snapshot.done else None
        learns = snapshot.done and len(shares) and np.nanmin(np.append(shares[:far], 1.0)) <= 1 - FALL
        return RangeView(
            lrs=asked,
            losses=losses / averages[:1],
            shares=shares,
            fast=falls_fastest(averages, width) if learns else None,
            far=far,
            tried=np.array(lrs),
            left=np.array([loss_left(run) for run in each]),
            steps=len(each[0].steps),
            done=snapshot.done,
            verdict=verdict,
        )

    def explain(self, result: RangeView) -> Sequence[str]:
        begun = len(result.losses) > 0
        condition = f"when the loss falls by at least {in_percent(FALL)} with a rate below"
        words = said(self.step, result.verdict, condition, begun)
        if not result.done:
            return words
        return [*words, self._rising(result), *self._agreement(result)]

    def _rising(self, result: RangeView) -> str:
        """What the one run says."""
        rises = f"While the rate rises in {many(len(result.losses), 'step')}, the loss"
        if result.far is None:
            end = f"up to lr {plain(result.lrs[-1])} it does not break away"
        else:
            far = result.shares[result.far]
            what = "is no number" if np.isnan(far) else f"is {in_percent(BREAK)} of the first loss above its lowest"
            end = f"at lr {compact(result.lrs[result.far])} it breaks away: there it {what}"
        if result.fast is None:
            return f"{rises} never falls by {in_percent(FALL)}, so the range test names no rate; {end}."
        return f"{rises} falls fastest around lr {compact(result.lrs[result.fast])}; {end}."

    def _agreement(self, result: RangeView) -> list[str]:
        """How it agrees with the rates that were trained at once."""
        if np.isnan(result.left).all():
            return [f"None of the {len(result.tried)} rates trained at once leaves a loss that is a number."]
        best = int(np.nanargmin(result.left))
        lr, left = result.tried[best], result.left[best]
        found = (
            f"Of the {len(result.tried)} rates trained at once, for {many(result.steps, 'step')}, lr {plain(lr)} "
            f"leaves least, {left_words(float(left))}"
        )
        if result.fast is None:
            return [f"{found}."]
        if lr < result.lrs[result.fast]:
            return [f"{found}: less than where the range test's loss falls fastest."]
        if result.far is not None and lr >= result.lrs[result.far]:
            return [f"{found}: more than where the range test's loss breaks away."]
        high = "where it breaks away" if result.far is not None else "the end of the test"
        return [f"{found}: it lies between where the range test's loss falls fastest and {high}."]

    def script(self, s: Any) -> str:
        rising = self.configs(s)[0][0]
        functions = (averaged, breaks_away, falls_fastest)
        source = "\n\n\n".join(inspect.getsource(function).rstrip() for function in functions)
        source = source.replace("NDArray[np.float64]", "np.ndarray").replace("ArrayLike", "list")
        return f"{training_script(rising)}\nBREAK = {range_test.BREAK}\n\n\n{source}\n\n\n{MARKS.format(top=rising.lr)}"
