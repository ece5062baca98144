"""Dragging in a picture: the same path as a slider, clamped, one undo for the whole way."""

import pytest

from nbtests.labs.conftest import Point as PointPicture
from nbtests.labs.conftest import Square, TheSquare


class Draggable(PointPicture):
    """A place from 0 to 100 CSS pixels across means x from 0 to 10; above 50 there is nothing."""

    def point(self, x, y):
        return None if y > 50 else x / 10


class TheDraggableSquare(TheSquare):
    picture = Draggable

    def drag(self, s, start, now):
        return {"x": s.x + now - start}


class DraggableSquare(Square):
    views = (TheDraggableSquare,)


@pytest.fixture
def lab():
    lab = DraggableSquare()
    lab._face.page.width = 500
    lab.settle()
    yield lab
    lab.close()


def send(lab, kind, x, y=10.0, button=0):
    height = lab._picture.size[1]
    message = {"type": kind, "x": x, "y": height - y, "button": button, "buttons": 1, "modifiers": []}
    lab._canvas._handle_message(lab._canvas, message, [])


def test_a_drag_moves_a_slider_to_the_nearest_stop_and_the_picture_follows(lab):
    send(lab, "button_press", 20.0)
    send(lab, "motion_notify", 44.0)
    lab.settle()
    assert lab.x == 3.5  # 1 + 2.4, in steps of 0.5
    assert lab._controls["x"].widget.children[0].value == 3.5
    assert lab.result == (3.5, 12.25)


def test_a_drag_ends_where_the_button_is_released(lab):
    send(lab, "button_press", 20.0)
    send(lab, "motion_notify", 30.0)
    send(lab, "button_release", 44.0)  # the page holds back moves that come too quickly
    send(lab, "motion_notify", 90.0)
    assert lab.x == 3.5


def test_beyond_the_slider_it_stays_at_its_end(lab):
    send(lab, "button_press", 20.0)
    send(lab, "motion_notify", 400.0)
    assert lab.x == 10
    send(lab, "motion_notify", -50.0)
    assert lab.x == 0


def test_a_whole_drag_is_one_undo(lab):
    for start in (20.0, 30.0):
        send(lab, "button_press", start)
        for step in range(1, 5):
            send(lab, "motion_notify", start + 10 * step)
        send(lab, "button_release", start + 40)
    assert lab.x == 9
    lab.undo()
    assert lab.x == 5
    lab.undo()
    assert lab.x == 1


def test_nothing_moves_without_the_button_or_where_there_is_nothing(lab):
    send(lab, "motion_notify", 44.0)
    send(lab, "button_press", 20.0, y=60.0)
    send(lab, "motion_notify", 44.0)
    send(lab, "button_press", 20.0, button=2)
    send(lab, "motion_notify", 44.0)
    send(lab, "button_press", 20.0)
    send(lab, "button_release", 20.0)
    send(lab, "motion_notify", 44.0)
    assert lab.x == 1


def test_the_cursor_shows_what_can_be_dragged(lab):
    send(lab, "motion_notify", 44.0)
    assert lab._canvas._cursor == "pointer"
    send(lab, "motion_notify", 44.0, y=60.0)
    assert lab._canvas._cursor == "default"


def test_an_error_while_dragging_is_one_line(lab):
    lab.view.drag = lambda s, start, now: 1 / 0
    send(lab, "button_press", 20.0)
    send(lab, "motion_notify", 44.0)
    assert "ZeroDivisionError" in lab.message
    assert lab.x == 1
