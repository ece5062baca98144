"""Learners' own files, good and bad."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data import own_files
from trainingwheels.engine.data.own_files import MOST_BYTES, MOST_POINTS, read_image, read_picture, read_points


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


def sides(mode, white, size=(40, 20)):
    """The left half white, the right one black."""
    image = Image.new(mode, size, 0)
    image.paste(white, (0, 0, size[0] // 2, size[1]))
    return image


SIDES = {
    "palette": encoded(sides("RGB", (255, 255, 255)).convert("P")),
    "palette, large": encoded(sides("RGB", (255, 255, 255), (800, 400)).convert("P")),
    "black and white": encoded(sides("1", 1, (800, 400))),
    "16 bits": encoded(Image.fromarray(np.repeat([[65535, 0]], 20, axis=1).astype(np.uint16).repeat(20, axis=0))),
    "CMYK": encoded(
        Image.merge("CMYK", [Image.new("L", (40, 20))] * 3 + [sides("L", 255).point(lambda v: 255 - v)]), "JPEG"
    ),
    "WebP": encoded(sides("RGB", (255, 255, 255)), "WEBP", lossless=True),
    "animation": encoded(
        sides("RGB", (255, 255, 255)), "GIF", save_all=True, append_images=[Image.new("RGB", (40, 20))]
    ),
}


@pytest.mark.parametrize("data", SIDES.values(), ids=SIDES)
def test_a_picture_is_read_whatever_it_is_stored_as(data):
    pixels = read_picture("a", data, 40)
    assert (pixels.shape, pixels.dtype) == ((20, 40, 3), np.uint8)
    assert pixels[:, :16].min() > 240
    assert pixels[:, 24:].max() < 15


def test_a_value_of_16_bits_is_not_cut():
    grey = Image.fromarray(np.full((4, 4), 257 * 100, np.uint16))
    np.testing.assert_array_equal(read_picture("a", encoded(grey), 40), 100)


def test_a_picture_of_one_pixel_is_one():
    np.testing.assert_array_equal(read_picture("a", encoded(Image.new("RGB", (1, 1), (9, 8, 7))), 40), [[[9, 8, 7]]])


def test_a_large_picture_is_read_smaller():
    data = encoded(Image.new("RGB", (8660, 5774), (10, 20, 30)), "JPEG")
    assert read_picture("a.jpg", data, 1024).shape == (683, 1024, 3)
    assert read_picture("a.jpg", encoded(Image.new("RGB", (600, 9))), 100, least=6).shape == (6, 400, 3)


SOME = zlib.compress(bytes(1000))


def huge_png(width, height, kind=2, body=SOME):
    """Bytes that say they are a picture of this size, in RGB or of another kind."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))

    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 8000), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_not_opened(size):
    with pytest.raises(InvalidSetting, match="more than 60 million pixels: choose a smaller image"):
        read_image("a.png", huge_png(*size), 24)


PEAK = """
import resource, sys, zlib
from nbtests.engine.data.test_own_files import huge_png
from trainingwheels.engine.data.own_files import read_picture
data = huge_png(8660, 5774, 0, zlib.compress(bytes(8661 * 5774), 1))
read_picture("small", huge_png(9, 9, 0, zlib.compress(bytes(90))), 1024)  # what Pillow needs in any case
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
shape = read_picture("large", data, 1024).shape
print(*shape, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_picture_is_made_smaller_in_strips_and_takes_little_more_memory_than_itself():
    said = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True).stdout
    *shape, peak = map(int, said.split())
    assert shape == [683, 1024, 3]
    assert peak < 100_000  # kB; the picture itself has 50 MB, and as four bytes a pixel it would have 200


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_strips_are_the_whole(mode, monkeypatch):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 70, 3), dtype=np.uint8)).convert(mode)
    whole = read_picture("a.png", encoded(noise), 20)
    monkeypatch.setattr(own_files, "STRIP", 300)
    np.testing.assert_array_equal(read_picture("a.png", encoded(noise), 20), whole)


def test_a_format_that_is_decoded_whole_has_a_limit_of_its_own(monkeypatch):
    monkeypatch.setitem(own_files.WHOLE, "WEBP", 1_000_000)
    assert read_picture("a", encoded(Image.new("RGB", (1000, 1000)), "PNG"), 10).shape == (10, 10, 3)
    data = encoded(Image.new("RGB", (1001, 1000)), "WEBP", lossless=True, method=0)
    with pytest.raises(InvalidSetting, match="more than 1 million pixels: choose a smaller image, or save it as JPEG"):
        read_picture("a.webp", data, 10)


GOOD = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)))


@pytest.mark.parametrize(
    "data",
    [b"a song", GOOD[: len(GOOD) // 2], GOOD[:20], b"GIF89a" + bytes(100), encoded(Image.new("RGB", (9, 9)), "BMP")],
)
def test_what_is_no_image_is_one_line(data):
    with pytest.raises(
        InvalidSetting, match="cannot be read as an image: choose a JPEG, PNG, WebP or GIF file"
    ) as error:
        read_image("a.png", data, 24)
    assert "\n" not in str(error.value)
