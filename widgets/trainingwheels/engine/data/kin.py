"""Data sets that are made of others: some of their classes, or the same examples seen in another way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Table, brief

if TYPE_CHECKING:
    from trainingwheels.engine.data.datasets import Dataset

__all__ = ["VIEWINGS", "Viewing", "kin"]

NAME = re.compile(r"(?P<set>.+?)(?:-(?P<viewing>[a-z]+))?(?:-(?P<first>\d{1,3})-(?P<last>\d{1,3}))?")


@dataclass(frozen=True)
class Viewing:
    """Another way to see the same examples. ``change`` does it to X (n, features) of a set whose examples have the
    ``shape``; ``code`` is the same in NumPy, for an array X. ``images`` says that it needs images as high as wide."""

    name: str
    label: str
    change: Callable[[NDArray[Any], tuple[int, ...]], NDArray[Any]]
    code: str
    images: bool = False


def _turned(X: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    return np.rot90(X.reshape(-1, *shape), axes=(2, 3)).reshape(len(X), -1)


def _shuffled(X: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    return X[:, np.random.default_rng(0).permutation(X.shape[1])]


VIEWINGS: Table[Viewing] = Table(
    "viewing",
    (
        Viewing("inverted", "inverted", lambda X, shape: 1 - X, "1 - X"),
        Viewing("bytes", "in units of a 255th", lambda X, shape: 255 * X, "255 * X"),
        Viewing(
            "turned",
            "a quarter turned",
            _turned,
            "np.rot90(X.reshape(-1, {shape}), axes=(2, 3)).reshape(len(X), -1)",
            images=True,
        ),
        Viewing(
            "shuffled",
            "numbers in another order",
            _shuffled,
            "X[:, np.random.default_rng(0).permutation(X.shape[1])]",
        ),
    ),
)


def kin(name: str, sets: Mapping[str, Dataset]) -> Dataset | None:
    """The set called ``name`` if that is a set's name, how it is seen and which classes of it: "digits-0-4",
    "mnist1d-shuffled", "digits-turned-5-9". None if it begins with no set's name.

    Classes are those from the first to the last, called 0, 1, ... from then on. Raises :class:`InvalidSetting` for
    classes that the set does not have.
    """
    found = NAME.fullmatch(name)
    if found is None or found["set"] not in sets or name == found["set"]:
        return None
    return _made(sets[found["set"]], name, *found.group("viewing", "first", "last"))


@lru_cache(maxsize=64)
def _made(parent: Dataset, name: str, viewing: str | None, first: str | None, last: str | None) -> Dataset | None:
    made = parent
    if viewing is not None:
        if viewing not in VIEWINGS:
            return None
        made = _seen(made, VIEWINGS[viewing], name)
    return made if first is None or last is None else _classes(made, int(first), int(last), name)


def _seen(parent: Dataset, viewing: Viewing, name: str) -> Dataset:
    shape = parent.shape
    if viewing.images and (len(shape) != 3 or shape[1] != shape[2]):
        raise InvalidSetting(
            f"dataset = {brief(name)} turns images, and {parent.name} has none: choose a set of images."
        )

    def load(train_size: int | None, noise: float) -> Any:
        X_train, y_train, X_val, y_val = parent.load(train_size, noise)
        return viewing.change(X_train, shape), y_train, viewing.change(X_val, shape), y_val

    change = viewing.code.replace("{shape}", ", ".join(map(str, shape)))
    code = f"{parent.code}\n\nX_train, X_val = ({change} for X in (X_train, X_val))"
    return replace(
        parent, name=f"{parent.name}-{viewing.name}", label=f"{parent.label}, {viewing.label}", load=load, code=code
    )


def _classes(parent: Dataset, first: int, last: int, name: str) -> Dataset:
    if not first < last < parent.classes:
        raise InvalidSetting(
            f"dataset = {brief(name)} is not there: {parent.name} has the classes 0 to {parent.classes - 1}; choose "
            f"two or more of them, as in {parent.name}-0-{max(1, parent.classes // 2 - 1)}."
        )
    kept, of = last - first + 1, parent.classes

    def load(train_size: int | None, noise: float) -> Any:
        size = train_size or parent.examples
        X_train, y_train, X_val, y_val = parent.load(
            size * of // kept + of if parent.noise is not None else None, noise
        )
        train, val = (first <= y_train) & (y_train <= last), (first <= y_val) & (y_val <= last)
        return X_train[train][:size], y_train[train][:size] - first, X_val[val], y_val[val] - first

    there = parent.examples if parent.noise is not None else parent.examples * kept // of
    if parent.noise is None and not parent.missing():
        there = len(load(None, 0.0)[1])
    code = parent.code
    if parent.noise is not None:
        code = code.replace("{size}", f"{{size}} * {of} // {kept} + {of}")
    code += (
        f"\n\ntrain, val = (({first} <= y) & (y <= {last}) for y in (y_train, y_val))"
        f"\nX_train, y_train, X_val, y_val = X_train[train], y_train[train] - {first}, X_val[val], y_val[val] - {first}"
    )
    if parent.noise is not None:
        code += "\nX_train, y_train = X_train[:{size}], y_train[:{size}]"
    label = f"{parent.label}, classes {first} to {last}"
    return replace(parent, name=name, label=label, classes=kept, examples=there, load=load, code=code)
