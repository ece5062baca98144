"""Files that learners bring: points as CSV and images, read with suspicion."""

from __future__ import annotations

import io
import math
import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["read_image", "read_points"]

MOST_BYTES = 8_000_000  # what a page can send at once
MOST_PIXELS = 40_000_000  # a camera's picture; decoded it takes 120 MB for a moment
MOST_POINTS = 5_000  # as many as a picture can show
FEWEST_POINTS = 3
LARGEST = 1e6  # beyond it float32 has no digits left for the spread


def read_points(name: str, data: bytes) -> NDArray[np.float32]:
    """The points in a CSV file of two columns, (points, 2); a first row of names is skipped.

    Raises :class:`InvalidSetting` with the row for anything that is not two finite numbers.
    """
    _check_size(name, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidSetting(f"{brief(name)} is not a text file: choose a CSV file of two columns.") from None
    rows = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if rows and _is_header(rows[0][1]):
        rows = rows[1:]
    if not FEWEST_POINTS <= len(rows) <= MOST_POINTS:
        raise InvalidSetting(
            f"{brief(name)} has {len(rows):,} points: choose a file of {FEWEST_POINTS} to {MOST_POINTS:,}."
        )
    return np.array([_point(name, number, line) for number, line in rows], np.float32)


def _cells(line: str) -> list[str]:
    return [cell for cell in re.split(r"[,;\s]+", line) if cell]


def _is_header(line: str) -> bool:
    def is_word(cell: str) -> bool:
        try:
            float(cell)
        except ValueError:
            return True
        return False

    return all(map(is_word, _cells(line)))


def _point(name: str, number: int, line: str) -> tuple[float, float]:
    cells = _cells(line)
    if len(cells) != 2:
        raise InvalidSetting(f"{brief(name)}, row {number}: {len(cells)} columns: keep two, as in 1.5, -2.")
    for cell in cells:
        try:
            value = float(cell)
        except ValueError:
            raise InvalidSetting(
                f"{brief(name)}, row {number}: {brief(cell)} is not a number: write it as -1.5, or remove the row."
            ) from None
        if not math.isfinite(value):
            raise InvalidSetting(f"{brief(name)}, row {number}: {cell} is not finite: fill it in, or remove the row.")
        if abs(value) > LARGEST:
            raise InvalidSetting(f"{brief(name)}, row {number}: {brief(cell)} is beyond 1e6: use a larger unit.")
    return float(cells[0]), float(cells[1])


def read_image(name: str, data: bytes, side: int) -> NDArray[np.float32]:
    """The middle square of a PNG or JPEG file, (side, side, 3), values from 0 to 1, the highest row first.

    Raises :class:`InvalidSetting` for anything else, and before decoding more than ``MOST_PIXELS``.
    """
    from PIL import Image, ImageOps

    _check_size(name, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Any = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        image.draft("RGB", (4 * side, 4 * side))  # a JPEG is then decoded at a fraction of its size
        image = ImageOps.exif_transpose(image).convert("RGBA")
        on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
        square = ImageOps.fit(on_white, (side, side), Image.Resampling.BOX)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidSetting(
            f"{brief(name)} has more than {MOST_PIXELS // 1_000_000} million pixels: choose a smaller image."
        ) from None
    except Exception:  # noqa: BLE001 - a broken file makes a decoder raise anything
        raise InvalidSetting(f"{brief(name)} cannot be read as an image: choose a PNG or JPEG file.") from None
    return np.asarray(square, np.float32) / np.float32(255)


def _check_size(name: str, data: bytes) -> None:
    if not data:
        raise InvalidSetting(f"{brief(name)} is empty: choose a file with something in it.")
    if len(data) > MOST_BYTES:
        raise InvalidSetting(
            f"{brief(name)} has {len(data) / 1e6:,.0f} MB: choose a file of at most {MOST_BYTES // 1_000_000} MB."
        )
