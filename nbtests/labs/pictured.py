"""What holds for every picture of a lab that is made of plots, and results to show in them."""

from types import SimpleNamespace

from nbtests.figures.checks import WIDTHS
from nbtests.figures.made_runs import check_numbers, check_texts, made_picture
from nbtests.figures.walks import check_walk
from trainingwheels.labs.base.view import View


def result(view: type[View], **settings):
    """What a view computes for these settings, the others at their defaults."""
    defaults = {name: parameter.default_value for name, parameter in view.parameters().items()}
    return view.compute(view(None), SimpleNamespace(**(defaults | settings)))


def check_pictures(kind, results):
    """No label overlaps or leaves and nothing at an axis is cut off at any width; no walk leaves pixels behind or
    changes the height."""
    for width in WIDTHS:
        picture = made_picture(kind, width)
        for each in results:
            picture.update(each)
            check_texts(picture)
            check_numbers(picture)
            picture.update(each, results[0])
            check_texts(picture)
    check_walk(kind, results, 960)
    check_walk(kind, results[:2], 352, 2)
