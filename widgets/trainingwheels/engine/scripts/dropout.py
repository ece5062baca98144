"""Dropout as short plain scripts, in the lecture's notation: what a learner takes home."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.regularizers.dropout import KINDS
from trainingwheels.engine.regularizers.integral import CLASSES, DRAWN
from trainingwheels.engine.regularizers.three_layers import EXAMPLES, RATE, WIDTHS
from trainingwheels.engine.scripts.training import training_script
from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training.mask_ensembles import COUNTS, MODELS
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["ensemble_script", "integral_script", "net_script", "neuron_script", "removal_script"]


def _start(seed: int, keep: float) -> list[str]:
    return [
        "import numpy as np",
        "",
        f"p = {keep!r}  # probability of keeping a unit; RunConfig's and torch's dropout is 1 - p",
        "",
        "",
        "def rng(place, role, piece=0):  # the same address gives the same numbers",
        f"    return np.random.Generator(np.random.SFC64(({seed}, place, role, piece)))",
        "",
        "",
    ]


def net_script(seed: int, keep: float, steps: int, draw: int, example: int, linear: bool) -> str:
    """Train the drawn net, then run both kinds of dropout on one example. It leaves vanilla, inverted, and the means
    over masks that it draws, with the outputs of test time."""
    inputs, first, second, scores = WIDTHS
    bend, slope = ("a", "1") if linear else ("np.maximum(0, a)", "({H} > 0)")
    lines = [
        *_start(seed, keep),
        "def bend(a):",
        f"    return {bend}",
        "",
        "",
        "def initial(layer, units, inputs):",
        f"    return rng(layer, {Role.WEIGHTS:d}).standard_normal((units, inputs)) * np.sqrt(2 / inputs)",
        "",
        "",
        "def masks(step, piece=0):",
        f"    kept = rng(step, {Role.DROPOUT:d}, piece).random(({first + second}, {EXAMPLES})) < p",
        f"    return kept[:{first}], kept[{first}:]",
        "",
        "",
        "def forward(X, U1, U2):  # 3-layer net; U1, U2: masks, or what to scale by",
        "    H1 = bend(np.dot(W1, X) + b1) * U1  # drop!",
        "    H2 = bend(np.dot(W2, H1) + b2) * U2  # drop!",
        "    return H1, H2, np.dot(W3, H2) + b3",
        "",
        "",
        f"X = rng(0, {Role.DATA:d}).standard_normal(({inputs}, {EXAMPLES}))",
        "y = (X[0] * X[1] > 0).astype(int)",
        f"W1, W2, W3 = initial(1, {first}, {inputs}), initial(2, {second}, {first}), initial(3, {scores}, {second})",
        f"b1, b2, b3 = np.zeros(({first}, 1)), np.zeros(({second}, 1)), np.zeros(({scores}, 1))",
        f"for step in range({steps}):",
        "    U1, U2 = (U / p for U in masks(step))  # inverted dropout",
        "    H1, H2, out = forward(X, U1, U2)",
        "    P = np.exp(out - out.max(axis=0))",
        f"    d3 = (P / P.sum(axis=0) - (y == np.arange({scores})[:, None])) / {EXAMPLES}",
        f"    d2 = np.dot(W3.T, d3) * U2 * {slope.format(H='H2')}",
        f"    d1 = np.dot(W2.T, d2) * U1 * {slope.format(H='H1')}",
        "    pairs = ((d1, X), (d2, H1), (d3, H2))",
        "    slopes = [slope for d, H in pairs for slope in (np.dot(d, H.T), d.sum(1, keepdims=True))]",
        f"    rate = {RATE} / max(1, np.sqrt(sum((slope**2).sum() for slope in slopes)))  # a clipped gradient",
        "    W1, b1, W2, b2, W3, b3 = (W - rate * slope for W, slope in zip((W1, b1, W2, b2, W3, b3), slopes))",
        "",
        f"drawn = slice({example}, {example + 1})  # the example that is drawn",
        "x = X[:, drawn]",
        f"U1, U2 = (U[:, drawn] for U in masks({steps}, {draw}))",
        "vanilla = forward(x, U1, U2)[2]  # training: as it is,",
        "vanilla_test = forward(x, p, p)[2]  # test time: scaled by the probability of keeping",
        "inverted = forward(x, U1 / p, U2 / p)[2]  # training: scaled,",
        "inverted_test = forward(x, 1, 1)[2]  # test time: unchanged",
        f"many = np.random.default_rng(0).random(({first + second}, 100_000)) < p",
        f"vanilla_mean = forward(x, many[:{first}], many[{first}:])[2].mean(1, keepdims=True)",
        f"inverted_mean = forward(x, many[:{first}] / p, many[{first}:] / p)[2].mean(1, keepdims=True)",
        *(
            f'print("{kind}: this mask", {kind}.ravel(), "mean", {kind}_mean.ravel(), "test", {kind}_test.ravel())'
            for kind in KINDS
        ),
    ]
    return "\n".join(lines) + "\n"


def neuron_script(w: Sequence[float], x: Sequence[float], inputs: int, keep: float, seed: int) -> str:
    """E[a] over the masks of two inputs, then of more. It leaves the lists means, wholes and stds."""
    lines = [
        *_start(seed, keep),
        f"drawn = rng(0, {Role.INPUT:d}).standard_normal(({inputs}, 2))",
        f"drawn[:2] = np.column_stack([{list(w)!r}, {list(x)!r}])",
        "means, wholes, stds = [], [], []",
        f"for n in (2, {inputs}):",
        "    w, x = drawn[:n].T",
        "    masks = np.arange(2**n)[:, None] >> np.arange(n) & 1",
        "    k = masks.sum(1)",
        "    probability = p**k * (1 - p) ** (n - k)",
        "    a = masks @ (w * x)",
        "    means.append(probability @ a)",
        "    stds.append(np.sqrt(probability @ (a - means[-1]) ** 2))",
        "    wholes.append(w @ x)",
        '    print(f"{n} inputs: E[a] = {means[-1]:.4f}, p times all = {p * wholes[-1]:.4f}, std {stds[-1]:.4f}")',
    ]
    return "\n".join(lines) + "\n"


def integral_script(kind: str, units: int, keep: float, size: float, seed: int) -> str:
    """All masks, drawn masks and the scaled pass. It leaves scaled, arithmetic, drawn and, of probabilities,
    geometric."""
    first = units if kind == "softmax" else (units + 1) // 2
    second = units - first
    last = second or first
    layers = ["h = h * masks"]
    if second:
        bend = "np.maximum(0, h @ W2.T)" if kind == "deep" else "h @ W2.T"
        layers = [f"h = h * masks[:, :{first}]", f"h = {bend} * masks[:, {first}:]"]
    weights = (
        f"rng({{layer}}, {Role.WEIGHTS:d}).standard_normal(({{units}}, {{inputs}})) * {size!r} / np.sqrt({{inputs}})"
    )
    out = [
        "s = h @ W.T",
        "s = s - s.max(1, keepdims=True)",
        "logs = s - np.log(np.exp(s).sum(1, keepdims=True))",
        "return logs if log else np.exp(logs)",
    ]
    lines = [
        *_start(seed, keep),
        f"h = np.abs(rng(0, {Role.INPUT:d}).standard_normal({first}))",
        *([f"W2 = {weights.format(layer=1, units=second, inputs=first)}"] if second else []),
        f"W = {weights.format(layer=2, units=CLASSES, inputs=last)}",
        "",
        "",
        "def net(masks, h=h, log=False):  # inverted dropout divides its masks by p",
        *("    " + line for line in (*layers, *(out if kind != "linear" else ["return h @ W.T"]))),
        "",
        "",
        f"masks = np.arange(2**{units})[:, None] >> np.arange({units}) & 1",
        "k = masks.sum(1)",
        f"probability = p**k * (1 - p) ** ({units} - k)",
        f"scaled = net(np.ones((1, {units})))[0]",
        "arithmetic = probability @ net(masks / p)",
        f"drawn = net((rng(0, {Role.DROPOUT:d}).random(({DRAWN}, {units})) < p) / p).mean(0)",
        'print("scaled pass", scaled, "mean over all masks", arithmetic, "over drawn ones", drawn)',
    ]
    if kind != "linear":
        lines += [
            "logs = probability @ net(masks / p, log=True)",
            "geometric = np.exp(logs - logs.max())",
            "geometric /= geometric.sum()",
            'print("normalized geometric mean", geometric)',
        ]
    return "\n".join(lines) + "\n"


def ensemble_script(config: RunConfig) -> str:
    """Train a net with dropout in torch and average its masks. It leaves ``single``, ``averaged`` and ``spread``."""
    lines = [
        "",
        "net.eval()  # the single scaled pass",
        "with torch.no_grad():",
        "    single = (net(X_val).argmax(1) == y_val).float().mean().item()",
        "net.train()  # every forward pass draws masks: Monte Carlo dropout",
        "with torch.no_grad():",
        f"    P = torch.stack([torch.softmax(net(X_val), 1) for _ in range({MODELS})])",
        f"averaged = {{k: (P[:k].mean(0).argmax(1) == y_val).float().mean().item() for k in {COUNTS}}}",
        "spread = P.std(0)  # of each example's probabilities",
        'print(f"single pass {single:.3f}; masks averaged:", {k: round(a, 3) for k, a in averaged.items()})',
    ]
    return training_script(config) + "\n".join(lines) + "\n"


def removal_script(config: RunConfig, units: Sequence[int]) -> str:
    """Train a net in torch and take these units of its first hidden layer away. It leaves ``whole`` and ``without``."""
    lines = [
        "",
        f"removed = {[int(unit) for unit in units]}  # units of the first hidden layer, from 0",
        "net.eval()",
        "with torch.no_grad():",
        "    whole = (net(X_val).argmax(1) == y_val).float().mean().item()",
        "    linear[1].weight[:, removed] = 0  # nobody hears them any more",
        "    without = (net(X_val).argmax(1) == y_val).float().mean().item()",
        'print(f"validation accuracy {whole:.3f}, without {len(removed)} units {without:.3f}")',
    ]
    return training_script(config) + "\n".join(lines) + "\n"
