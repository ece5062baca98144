"""Labs that are closed when their test ends, and a toy lab to test the base with."""

import threading

import pytest
from matplotlib.lines import Line2D

from trainingwheels.engine import InvalidSetting
from trainingwheels.figures import Picture
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Slider, WholeSlider
from trainingwheels.labs.base.presets import Preset
from trainingwheels.labs.base.view import View


class Point(Picture):
    """One point at (x, x squared)."""

    def arrange(self, width):
        axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, 10), ylim=(0, 100))
        self.live = [axes.add_line(Line2D([], [], marker="o"))]
        return width / 2

    def show(self, result, pinned=None):
        points = [point for point in (result, pinned) if point is not None]
        self.live[0].set_data([x for x, _ in points], [y for _, y in points])


class TheSquare(View):
    """It can be slow, refuse, or break."""

    name = "square"
    label = "the square"
    picture = Point
    x = Slider(0.0, 10.0, 1.0, step=0.5, help="what is squared")
    power = WholeSlider(1, 3, 2, help="the exponent")

    def compute(self, s):
        if self.lab.gate is not None:
            assert self.lab.gate.acquire()
        if s.x == 7:
            raise InvalidSetting("x = 7 is unlucky: choose another number.")
        if s.x == 8:
            raise ZeroDivisionError("a secret path /etc")
        return s.x, s.x**s.power

    def explain(self, result):
        return [f"The result is {result[1]:g} & that's that."]

    def script(self, s):
        return f"print({s.x} ** {s.power})"


class Square(Lab):
    """A toy lab."""

    slug = "square"
    number = "99"
    title = "Square"
    presets = (
        Preset("two", "2", {"x": 2.0}, question="What is the square of 2?", answer="4"),
        Preset("three", "3", {"x": 3.0}),
        Preset("cube", "3 cubed", {"x": 3.0, "power": 3}, question="And the cube of 3?", answer="27"),
    )
    views = (TheSquare,)
    gate = None


@pytest.fixture
def opened():
    """``opened(kind, **settings)`` is a lab of that kind, which is closed when the test ends."""
    made = []

    def open_lab(kind, **settings):
        made.append(kind(**settings))
        return made[-1]

    yield open_lab
    for lab in made:
        lab.close()


@pytest.fixture
def settled(opened):
    """As ``opened``, with its first picture."""

    def open_lab(kind, **settings):
        lab = opened(kind, **settings)
        lab.settle()
        return lab

    return open_lab


@pytest.fixture
def square(opened):
    gates = []

    def make(gated=False, **settings):
        if not gated:
            return opened(Square, **settings)

        class Gated(Square):
            gate = threading.Semaphore(0)

        gates.append(Gated.gate)
        return opened(Gated, **settings)

    yield make
    for gate in gates:
        gate.release(1000)


def point(lab):
    """What the toy's picture shows."""
    return list(zip(*(list(data) for data in lab._picture.live[0].get_data()), strict=True))
