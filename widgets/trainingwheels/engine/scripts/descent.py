"""What the optimizers lab computes, as short plain NumPy scripts in the lecture's notation."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.descent import batches
from trainingwheels.engine.descent.quadratics import Quadratic
from trainingwheels.engine.descent.surfaces import SURFACES, Surface
from trainingwheels.engine.descent.updates import Hyper
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.schedules import SCHEDULES

__all__ = ["batches_script", "path_script", "quadratic_script"]

_RULES = {
    "sgd": "w = w - lr * g",
    "momentum": """\
v = momentum * v + g
    w = w - lr * v""",
    "nesterov": """\
v = momentum * v + g
    w = w - lr * (g + momentum * v)""",
    "adagrad": """\
s = s + g**2
    w = w - lr * g / (np.sqrt(s) + 1e-10)""",
    "rmsprop": """\
s = beta2 * s + (1 - beta2) * g**2
    w = w - lr * g / (np.sqrt(s) + 1e-8)""",
    "adam": """\
v = momentum * v + (1 - momentum) * g
    s = beta2 * s + (1 - beta2) * g**2
    m = v / (1 - momentum**t)
    w = w - lr * m / (np.sqrt(s / (1 - beta2**t)) + 1e-8)""",
}


def path_script(
    surface: Surface, name: str, start: tuple[float, float], steps: int, hyper: Hyper, seed: int = 0
) -> str:
    """The path of one rule on a surface: leaves ``path`` (steps + 1, 2) and ``losses``."""
    kind, rule = SURFACES[surface.name], OPTIMIZERS[name]
    beta2 = rule.beta2 if hyper.beta2 is None else hyper.beta2
    update = _RULES["adam" if name == "adamw" else name]
    if hyper.l2:
        decay = "w = w - 2 * lr * l2 * w" if rule.decoupled else "g = g + 2 * l2 * w"
        update = f"{decay}\n    {update}"
    noise = f" + {kind.noise:g} * noise[t - 1]" if kind.noise else ""
    drawn = f"noise = np.random.default_rng({seed}).standard_normal(({steps}, 2))\n" if kind.noise else ""
    return f"""import numpy as np

# {rule.label} on the {kind.label}, turned by {surface.angle:g} degrees
lr, momentum, beta2, l2 = {hyper.lr:g}, {hyper.momentum:g}, {beta2:g}, {hyper.l2:g}
angle = np.deg2rad({surface.angle:g})
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def loss(w):
    x, y = w @ turn
    return {kind.code}


def gradient(w):
    x, y = w @ turn
    return turn @ np.array([{kind.code_gradient}])


{drawn}w = np.array([{start[0]:g}, {start[1]:g}])
v = s = np.zeros(2)  # first and second moment
path = [w]
for t in range(1, {steps} + 1):
    g = gradient(w){noise}
    {update}
    path.append(w)
losses = np.array([loss(w) for w in path])
print(f"loss {{losses[0]:.4g}} at the start, {{losses[-1]:.4g}} after {steps} steps, at w = {{w.round(4)}}")
"""


def quadratic_script(quadratic: Quadratic, steps: int) -> str:
    """Each direction of a quadratic loss: leaves ``distances`` (steps + 1, directions) and their ``rates``."""
    nesterov = quadratic.method == "nesterov"
    step = "g + momentum * v" if nesterov else "v"
    b, c = (
        ("(1 + momentum) * (1 - lr * h)", "momentum * (1 - lr * h)")
        if nesterov
        else ("1 + momentum - lr * h", "momentum")
    )
    return f"""import numpy as np

lr, momentum = {quadratic.lr:g}, {quadratic.momentum:g}  # lr times the largest curvature
curvatures = np.geomspace(1, 1 / {quadratic.condition:.10g}, {len(quadratic.curvatures)})

e, v = np.ones(len(curvatures)), np.zeros(len(curvatures))  # distances from the lowest point, at rest
distances = [e]
for _ in range({steps}):
    g = curvatures * e
    v = momentum * v + g
    e = e - lr * ({step})
    distances.append(e)
distances = np.array(distances)

rates = np.array([np.abs(np.roots([1, -({b}), {c}])).max() for h in curvatures])  # eigenvalues of a step
for h, rate, left in zip(curvatures, rates, distances[-1]):
    print(f"curvature {{h:.4f}}: rate {{rate:.4f}}, distance after {steps} steps {{left:.3g}}")
"""


def batches_script(
    examples: batches.Examples, sizes: Sequence[int], lr: float, schedule: str, start: tuple[float, float]
) -> str:
    """Least squares with batches of several sizes: leaves ``paths``, size to points (steps + 1, 2), and ``losses``."""
    return f"""import math

import numpy as np

examples, epochs, lr = {batches.EXAMPLES}, {batches.EPOCHS}, {lr:.10g}
rng = np.random.default_rng({examples.seed})
X = rng.standard_normal((examples, 2)) * {batches.SPREADS}
y = X @ {batches.BEST} + {examples.noise:g} * rng.standard_normal(examples)

paths, losses = {{}}, {{}}
for size in {tuple(sizes)}:
    rng = np.random.default_rng(({examples.seed}, 1))
    w = np.array([{start[0]:g}, {start[1]:g}])
    path = [w]
    T, t = epochs * examples // size, 0
    for epoch in range(epochs):
        order = rng.permutation(examples)
        for first in range(0, examples, size):
            rows = order[first : first + size]
            g = X[rows].T @ (X[rows] @ w - y[rows]) / size
            w = w - lr * {_factor(schedule)} * g
            path.append(w)
            t += 1
    paths[size] = np.array(path)
    losses[size] = ((paths[size] @ X.T - y) ** 2).mean(axis=1) / 2
    print(f"batches of {{size}}: {{T}} steps, loss {{losses[size][0]:.4g}} to {{losses[size][-1]:.4g}}")
"""


def _factor(schedule: str) -> str:
    """The schedule's factor on lr as Python, without warm-up (w = 1)."""
    return "(" + SCHEDULES[schedule].code.replace("w / (w + t)", "1 / (1 + t)") + ")"
