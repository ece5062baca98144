"""Batch normalization as short scripts in plain NumPy: what a learner takes home."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.batchnorm import NORMALIZATIONS
from trainingwheels.engine.signals.batch_statistics import MEANS, SCALES, SHAPES, UNITS

__all__ = ["backward_script", "layer_script", "running_script"]

# The engine's own noise has addresses; a script draws from NumPy's generator: the same law, other numbers.


def layer_script(
    shape: str, mean: float, scale: float, batch: int, positions: int, normalization: str, gamma: float, beta: float,
    epsilon: float, recover: bool, seed: int,
) -> str:  # fmt: skip
    """Draw activations and normalize them. It leaves x, x_hat and y, (batch, units, positions)."""
    kind, laws = NORMALIZATIONS[normalization], SHAPES[shape].laws
    chosen = [f"gamma, beta = {gamma!r}, {beta!r}"]
    if recover:
        chosen = [
            f"gamma = np.sqrt(x.var((0, 2), keepdims=True) + {epsilon!r})  # recover the identity",
            "beta = x.mean((0, 2), keepdims=True)",
        ]
    lines = [
        "import numpy as np",
        "",
        "",
        f"def normalize(x, gamma, beta, epsilon={epsilon!r}, axes={kind.axes!r}):  # {kind.label}",
        "    mu = x.mean(axes, keepdims=True)",
        "    var = ((x - mu) ** 2).mean(axes, keepdims=True)",
        "    x_hat = (x - mu) / np.sqrt(var + epsilon)",
        "    return x_hat, gamma * x_hat + beta",
        "",
        "",
        *_draws(seed, f"({batch}, {UNITS}, {positions})"),
        f"laws = [{', '.join(law.code for law in laws)}]",
        "x = np.empty(a.shape)  # (batch, units, positions)",
        f"for unit in range({UNITS}):",
        f"    mean, scale = {mean!r} * {MEANS!r}[unit % 4], {scale!r} * {SCALES!r}[unit % 4]",
        "    x[:, unit] = mean + scale * laws[unit % 4][:, unit]",
        *chosen,
        "x_hat, y = normalize(x, gamma, beta)",
        'for name, values in (("x", x), ("x_hat", x_hat), ("y", y)):',
        '    print(name, "unit 1: mean %.3f, std %.3f" % (values[:, 0].mean(), values[:, 0].std()))',
    ]
    return "\n".join(lines) + "\n"


def _draws(seed: int, size: str) -> list[str]:
    return [f"rng = np.random.default_rng({seed})", f"a, b, c, d = rng.standard_normal((4, *{size}))"]


def running_script(
    shape: str, mean: float, scale: float, batch: int, momentum: float, epsilon: float, steps: int, seed: int
) -> str:
    """Keep running statistics over ``steps`` batches. It leaves running_mean and running_var."""
    lines = [
        "import numpy as np",
        "",
        "",
        "def update(running, new):  # momentum is the share of the new batch, as in PyTorch",
        f"    return (1 - {momentum!r}) * running + {momentum!r} * new",
        "",
        "",
        *_draws(seed, f"({steps}, {batch})"),
        f"batches = {mean!r} + {scale!r} * ({SHAPES[shape].laws[0].code})",
        "running_mean, running_var = 0.0, 1.0",
        "for x in batches:  # training normalizes each batch with its own statistics",
        "    running_mean = update(running_mean, x.mean())",
        "    running_var = update(running_var, x.var(ddof=1))",
        'print(f"running mean {running_mean:.3f}, running variance {running_var:.3f}")',
        f"x = {mean!r} + 1.5 * {scale!r}  # test time: one example is enough",
        f'print(f"x_hat = {{(x - running_mean) / np.sqrt(running_var + {epsilon!r}):.3f}}")',
    ]
    return "\n".join(lines) + "\n"


def backward_script(x: Sequence[float], dy: Sequence[float], gamma: float, beta: float, epsilon: float) -> str:
    """The graph forward and backward, one line per gate. It leaves dx, dgamma and dbeta, and every value between."""
    lines = [
        "import numpy as np",
        "",
        f"x = np.array({list(x)!r})",
        f"dy = np.array({list(dy)!r})  # dL/dy",
        f"gamma, beta, epsilon, m = {gamma!r}, {beta!r}, {epsilon!r}, {len(x)}",
        "",
        "mu = x.sum() / m  # forward",
        "centred = x - mu",
        "squares = centred**2",
        "var = squares.sum() / m",
        "sigma = np.sqrt(var + epsilon)",
        "inverse = 1 / sigma",
        "x_hat = centred * inverse",
        "scaled = gamma * x_hat",
        "y = scaled + beta",
        "",
        "dbeta = dy.sum()  # backward, in reverse",
        "dscaled = dy",
        "dgamma = (dscaled * x_hat).sum()",
        "dx_hat = dscaled * gamma",
        "dinverse = (dx_hat * centred).sum()",
        "dsigma = -dinverse * inverse**2",
        "dvar = dsigma / (2 * sigma)",
        "dsquares = dvar / m * np.ones(m)",
        "dcentred = dx_hat * inverse + dsquares * 2 * centred",
        "dmu = -dcentred.sum()",
        "dx = dcentred + dmu / m",
        'print("dL/dx =", dx, "dL/dgamma =", dgamma, "dL/dbeta =", dbeta)',
    ]
    return "\n".join(lines) + "\n"
