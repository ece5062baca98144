"""Cross-validation, live: the folds of all values are members of one population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trainingwheels.engine import LiveTraining, RunConfig, Snapshot
from trainingwheels.engine.scripts.folds import folds_script
from trainingwheels.engine.search.folds import Nested, cross_validate_steps, nested_cross_validate
from trainingwheels.engine.settings import Table
from trainingwheels.figures.labels import points
from trainingwheels.figures.panels import percent, plain
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, Switch, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.search.inputs import Convolved, Seeded
from trainingwheels.labs.search.pictures.folds import Folded, FoldsPicture

__all__ = ["CrossValidation"]


@dataclass(frozen=True)
class Knob:
    """A setting of which several ``values`` are compared, as ``field`` of a config."""

    name: str
    label: str
    field: str
    values: tuple[float, ...]
    log: bool = True

    def written(self, value: float) -> str:
        """A value, as it is called."""
        return f"{self.label} {plain(value)}"


KNOBS: Table[Knob] = Table(
    "knob",
    (
        Knob("lr", "lr", "lr", (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)),
        Knob("l2", "L2", "l2", (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)),
        Knob("width", "units", "hidden", (2, 4, 8, 16, 32, 64, 128)),
        Knob("dropout", "dropout", "dropout", (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9), log=False),
    ),
)
UNSEEN = 360  # the set's own validation digits
INNER = 4  # folds of each choice, within the other folds
MOMENTS = 24  # at which the curves have a point
RATE = 0.03  # learning rate where another setting is compared


class CrossValidation(Convolved, Seeded, NetsView):
    """Several values of one setting, each trained once for each fold."""

    name = "folds"
    label = "cross-validation"
    about = (
        "The training digits in parts: for each value of a setting, one net for each part, which has trained on the "
        "others. All of them train at once; press Start."
    )
    picture = FoldsPicture
    at_once = ()

    knob = Choice(KNOBS, "lr", label="values of", help="what is to be chosen")
    folds = WholeSlider(2, 10, 5, unit="folds", help="parts of the training set; each is left out once")
    value = WholeSlider(
        0,
        7,
        0,
        label="value",
        section="look",
        looks=True,
        help="whose folds are shown, from 1 to 7; 0 is the best on average",
    )
    nested = Switch(
        False,
        looks=True,
        section="look",
        label="nested as well",
        help="once trained: choose in each fold by the other folds alone, and see how good the choice is on it",
    )
    examples = LogWholeSlider(40, 1437, 200, unit="digits", section="data", help="digits to train and validate on")
    wrong = Slider(0.0, 0.8, 0.0, step=0.05, section="data", label="wrong labels", help="share of wrong labels")
    passes = LogWholeSlider(1, 64, 16, unit="epochs", section="net", label="epochs", help="how often each is seen")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        each = [(value, fold) for value in KNOBS[s.knob].values for fold in range(s.folds)]
        runs = [self.config(s, value) for value, _ in each]
        return runs, [f"{KNOBS[s.knob].written(value)}, fold {fold + 1}" for value, fold in each]

    def config(self, s: Any, value: float) -> RunConfig:
        """A run with one value of the setting."""
        knob = KNOBS[s.knob]
        own: dict[str, Any] = {"lr": RATE, "hidden": (32,)}
        own[knob.field] = (int(value),) if knob.field == "hidden" else value
        part = s.examples - s.examples // s.folds
        return RunConfig(
            train_size=s.examples,
            label_noise=s.wrong,
            conv=s.conv,
            epochs=s.passes,
            batch_size=min(16, part),
            seed=s.seed,
            **own,
        )

    def training(self, s: Any, configs: Sequence[RunConfig]) -> LiveTraining:
        return cross_validate_steps(self._values(s), s.folds, seed=s.seed, snapshots=MOMENTS)

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Folded:
        knob = KNOBS[s.knob]
        grouped = [snapshot.histories[at : at + s.folds] for at in range(0, len(snapshot.histories), s.folds)]
        nested = _nested(tuple(self._values(s)), s.folds, s.seed) if s.nested and snapshot.done else None
        return Folded(knob.label, knob.log, knob.values, grouped, s.value - 1 if s.value else None, s.examples, nested)

    def _values(self, s: Any) -> list[RunConfig]:
        """A config for each value."""
        return [self.config(s, value) for value in KNOBS[s.knob].values]

    def explain(self, result: Folded) -> Sequence[str]:
        histories = [history for group in result.histories for history in group]
        if failed := next((history.failed for history in histories if history.failed), ""):
            return [failed]
        folds = len(result.histories[0])
        part, rest = divmod(result.examples, folds)
        parts = f"{folds} parts of {f'{part} or {part + 1}' if rest else part} digits"
        others = f"{folds - 1} of them" if folds > 2 else "one"
        split = f"{parts}: each net trains on {others} and is validated on the other"
        filters = convolution_sentence(histories[0].config)
        if not len(histories[0].steps):
            return [f"Not trained yet: {len(histories)} nets. {split}. Press Start.", *filters]
        best, means, errors = result.best, result.means, result.errors
        error = f"{points(errors[best])} (the mean over the folds and its standard error)"
        found = [f"{split}. Best on average: {_named(result, best)}, {percent(means[best])} ± {error}."]
        near = [place for place in range(len(means)) if place != best and means[place] >= means[best] - errors[best]]
        if near:
            names = ", ".join(_named(result, place) for place in near)
            found.append(f"Within one standard error of it: {names}. The folds do not tell these apart.")
        else:
            found.append("No other value is within one standard error of it.")
        spread = result.scores[best]
        low, high = float(spread.min()), float(spread.max())
        ends = f"go from {percent(low)} to {percent(high)}: a single split would have said one of these"
        if low == high:
            ends = f"all have {percent(low)}"
        tests = percent(float(result.tests[best].mean()))
        found.append(
            f"Single folds of the best {ends}. On {UNSEEN} digits that no fold has seen its nets have {tests}."
        )
        if result.nested is not None:
            found.append(_about_nested(result.nested, folds))
        return [*found, *label_sentence(histories[0]), *filters]

    def script(self, s: Any) -> str:
        return folds_script(self._values(s), KNOBS[s.knob].field, s.folds, s.seed)


@lru_cache(maxsize=4)
def _nested(configs: tuple[RunConfig, ...], folds: int, seed: int) -> Nested:
    return nested_cross_validate(configs, folds, INNER, seed=seed, device="cpu")


def _about_nested(nested: Nested, folds: int) -> str:
    """What the choice is worth, as told by examples that had no say in it."""
    says = f"The best mean, {percent(nested.plain_score)}, is that of a value which was picked for it. Nested folds "
    gap = f"{points(abs(nested.optimism))} {'less' if nested.optimism >= 0 else 'more'}"
    if nested.optimism == 0:
        gap = "as much"
    return says + (
        f"({folds} times {INNER}) say what picking like this gives on a fold that has no say: "
        f"{percent(nested.nested_score)}, {gap}."
    )


def _named(result: Folded, place: int) -> str:
    return f"{result.knob} {plain(result.values[place])}"
