"""What the nets learn from: points in the plane, small images, and larger ones that are downloaded once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data import toys
from trainingwheels.engine.data.bundled import bundled_file
from trainingwheels.engine.data.downloads import DOWNLOADS, Progress
from trainingwheels.engine.data.drawings import LETTERS, letters
from trainingwheels.engine.data.kin import kin
from trainingwheels.engine.data.shapes import CLASSES, shapes
from trainingwheels.engine.preprocessing import PREPROCESSING, Fitted
from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["DATASETS", "Data", "Dataset", "Part", "download", "load_dataset", "prepared"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Part = tuple[Floats, Labels]
Splits = tuple[Floats, Labels, Floats, Labels]  # X_train, y_train, X_val, y_val
NOTHING: Part = (np.empty((0, 0), np.float32), np.empty(0, np.int64))
TOY_SIZE = 500  # examples to train on, unless asked for, and examples to validate on


@dataclass(frozen=True)
class Dataset:
    """One set of examples: ``features`` numbers each, in one of ``classes`` classes.

    ``load(train_size, noise)`` returns its split; ``shape`` is that of one example as a picture (channels, height,
    width), or that of a point or sequence. ``examples`` are there to train on (more of a toy set, if asked for).
    ``noise`` is the default spread of a toy set's noise, None for real data. ``needs`` names the package it is read
    with, ``download`` its entry in ``DOWNLOADS``. ``code`` is NumPy that leaves X_train, y_train, X_val and y_val, with
    ``{size}`` and ``{noise}`` to fill in.
    """

    name: str
    label: str
    shape: tuple[int, ...]
    classes: int
    examples: int
    load: Callable[[int | None, float], Splits]
    code: str
    source: str
    noise: float | None = None
    needs: str = ""
    download: str = ""

    @property
    def features(self) -> int:
        return int(np.prod(self.shape))

    @property
    def channels(self) -> int:
        """Colours of an image; 1 for anything else."""
        return self.shape[0] if len(self.shape) == 3 else 1

    def missing(self) -> str:
        """What to do before this set can be used, in one line; empty if it can be used now."""
        if self.needs and find_spec(self.needs) is None:
            return f"dataset = {self.name} needs a package: install it with pip install 'trainingwheels[train]'."
        if self.download and not DOWNLOADS[self.download].present():
            return f"dataset = {self.name} is not on this computer: go online and call download({self.name!r})."
        return ""


@dataclass(frozen=True)
class Data:
    """A loaded set, preprocessed: X are float32 of shape (examples, features), y the class of each.

    ``prepare`` does to further inputs of shape (n, features) what was done to these; ``raw`` is X_train before that.
    The test set is empty unless it was asked for, by :func:`load_with_test`.
    """

    dataset: Dataset
    X_train: Floats
    y_train: Labels
    X_val: Floats
    y_val: Labels
    prepare: Fitted
    raw: Floats
    X_test: Floats = field(default_factory=lambda: NOTHING[0])
    y_test: Labels = field(default_factory=lambda: NOTHING[1])


@lru_cache(maxsize=8)
def load_dataset(
    name: str, train_size: int | None = None, noise: float | None = None, preprocessing: str = "none"
) -> Data:
    """The set ``name`` as settings ask for it. Its arrays are shared and read-only.

    Raises :class:`InvalidSetting` when it is not on this computer, or smaller than ``train_size``.
    """
    dataset = DATASETS[name]
    if missing := dataset.missing():
        raise InvalidSetting(missing)
    X_train, y_train, X_val, y_val = dataset.load(train_size, (dataset.noise or 0.0) if noise is None else noise)
    _check_size(name, train_size, y_train)
    X_train, y_train = X_train[:train_size], y_train[:train_size]
    return prepared(dataset, preprocessing, (X_train, y_train), (X_val, y_val))


def prepared(dataset: Dataset, preprocessing: str, train: Part, val: Part, test: Part = NOTHING) -> Data:
    """Examples and their classes, preprocessed by what the training examples say; all arrays are read-only.

    Raises :class:`InvalidSetting` when those are of one class only.
    """
    X_train, y_train = train
    if len(np.unique(y_train)) < 2:
        raise InvalidSetting(f"train_size = {len(y_train):,} leaves examples of one class only: choose more examples.")
    prepare = PREPROCESSING[preprocessing].fit(X_train, dataset.channels)
    inputs = [np.ascontiguousarray(prepare(X) if len(X) else X, np.float32) for X, _ in (train, val, test)]
    classes = [y.astype(np.int64) for _, y in (train, val, test)]
    raw = np.ascontiguousarray(X_train, np.float32)
    arrays: list[NDArray[Any]] = [*inputs, *classes, raw]
    for array in arrays:
        array.setflags(write=False)
    return Data(dataset, inputs[0], classes[0], inputs[1], classes[1], prepare, raw, inputs[2], classes[2])


def _check_size(name: str, train_size: int | None, y_train: Labels) -> None:
    if train_size is not None and train_size > len(y_train):
        raise InvalidSetting(
            f"train_size = {train_size:,} is more than {name} has: choose at most {len(y_train):,} examples."
        )


def download(name: str, progress: Progress | None = None) -> None:
    """Fetch the set ``name`` once, verify it and keep it; ``progress(done, total)`` is called in bytes."""
    if DATASETS[name].download:
        DOWNLOADS[DATASETS[name].download].fetch(progress)


def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """1797 handwritten digits of 8 x 8 pixels, scaled to 0..1; four fifths to train on."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(y))
    X, y = X[order].astype(np.float32) / 16, y[order]
    return X[:1437], y[:1437], X[1437:], y[1437:]


def _bundled_digits() -> Splits:
    """What ``digits`` returns, from the file itself if it is where it was."""
    file = bundled_file("sklearn", "datasets/data/digits.csv.gz")
    if file is None:
        X_train, y_train, X_val, y_val = digits()
        return X_train, y_train, X_val, y_val
    table = np.loadtxt(file, delimiter=",")
    table = table[np.random.default_rng(0).permutation(len(table))]
    X, y = table[:, :-1].astype(np.float32) / np.float32(16), table[:, -1].astype(np.int64)
    return X[:1437], y[:1437], X[1437:], y[1437:]


@lru_cache(maxsize=1)
def _shapes() -> Splits:
    """2000 + 600 pictures, drawn anew."""
    return *shapes(np.random.default_rng(0), 2000), *shapes(np.random.default_rng(1), 600)


@lru_cache(maxsize=1)
def _letters() -> Splits:
    """As many letters as there are digits, drawn anew."""
    return *letters(1437, 0), *letters(360, 1)


_drawing = Lock()  # two threads that share the global generator would draw other examples


@lru_cache(maxsize=1)
def _mnist1d() -> Splits:
    """4000 + 1000 sequences of 40 numbers, drawn as the authors draw them; the global generator is left as it was."""
    from mnist1d.data import get_dataset_args, make_dataset

    with _drawing:
        state = np.random.get_state()  # noqa: NPY002 - the authors' code draws from it
        try:
            drawn = make_dataset(get_dataset_args())
        finally:
            np.random.set_state(state)  # noqa: NPY002
    return drawn["x"].astype(np.float32), drawn["y"], drawn["x_test"].astype(np.float32), drawn["y_test"]


Toy = Callable[[np.random.Generator, int, float], tuple[np.ndarray, np.ndarray]]


def _toy(draw: Toy, label: str, classes: int, noise: float, source: str) -> Dataset:
    def load(train_size: int | None, spread: float) -> Splits:
        X_train, y_train = draw(np.random.default_rng(0), train_size or TOY_SIZE, spread)
        X_val, y_val = draw(np.random.default_rng(1), TOY_SIZE, spread)
        return X_train, y_train, X_val, y_val

    code = inspect.getsource(draw) + (
        f"\n\nX_train, y_train = {draw.__name__}(np.random.default_rng(0), {{size}}, {{noise}})"
        f"\nX_val, y_val = {draw.__name__}(np.random.default_rng(1), {TOY_SIZE}, {{noise}})"
    )
    return Dataset(draw.__name__, label, (2,), classes, TOY_SIZE, load, code, source, noise)


LOAD = """\
from trainingwheels.engine import load_dataset

data = load_dataset({name!r})
X_train, y_train, X_val, y_val = data.X_train, data.y_train, data.X_val, data.y_val"""


def _downloaded(name: str, label: str, shape: tuple[int, ...], examples: int, source: str) -> Dataset:
    return Dataset(
        name=name,
        label=label,
        shape=shape,
        classes=10,
        examples=examples,
        load=lambda train_size, noise: DOWNLOADS[name].read(),
        code=LOAD.format(name=name),
        source=source,
        needs="pooch",
        download=name,
    )


class _Datasets(Table[Dataset]):
    """The sets, and beside them what :func:`.kin` makes of their names, which is not listed: "digits-0-4"."""

    def __contains__(self, name: object) -> bool:
        try:
            return isinstance(name, str) and self._find(name) is not None
        except InvalidSetting:
            return False

    def _find(self, name: str) -> Dataset | None:
        return self._entries.get(name) or kin(name, self._entries)

    def refusal(self, kind: str, name: object) -> InvalidSetting:
        try:
            if isinstance(name, str):
                self._find(name)
        except InvalidSetting as refusal:  # which says more
            return refusal
        return super().refusal(kind, name)


DATASETS: Table[Dataset] = _Datasets(
    "dataset",
    (
        _toy(toys.spirals, "three spirals", 3, 0.2, "the plane's classic; three arms, as many classes"),
        _toy(toys.moons, "two moons", 2, 0.1, "two half circles, one in the other's bow"),
        _toy(toys.circles, "two circles", 2, 0.1, "a ring inside a ring"),
        _toy(toys.xor, "XOR", 2, 0.05, "Minsky and Papert, 1969: opposite quadrants share a class"),
        _toy(toys.blobs, "four blobs", 4, 0.3, "Gaussian clouds: a linear classifier is enough"),
        Dataset(
            name="digits",
            label="digits, 8 x 8",
            shape=(1, 8, 8),
            classes=10,
            examples=1437,
            load=lambda train_size, noise: _bundled_digits(),
            code=inspect.getsource(digits) + "\n\nX_train, y_train, X_val, y_val = digits()",
            source="Alpaydin and Kaynak, 1998; bundled with scikit-learn",
            needs="sklearn",
        ),
        Dataset(
            name="letters",
            label="letters, 8 x 8",
            shape=(1, 8, 8),
            classes=len(LETTERS),
            examples=1437,
            load=lambda train_size, noise: _letters(),
            code=LOAD.format(name="letters"),
            source=f"drawn here: {', '.join(LETTERS)}, turned and with an unsteady hand, in the form of the digits",
        ),
        Dataset(
            name="shapes",
            label="coloured shapes, 16 x 16",
            shape=(3, 16, 16),
            classes=len(CLASSES),
            examples=2000,
            load=lambda train_size, noise: _shapes(),
            code=inspect.getsource(shapes)
            + "\n\nX_train, y_train = shapes(np.random.default_rng(0), 2000)"
            + "\nX_val, y_val = shapes(np.random.default_rng(1), 600)",
            source="drawn here: six shapes of any place, size and colours",
        ),
        Dataset(
            name="mnist1d",
            label="MNIST-1D",
            shape=(40,),
            classes=10,
            examples=4000,
            load=lambda train_size, noise: _mnist1d(),
            code=LOAD.format(name="mnist1d"),
            source="Greydanus and Kobak, 2024",
            needs="mnist1d",
        ),
        _downloaded("fashion", "Fashion-MNIST", (1, 28, 28), 60_000, "Xiao et al., 2017"),
        _downloaded("cifar10", "CIFAR-10", (3, 32, 32), 50_000, "Krizhevsky, 2009"),
    ),
)
