"""Learners' own files, good and bad."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data.own_files import MOST_BYTES, MOST_POINTS, read_image, read_points


@pytest.mark.parametrize(
    "text",
    ["1,2\n3,4.5\n-5,6e1\n", "x,y\n1;2\r\n3;4.5\r\n-5;6e1", "\ufeffx y\n\n1\t2\n3 4.5\n -5  60 \n"],
)
def test_points_are_read(text):
    assert read_points("a.csv", text.encode()).tolist() == [[1, 2], [3, 4.5], [-5, 60]]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "'a.csv' is empty"),
        (b"\xff\xfe\x00\x01", "'a.csv' is not a text file"),
        (b"x,y\n1,2\n", "'a.csv' has 1 points: choose a file of 3 to 5,000"),
        (b"x,y\n", "'a.csv' has 0 points"),
        (b"1,2\n" * (MOST_POINTS + 1), "has 5,001 points"),
        (b"x,y\n1,2\n3,nan\n5,6\n", "'a.csv', row 3: nan is not finite: fill it in, or remove the row"),
        (b"1,2\n3,-inf\n5,6\n", "'a.csv', row 2: -inf is not finite"),
        (b"1,2\n3,four\n5,6\n", "'a.csv', row 2: 'four' is not a number"),
        (b"1,2\n3\n5,6\n", "'a.csv', row 2: 1 columns: keep two"),
        (b"1,2,3\n3,4,5\n5,6,7\n", "'a.csv', row 1: 3 columns"),
        (b"1,2\n3,1e300\n5,6\n", "'a.csv', row 2: '1e300' is beyond 1e6"),
        (b"1" * (MOST_BYTES + 1), "choose a file of at most 8 MB"),
    ],
)
def test_points_that_are_none_are_one_line(data, says):
    with pytest.raises(InvalidSetting) as error:
        read_points("a.csv", data)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def encoded(image, kind="PNG", **how):
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_middle_square_of_an_image_is_read(kind, mode):
    image = Image.new(mode, (90, 30), 0)
    image.paste(255 if mode == "L" else (255, 255, 255), (30, 0, 60, 30))
    pixels = read_image("a", encoded(image, kind), 24)
    assert (pixels.shape, pixels.dtype) == ((24, 24, 3), np.float32)
    assert pixels[2:-2, 2:-2].min() > 0.9


def test_what_is_transparent_becomes_white():
    pixels = read_image("a.png", encoded(Image.new("RGBA", (20, 20), (255, 0, 0, 0))), 8)
    np.testing.assert_array_equal(pixels, 1)


def test_a_photograph_taken_on_the_side_stands_up():
    image = Image.new("RGB", (40, 40), (0, 0, 0))
    image.paste((255, 0, 0), (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: left becomes top
    pixels = read_image("a.jpg", encoded(image, "JPEG", exif=exif, quality=95), 8)
    assert pixels[0, :, 0].min() > 0.9
    assert pixels[-1, :, 0].max() < 0.1


def huge_png(width, height):
    """A few bytes that say they are a picture of this size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(7000, 7000), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_not_opened(size):
    with pytest.raises(InvalidSetting, match="more than 40 million pixels: choose a smaller image"):
        read_image("a.png", huge_png(*size), 24)


GOOD = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)))


@pytest.mark.parametrize(
    "data",
    [b"a song", GOOD[: len(GOOD) // 2], GOOD[:20], b"GIF89a" + bytes(100), encoded(Image.new("RGB", (9, 9)), "BMP")],
)
def test_what_is_no_image_is_one_line(data):
    with pytest.raises(InvalidSetting, match="cannot be read as an image: choose a PNG or JPEG file") as error:
        read_image("a.png", data, 24)
    assert "\n" not in str(error.value)
