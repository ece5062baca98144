"""Files that a learner gives to a lab, and takes home."""

from datetime import UTC, datetime

import pytest

from trainingwheels.labs.base.files import LARGEST, Upload

MODIFIED = datetime(2024, 1, 1, tzinfo=UTC)


def file(name, content):
    return {"name": name, "type": "", "size": len(content), "content": memoryview(content), "last_modified": MODIFIED}


@pytest.fixture
def upload():
    taken = []
    widget = Upload("Import", ".csv", lambda *file: taken.append(file), multiple=True)
    yield widget, taken
    widget.close()


def test_files_are_taken_by_name_and_the_same_one_can_be_chosen_again(upload):
    widget, taken = upload
    for _ in range(2):
        widget.value = (file("b.csv", b"2"), file("a.csv", b"1"))
    assert taken == [("a.csv", b"1"), ("b.csv", b"2")] * 2
    assert widget.value == ()


def test_the_page_sends_names_and_contents(upload):
    widget, taken = upload
    assert widget.largest == LARGEST
    widget._handle_custom_msg({"names": ["a.csv"]}, [memoryview(b"1")])
    assert taken == [("a.csv", b"1")]
    for content in (None, {}, {"names": ["a.csv"]}, {"names": [3]}, {"names": "a"}):
        widget._handle_custom_msg(content, [b""] if content == {"names": [3]} else [])
    assert len(taken) == 1


def test_files_may_be_taken_together():
    taken = []
    widget = Upload("Import", ".csv", taken.append, multiple=True, together=True)
    widget.value = (file("b.csv", b"2"), file("a.csv", b"1"))
    assert taken == [[("a.csv", b"1"), ("b.csv", b"2")]]
    widget.close()


def test_what_the_page_does_not_send_is_one_line(square):
    lab = square()
    lab._face.page._handle_custom_msg({"event": "too-large", "name": "<b>.csv", "size": 12_345_678}, [])
    assert lab.message == "'<b>.csv' has 12.3 MB: choose a file, or files together, of at most 8 MB."
    lab._face.page._handle_custom_msg({"event": "too-large", "name": 3, "size": "x"}, [])
    lab.x = 2.0
    lab.settle()
    assert (lab.message, lab.result) == ("", (2.0, 4.0))
