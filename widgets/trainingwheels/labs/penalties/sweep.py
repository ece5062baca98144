"""Sixteen lambdas as one population: training and validation against lambda, and L2 against decoupled weight decay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, LogSlider, Switch
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.penalties.nets import SmallNets, accuracies, learned_from, plane_of, trouble, with_gap
from trainingwheels.labs.penalties.pictures.sweep import Line, SweepPicture, SweepView

__all__ = ["ADAM_LR", "LAMBDAS", "AgainstLambda"]

LAMBDAS = tuple(float(f"{lam:.4g}") for lam in np.logspace(-4, 1, 16))
ADAM_LR = 0.003  # Adam's steps are about that long whatever the gradient, so that SGD's rate does not suit it

SWEPT = Table(
    "swept",
    (
        Option("l2", "L2, SGD + momentum"),
        Option("l1", "L1, SGD + momentum"),
        Option("adam", f"Adam (lr {ADAM_LR:g}): L2 and weight decay"),
    ),
)
_LINES = {
    "l2": (("l2", "momentum", "L2"),),
    "l1": (("l1", "momentum", "L1"),),
    "adam": (("l2", "adam", "L2 in the loss"), ("l2", "adamw", "decoupled")),
}


class AgainstLambda(SmallNets, NetsView):
    """All lambdas train together; the slider only looks at one of the nets."""

    name = "sweep"
    label = "16 values of λ"
    picture = SweepPicture
    about = "Sixteen nets that differ by λ alone train together; the slider says which of them is looked at."

    swept = Choice(SWEPT, "l2", label="penalty", help="what lambda is the weight of, and who takes the steps")
    look_at = LogSlider(
        LAMBDAS[0], LAMBDAS[-1], LAMBDAS[0], step=1 / 3, label="λ", looks=True, help="which net is shown; all train"
    )
    decoupled = Switch(
        False, looks=True, when={"swept": "adam"}, hides=True, help="show the net whose weight decay is decoupled"
    )

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        configs, labels = [], []
        for field, optimizer, label in _LINES[s.swept]:
            own = {"optimizer": optimizer} | ({} if optimizer == "momentum" else {"lr": ADAM_LR})
            configs += [RunConfig(**(self.common(s) | own | {field: lam})) for lam in LAMBDAS]
            labels += [f"{label}, λ {lam:.2g}" for lam in LAMBDAS]
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> SweepView:
        names = [label for *_, label in _LINES[s.swept]]
        count = len(LAMBDAS)
        lines = [Line(name, snapshot.histories[at * count : (at + 1) * count]) for at, name in enumerate(names)]
        line, place = _looked_at(s)
        return SweepView(LAMBDAS, lines, line, place, plane_of(snapshot, line * count + place))

    def explain(self, result: SweepView) -> Sequence[str]:
        chosen = result.chosen
        if failed := next(
            (history.failed for line in result.lines for history in line.histories if history.failed), ""
        ):
            return [failed]
        if not len(chosen.steps):
            nets = f"{len(result.lines) * len(LAMBDAS)} nets, which differ by λ alone"
            return [f"Not trained yet: {nets}. Press Start.", *learned_from(chosen)]
        name = result.lines[result.line].name
        shown = f"{name}, λ = {LAMBDAS[result.place]:.2g}: "
        found = [shown + (trouble(chosen) or f"{with_gap(*accuracies(chosen))}.")]
        for line in result.lines:
            val = line.val
            best, least = int(np.nanargmax(val)), float(val[0])
            most = float(val[best])
            found.append(
                f"{line.name}: validation is best at λ = {LAMBDAS[best]:.2g} with {percent(most)}, "
                f"{points(most - least)} above λ = {LAMBDAS[0]:.0e}.".replace("e-0", "e−")
            )
        found.append("The best of 16 is chosen with the validation examples: on others expect a little less.")
        return [*found, *learned_from(chosen)]

    def script(self, s: Any) -> str:
        line, place = _looked_at(s)
        return training_script(self.configs(s)[0][line * len(LAMBDAS) + place])


def _looked_at(s: Any) -> tuple[int, int]:
    """The line, and the lambda nearest to the slider's."""
    place = int(np.abs(np.log(np.array(LAMBDAS) / s.look_at)).argmin())
    return int(s.swept == "adam" and s.decoupled), place
