"""A layer's product with a random W that is never formed: the same distribution at a thousandth of the cost.

The batch is small (N rows) and W large (D x D). Given x, the product y = x W depends on W only in the N directions
that the rows of x span, so it is enough to draw what W does there. With the Gram matrix K = x x^T, its symmetric root
K^1/2 and Q = K^-1/2 x, whose rows are orthonormal, x = K^1/2 Q. For W with independent N(0, s^2) entries, Q W = s Z
with Z an N x D matrix of independent N(0, 1) numbers, hence

    forward     y = s K^1/2 Z

Backward needs dy W^T, where dy depends on y and so on Z. In the span of x, W is now known; across it, W is still
independent of everything. With G another N x D matrix of N(0, 1) numbers and R = (dy dy^T)^1/2 G,

    backward    dx = s (dy Z^T Q + R (I - Q^T Q))
    weights     |dL/dW|^2 = |x^T dy|^2 = sum(x x^T * dy dy^T)

None of this is an approximation: (y, dx, |dL/dW|) have exactly the joint law that a W drawn in full would give them,
and whatever acts on each unit between two layers (activation, batchnorm, dropout) keeps it so. The symmetric root,
unlike others, makes y a continuous function of x, so that a moved slider morphs the picture. It costs O(N^2 D) instead
of O(N D^2). An orthogonal W maps an orthonormal frame to a random one, a constant W to multiples of a sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.signals.dense import Gradient, Weights
from trainingwheels.engine.signals.noise import Role, normals

__all__ = ["MATRIX_FREE", "Product", "Rows"]

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
# Directions whose singular value is below a millionth of the largest are lost in the rounding of float32 products.
NEGLIGIBLE = 1e-12  # in eigenvalues, the squares of singular values
CACHED_ENTRIES = 2**16  # 512 KiB of float64


class Rows:
    """The rows of ``x``, ndarray of shape (N, D), known through their Gram matrix x x^T.

    It is formed in float64, where the squares of float32 numbers neither overflow nor vanish. Rows with an infinity or
    a NaN count as zero, and ``lost`` marks them. Eigenvalues up to ``floor``, or negligible beside the largest, are
    dropped.
    """

    def __init__(self, x: NDArray[Any], floor: float = 0.0) -> None:
        self.x = x
        self.gram = _gram(x)
        self.lost = ~np.isfinite(self.gram.diagonal())
        if self.lost.any():
            self.x = np.where(self.lost[:, None], np.zeros((), x.dtype), x)
            self.gram = _gram(self.x)
        eigenvalues, vectors = np.linalg.eigh(self.gram)
        kept = eigenvalues > max(NEGLIGIBLE * eigenvalues[-1], floor)
        self._vectors: Doubles = vectors[:, kept]
        self._singular: Doubles = np.sqrt(eigenvalues[kept])
        self.largest = float(self._singular[-1]) if self._singular.size else 0.0  # largest singular value of x

    @cached_property
    def root(self) -> Doubles:
        """K^1/2 / ``largest``, (N, N): the scale apart, so that float32 holds it whatever the size of x."""
        return (self._vectors * (self._singular / (self.largest or 1.0))) @ self._vectors.T

    @cached_property
    def projector(self) -> Doubles:
        """The projection onto the range of K, (N, N)."""
        return self._vectors @ self._vectors.T

    @cached_property
    def frame(self) -> NDArray[Any]:
        """Q = K^-1/2 x, (N, D) of x's dtype: orthonormal rows spanning those of x (a partial isometry if dependent)."""
        inverse_root = (self._vectors / self._singular) @ self._vectors.T
        Q = np.empty_like(self.x)
        for columns in _blocks(self.x):
            Q[:, columns] = inverse_root @ self.x[:, columns]
        return Q


def _gram(x: NDArray[Any]) -> Doubles:
    gram = np.zeros((len(x), len(x)))
    for columns in _blocks(x):
        doubles = x[:, columns].astype(np.float64, copy=False)
        gram += doubles @ doubles.T
    return gram


def _blocks(x: NDArray[Any]) -> Iterator[slice]:
    """Slices of columns of ``x``, each of a size that the processor's cache holds in float64."""
    width = max(1, CACHED_ENTRIES // len(x))
    return (slice(start, start + width) for start in range(0, x.shape[1], width))


class Product(Protocol):
    """y = x W for one layer; dense or matrix-free."""

    weights: Weights

    def forward(self, x: Floats) -> Floats: ...
    def backward(self, dy: Floats) -> Gradient: ...


class _MatrixFreeProduct:
    """What the laws share. A subclass writes ``_times`` (x -> y) and ``_back`` (dy -> dx)."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def forward(self, x: Floats) -> Floats:
        """y, ndarray of shape (batch, pieces * fan_out). A row of x that is not finite makes a row of NaN."""
        self._x = Rows(x)
        y = self._times(self._x)
        y[self._x.lost] = np.nan
        return y

    def backward(self, dy: Floats) -> Gradient:
        """The RMS of the entries of dL/dW = x^T dy, and dL/dx, from dL/dy of y's shape."""
        rows = Rows(dy)
        return Gradient(self._weight_rms(rows), lambda: self._dx(rows))

    def _dx(self, dy: Rows) -> Floats:
        dx = self._back(dy)
        dx[dy.lost] = np.nan
        return dx

    def _weight_rms(self, dy: Rows) -> float:
        if dy.lost.any() or self._x.lost.any():
            return math.nan
        square = float(np.vdot(self._x.gram, dy.gram))
        entries = float(self._x.x.shape[1]) * dy.x.shape[1]
        return math.sqrt(max(square, 0.0) / entries)

    def _times(self, x: Rows) -> Floats:
        raise NotImplementedError

    def _back(self, dy: Rows) -> Floats:
        raise NotImplementedError

    def _noise(self, role: Role, batch: int, width: int, piece: int = 0) -> Floats:
        return normals(self.weights.seed, self.weights.layer, role, batch, width, piece)


class GaussianProduct(_MatrixFreeProduct):
    """W with independent N(0, s^2) entries; the formulas of this file's first lines."""

    def _times(self, x: Rows) -> Floats:
        self._Z = self._noise(Role.WEIGHTS, len(x.gram), self.weights.pieces * self.weights.fan_out)
        y: Floats = x.root.astype(np.float32) @ self._Z
        y *= np.float32(self.weights.std * x.largest)
        return y

    def _back(self, dy: Rows) -> Floats:
        G = self._noise(Role.BACKWARD, len(dy.gram), self.weights.fan_in)
        Q = self._x.frame
        R: Floats = dy.root.astype(np.float32) @ G
        within = (dy.x / np.float32(dy.largest or 1.0)) @ self._Z.T
        within -= R @ Q.T
        R += within @ Q
        R *= np.float32(self.weights.std * dy.largest)
        return R


class OrthogonalProduct(_MatrixFreeProduct):
    """W the leading (D_in, D_out) block of a uniformly drawn orthogonal n x n matrix U, n = max(D_in, D_out).

    Padded with zeros to n columns, Q U = F is a uniformly random orthonormal frame: the polar factor of a Gaussian
    matrix. Backward, U takes what of dy lies in the span of F back to the span of Q, and the rest, with its inner
    products, to a random frame H across it: dx = dy F^T Q + (dy' dy'^T)^1/2 H, with dy' = dy (I - F^T F).
    """

    def _times(self, x: Rows) -> Floats:
        n = max(self.weights.fan_in, self.weights.fan_out)
        draws = [self._noise(Role.WEIGHTS, len(x.gram), n, piece) for piece in range(self.weights.pieces)]
        self._F = [Rows(x.projector @ Z).frame for Z in draws]
        y = [x.root @ F[:, : self.weights.fan_out] for F in self._F]
        return (np.concatenate(y, axis=1) * x.largest).astype(np.float32)

    def _back(self, dy: Rows) -> Floats:
        dx = np.zeros((len(dy.x), self.weights.fan_in))
        for piece, block in enumerate(np.split(dy.x.astype(np.float64), self.weights.pieces, axis=1)):
            dx += self._piece_back(piece, block)
        return dx.astype(np.float32)

    def _piece_back(self, piece: int, dy: Doubles) -> Doubles:
        F, Q, D = self._F[piece], self._x.frame, self.weights.fan_in
        within = dy @ F[:, : dy.shape[1]].T
        across = -within @ F
        across[:, : dy.shape[1]] += dy
        rest = Rows(across, floor=NEGLIGIBLE * float(np.vdot(dy, dy)))
        G = self._noise(Role.BACKWARD, len(dy), F.shape[1], piece).astype(np.float64)
        G[:, :D] -= (G[:, :D] @ Q.T) @ Q
        H = Rows(rest.projector @ G).frame
        dx: Doubles = within @ Q + rest.largest * (rest.root @ H[:, :D])
        return dx


class ConstantProduct(_MatrixFreeProduct):
    """Every weight is c: an output is c times the sum of the inputs, an input's gradient c times the sum of dy."""

    def _times(self, x: Rows) -> Floats:
        return self._spread(x, self.weights.pieces * self.weights.fan_out)

    def _back(self, dy: Rows) -> Floats:
        return self._spread(dy, self.weights.fan_in)

    def _spread(self, rows: Rows, width: int) -> Floats:
        sums = (self.weights.std * rows.x.sum(axis=1, dtype=np.float64)).astype(np.float32)
        return np.repeat(sums[:, None], width, axis=1)


# The laws whose product has a closed form. Uniform weights are not among them: their sums are only nearly Gaussian.
MATRIX_FREE: dict[str, type[_MatrixFreeProduct]] = {
    "gaussian": GaussianProduct,
    "orthogonal": OrthogonalProduct,
    "constant": ConstantProduct,
}
