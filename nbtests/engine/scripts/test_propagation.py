"""The exported script is executed, and its numbers are compared with the engine's."""

import contextlib
import io

import numpy as np
import pytest
from scipy import stats

from trainingwheels.engine import ACTIVATIONS, INITIALIZERS, DeepNet, InvalidSetting, lecture_script, propagate

WIDTHS = (40, 60, 30, 50)


def run(script):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(script, "script", "exec"), names)
    return names, printed.getvalue().splitlines()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initializer", INITIALIZERS)
@pytest.mark.parametrize(("batchnorm", "dropout"), [(False, 0.0), (True, 0.0), (False, 0.3), (True, 0.3)])
def test_every_combination_runs_forward_and_back(activation, initializer, batchnorm, dropout):
    net = DeepNet(WIDTHS, activation, initializer, 0.05, batchnorm, dropout)
    forward, printed = run(lecture_script(net, batch=8))
    assert [h.shape for h in forward["hs"]] == [(8, width) for width in WIDTHS[1:]]
    assert len(printed) == 3
    both, printed = run(lecture_script(net, batch=8, backward=True))
    assert [dh.shape for dh in both["dhs"]] == [(8, width) for width in WIDTHS[1:]]
    assert len(printed) == 6
    assert all((a == b).all() for a, b in zip(forward["hs"], both["hs"], strict=True))


NETS = [
    DeepNet(WIDTHS, "tanh", "gaussian", std=0.05),
    DeepNet(WIDTHS, "tanh", "xavier", batchnorm=True),
    DeepNet(WIDTHS, "relu", "kaiming", dropout=0.4),
    DeepNet(WIDTHS, "maxout", "orthogonal", batchnorm=True, dropout=0.4),
    DeepNet(WIDTHS, "maxout", "glorot_uniform"),
    DeepNet(WIDTHS, "leaky_relu", "kaiming_uniform"),
    DeepNet(WIDTHS, "sigmoid", "glorot_normal"),
    DeepNet(WIDTHS, "gelu", "kaiming"),
    DeepNet(WIDTHS, "selu", "orthogonal"),
    DeepNet(WIDTHS, "elu", "constant", std=0.02),
    DeepNet(WIDTHS, "silu", "kaiming", batchnorm=True),
]


@pytest.mark.parametrize("net", NETS, ids=lambda net: f"{net.activation}-{net.initializer}")
def test_its_numbers_have_the_law_of_the_dense_engine(net):
    """100 seeds each; per layer, the std, the mean, the gradient's std and the RMS of dL/dW."""
    theirs, ours = [], []
    for seed in range(100):
        names, _ = run(lecture_script(net, 8, seed, backward=True))
        layers = zip(names["hs"], names["dhs"], names["dW_rms"], strict=True)
        theirs.append([(h.std(), h.mean(), dh.std(), rms) for h, dh, rms in layers])
        layers = propagate(net, 8, seed, method="dense")
        ours.append([(each.std, each.mean, each.gradient_std, each.weight_gradient_rms) for each in layers])
    for a, b in zip(np.reshape(ours, (100, -1)).T, np.reshape(theirs, (100, -1)).T, strict=True):
        assert stats.ks_2samp(a, b).pvalue > 1e-4


def test_it_is_the_lectures_script():
    assert lecture_script(DeepNet(std=0.05)) == (
        "import numpy as np\n"
        "\n"
        "np.random.seed(0)\n"
        "dims = [4096] * 7\n"
        "hs = []\n"
        "x = np.random.randn(16, dims[0])\n"
        "for Din, Dout in zip(dims[:-1], dims[1:]):\n"
        "    W = 0.05 * np.random.randn(Din, Dout)\n"
        "    x = x.dot(W)\n"
        "    x = np.tanh(x)\n"
        "    hs.append(x)\n"
        '    print(f"layer {len(hs)}: mean {x.mean():+.3g}, std {x.std():.3g}")\n'
    )


def test_what_it_prints_is_what_the_engine_says():
    _, printed = run(lecture_script(DeepNet((600,) * 3, "relu", "kaiming"), backward=True))
    assert printed[0].startswith("layer 1: mean +0.5")
    assert printed[2].startswith("layer 1: std of dL/dh ")


def test_it_refuses_what_the_engine_refuses():
    with pytest.raises(InvalidSetting, match="batch = 0"):
        lecture_script(DeepNet(), batch=0)
