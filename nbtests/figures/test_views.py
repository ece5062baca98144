"""Several pictures on one figure."""

from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D

from nbtests.figures.made_runs import made_picture, pixels
from trainingwheels.figures import Picture, Views


@dataclass
class Level:
    y: float


@dataclass
class Slope:
    rise: float


class LevelPicture(Picture):
    """A horizontal line; its pinned twin is a second one."""

    def arrange(self, width):
        axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
        self.live = [axes.add_line(Line2D([], [])), axes.add_line(Line2D([], [], color="grey"))]
        return width / 2

    def show(self, result, pinned=None):
        self.live[0].set_data([0, 1], [result.y] * 2)
        self.live[1].set_data(*([0, 1], [pinned.y] * 2) if pinned else ([], []))


class SlopePicture(Picture):
    """A rising line in a higher picture."""

    def arrange(self, width):
        self.axes = self.figure.add_axes((0.2, 0.2, 0.7, 0.7), xlim=(0, 1), ylim=(0, 1))
        self.live = [self.axes.add_line(Line2D([], []))]
        self.parts = {self.axes: (0, 0, width, width)}
        self.held = (0.2, 0.1, 0.7, 0.7)
        return width

    def show(self, result, pinned=None):
        self.live[0].set_data([0, 1], [0, result.rise])


class Both(Views):
    def __init__(self, figure, width):
        super().__init__(figure, LevelPicture)
        self.resize(width)

    def update(self, result, pinned=None):
        self.turn_to(LevelPicture if isinstance(result, Level) else SlopePicture)
        super().update(result, pinned)


def test_the_picture_that_is_turned_to_has_the_figure_to_itself():
    views = made_picture(Both, 400)
    assert (views.has_result, views.size) == (False, (400, 200))
    for result, kind, height in ((Level(0.5), LevelPicture, 200), (Slope(0.5), SlopePicture, 400)) * 2:
        views.update(result)
        alone = made_picture(kind, 400)
        alone.update(result)
        assert views.has_result
        assert views.size == alone.size == (400, height)
        assert views.held == alone.held
        assert np.array_equal(pixels(views), pixels(alone))


def test_a_new_width_counts_for_the_pictures_that_are_not_on_screen_too():
    views = made_picture(Both, 400)
    for result in (Level(0.2), Slope(0.3)):
        views.update(result)
    views.resize(300)
    views.update(Level(0.7))
    alone = made_picture(LevelPicture, 300)
    alone.update(Level(0.7))
    assert views.size == (300, 150)
    assert np.array_equal(pixels(views), pixels(alone))


def test_a_pinned_result_of_another_kind_stays_away():
    views = made_picture(Both, 400)
    views.update(Level(0.5), Slope(0.2))
    assert not len(views.live[1].get_xdata())
    views.update(Level(0.5), Level(0.2))
    assert list(views.live[1].get_ydata()) == [0.2, 0.2]
