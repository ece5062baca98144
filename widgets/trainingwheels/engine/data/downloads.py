"""Sets that are fetched once, verified, kept, and read without ever running what is in them."""

from __future__ import annotations

import gzip
import os
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["CACHE_VARIABLE", "DOWNLOADS", "Download", "File", "Progress", "cache_folder", "read_cifar", "read_idx"]

CACHE_VARIABLE = "TRAININGWHEELS_DATA"  # the environment variable that names another folder for downloads
CIFAR_RECORD = 1 + 3 * 32 * 32  # a label, then the red, green and blue planes

Pixels = NDArray[np.float32]
Labels = NDArray[np.int64]
Splits = tuple[Pixels, Labels, Pixels, Labels]
Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True)
class File:
    """One file: its name, the ``md5`` its authors publish, and the ``url`` of the folder it lies in."""

    name: str
    md5: str
    url: str


@dataclass(frozen=True)
class Download:
    """A set made of ``files``; ``decode(paths)`` reads its training and its test set from them."""

    name: str
    files: tuple[File, ...]
    decode: Callable[[list[Path]], Splits]

    def present(self) -> bool:
        """Whether every file is in the cache; they were verified when they came."""
        return all((cache_folder() / file.name).is_file() for file in self.files)

    def fetch(self, progress: Progress | None = None) -> None:
        """Bring the missing files into the cache. Raises :class:`InvalidSetting` if one cannot be had or is damaged."""
        import pooch

        for file in self.files:
            bar = _Bar(progress) if progress else False
            try:
                loader = pooch.HTTPDownloader(progressbar=bar, timeout=30)
                pooch.retrieve(file.url + file.name, f"md5:{file.md5}", file.name, cache_folder(), downloader=loader)
            except (OSError, ValueError) as problem:
                raise InvalidSetting(
                    f"dataset = {self.name} could not be fetched ({_first_line(problem)}): go online and try again, or "
                    f"choose digits, which needs no download."
                ) from problem

    def read(self) -> Splits:
        """X_train, y_train, X_val, y_val from the cache: float32 pixels 0..1 of shape (examples, features), labels."""
        return self.decode([cache_folder() / file.name for file in self.files])


class _Bar:
    """The progress bar that pooch updates, as one callback."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.done, self.total = progress, 0, 0

    def update(self, count: int) -> None:
        self.done += count
        self.progress(min(self.done, self.total), self.total)  # pooch counts whole chunks

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        self.progress(self.total, self.total)


def cache_folder() -> Path:
    """Where downloads are kept: the user's cache, or what ``TRAININGWHEELS_DATA`` names."""
    if CACHE_VARIABLE in os.environ:
        return Path(os.environ[CACHE_VARIABLE])
    import pooch

    return Path(pooch.os_cache("trainingwheels"))


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The bytes of an idx file, gzipped, in the shape that it states (LeCun's format: magic, sizes, data).

    Raises :class:`InvalidSetting` for a file that is damaged.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (EOFError, OSError, ValueError) as problem:
        raise _damaged(path, _first_line(problem)) from problem
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise _damaged(path, "it is not an idx file of bytes")
    axes = content[3]
    shape = tuple(int(size) for size in np.frombuffer(content[4 : 4 + 4 * axes], ">u4"))
    data = np.frombuffer(content[4 + 4 * axes :], np.uint8)
    if len(shape) != axes or data.size != int(np.prod(shape)):
        raise _damaged(path, f"it says {' x '.join(map(str, shape))} but holds {data.size:,} bytes")
    return data.reshape(shape)


def read_cifar(path: Path) -> Splits:
    """CIFAR-10's binary version: a tar of files of records, each a label byte and 3072 pixels.

    Raises :class:`InvalidSetting` for a file that is damaged.
    """
    parts: dict[str, NDArray[np.uint8]] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".bin"):
                    stream = archive.extractfile(member)
                    parts[Path(member.name).stem] = _records(path, stream.read() if stream else b"")
    except (EOFError, OSError, tarfile.TarError) as problem:
        raise _damaged(path, _first_line(problem)) from problem
    if "test_batch" not in parts or len(parts) < 2:
        raise _damaged(path, f"it holds {', '.join(sorted(parts)) or 'no batches'}")
    test = parts.pop("test_batch")
    train = np.concatenate([parts[name] for name in sorted(parts)])
    return *_split_records(train), *_split_records(test)


def _records(path: Path, content: bytes) -> NDArray[np.uint8]:
    if not content or len(content) % CIFAR_RECORD:
        raise _damaged(path, f"{len(content):,} bytes are not whole records of {CIFAR_RECORD:,}")
    records = np.frombuffer(content, np.uint8).reshape(-1, CIFAR_RECORD)
    if records[:, 0].max() > 9:
        raise _damaged(path, f"it has a label {records[:, 0].max()}, above 9")
    return records


def _split_records(records: NDArray[np.uint8]) -> tuple[Pixels, Labels]:
    return _pixels(records[:, 1:]), records[:, 0].astype(np.int64)


def _pixels(data: NDArray[np.uint8]) -> Pixels:
    """Bytes as numbers from 0 to 1, one row per example."""
    return data.reshape(len(data), -1).astype(np.float32) / np.float32(255)


def _decode_idx(paths: list[Path]) -> Splits:
    X_train, y_train, X_val, y_val = (read_idx(path) for path in paths)
    for path, X, y in ((paths[0], X_train, y_train), (paths[2], X_val, y_val)):
        if len(X) != len(y):
            raise _damaged(path, f"it has {len(X):,} images for {len(y):,} labels")
    return _pixels(X_train), y_train.astype(np.int64), _pixels(X_val), y_val.astype(np.int64)


def _damaged(path: Path, problem: str) -> InvalidSetting:
    return InvalidSetting(f"{path.name} is damaged ({problem}): delete it and download it again.")


def _first_line(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0][:120]


FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
CIFAR = "https://www.cs.toronto.edu/~kriz/"

DOWNLOADS: Table[Download] = Table(
    "download",
    (
        Download(
            "fashion",
            (
                File("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", FASHION),
                File("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", FASHION),
                File("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", FASHION),
                File("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", FASHION),
            ),
            _decode_idx,
        ),
        Download(
            "cifar10",
            (File("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", CIFAR),),
            lambda paths: read_cifar(paths[0]),
        ),
    ),
)
