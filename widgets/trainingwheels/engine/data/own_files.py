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

__all__ = ["read_image", "read_picture", "read_points"]

MOST_BYTES = 8_000_000  # what a page can send at once
MOST_PIXELS = 60_000_000  # a camera's picture; decoded it takes 240 MB for a moment
WHOLE = {"WEBP": 12_500_000}
"""Pixels of formats that take more than 4 bytes for each while they are decoded: libwebp's decoder has 20."""
STRIP = 2_000_000  # pixels that are converted at a time
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
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
    """The middle square of an image file, (side, side, 3), values from 0 to 1, the highest row first.

    Raises :class:`InvalidSetting` as :func:`read_picture` does.
    """
    from PIL import Image, ImageOps

    whole = Image.fromarray(read_picture(name, data, 4 * side, least=2 * side))
    return np.asarray(ImageOps.fit(whole, (side, side), Image.Resampling.BOX), np.float32) / np.float32(255)


def read_picture(name: str, data: bytes, longest: int, least: int = 0) -> NDArray[np.uint8]:
    """A JPEG, PNG, WebP or GIF file upright, (height, width, 3), uint8, the highest row first.

    One that is longer than ``longest`` pixels is made smaller, but not below ``least`` along its short side: a JPEG
    while it is decoded, the others in strips, so that 250 MB are enough for the largest. What is transparent becomes
    white; of an animation the first picture counts. Raises :class:`InvalidSetting` for anything else, and before
    decoding more than ``MOST_PIXELS``, or as many as its format has in ``WHOLE``.
    """
    from PIL import Image, ImageOps

    _check_size(name, data)
    most, advice = MOST_PIXELS, "choose a smaller image"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Any = Image.open(io.BytesIO(data), formats=FORMATS)
        size = _reduced(image.size, longest, least)
        image.draft(None, size)  # a JPEG is then decoded at a fraction of its size
        if image.width * image.height > WHOLE.get(image.format, MOST_PIXELS):
            if image.format in WHOLE:
                most, advice = WHOLE[image.format], "choose a smaller image, or save it as JPEG"
            raise Image.DecompressionBombError
        image = ImageOps.exif_transpose(_smaller(image, size))
        image = image.convert("RGBA")
        on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidSetting(f"{brief(name)} has more than {most / 1e6:g} million pixels: {advice}.") from None
    except Exception:  # noqa: BLE001 - a broken file makes a decoder raise anything
        raise InvalidSetting(
            f"{brief(name)} cannot be read as an image: choose a JPEG, PNG, WebP or GIF file."
        ) from None
    return np.asarray(on_white)


def _reduced(size: tuple[int, int], longest: int, least: int) -> tuple[int, int]:
    """The size of a picture made no larger than it need be."""
    scale = min(max(longest / max(size), least / min(size)), 1.0)
    width, height = (max(1, round(scale * side)) for side in size)
    return width, height


def _smaller(image: Any, size: tuple[int, int]) -> Any:
    """The picture at this size, in 8 bits a value: whole pixels of it to one, strip by strip, then the rest."""
    from PIL import Image

    if image.size == size:
        return _in_8_bits(image)
    block = max(1, min(image.width // (2 * size[0]), image.height // (2 * size[1])))
    rows = block * max(1, STRIP // (image.width * block))
    strips = []
    for top in range(0, image.height, rows):
        strip = _in_8_bits(image.crop((0, top, image.width, min(top + rows, image.height))))
        strips.append(strip.reduce(block) if block > 1 else strip)
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for place, strip in enumerate(strips):
        whole.paste(strip, (0, place * strips[0].height))
    whole.info = image.info
    return whole.resize(size, Image.Resampling.BOX)


def _in_8_bits(image: Any) -> Any:
    """Values of 8 bits that have a mean, as numbers of a palette have none."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey, of which Pillow would cut what is above 255
        return Image.fromarray((np.asarray(image) // 257).astype(np.uint8))
    return image.convert("RGBA") if image.mode in ("1", "P", "PA", "LA", "La") else image


def _check_size(name: str, data: bytes) -> None:
    if not data:
        raise InvalidSetting(f"{brief(name)} is empty: choose a file with something in it.")
    if len(data) > MOST_BYTES:
        raise InvalidSetting(
            f"{brief(name)} has {len(data) / 1e6:,.0f} MB: choose a file of at most {MOST_BYTES // 1_000_000} MB."
        )
