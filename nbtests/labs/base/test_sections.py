"""Sections: in which order they stand."""

import ipywidgets as w

from trainingwheels.labs.base.controls import Control
from trainingwheels.labs.base.parameters import Switch
from trainingwheels.labs.base.sections import sections


def test_headings_stand_as_they_are_first_named_and_more_stands_last():
    headings = {"a": "net", "b": "more", "c": "", "d": "data", "e": "net"}
    parameters = {name: Switch(False, section=heading, help="a toy") for name, heading in headings.items()}
    for name, parameter in parameters.items():
        parameter.name = name
    layout = w.Layout()
    controls = {name: Control(each, False, print, print, layout) for name, each in parameters.items()}
    found = sections(parameters, controls)
    assert [section.widget.children[0].description for section in found] == ["net", "data", "more"]
    assert found[0].has({"a"})
    assert found[0].has({"e"})
    assert not found[0].has({"b", "c", "d"})
