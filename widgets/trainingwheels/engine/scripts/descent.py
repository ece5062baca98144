"""What the optimizers lab computes, as short plain NumPy scripts in the lecture's notation."""

from __future__ import annotations

from trainingwheels.engine.descent.surfaces import SURFACES, Surface
from trainingwheels.engine.descent.updates import Hyper
from trainingwheels.engine.optimizers import OPTIMIZERS

__all__ = ["path_script"]

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
