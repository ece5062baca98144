"""The weights of a real linear classifier: their path over lambda, how many are exactly 0, and what they look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.penalties import PENALTIES
from trainingwheels.engine.scripts.penalties import classifier_script
from trainingwheels.engine.shrinkage.classifier import LAMBDAS, METHODS, STEPS, Paths, fit_paths
from trainingwheels.figures.labels import short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, LogSlider, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.penalties.pictures.classifier import ClassifierPicture, ClassifierView

__all__ = ["LinearClassifier"]

CONVERGED = 0.15  # of lambda: where the optimality conditions fail by less, they are said to hold


class LinearClassifier(View):
    """Softmax regression on digits at each of eleven lambdas, computed together; the slider looks at one."""

    name = "weights"
    label = "weights of a classifier"
    picture = ClassifierPicture
    about = (
        "Softmax regression on digits at eleven λ: every weight of it, how many are exactly 0, and what they look like."
    )

    rule = Choice(PENALTIES, "l1", label="penalty", help="R(W), the term that is added to the data loss")
    lam_w = LogSlider(LAMBDAS[0], LAMBDAS[-1], LAMBDAS[4], step=0.25, label="λ", help="weight of the penalty")
    method = Choice(METHODS, "proximal", help="how the penalty takes part in a step")
    examples = WholeSlider(50, 1000, 300, step=50, unit="digits", section="data", help="training digits")
    beta_w = Slider(
        0.0, 2.0, 0.5, step=0.25, label="β", section="data", when={"rule": "elastic"}, hides=True, help="of the squares"
    )

    def compute(self, s: Any) -> ClassifierView:
        return classifier_view(s.rule, s.beta_w, s.examples, s.method, s.lam_w)

    def explain(self, result: ClassifierView) -> Sequence[str]:
        paths, at = result.here
        label, lam, size = PENALTIES[paths.penalty].label, paths.lams[at], paths.W[at].size
        zeros = int(paths.zeros[at])
        found = [
            (
                f"{label} with λ = {lam:.2g}: {zeros} of {size} weights are exactly 0. Training digits "
                f"{percent(float(paths.train_accuracy[at]))} right, others {percent(float(paths.val_accuracy[at]))}."
            ),
            _why(paths, at, result.method),
        ]
        best = int(result.grid.val_accuracy.argmax())
        found.append(
            f"Of the {len(LAMBDAS)} λ here, λ = {LAMBDAS[best]:.2g} gets most of the other digits right, "
            f"{percent(float(result.grid.val_accuracy[best]))}."
        )
        return found

    def script(self, s: Any) -> str:
        return classifier_script(s.rule, s.beta_w, s.examples, s.method, _nearest(s.lam_w))


def _nearest(lam: float) -> float:
    """The lambda of the grid, if that is meant: a slider's stops are rounded."""
    near = min(LAMBDAS, key=lambda each: abs(each - lam))
    return near if abs(near / lam - 1) < 0.01 else lam


def classifier_view(penalty: str, beta: float, examples: int, method: str, lam: float) -> ClassifierView:
    """The classifiers of the grid, and that of ``lam`` if it is not among them."""
    grid = fit_paths(penalty, beta, examples, method)
    lam = _nearest(lam)
    own = None if lam in LAMBDAS else fit_paths(penalty, beta, examples, method, (lam,))
    return ClassifierView(grid, LAMBDAS.index(lam) if own is None else None, own, method)


def _why(paths: Paths, at: int, method: str) -> str:
    absolutes = PENALTIES[paths.penalty].absolutes
    worst, lam = float(paths.violations[at]), paths.lams[at]
    near = int((abs(paths.W[at]) < lam / 10).sum())
    if not absolutes:
        return "Squares have no slope at 0: nothing holds a weight there, and weights become small, not 0."
    if method == "subgradient":
        return (
            f"Plain subgradient steps subtract λ sign(w), and step over 0 and back: {near} weights are within λ/10 of "
            "0, none is kept there. A proximal step ends at 0 what would cross it."
        )
    if worst > CONVERGED * lam:
        return f"After {STEPS} steps the optimality conditions still fail by up to {short(worst)}: not converged."
    return (
        f"At a weight that is 0, |dL/dw| ≤ λ: the data pull too weakly. After {STEPS} steps the optimality conditions "
        f"hold within {percent(CONVERGED)} of λ."
    )
