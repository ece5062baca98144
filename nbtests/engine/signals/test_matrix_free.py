"""The matrix-free product has the law of the dense one: identities that hold draw by draw, and two-sample tests.

The two-sample tests take one number per independent draw of everything, as the Kolmogorov-Smirnov test assumes; its
p-values are then uniform. The seeds are fixed, and each of some hundred p-values must exceed 1e-4.
``test_the_tests_can_fail`` shows that a wrong sampler does not.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from trainingwheels.engine import ACTIVATIONS, INITIALIZERS, DeepNet, propagate
from trainingwheels.engine.signals.dense import DenseProduct, Weights
from trainingwheels.engine.signals.matrix_free import MATRIX_FREE, GaussianProduct, Rows

DRAWS = 400
THRESHOLD = 1e-4
SHAPES = [(4, 30, 30), (4, 12, 40), (4, 40, 12), (10, 6, 20), (10, 20, 6), (10, 6, 6), (3, 1, 5), (3, 5, 1)]


def product(initializer, fan_in, fan_out, seed, pieces=1, dense=False):
    entry = INITIALIZERS[initializer]
    kind = DenseProduct if dense else MATRIX_FREE[entry.law]
    return kind(Weights(entry, fan_in, fan_out, pieces, 0.7, seed, layer=0))


def arrays(batch, fan_in, fan_out):
    rng = np.random.default_rng(0)
    return [rng.standard_normal((batch, width)).astype(np.float32) for width in (fan_in, fan_out)]


@pytest.mark.parametrize("initializer", ["gaussian", "orthogonal", "constant"])
@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_there_is_a_matrix_behind_it(initializer, pieces, shape):
    """Whatever W is, x dx^T = x W dy^T = y dy^T, draw by draw: forward and backward use the same W."""
    batch, fan_in, fan_out = shape
    x, dy = arrays(batch, fan_in, fan_out * pieces)
    layer = product(initializer, fan_in, fan_out, seed=1, pieces=pieces)
    y = layer.forward(x)
    dx = layer.backward(dy).dx()
    scale = np.abs(y @ dy.T).max()
    np.testing.assert_allclose(x @ dx.T / scale, y @ dy.T / scale, atol=2e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_orthogonal_keeps_inner_products(shape):
    """Rows orthonormal (D_in <= D_out): y y^T = x x^T. Columns orthonormal (D_out <= D_in): dx dx^T = dy dy^T."""
    _, fan_in, fan_out = shape
    x, dy = arrays(*shape)
    layer = product("orthogonal", fan_in, fan_out, seed=2)
    y = layer.forward(x)
    dx = layer.backward(dy).dx()
    if fan_in <= fan_out:
        np.testing.assert_allclose(y @ y.T, x @ x.T, atol=1e-4)
    if fan_out <= fan_in:
        np.testing.assert_allclose(dx @ dx.T, dy @ dy.T, atol=1e-4)


def numbers_of_a_product(layer, x):
    """One draw of W as a few numbers: entries, products of entries, inner products, forward and backward together."""
    y = layer.forward(x)
    dy = np.tanh(y)  # dy depends on y, as in a net
    gradient = layer.backward(dy)
    dx = gradient.dx()
    return [
        y[0, 0],
        y[0, 0] * y[1, 0],
        y[0, 0] * y[0, -1],
        (y[0] @ y[1]),
        (y**2).sum(),
        dx[0, 0],
        dx[0, 0] * dx[1, 0],
        dx[0] @ dx[1],
        (dx**2).sum(),
        dx[0, 0] * y[0, 0],
        (x * dx).sum(),
        gradient.weight_rms,
    ]


def compare(ours, theirs):
    """The smallest Kolmogorov-Smirnov p-value over the columns of two samples."""
    ours, theirs = np.array(ours, dtype=float), np.array(theirs, dtype=float)
    constant = (np.ptp(ours, axis=0) < 1e-5 * np.abs(ours).max(axis=0)) | (np.abs(ours).max(axis=0) < 1e-5)
    np.testing.assert_allclose(ours[:, constant], theirs[:, constant], rtol=1e-4, atol=1e-5)  # no law: the same number
    ours, theirs = ours[:, ~constant], theirs[:, ~constant]
    return min(stats.ks_2samp(a, b).pvalue for a, b in zip(ours.T, theirs.T, strict=True)) if ours.size else 1.0


@pytest.mark.parametrize("initializer", ["gaussian", "orthogonal"])
@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_one_product_has_the_law_of_the_dense_one(initializer, pieces, shape):
    _, fan_in, fan_out = shape
    x, _ = arrays(*shape)
    samples = [
        [
            numbers_of_a_product(product(initializer, fan_in, fan_out, start + draw, pieces, dense), x)
            for draw in range(DRAWS)
        ]
        for start, dense in ((0, False), (10_000, True))
    ]
    assert compare(*samples) > THRESHOLD


def numbers_of_a_net(layers):
    """One draw of a whole net as a few numbers of each layer, independent of every other draw's."""
    return [
        number
        for layer in layers
        for number in (
            layer.activations[0, 0],
            layer.activations[0] @ layer.activations[1],
            layer.gradients[0, 0],
            layer.gradients[0] @ layer.gradients[1],
            (layer.activations * layer.gradients).sum(),
            layer.mean,
            layer.std,
            layer.preactivation_std,
            layer.gradient_std,
            layer.saturated,
            layer.zeros,
            layer.weight_gradient_rms,
        )
    ]


NETS = [
    DeepNet((30, 40, 24, 40), "tanh", "gaussian", std=0.05),
    DeepNet((30, 40, 24, 40), "tanh", "gaussian", std=0.6),
    DeepNet((30, 40, 24, 40), "relu", "kaiming"),
    DeepNet((30, 40, 24, 40), "maxout", "xavier"),
    DeepNet((30, 40, 24, 40), "tanh", "gaussian", std=0.6, batchnorm=True),
    DeepNet((30, 40, 24, 40), "relu", "kaiming", dropout=0.4),
    DeepNet((30, 40, 24, 40), "relu", "kaiming", batchnorm=True, dropout=0.4),
    DeepNet((30, 40, 24, 40), "relu", "orthogonal"),
    DeepNet((30, 40, 24, 40), "maxout", "orthogonal", batchnorm=True),
    DeepNet((30, 40, 24, 40), "tanh", "constant", std=0.03),
    DeepNet((4, 3, 12, 2), "relu", "glorot_normal"),  # fewer units than examples
    DeepNet((4, 3, 12, 2), "relu", "orthogonal"),
    DeepNet((1, 40, 1, 10), "selu", "gaussian", std=0.3),
]


@pytest.mark.parametrize("net", NETS, ids=lambda net: f"{net.activation}-{net.initializer}-{net.std}")
def test_a_net_has_the_law_of_the_dense_one(net):
    samples = [
        [numbers_of_a_net(propagate(net, batch=6, seed=start + draw, method=method)) for draw in range(DRAWS)]
        for start, method in ((0, "matrix-free"), (10_000, "dense"))
    ]
    assert compare(*samples) > THRESHOLD


def test_a_wide_net_has_the_entries_of_the_dense_one():
    """At width 1024 a layer has 16,384 entries: their quantiles agree to the sampling error of their dependence."""
    net = DeepNet((1024,) * 4, "tanh", "gaussian", std=0.06)
    ours, theirs = propagate(net, seed=1), propagate(net, seed=2, method="dense")
    for a, b in zip(ours, theirs, strict=True):
        assert stats.ks_2samp(a.activations.ravel(), b.activations.ravel()).statistic < 0.02
        assert stats.ks_2samp(a.gradients.ravel(), b.gradients.ravel()).statistic < 0.03
        assert a.weight_gradient_rms == pytest.approx(b.weight_gradient_rms, rel=0.05)


class ForgetsItsWeights(GaussianProduct):
    """Wrong on purpose: backward through a fresh W, independent of the one that made y."""

    def _back(self, dy):
        rng = np.random.default_rng(self.weights.seed)
        return dy.x @ self.weights.initializer.draw(rng, self.weights.fan_in, self.weights.fan_out, 0.7).T


class ForgetsTheExamplesAreRelated(GaussianProduct):
    """Wrong on purpose: every row of y has the right variance, but rows are independent."""

    def _times(self, x):
        super()._times(x)
        return np.sqrt(x.gram.diagonal())[:, None].astype(np.float32) * np.float32(0.7) * self._Z


@pytest.mark.parametrize("wrong", [ForgetsItsWeights, ForgetsTheExamplesAreRelated])
def test_the_tests_can_fail(wrong, monkeypatch):
    x, _ = arrays(4, 12, 40)
    dense = [numbers_of_a_product(product("gaussian", 12, 40, 10_000 + draw, dense=True), x) for draw in range(DRAWS)]
    monkeypatch.setitem(MATRIX_FREE, "gaussian", wrong)
    ours = [numbers_of_a_product(product("gaussian", 12, 40, draw), x) for draw in range(DRAWS)]
    assert compare(ours, dense) < THRESHOLD**2


@pytest.mark.parametrize("kind", ["full rank", "repeated rows", "zero row", "all zero", "more rows than columns"])
def test_roots_and_frames(kind):
    x = np.random.default_rng(3).standard_normal((6, 40))
    x = {
        "full rank": x,
        "repeated rows": x[[0, 1, 0, 1, 2, 2]],
        "zero row": x * (np.arange(6) != 2)[:, None],
        "all zero": 0 * x,
        "more rows than columns": x[:, :3],
    }[kind]
    rows = Rows(x)
    rank = np.linalg.matrix_rank(x)
    np.testing.assert_allclose((rows.largest * rows.root) @ (rows.largest * rows.root), x @ x.T, atol=1e-10)
    np.testing.assert_allclose(rows.largest * rows.root @ rows.frame, x, atol=1e-6)
    np.testing.assert_allclose(rows.frame @ rows.frame.T, rows.projector, atol=1e-6)
    assert np.trace(rows.projector) == pytest.approx(rank)


def test_a_row_that_is_not_finite_costs_only_itself():
    x, dy = arrays(4, 10, 12)
    x[1, 3], dy[2, 0] = np.inf, np.nan
    layer = product("gaussian", 10, 12, seed=0)
    with np.errstate(invalid="ignore"):
        y, gradient = layer.forward(x), layer.backward(dy)
        dx = gradient.dx()
    assert np.isnan(y).all(axis=1).tolist() == [False, True, False, False]
    assert np.isnan(dx).all(axis=1).tolist() == [False, False, True, False]
    assert np.isnan(gradient.weight_rms)


def test_every_law_without_a_short_cut_is_uniform():
    assert {INITIALIZERS[name].law for name in INITIALIZERS} - set(MATRIX_FREE) == {"uniform"}


def test_the_nets_tested_cover_both_kinds_of_activation_and_every_law():
    assert {INITIALIZERS[net.initializer].law for net in NETS} == set(MATRIX_FREE)
    assert {ACTIVATIONS[net.activation].pieces for net in NETS} == {1, 2}
    assert set(itertools.product([False, True], repeat=2)) <= {(net.batchnorm, net.dropout > 0) for net in NETS}
