"""A picture on its page: as wide as it, enlarged where there is room, and not higher than the room."""

import pytest

from nbtests.labs.conftest import Point, Square, TheSquare, point
from trainingwheels.figures.theme import CSS_DPI

BORDERS = 8  # CSS pixels around the picture


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
    lab._canvas._handle_message(lab._canvas, {"type": "set_device_pixel_ratio", "device_pixel_ratio": 2}, [])
    assert lab.figure.dpi == pytest.approx(2 * 1.4 * CSS_DPI)
    lab._face.page.width = 1200 + BORDERS
    assert told[-1] == (1200, 600)
    assert lab.figure.bbox.size == pytest.approx((2400, 1200), abs=2)


def test_what_is_pointed_at_is_what_is_seen_there(on_page):
    lab, _ = on_page(1400)
    asked = []
    lab._dragging._point = lambda x, y: asked.append((x, y))
    lab._canvas.handle_motion_notify(
        {"type": "motion_notify", "x": 700, "y": 100, "button": 0, "buttons": 0, "modifiers": []}
    )
    assert asked == [pytest.approx((500, (700 - 100) / 1.4))]
