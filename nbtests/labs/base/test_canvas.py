"""A picture on its page: as wide as it, enlarged where there is room, and not higher than the room."""

import itertools
import threading

import pytest

from nbtests.labs.conftest import Point, Square, TheSquare, point
from trainingwheels.figures.theme import CSS_DPI
from trainingwheels.labs.base import canvas, live

BORDERS = 8  # CSS pixels around the picture
LONG = 600.0  # seconds


class High(Point):
    """500 pixels high, whatever its width."""

    def arrange(self, width):
        super().arrange(width)
        return 500


class TheHighSquare(TheSquare):
    picture = High


class HighSquare(Square):
    views = (TheHighSquare,)


@pytest.fixture
def on_page(opened, monkeypatch):
    """``on_page(width, room)`` is a lab on a page with so much room, and the sizes that its page was told."""

    def make(width, room=0, kind=Square):
        lab, told = opened(kind), []
        resize = lab._canvas.handle_resize
        monkeypatch.setattr(
            lab._canvas, "handle_resize", lambda size: (told.append(tuple(size.values())), resize(size))
        )
        lab._face.page.set_state({"width": width + BORDERS, "room": room})
        lab.settle()
        return lab, told

    return make


def on_screen(lab, ratio):
    """Let the lab's page be on a screen of so many pixels for each of CSS."""
    lab._canvas._handle_message(lab._canvas, {"type": "set_device_pixel_ratio", "device_pixel_ratio": ratio}, [])


@pytest.mark.parametrize(("width", "zoom"), [(390, 1), (1000, 1), (1400, 1.4), (1800, 1.8)])
def test_a_picture_with_room_is_enlarged_text_and_all(on_page, width, zoom):
    lab, told = on_page(width)
    assert told == [(width, width / 2)]  # the toy is half as high as it is wide
    assert lab._picture.width == pytest.approx(width / zoom)
    assert lab.figure.dpi == pytest.approx(zoom * CSS_DPI)
    assert lab.figure.bbox.size == pytest.approx((width, width / 2), abs=1)


@pytest.mark.parametrize(("room", "zoom"), [(900, 1.4), (650, 1.3), (300, 1)])
def test_it_is_enlarged_as_far_as_its_height_has_room(on_page, room, zoom):
    lab, told = on_page(1400, room, HighSquare)
    assert lab.figure.dpi == pytest.approx(zoom * CSS_DPI)
    assert told == [(1400, 500 * zoom)]
    lab._face.page.room = 900
    assert lab.figure.dpi == pytest.approx(1.4 * CSS_DPI)


def test_a_picture_that_is_not_enlarged_is_not_laid_out_again_for_its_height(on_page):
    lab, told = on_page(900, 500)
    lab._face.page.room = 300
    assert told == [(900, 450)]


def test_its_size_stays_whatever_is_drawn(on_page):
    lab, told = on_page(1437)
    for x in range(5):
        lab.x = x
        lab.settle()
        lab._canvas.paint()
    assert told == [(1437, 718)]
    assert point(lab) == [(4.0, 16.0)]


def test_a_screen_of_more_pixels_shows_the_same_in_more_of_them(on_page):
    lab, told = on_page(1400)
    on_screen(lab, 2)
    assert lab.figure.dpi == pytest.approx(2 * 1.4 * CSS_DPI)
    lab._face.page.width = 1200 + BORDERS
    assert told[-1] == (1200, 600)
    assert lab.figure.bbox.size == pytest.approx((2400, 1200), abs=2)


@pytest.fixture
def frames(monkeypatch):
    """The widths of the frames that are sent: ``frames()`` is the next. What moves never rests by itself."""
    widths, sent, encode = [], threading.Semaphore(0), canvas.encode

    def noted(pixels):
        widths.append(pixels.shape[1])
        sent.release()
        return encode(pixels)

    def following():
        assert sent.acquire(timeout=60)
        return widths.pop(0)

    monkeypatch.setattr(canvas, "encode", noted)
    monkeypatch.setattr(canvas, "MOVING", LONG)
    monkeypatch.setattr(live, "MOVING", LONG)
    return following


@pytest.mark.parametrize(("ratio", "moving"), [(1, 1), (1.25, 1.25), (1.5, 1), (2, 1), (3, 1.5)])
def test_on_a_dense_screen_what_moves_is_coarse_until_it_rests(on_page, frames, ratio, moving):
    lab, told = on_page(600)
    assert frames() == 600
    on_screen(lab, ratio)
    if ratio > 1:
        assert frames() == 600 * ratio
    for x in (2, 3):
        lab._moved("x", x)
        assert frames() == 600 * moving
    lab._canvas.sharpen()
    if ratio != moving:
        assert frames() == 600 * ratio
    lab.x = 4  # code has nothing in hand
    assert frames() == 600 * ratio
    assert point(lab) == [(4.0, 16.0)]
    assert told == [(600, 300)]


def test_it_rests_when_nothing_moves_any_more(on_page, frames, monkeypatch):
    monkeypatch.setattr(live, "MOVING", 0.01)
    lab, _ = on_page(600)
    on_screen(lab, 2)
    assert [frames(), frames()] == [600, 1200]
    for x in itertools.cycle((2, 3)):
        lab._moved("x", x)
        if frames() == 600:  # else it has just come to rest after what was before
            break
    assert frames() == 1200


def test_an_error_on_the_way_to_rest_does_not_end_the_lab(on_page, monkeypatch):
    monkeypatch.setattr(live, "MOVING", 0.01)
    tried = threading.Semaphore(0)

    def sharpen(self):
        tried.release()
        raise RuntimeError("no ink")

    monkeypatch.setattr(canvas.LabCanvas, "sharpen", sharpen)
    lab, _ = on_page(600)
    assert tried.acquire(timeout=60)
    lab.x = 3
    lab.settle(timeout=60)
    assert point(lab) == [(3.0, 9.0)]


def test_what_is_closed_is_not_drawn_any_more(on_page, frames):
    lab, _ = on_page(600)
    on_screen(lab, 2)
    lab._moved("x", 2)
    assert [frames() for _ in range(3)] == [600, 1200, 600]
    lab.close()
    lab._canvas.sharpen()
    assert lab._canvas.device_pixel_ratio == 1


def test_what_has_been_drawn_once_for_motion_and_once_for_rest_is_kept(on_page, frames):
    lab, _ = on_page(600)
    on_screen(lab, 2)
    lab._moved("x", 2)
    assert [frames() for _ in range(3)] == [600, 1200, 600]
    kept = lab._picture._now._kept
    assert [*kept] == [(600, 300), (1200, 600)]
    before = [pixels[None] for pixels in kept.values()]
    lab._canvas.sharpen()
    lab._moved("x", 3)
    assert [frames(), frames()] == [1200, 600]
    assert [pixels[None] for pixels in kept.values()] == before


def test_what_is_pointed_at_in_motion_is_what_is_seen_there(on_page, frames):
    lab, _ = on_page(600)
    on_screen(lab, 2)
    asked = []
    lab._dragging._point = lambda x, y: asked.append((x, y))
    where = {"type": "motion_notify", "x": 700, "y": 100, "button": 0, "buttons": 0, "modifiers": []}
    lab._canvas._handle_message(lab._canvas, where, [])
    lab._canvas.moves()
    lab._canvas.paint()
    assert [frames() for _ in range(3)] == [600, 1200, 600]
    lab._canvas._handle_message(lab._canvas, where, [])
    assert asked == [pytest.approx((350, 300 - 50))] * 2


def test_what_is_pointed_at_is_what_is_seen_there(on_page):
    lab, _ = on_page(1400)
    asked = []
    lab._dragging._point = lambda x, y: asked.append((x, y))
    lab._canvas.handle_motion_notify(
        {"type": "motion_notify", "x": 700, "y": 100, "button": 0, "buttons": 0, "modifiers": []}
    )
    assert asked == [pytest.approx((500, (700 - 100) / 1.4))]
