"""The loss of a batch of scores, and its gradient beside it.

Scores have the shape (blocks, members, classes, batch): a block holds the members that see the same examples. Labels
are one-hot, (..., blocks, 1, classes, batch).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingwheels.engine.settings import Table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["LOSSES", "Loss"]


@dataclass(frozen=True)
class Loss:
    """One loss: the mean over the batch.

    ``target(onehot)`` is what the loss wants to know of the labels, prepared for many steps at once. ``forward(scores,
    target, out)`` writes each member's loss to ``out``, shape (blocks, members), and returns what ``backward(kept,
    target)`` makes dL/d(scores) of, in the same memory. ``formula`` is the loss of one example in LaTeX, ``code`` a
    torch expression in ``scores`` (batch, classes) and the labels ``y``, and ``code_setup`` the lines it needs first.
    ``even(classes)`` is the loss where all classes score alike, which is where training should begin, and
    ``even_words`` says so with {C} for their number.
    """

    name: str
    label: str
    target: Callable[[Tensor], Tensor]
    forward: Callable[[Tensor, Tensor, Tensor], Tensor]
    backward: Callable[[Tensor, Tensor], Tensor]
    formula: str
    code: str
    source: str
    even: Callable[[int], float]
    even_words: str
    code_setup: str = ""


def _softmax_target(onehot: Tensor) -> Tensor:
    """dL/d(log p): the loss is the mean of -log p of the true class."""
    return onehot / -onehot.shape[-1]


def _log_p(scores: Tensor, dlog_p: Tensor, out: Tensor) -> Tensor:
    """The loss is the dot product of log p with dL/d(log p)."""
    import torch

    log_p = torch.log_softmax(scores, 2)
    torch.sum(log_p * dlog_p, (2, 3), out=out)
    return log_p


def _softmax_backward(log_p: Tensor, dlog_p: Tensor) -> Tensor:
    """(p - onehot) / batch."""
    import torch

    p = log_p.exp_()
    return torch.add(dlog_p, p, alpha=1 / p.shape[3], out=p)


def _margins(scores: Tensor, onehot: Tensor, out: Tensor) -> Tensor:
    """sum over j != y of max(0, s_j - s_y + 1); what is kept are its terms."""
    import torch

    margins = scores - (scores * onehot).sum(2, keepdim=True)
    margins.add_(1).clamp_min_(0).sub_(onehot)  # the true class itself has margin 1, which does not count
    torch.sum(margins, (2, 3), out=out).div_(scores.shape[3])
    return margins


def _hinge_backward(margins: Tensor, onehot: Tensor) -> Tensor:
    """Each class above the margin pushes its score down and the true one's up."""
    import torch

    pushes = torch.gt(margins, 0, out=margins)
    return pushes.addcmul_(onehot, pushes.sum(2, keepdim=True), value=-1).div_(pushes.shape[3])


HINGE_SETUP = """\
def svm_loss(scores, y):
    true = scores.gather(1, y[:, None])
    return (scores - true + 1).clamp(min=0).sum(1).mean() - 1  # the true class itself has margin 1"""

LOSSES: Table[Loss] = Table(
    "loss",
    (
        Loss(
            name="softmax",
            label="softmax cross-entropy",
            target=_softmax_target,
            forward=_log_p,
            backward=_softmax_backward,
            formula=r"-\log \frac{e^{s_{y_i}}}{\sum_j e^{s_j}}",
            code="F.cross_entropy(scores, y)",
            source="the lecture, choosing hyperparameters, step 1",
            even=math.log,
            even_words="log {C}",
        ),
        Loss(
            name="hinge",
            label="multiclass SVM",
            target=lambda onehot: onehot,
            forward=_margins,
            backward=_hinge_backward,
            formula=r"\sum_{j \neq y_i} \max(0,\ s_j - s_{y_i} + 1)",
            code="svm_loss(scores, y)",
            code_setup=HINGE_SETUP,
            source="the lecture, regularization, after Weston and Watkins, 1999",
            even=lambda classes: classes - 1.0,
            even_words="{C} − 1",
        ),
    ),
)
