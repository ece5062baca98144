"""Nets over their learning rate, by the arrays in their artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_history, made_picture
from trainingwheels.figures.panel_and_curves import Line
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.labs.seven_steps.pictures.judged import Judged
from trainingwheels.labs.seven_steps.pictures.ranked import TOP, Ranked, RankedPicture

LRS = np.array([1e-4, 1e-3, 1e-2, 1e-1])


def losses(*left, steps=100):
    runs = [made_history(steps, level=1.0 + place) for place in range(len(LRS))]
    curves = Judged(runs, [f"lr {lr:g}" for lr in LRS], dots=False)
    return Ranked(curves, [Line("", INK, LRS, np.array(left))], 0.7, "loss that is left", "○ the best", losses=True)


def accuracies(low, steps=100):
    runs = [made_history(steps) for _ in LRS]
    lines = [Line(f"λ {place}", color, LRS, low + 0.01 * np.arange(4)) for place, color in enumerate((INK, SUBTLE))]
    return Ranked(Judged(runs, [f"lr {lr:g}" for lr in LRS], dots=False), lines, 0.95, "accuracy", "now")


VIEWS = {
    "losses": losses(0.9, 0.7, 0.2, np.nan),
    "high": losses(1.0, 1.2, 5.0, 0.3),
    "untrained": losses(*[np.nan] * 4, steps=0),
    "accuracies": accuracies(0.9),
    "poor": accuracies(0.1),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(RankedPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(RankedPicture, VIEWS["accuracies"], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(RankedPicture, VIEWS["losses"], losses(0.5, 0.4, 0.3, 0.2))


def test_what_is_known_is_marked_and_what_is_too_high_lies_on_the_edge():
    picture = made_picture(RankedPicture)
    for name, expected in (("losses", [0.9, 0.7, 0.2]), ("high", [1.0, 1.2, TOP, 0.3]), ("untrained", [])):
        picture.update(VIEWS[name])
        np.testing.assert_allclose(np.asarray(picture._above.marks.get_offsets())[:, 1], expected)
