"""Mixup: two examples blended, and their labels with them (Zhang et al., 2018)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["Mixed", "beta_quantile", "blend", "check_mixable", "mixup"]

Floats = NDArray[np.float64]


class Mixed(NamedTuple):
    """A batch blended with itself: example i is ``share`` of itself and the rest of example ``partner[i]``."""

    x: Floats
    y: Floats
    share: float
    partner: NDArray[np.int64]


def mixup(x: ArrayLike, y: ArrayLike, alpha: float, rng: np.random.Generator) -> Mixed:
    """The batch ``x`` (batch, ...) and its one-hot labels ``y`` (batch, classes), both blended with a shuffled self.

    ``x = share x + (1 - share) x[partner]``, the labels alike; the one ``share`` of the batch is a draw from
    Beta(alpha, alpha), as in the authors' code. Of equal ``rng``, a larger alpha has the same partners and a share
    closer to 1/2. At test time examples are left alone. Raises :class:`InvalidSetting` for an alpha that is not above
    0, or for labels of a single class.
    """
    inputs, labels = np.asarray(x, float), np.asarray(y, float)
    check_mixable("mixup", alpha, labels)
    share = float(beta_quantile(rng.random(), alpha))
    partner = rng.permutation(len(inputs))
    return Mixed(blend(inputs, inputs[partner], share), blend(labels, labels[partner], share), share, partner)


def blend(these: ArrayLike, others: ArrayLike, share: float) -> Floats:
    """``share`` of these, of examples as of labels, and the rest of the others, all of one shape."""
    return np.asarray(share * np.asarray(these, float) + (1 - share) * np.asarray(others, float))


def check_mixable(method: str, alpha: float, y: Floats) -> None:
    """Raise :class:`InvalidSetting` unless one-hot labels ``y`` (batch, classes) can be mixed with this alpha."""
    if not alpha > 0:
        raise InvalidSetting(f"alpha = {brief(alpha)} is no distribution Beta(alpha, alpha): choose a number above 0.")
    if y.ndim != 2 or np.count_nonzero(y.any(axis=0)) < 2:
        raise InvalidSetting(f"{method} of a single class mixes no labels: choose examples of at least two classes.")


def beta_quantile(u: ArrayLike, alpha: ArrayLike) -> Floats:
    """Where the share ``u`` of Beta(alpha, alpha) lies below; 1 where alpha is 0, which mixes nothing.

    A number u that is uniform on [0, 1) becomes a draw, and draws of equal u and different alpha belong together.
    """
    from scipy.special import betaincinv  # only who mixes waits for it

    alpha = np.asarray(alpha, float)
    some = np.where(alpha > 0, alpha, 1.0)
    found: Floats = np.where(alpha > 0, betaincinv(some, some, u), 1.0)
    return found
