"""What holds for every picture of gradient checks."""

from nbtests.figures.made_runs import made_picture

WIDTHS = [960, 640, 639, 360, 320]


def check_labels(kind, results, width):
    """No label leaves the picture."""
    shown = made_picture(kind, width)
    for result in results:
        shown.update(result)
        for label in shown._texts.labels:
            left = label.x - label.anchor * shown._texts.width(label.text)
            assert left >= 0, label
            assert left + shown._texts.width(label.text) <= width, label
            assert 0 <= label.y <= shown.size[1] - 8
