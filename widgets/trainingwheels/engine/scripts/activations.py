"""A nonlinearity, and a row of units that use it, as short plain NumPy scripts."""

from __future__ import annotations

from trainingwheels.engine.activations import Activation

__all__ = ["chain_script", "function_script", "two_weights_script"]


def function_script(activation: Activation, at: float, mean: float, std: float) -> str:
    """A script that prints value and slope at an input, and averages over a sample of Gaussian inputs."""
    return f"""{_functions(activation)}

x = {float(at)!r}
print("f(x) =", f(x), " f'(x) =", df(x))

rng = np.random.default_rng(0)
inputs = rng.normal({mean:.9g}, {std:.9g}, 1_000_000)
outputs = f(inputs)
print("outputs: mean", outputs.mean(), "std", outputs.std())
print("mean slope", df(inputs).mean())
"""


def chain_script(activation: Activation, at: float, n: int, w: float, b: float) -> str:
    """A script that sends an input through units in a row, and prints value and gradient after each."""
    return f"""{_functions(activation)}

np.seterr(all="ignore")  # a long row may overflow
w, b = {w:.9g}, {b:.9g}
a, gradient = {float(at)!r}, 1.0  # gradient = da/dx, by the chain rule
for unit in range({n}):
    z = w * a + b
    a, gradient = f(z), gradient * w * df(z)
    print(f"unit {{unit + 1}}: value {{a:.6g}}, gradient {{gradient:.6g}}")
"""


def two_weights_script(activation: Activation, steps: int, rate: float, mean: float, std: float, seed: int) -> str:
    """A script that trains two weights on one example after the other; it leaves ``xs`` and ``path``."""
    return f"""{_functions(activation)}

rng = np.random.default_rng({seed})
xs = f(rng.normal({mean:.9g}, {std:.9g}, ({steps}, 2)))  # the outputs of the layer below
wanted, w = np.array([1.0, -1.0]), np.zeros(2)
path = [w]
for x in xs:
    dz = w @ x - wanted @ x  # of the loss (w x - wanted x)^2 / 2
    w = w - {rate:.9g} * dz * x  # dL/dw_i = x_i dL/dz
    path.append(w)
print("w =", w)
steps = np.diff(path, axis=0)
print("both weights moved the same way in", np.sum(steps.prod(axis=1) > 0), "of", len(steps), "steps")
"""


def _functions(activation: Activation) -> str:
    lines = ["import numpy as np", *([activation.code_setup] if activation.code_setup else [])]
    return "\n".join(
        [
            *sorted(lines, reverse=True),
            "",
            "",
            f"def f(x):  # {activation.label}",
            f"    return {activation.code}",
            "",
            "",
            "def df(x):",
            f"    return 1.0 * {activation.code_derivative}",
            "",
        ]
    )
