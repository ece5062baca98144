"""The penalties of a population, batched: what l1 and l2 of each member add to the gradient of its weights."""

from __future__ import annotations

from torch import Tensor

from trainingwheels.engine.optimizers import Rate, descend

__all__ = ["Penalized"]


class Penalized:
    """l2 sum W^2 + l1 sum |W| over the weights W, flat; ``dW`` is where their gradient lies.

    Where ``decoupled``, L2 shrinks the weights by 2 lr l2 a step instead (Loshchilov and Hutter, 2019).
    """

    def __init__(self, W: Tensor, dW: Tensor, l1: Rate, l2: Rate, decoupled: bool) -> None:
        self.W, self.dW, self.l1, self.l2, self.decoupled = W, dW, l1, l2, decoupled

    def add_gradient(self) -> None:
        """dW += 2 l2 W + l1 sign(W)."""
        if not self.decoupled and not _is_zero(self.l2):
            descend(self.dW, self.l2, -2.0, self.W)
        if not _is_zero(self.l1):
            descend(self.dW, self.l1, -1.0, self.W.sign())

    def shrink(self, lr: Rate, factor: float) -> None:
        """W -= 2 lr l2 W; ``lr`` is for all weights or one for each."""
        if not _is_zero(self.l2):
            descend(self.W, lr * self.l2, 2 * factor, self.W)


def _is_zero(rate: Rate) -> bool:
    return isinstance(rate, float) and rate == 0
