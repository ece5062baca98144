"""Batch normalization of a population, twice: as the paper's formulas, and with kernels that do them all at once."""

from __future__ import annotations

import torch
from torch import Tensor

from trainingwheels.engine.batchnorm import EPSILON, RUNNING_SHARE
from trainingwheels.engine.training.layers import Scratch

__all__ = ["RUNNING_SHARE", "BatchNorm", "FusedBatchNorm", "StillBatchNorm", "batchnorm_layer"]

BATCHES_NOTED = 32  # before they are averaged: enough to make that cheap, few enough to hold


def batchnorm_layer(*arrays: Tensor) -> BatchNorm:
    """The faster of the two for gamma, its gradient, beta, its gradient, the running mean and the running variance."""
    has_kernels = arrays[0].device.type != "mps"
    return (FusedBatchNorm if has_kernels else BatchNorm)(*arrays)


class RunningAverages:
    """average <- 0.9 average + 0.1 of the newest batch, for ``mean`` and ``var``, the unbiased variance, as in torch.

    A step only notes its batch: one sum over many batches costs much less than as many updates, and nobody looks but
    evaluation. ``settle`` brings the averages up to date.
    """

    def __init__(self, mean: Tensor, var: Tensor) -> None:
        self.mean, self.var = mean.view(-1), var.view(-1)
        self.noted: list[tuple[Tensor, Tensor]] = []
        self.batch = 0

    def note(self, mu: Tensor, inverse_sigma: Tensor, batch: int) -> None:
        """One more batch, of so many examples. The tensors, one number for each unit, are kept, not copied."""
        self.noted.append((mu, inverse_sigma))
        self.batch = batch
        if len(self.noted) == BATCHES_NOTED:
            self.settle()

    def settle(self) -> None:
        if not self.noted:
            return
        mu, inverse_sigma = (torch.stack(kind).flatten(1) for kind in zip(*self.noted, strict=True))  # (batches, units)
        variance = inverse_sigma.pow(-2).sub_(EPSILON).mul_(self.batch / (self.batch - 1))
        self._average(self.mean, mu)
        self._average(self.var, variance)
        self.noted = []

    def _average(self, average: Tensor, batches: Tensor) -> None:
        count = len(batches)
        age = torch.arange(count - 1, -1, -1, device=average.device, dtype=average.dtype)
        weights = RUNNING_SHARE * (1 - RUNNING_SHARE) ** age
        average.mul_((1 - RUNNING_SHARE) ** count).add_(weights @ batches)


class BatchNorm:
    """y = gamma (x - mu) / sigma + beta, per unit over the batch (Ioffe and Szegedy, 2015); it overwrites x.

    ``gamma``, ``beta``, their gradients, and the running ``mean`` and ``var`` for evaluation are (members, units).
    """

    def __init__(self, gamma: Tensor, dgamma: Tensor, beta: Tensor, dbeta: Tensor, mean: Tensor, var: Tensor) -> None:
        self.gamma, self.beta, self.mean, self.var = (each.unsqueeze(2) for each in (gamma, beta, mean, var))
        self.dgamma, self.dbeta = dgamma, dbeta
        self.running = RunningAverages(mean, var)
        self.epsilon = gamma.new_tensor(EPSILON)
        self.y, self.products = Scratch(), Scratch()

    def forward(self, x: Tensor, train: bool) -> Tensor:
        return self._normalize(x) if train else self._evaluate(x)

    def _evaluate(self, x: Tensor) -> Tensor:
        """With the running averages in place of the batch's: one factor and one shift for each unit."""
        self.running.settle()
        scale = self.gamma * (self.var + EPSILON).rsqrt_()
        return x.mul_(scale).add_(self.beta - self.mean * scale)

    def _normalize(self, x: Tensor) -> Tensor:
        batch = x.shape[2]
        mu = x.mean(2, keepdim=True)  # (members, units, 1), like everything of a unit
        self.centred = x.sub_(mu)
        squares = torch.linalg.vector_norm(x, dim=2, keepdim=True).square_()  # var_mean takes 40 times as long
        self.inverse_sigma = torch.add(self.epsilon, squares, alpha=1 / batch).rsqrt_()
        self.scale = self.gamma * self.inverse_sigma
        self.running.note(mu, self.inverse_sigma, batch)
        return torch.mul(self.centred, self.scale, out=self.y(x, *x.shape)).add_(self.beta)

    def backward(self, d: Tensor) -> Tensor:
        """dbeta = sum d, dgamma = sum d x_hat, dx = gamma / sigma (d - (dbeta + x_hat dgamma) / batch)."""
        batch = d.shape[2]
        torch.sum(d, 2, out=self.dbeta)
        products = torch.mul(d, self.centred, out=self.products(d, *d.shape))
        torch.sum(products, 2, out=self.dgamma).mul_(self.inverse_sigma[..., 0])
        slope = torch.mul(self.dgamma.unsqueeze(2), self.inverse_sigma)
        d.sub_(self.centred.mul_(slope), alpha=1 / batch)
        return d.sub_(self.dbeta.unsqueeze(2), alpha=1 / batch).mul_(self.scale)


class FusedBatchNorm(BatchNorm):
    """The same by torch's kernels: forward, that of group normalization, each unit of each member a group of its own.

    The batch comes last, so a group's numbers are those of one unit. From 32 to 3,200 units, forward and backward take
    8 to 172 us; the formulas take 26 to 203, and torch's kernels of batch normalization, forward as well, 17 to 319.
    """

    def __init__(self, gamma: Tensor, dgamma: Tensor, beta: Tensor, dbeta: Tensor, mean: Tensor, var: Tensor) -> None:
        super().__init__(gamma, dgamma, beta, dbeta, mean, var)
        self.units = gamma.numel()
        self.flat_gamma, self.flat_beta = gamma.view(-1), beta.view(-1)
        self.flat_dgamma, self.flat_dbeta = dgamma.view(-1), dbeta.view(-1)

    def _normalize(self, x: Tensor) -> Tensor:
        units, batch = self.units, x.shape[2]
        self.groups = x.view(1, units, batch)
        y, self.mu, self.inverse_sigma = torch.native_group_norm(
            self.groups, self.flat_gamma, self.flat_beta, 1, units, batch, units, EPSILON
        )
        self.running.note(self.mu, self.inverse_sigma, batch)
        return y.view(x.shape)

    def backward(self, d: Tensor) -> Tensor:
        units, batch = self.units, d.shape[2]
        dx: Tensor
        dx, dgamma, dbeta = torch.ops.aten.native_batch_norm_backward.default(
            d.view(1, units, batch), self.groups, self.flat_gamma, None, None,
            self.mu.view(-1), self.inverse_sigma.view(-1), True, EPSILON, [True, True, True],
        )  # fmt: skip
        self.flat_dgamma.copy_(dgamma)
        self.flat_dbeta.copy_(dbeta)
        return dx.view(d.shape)


class StillBatchNorm(BatchNorm):
    """The same with the averages that it begins with, in training as in evaluation: they do not move, and neither gamma
    nor beta has a gradient."""

    def _normalize(self, x: Tensor) -> Tensor:
        return self._evaluate(x)

    def backward(self, d: Tensor) -> Tensor:
        """dx = gamma / sigma d."""
        return d.mul_(self.gamma * (self.var + EPSILON).rsqrt_())
