"""Behaviour: pictures that are drawn at the same time, as those of labs that share a notebook are."""

from concurrent.futures import ThreadPoolExecutor

from matplotlib import rc_context, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nbtests.alone import alone
from trainingwheels.figures import Picture

FRAMES, LAYOUTS, THREADS = 12, 30, 4


class Fraction(Picture):
    """A formula, which is another in every frame, and powers of ten at an axis."""

    def arrange(self, width):
        self.axes = self.figure.add_axes((0.1, 0.1, 0.8, 0.8), yscale="log")
        self.live = [self.axes.text(0.5, 0.5, "", transform=self.axes.transAxes)]
        self.parts = {self.axes: (0, 0, width, 300)}
        return 300

    def show(self, result, pinned=None):
        self.live[0].set_text(rf"$\frac{{{result}}}{{\alpha^{{{result + 1}}}}}$")
        self.axes.set_ylim(10.0 ** -(result % 9), 10.0 ** (result % 7 + 1))
        self.forget(self.axes)


def draw(first):
    """Frames from the number ``first`` on, in widths that change; the pixels of the last."""
    picture = Fraction(Figure(dpi=96))
    canvas = FigureCanvasAgg(picture.figure)
    for number in range(first, first + FRAMES):
        picture.update(number)
        picture.render()
        if number % 7 == 0:
            picture.resize(500 + number % 200)
    picture.resize(600)
    picture.render()
    return bytes(canvas.buffer_rgba())


def check_frames():
    firsts = range(1000, 1000 * (THREADS + 1), 1000)
    with ThreadPoolExecutor(THREADS) as threads:
        together = list(threads.map(draw, firsts))
    assert together == [draw(first) for first in firsts]


def test_threads_draw_what_each_draws_alone():
    alone(check_frames)  # in a process of its own, which threads in each other's way may kill


def lay_out(width):
    picture = Fraction(Figure(dpi=96))
    for further in range(LAYOUTS):
        picture.resize(width + further)


def test_threads_leave_the_settings_of_figures_as_they_were():
    before = dict(rcParams)
    with rc_context(), ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lay_out, range(400, 400 + THREADS)))
        assert dict(rcParams) == before
