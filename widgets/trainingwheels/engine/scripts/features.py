"""Features of noise, chosen before splitting and inside each fold, as a short plain NumPy script."""

from __future__ import annotations

__all__ = ["features_script"]


def features_script(examples: int, features: int, chosen: int, folds: int) -> str:
    """Leaves ``before`` and ``inside``, what cross-validation says either way."""
    return f"""import numpy as np

examples, features, chosen, folds, repeats = {examples}, {features}, {chosen}, {folds}, 20


def telling(X, y):  # the features whose means differ most between the classes
    return np.abs(X[y == 0].mean(axis=0) - X[y == 1].mean(axis=0)).argsort()[-chosen:]


def nearer(X, y, points):  # the class whose mean is nearer
    means = np.stack([X[y == each].mean(axis=0) for each in (0, 1)])
    return ((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)


def right(X, y, fold, columns):  # of the examples left out, each once
    found = []
    for out in range(folds):
        train, val = fold != out, fold == out
        own = telling(X[train], y[train]) if columns is None else columns
        found += [*(nearer(X[train][:, own], y[train], X[val][:, own]) == y[val])]
    return np.mean(found)


rng = np.random.default_rng(0)
before, inside = [], []
for _ in range(repeats):
    X, y = rng.normal(size=(examples, features)), np.arange(examples) % 2  # nothing to learn
    fold = rng.permutation(examples // 2).repeat(2) % folds
    before.append(right(X, y, fold, telling(X, y)))  # wrong: what is left out has had its say
    inside.append(right(X, y, fold, None))
before, inside = np.mean(before), np.mean(inside)
print(f"features chosen before splitting: {{before:.0%}}; inside each fold: {{inside:.0%}}; the truth: 50%")
"""
