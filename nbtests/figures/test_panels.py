"""Panels: the numbers at an axis."""

from matplotlib.figure import Figure

from trainingwheels.figures.panels import Box, Panel, percent


def numbers(low, high):
    panel = Panel(Figure(), Box(50, 50, 300, 200), (400, 300), percent)
    panel.limit((0.0, 1.0), (low, high))
    return [label.get_text() for label in panel.axes.get_yticklabels()]


def test_marks_in_percent_have_the_decimals_that_tell_them_apart():
    assert numbers(0.0, 1.0) == ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]
    assert numbers(0.9, 1.0) == ["90 %", "92 %", "94 %", "96 %", "98 %", "100 %"]
    assert numbers(0.93, 0.95) == ["93.0 %", "93.5 %", "94.0 %", "94.5 %", "95.0 %"]
    assert numbers(-0.1, 0.1)[0] == "−10 %"
