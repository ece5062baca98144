"""What the preprocessing lab computes, as short plain NumPy scripts in the lecture's notation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.data.leakage import MOST, RIDGE
from trainingwheels.engine.geometry.bowls import GOAL
from trainingwheels.engine.geometry.clouds import Cloud
from trainingwheels.engine.geometry.turning import NOISE
from trainingwheels.engine.geometry.turning import RIDGE as TRACE
from trainingwheels.engine.preprocessing import SMALLEST

__all__ = [
    "cloud_script",
    "components_script",
    "descent_script",
    "leak_script",
    "means_script",
    "points_script",
    "turn_script",
]

EPS = f"{SMALLEST:g}"

_STEPS = f"""
centred = X - X.mean(axis=0)
normalized = centred / np.sqrt(centred.var(axis=0) + {EPS})
variances, U = np.linalg.eigh(centred.T @ centred / len(X))
variances, U = variances[::-1].clip(0), U[:, ::-1]  # largest first
decorrelated = centred @ U
whitened = decorrelated / np.sqrt(variances + {EPS})
steps = {{"original": X, "centred": centred, "normalized": normalized}}
steps |= {{"decorrelated": decorrelated, "whitened": whitened}}
"""

_PRINT_STEPS = f"""
for name, points in steps.items():
    deviations = points - points.mean(axis=0)
    print(name, "mean", points.mean(axis=0).round(3), "covariance", (deviations.T @ deviations / len(X)).round(3))
back = whitened * np.sqrt(variances + {EPS}) @ U.T + X.mean(axis=0)
print("the way back misses by", np.abs(back - X).max())
"""


def _draw(cloud: Cloud) -> str:
    """Code that leaves the sources z, the rotation R and the points X."""
    exact = "z = z - z.mean(axis=0)\nz = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, bias=True))).T\n"
    return (
        "import numpy as np\n\n"
        f"z = np.random.default_rng({cloud.seed}).normal(size=({cloud.points}, 2))\n"
        f"{exact if cloud.exact else ''}"
        f"angle = np.deg2rad({cloud.angle:g})\n"
        "R = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])\n"
        f"X = z * [{', '.join(f'{std:.12g}' for std in cloud.stds)}] @ R.T + [{cloud.shift[0]:g}, {cloud.shift[1]:g}]\n"
    )


def cloud_script(cloud: Cloud) -> str:
    """The five steps on a cloud: leaves ``steps``, name to points."""
    return _draw(cloud) + _STEPS + _PRINT_STEPS


def points_script(X: NDArray[np.floating[Any]]) -> str:
    """The five steps on points of the learner's own."""
    rows = ", ".join(f"[{x:.7g}, {y:.7g}]" for x, y in X)
    return f"import numpy as np\n\nX = np.array([{rows}])\n" + _STEPS + _PRINT_STEPS


def turn_script(cloud: Cloud, degrees: float) -> str:
    """The loss of the best linear classifier, and after a turn of its weights: leaves ``losses``, name to loss."""
    return f"""{_draw(cloud)}
y = (z.sum(axis=1) + {NOISE:g} * np.random.default_rng({cloud.seed + 1}).normal(size=len(z)) > 0).astype(float)
{_STEPS}
A = np.column_stack([whitened, np.ones(len(X))])
theta = np.zeros(3)
for _ in range(12):  # Newton's method, with a trace of L2
    p = 1 / (1 + np.exp(-A @ theta))
    H = A.T @ (A * (p * (1 - p))[:, None]) / len(A) + {TRACE:g} * np.eye(3)
    theta -= np.linalg.solve(H, A.T @ (p - y) / len(A) + {TRACE:g} * theta)
scores = A @ theta

turn = np.deg2rad({degrees:g})
T = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
losses = {{}}
for name, points in steps.items():
    *w, b = np.linalg.lstsq(np.column_stack([points, np.ones(len(X))]), scores, rcond=None)[0]  # the same scores here
    for what, weights in (("best", np.array(w)), ("turned", T @ w)):
        s = points @ weights + b
        losses[name, what] = np.mean(np.logaddexp(0, s) - y * s)
        print(name, what, round(losses[name, what], 4))
"""


def descent_script(cloud: Cloud, rate: float) -> str:
    """Gradient descent on least squares, step by step: leaves ``taken``, name to number of steps."""
    return f"""{_draw(cloud)}
y = z.sum(axis=1)
{_STEPS}
taken = {{}}
for name, points in steps.items():
    A = np.column_stack([points, np.ones(len(X))])
    curvatures = np.linalg.eigvalsh(A.T @ A / len(A))
    w, start = np.zeros(3), np.mean(y**2) / 2
    for step in range(20001):
        error = A @ w - y
        loss = np.mean(error**2) / 2
        if loss <= {GOAL:g} * start or loss > 1e6 * start:
            break
        w -= {rate:g} / curvatures[-1] * A.T @ error / len(A)
    taken[name] = step if loss <= {GOAL:g} * start else None
    print(name, "condition", round(curvatures[-1] / curvatures[0], 1), "steps", taken[name])
"""


def means_script(images: str, examples: int) -> str:
    """Mean image and mean of each channel: leaves ``mean_image`` and ``channel_mean``."""
    return f"""from trainingwheels.engine.data.photographs import IMAGE_SETS

images = IMAGE_SETS[{images!r}].load()
X_train, X_test = images.train[:{examples}], images.shown  # (images, channels, height, width)

mean_image = X_train.mean(axis=0)  # AlexNet
channel_mean = X_train.mean(axis=(0, 2, 3))  # VGG
print("mean of each channel", channel_mean.round(3))
print("test images minus the mean image:", (X_test - mean_image).mean(axis=(1, 2, 3)).round(3))
print("test images minus the channels' means:", (X_test - channel_mean[:, None, None]).mean(axis=(1, 2, 3)).round(3))
"""


def components_script(examples: int, k: int) -> str:
    """PCA of digits: leaves ``kept``, ``rebuilt`` and ``whitened``."""
    return f"""import numpy as np

{DATASETS["digits"].code}
X_train = X_train[:{examples}]
mean = X_train.mean(axis=0)
variances, U = np.linalg.eigh(np.cov((X_train - mean).T.astype(np.float64), bias=True).reshape(64, 64))
variances, U = variances[::-1].clip(0), U[:, ::-1]  # one component a column, the largest variance first

k = {k}
kept = variances[:k].sum() / max(variances.sum(), 1e-12)
rebuilt = (X_val - mean) @ U[:, :k] @ U[:, :k].T + mean
whitened = (X_val - mean) @ U / np.sqrt(variances + {EPS}) @ U.T  # turned back to pixels
print(f"{{k}} of 64 components keep {{kept:.1%}} of the variance; other digits are missed by", (rebuilt - X_val).std())
"""


_LEARN = {
    "none": "return np.zeros(64), np.eye(64), np.ones(64)",
    "centre": "return X.mean(axis=0), np.eye(64), np.ones(64)",
    "centre_channels": "return np.full(64, X.mean()), np.eye(64), np.ones(64)",
    "normalize": f"return X.mean(axis=0), np.eye(64), np.sqrt(X.var(axis=0) + {EPS})",
    "pca": "return X.mean(axis=0), axes(X)[0], np.ones(64)",
    "whiten": f"U, variances = axes(X)\n    return X.mean(axis=0), U, np.sqrt(variances + {EPS})",
}
_AXES = """def axes(X):
    variances, U = np.linalg.eigh(np.cov(X.T.astype(np.float64), bias=True).reshape(64, 64))
    return U[:, ::-1], variances[::-1].clip(0)


"""
_OWN = {
    "pca": "own = X_test.mean(axis=0), honest[1], honest[2]  # the directions that the classifier knows",
    "whiten": "own = X_test.mean(axis=0), honest[1], 1.0  # the directions that the classifier knows\n"
    f"    own = *own[:2], np.sqrt(apply(own, X_test)[:, :-1].var(axis=0) + {EPS})",
}


def leak_script(preprocessing: str, train_size: int, test_size: int, drift: float, repeats: int) -> str:
    """Test accuracy by where the statistics come from: leaves ``accuracies`` and ``unseen``,
    name to list."""
    helper = _AXES if preprocessing in ("pca", "whiten") else ""
    own = _OWN.get(preprocessing, "own = learn(X_test)")
    return f"""import numpy as np

{DATASETS["digits"].code}
digits_X, digits_y = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])


{helper}def learn(X):
    {_LEARN[preprocessing]}


def apply(learned, X):
    mean, U, scale = learned
    return np.column_stack([(X - mean) @ U / scale, np.ones(len(X))])


def classifier(A, y):
    penalty = np.diag([{RIDGE:g} * len(A)] * 64 + [1e-9])
    return np.linalg.solve(A.T @ A + penalty, A.T @ np.eye(10)[y])


accuracies, unseen = ({{"train": [], "both": [], "test": []}} for _ in range(2))
for repeat in range({repeats}):
    order = np.random.default_rng(repeat).permutation(len(digits_X))
    train, others, test = np.split(order, [{train_size}, len(order) - {test_size}])
    X, y, X_test = digits_X[train], digits_y[train], digits_X[test] + np.float32({drift:g})
    honest, both = learn(X), learn(np.concatenate([X, X_test]))
    {own}
    W, W_both = classifier(apply(honest, X), y), classifier(apply(both, X), y)
    for name, learned, weights in (("train", honest, W), ("both", both, W_both), ("test", own, W)):
        for found, some in ((accuracies, test), (unseen, others[:{MOST}])):
            scores = apply(learned, digits_X[some] + np.float32({drift:g})) @ weights
            found[name].append(np.mean(scores.argmax(axis=1) == digits_y[some]))
for name in accuracies:
    print("statistics from", name, "- test accuracy", np.mean(accuracies[name]).round(4), end=", ")
    print("on digits that no statistic has seen", np.mean(unseen[name]).round(4))
"""
