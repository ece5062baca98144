"""The same computation as a short script in plain NumPy, in the lecture's notation: what a learner takes home."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.batchnorm import EPSILON
from trainingwheels.engine.initializers import DEFAULT_STD, INITIALIZERS
from trainingwheels.engine.signals.deepnet import DeepNet, check_run

__all__ = ["lecture_script"]


def lecture_script(net: DeepNet, batch: int = 16, seed: int = 0, backward: bool = False) -> str:
    """A runnable script for ``net`` that draws every W and prints the mean and std of each layer's activations.

    It leaves them in the list ``hs``. With ``backward`` it also sends a unit Gaussian gradient back, prints its std and
    the root mean square of dL/dW, and leaves ``dhs`` (dL/dh of each layer) and ``dW_rms``. In law these are the numbers
    of :func:`propagate`; the random streams differ. Raises :class:`InvalidSetting` for arguments out of range.
    """
    batch, seed, _ = check_run(net, batch, seed, "matrix-free")
    lines = [*_setup(net, batch, seed, backward), *_forward(net, backward)]
    return "\n".join(lines + _backward(net) if backward else lines) + "\n"


def _setup(net: DeepNet, batch: int, seed: int, backward: bool) -> list[str]:
    helpers = (ACTIVATIONS[net.activation].code_setup, INITIALIZERS[net.initializer].code_setup)
    return [
        "import numpy as np",
        *(f"\n{code}" for code in helpers if code),
        "",
        f"np.random.seed({seed % 2**32})",
        f"dims = {_dims(net.widths)}",
        "hs = []",
        *(["tape = []"] if backward else []),
        *(["mask = 1"] if backward and net.dropout else []),
        f"x = np.random.randn({batch}, dims[0])",
    ]


def _dims(widths: Sequence[int]) -> str:
    return f"[{widths[0]}] * {len(widths)}" if len(set(widths)) == 1 else str(list(widths))


def _forward(net: DeepNet, backward: bool) -> list[str]:
    activation, initializer = ACTIVATIONS[net.activation], INITIALIZERS[net.initializer]
    W = initializer.code.format(std=DEFAULT_STD if net.std is None else net.std)
    body = [f"W = {W}" if activation.pieces == 1 else f"W = np.hstack([{W}, {W}])"]
    body += ["x_in, x = x, x.dot(W)"] if backward else ["x = x.dot(W)"]
    if net.batchnorm:
        body += [f"sigma = np.sqrt(x.var(axis=0) + {EPSILON:g})", "x = (x - x.mean(axis=0)) / sigma  # batchnorm"]
    if backward:
        body += [f"slope = {activation.code_derivative}", f"tape.append(({', '.join(_taped(net).values())}))"]
    body += [
        f"x = {activation.code}",
        "hs.append(x)",
        'print(f"layer {len(hs)}: mean {x.mean():+.3g}, std {x.std():.3g}")',
    ]
    if net.dropout:
        dropped = f"(np.random.rand(*x.shape) >= {net.dropout}) / (1 - {net.dropout})"
        body += [f"mask = {dropped}  # inverted dropout", "x = x * mask"]
    return ["for Din, Dout in zip(dims[:-1], dims[1:]):", *_indented(body)]


def _taped(net: DeepNet) -> dict[str, str]:
    """What the backward pass reads from each layer: its name there, and its name in the forward pass."""
    taped = {"x_in": "x_in", "W": "W", "slope": "slope"}
    if net.batchnorm:
        taped |= {"x_hat": "x", "sigma": "sigma"}
    if net.dropout:
        taped |= {"mask": "mask"}
    return taped


def _backward(net: DeepNet) -> list[str]:
    pieces = ACTIVATIONS[net.activation].pieces
    body = ["dhs.insert(0, dh)", "dy = dh * slope" if pieces == 1 else "dy = np.hstack([dh, dh]) * slope"]
    if net.batchnorm:
        body += ["dy = (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0)) / sigma"]
    body += [
        "dW = x_in.T.dot(dy)",
        "dW_rms.insert(0, np.sqrt((dW**2).mean()))",
        "dh = dy.dot(W.T)" + (" * mask" if net.dropout else ""),
    ]
    return [
        "",
        "dhs, dW_rms = [], []",
        "dh = np.random.randn(*hs[-1].shape)  # the gradient that arrives from above",
        f"for {', '.join(_taped(net))} in reversed(tape):",
        *_indented(body),
        "for layer, (dh, rms) in enumerate(zip(dhs, dW_rms), 1):",
        '    print(f"layer {layer}: std of dL/dh {dh.std():.3g}, RMS of dL/dW {rms:.3g}")',
    ]


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
