"""What holds for every picture of the lab of transfer learning."""

from nbtests.figures.made_runs import check_texts, made_picture
from nbtests.figures.walks import check_height, check_walk

WIDTHS = [1040, 640, 320]


def check_pictures(kind, results):
    """No label overlaps or leaves at any width; no walk leaves pixels behind; the height does not depend on the
    result."""
    for width in WIDTHS:
        picture = made_picture(kind, width)
        for each in results:
            picture.update(each)
            check_texts(picture)
            picture.update(each, results[0])
            check_texts(picture)
    check_walk(kind, results[:2], 960)
    check_walk(kind, results[:2], 352, 2)
    for width in (960, 352):
        check_height(kind, results, width)
