"""Batch normalization of a population, twice: as the paper's formulas, and as one call for nets that are small."""

from __future__ import annotations

import torch
from torch import Tensor

from trainingwheels.engine.batchnorm import EPSILON, RUNNING_SHARE
from trainingwheels.engine.layers import Layer, Scratch

__all__ = ["RUNNING_SHARE", "BatchNorm", "FusedBatchNorm", "batchnorm_layer"]

# Up to this many units of all members, one call of torch's kernel is faster than a dozen small ones; beyond, its
# forward takes three times as long (81 us against 28 for 1024 units and a batch of 64).
FUSED_UNITS = 192


def batchnorm_layer(*arrays: Tensor) -> Layer:
    """The faster of the two for gamma, its gradient, beta, its gradient, the running mean and the running variance."""
    return (FusedBatchNorm if arrays[0].numel() <= FUSED_UNITS else BatchNorm)(*arrays)


class BatchNorm:
    """y = gamma (x - mu) / sigma + beta, per unit over the batch (Ioffe and Szegedy, 2015); it overwrites x.

    ``gamma``, ``beta``, their gradients, and the running ``mean`` and ``var`` for evaluation are (members, units).
    """

    def __init__(self, gamma: Tensor, dgamma: Tensor, beta: Tensor, dbeta: Tensor, mean: Tensor, var: Tensor) -> None:
        self.gamma, self.beta, self.mean, self.var = (each.unsqueeze(2) for each in (gamma, beta, mean, var))
        self.dgamma, self.dbeta = dgamma, dbeta
        self.epsilon = gamma.new_tensor(EPSILON)
        self.y, self.products = Scratch(), Scratch()

    def forward(self, x: Tensor, train: bool) -> Tensor:
        y, batch = self.y(x, *x.shape), x.shape[2]
        if not train:
            scale = self.gamma * (self.var + EPSILON).rsqrt_()
            return torch.mul(x, scale, out=y).add_(self.beta - self.mean * scale)
        mu = x.mean(2, keepdim=True)  # (members, units, 1), like everything of a unit
        self.centred = x.sub_(mu)
        squares = torch.linalg.vector_norm(x, dim=2, keepdim=True).square_()  # var_mean takes 40 times as long
        self.inverse_sigma = torch.add(self.epsilon, squares, alpha=1 / batch).rsqrt_()
        self.scale = self.gamma * self.inverse_sigma
        self._keep_running(mu, squares, batch)
        return torch.mul(self.centred, self.scale, out=y).add_(self.beta)

    def backward(self, d: Tensor) -> Tensor:
        """dbeta = sum d, dgamma = sum d x_hat, dx = gamma / sigma (d - (dbeta + x_hat dgamma) / batch)."""
        batch = d.shape[2]
        torch.sum(d, 2, out=self.dbeta)
        products = torch.mul(d, self.centred, out=self.products(d, *d.shape))
        torch.sum(products, 2, out=self.dgamma).mul_(self.inverse_sigma[..., 0])
        slope = torch.mul(self.dgamma.unsqueeze(2), self.inverse_sigma)
        d.sub_(self.centred.mul_(slope), alpha=1 / batch)
        return d.sub_(self.dbeta.unsqueeze(2), alpha=1 / batch).mul_(self.scale)

    def _keep_running(self, mu: Tensor, squares: Tensor, batch: int) -> None:
        """Running averages of the mean and of the unbiased variance, as torch keeps them."""
        self.mean.lerp_(mu, RUNNING_SHARE)
        self.var.lerp_(squares.div_(batch - 1), RUNNING_SHARE)


class FusedBatchNorm:
    """The same by torch's kernel, in which every unit of every member is one channel."""

    def __init__(self, gamma: Tensor, dgamma: Tensor, beta: Tensor, dbeta: Tensor, mean: Tensor, var: Tensor) -> None:
        self.gamma, self.dgamma, self.beta, self.dbeta = (each.view(-1) for each in (gamma, dgamma, beta, dbeta))
        self.mean, self.var = mean.view(-1), var.view(-1)

    def forward(self, x: Tensor, train: bool) -> Tensor:
        channels = x.view(1, len(self.gamma), -1)  # (1, members x units, batch)
        y, mu, inverse_sigma = torch.native_batch_norm(
            channels, self.gamma, self.beta, self.mean, self.var, train, RUNNING_SHARE, EPSILON
        )
        if train:
            self.channels, self.mu, self.inverse_sigma = channels, mu, inverse_sigma
        return y.view(x.shape)

    def backward(self, d: Tensor) -> Tensor:
        dx, dgamma, dbeta = torch.ops.aten.native_batch_norm_backward(
            d.view(self.channels.shape), self.channels, self.gamma, None, None, self.mu, self.inverse_sigma, True,
            EPSILON, [True, True, True],
        )  # fmt: skip
        self.dgamma.copy_(dgamma)
        self.dbeta.copy_(dbeta)
        result: Tensor = dx.view(d.shape)
        return result
