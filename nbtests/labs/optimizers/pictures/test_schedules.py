"""Learning rates or accuracies above the curves, by the arrays in their artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_history, made_picture
from trainingwheels.engine import SCHEDULES
from trainingwheels.figures import CurvesView
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panel_and_curves import Line
from trainingwheels.labs.optimizers.pictures.schedules import SchedulesPicture, SchedulesView


def scheduled(steps=60):
    histories = [made_history(steps, seed=seed) for seed in range(len(SCHEDULES))]
    lines = [
        Line(name, run_color(place), np.arange(140), 0.3 * schedule.factors(140, 14))
        for place, (name, schedule) in enumerate(SCHEDULES.items())
    ]
    return SchedulesView(CurvesView(histories, SCHEDULES.keys(), dots=False), lines, False, steps)


def by_rate(steps=60):
    lrs, sizes = np.array([0.01, 0.1, 1.0]), (16, 64, 256)
    histories = [made_history(steps, seed=seed) for seed in range(3)]
    lines = [
        Line(f"batches of {size}", run_color(place), lrs, np.roll([0.2, 0.9, 0.5], place))
        for place, size in enumerate(sizes)
    ]
    return SchedulesView(CurvesView(histories, [f"{size}, lr 0.1" for size in sizes], dots=False), lines, True)


VIEWS = {"schedules": scheduled(), "untrained": scheduled(0), "by rate": by_rate(), "untrained by rate": by_rate(0)}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(SchedulesPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", ["schedules", "by rate"])
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(SchedulesPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(SchedulesPicture, VIEWS["schedules"], scheduled(100))


def test_the_best_of_each_line_is_a_ring():
    picture = made_picture(SchedulesPicture)
    picture.update(VIEWS["by rate"])
    marks = picture._above.marks
    rings = [tuple(at) for at, face in zip(marks.get_offsets(), marks.get_facecolor(), strict=True) if face.min() == 1]
    assert rings == [(0.1, 0.9), (1.0, 0.9), (0.01, 0.9)]
