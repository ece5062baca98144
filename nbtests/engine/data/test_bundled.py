"""Files that other packages bring along."""

from trainingwheels.engine.data.bundled import bundled_file


def test_a_file_is_found_where_its_package_is():
    file = bundled_file("trainingwheels", "engine/data/bundled.py")
    assert file is not None
    assert "def bundled_file" in file.read_text()


def test_what_is_not_there_is_none():
    assert bundled_file("trainingwheels", "engine/data/bundled.txt") is None
    assert bundled_file("trainingwheels", "engine/data") is None
    assert bundled_file("no_such_package", "engine") is None
    assert bundled_file("this", "engine") is None  # a module, which has no folder
