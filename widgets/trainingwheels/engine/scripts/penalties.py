"""What the penalties lab computes, as short plain NumPy scripts in the lecture's notation."""

from __future__ import annotations

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.penalties import PENALTIES
from trainingwheels.engine.shrinkage import classifier
from trainingwheels.engine.shrinkage.one_example import INPUTS, MARGIN, FullLoss
from trainingwheels.engine.shrinkage.two_weights import Solution

__all__ = ["classifier_script", "full_loss_script", "two_weights_script"]

_DATA_LOSS = {
    "hinge": f"""\
margins = np.maximum(0, s - s[y] + {MARGIN:g})
margins[y] = 0
data_loss = margins.sum()
ds = (margins > 0).astype(float)
ds[y] -= ds.sum()""",
    "softmax": """\
p = np.exp(s - s.max())
p /= p.sum()
data_loss = -np.log(p[y])
ds = p.copy()
ds[y] -= 1""",
}


def full_loss_script(full: FullLoss) -> str:
    """The loss of one example and its gradient: leaves ``data_loss``, ``R``, ``L`` and ``dW``."""
    penalty = PENALTIES[full.penalty]
    return f"""import numpy as np

lam, beta = {full.lam:g}, {full.beta:g}
W = np.array({full.weights.tolist()})  # a row for each class
x, y = np.ones({INPUTS}), 0  # the example, and its true class
s = W @ x

{_DATA_LOSS[full.loss]}

R = {penalty.code}
L = data_loss + lam * R
dW = np.outer(ds, x) + lam * ({penalty.code_gradient})
print(f"data loss {{data_loss:.4f}} + {{lam:g}} x R(W) {{R:.4f}} = {{L:.4f}}")
print("dL/dW\\n", dW.round(3))
"""


def two_weights_script(solution: Solution) -> str:
    """The best two weights by proximal steps: leaves ``w`` and ``pull``."""
    bowl, (squares, absolutes) = solution.bowl, PENALTIES[solution.penalty].parts(solution.beta)
    return f"""import numpy as np

lam = {solution.lam:g}
squares, absolutes = {squares:g}, {absolutes:g}  # R(w) = squares sum w^2 + absolutes sum |w|
optimum = np.array([{bowl.optimum[0]:g}, {bowl.optimum[1]:g}])  # of the data loss 1/2 (w - optimum) H (w - optimum)
angle = np.deg2rad({bowl.angle:g})
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
H = turn @ np.diag([1 / {bowl.stretch:.10g}**2, 1]) @ turn.T

w = np.zeros(2)
for _ in range(5000):  # a gradient step of the data loss, its largest curvature being 1, then a step of the penalty
    w = w - H @ (w - optimum)
    w = np.sign(w) * np.maximum(np.abs(w) - lam * absolutes, 0) / (1 + 2 * lam * squares)
pull = np.diag(H) * w - H @ (w - optimum)  # of the data on each weight at 0, the other one held
print("best weights", w.round(4))
for i in range(2):
    verdict = "so it is 0" if abs(pull[i]) <= lam * absolutes else "so it is not 0"
    print(f"the data pull w{{i + 1}} off 0 with {{abs(pull[i]):.3f}}, threshold {{lam * absolutes:.3f}}:", verdict)
"""


def classifier_script(penalty: str, beta: float, examples: int, method: str, lam: float) -> str:
    """Softmax regression on digits: leaves ``W``, ``b``, ``zeros`` and the accuracies ``train`` and ``val``."""
    squares, absolutes = PENALTIES[penalty].parts(beta)
    features = "X.shape[1]"
    body = {
        "proximal": f"""\
W = ahead = np.zeros(({features}, 10))
t = 1.0
for step in range({classifier.STEPS}):  # Beck and Teboulle, 2009
    before, W = W, ahead - lr * gradient(ahead)
    threshold = lr * lam * absolutes
    W[:-1] = np.sign(W[:-1]) * np.maximum(np.abs(W[:-1]) - threshold, 0) / (1 + 2 * lr * lam * squares)
    t, last = (1 + np.sqrt(1 + 4 * t**2)) / 2, t
    ahead = W + (last - 1) / t * (W - before) if step < {classifier.STEPS - classifier.PLAIN} else W""",
        "subgradient": f"""\
W = {classifier.START:g} * np.random.default_rng(0).standard_normal(({features}, 10))
for step in range({classifier.STEPS}):
    dW = gradient(W)
    dW[:-1] += lam * (2 * squares * W[:-1] + absolutes * np.sign(W[:-1]))
    W = W - lr * dW""",
    }[method]
    return f"""import numpy as np

{DATASETS["digits"].code}

lam = {lam:g}
squares, absolutes = {squares:g}, {absolutes:g}  # R(W) = squares sum W^2 + absolutes sum |W|
X_train, y_train = X_train[:{examples}].astype(float), y_train[:{examples}]
pixels = np.ptp(X_train, axis=0) > 0  # the others tell nothing
mean = X_train[:, pixels].mean(axis=0)
X, V = (np.column_stack([A[:, pixels] - mean, np.ones(len(A))]) for A in (X_train, X_val))  # the last row of W: biases
Y = np.eye(10)[y_train]


def gradient(W):  # of the mean softmax loss
    s = X @ W
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return X.T @ (p - Y) / len(X)


lr = 2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1]  # 1 over the largest curvature that the loss can have
{body}

W, b = W[:-1], W[-1]
zeros = np.sum(W == 0)
train, val = (np.mean((A[:, :-1] @ W + b).argmax(axis=1) == y) for A, y in ((X, y_train), (V, y_val)))
print(f"lambda {{lam:g}}: {{zeros}} of {{W.size}} weights are 0; training {{train:.1%}}, validation {{val:.1%}}")
"""
