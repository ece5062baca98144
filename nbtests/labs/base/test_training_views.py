"""Behaviour: a lab with quick views and one whose nets train."""

import pytest
from matplotlib.figure import Figure

from nbtests.browser.serving import wait_for
from nbtests.figures.made_runs import made_picture
from nbtests.labs.conftest import Point
from trainingwheels.engine import RunConfig
from trainingwheels.engine.settings import Table
from trainingwheels.figures import CurvesView, Views
from trainingwheels.labs.base.parameters import Choice, Slider, WholeSlider
from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.learning_curves.pictures.learning_curves import CurvesPicture


class Named:
    def __init__(self, name):
        self.name = self.label = name


class Both(TrainingLab):
    """x squared, or two nets that train."""

    slug = "both"
    number = "98"
    title = "Both"
    looks = frozenset({"show", "x"})
    show = Choice(Table("view", (Named("square"), Named("nets"))), "square", help="what is shown")
    x = Slider(0.0, 10.0, 1.0, step=0.5, help="what is squared", views=("square",))
    lr = Slider(0.0, 1.0, 0.1, step=0.1, help="learning rate", views=("nets",))
    epochs = WholeSlider(1, 5000, 5000, help="how often each example is seen", views=("nets",))

    def configs(self, s):
        if s.show == "square":
            return [], []
        runs = [RunConfig(dataset="moons", hidden=(4,), lr=s.lr, epochs=s.epochs, seed=seed) for seed in (0, 1)]
        return runs, ["a", "b"]

    def compute(self, s):
        return s.x, s.x**2

    def view(self, snapshot, labels, s):
        return CurvesView(snapshot.histories, labels)

    def picture(self, figure: Figure):
        return Views(figure, {tuple: Point, CurvesView: CurvesPicture})

    def explain(self, result):
        return [type(result).__name__]

    def script(self, s):
        return "print()"


@pytest.fixture
def lab():
    lab = Both()
    lab.settle()
    yield lab
    lab.close()


def steps(lab):
    return len(lab._snapshot.histories[0].steps)


def test_a_quick_view_has_no_transport_and_only_its_own_controls(lab):
    assert (lab.state, lab.result, lab.text) == ("done", (1.0, 1.0), "tuple")
    assert lab._transport.layout.display == "none"
    seen = {name: "tw-away" not in control.widgets[0]._dom_classes for name, control in lab._controls.items()}
    assert seen == {"show": True, "x": True, "lr": False, "epochs": False}
    lab.show = "nets"
    lab.settle()
    assert (lab.state, lab.text, lab._transport.layout.display) == ("idle", "CurvesView", None)
    seen = {name: "tw-away" not in control.widgets[1:][-1]._dom_classes for name, control in lab._controls.items()
            if len(control.widgets) > 1}  # fmt: skip
    assert seen == {"x": False, "lr": True, "epochs": True}


def test_nets_survive_a_look_at_another_view(lab):
    lab.show = "nets"
    lab.settle()
    lab.start()
    wait_for(lambda: steps(lab) > 20, "the steps")
    lab.show = "square"
    lab.x = 3.0
    lab.settle()
    assert (lab.state, lab.result) == ("done", (3.0, 9.0))
    trained = steps(lab)
    lab.show = "nets"
    lab.settle()
    assert (lab.state, steps(lab), lab._start.description) == ("paused", trained, "Resume")
    assert len(lab.result.histories[0].steps) == trained
    lab.lr = 0.2  # counts from the next step on
    lab.single_step()
    lab.settle()
    assert steps(lab) == trained + 1
    assert lab.result.histories[0].lr[-1] == pytest.approx(0.2)


def test_a_setting_of_the_nets_that_changed_meanwhile_makes_new_ones(lab):
    lab.show = "nets"
    lab.settle()
    lab.single_step()
    lab.settle()
    lab.set(show="square", epochs=3)
    lab.settle()
    lab.show = "nets"
    lab.settle()
    assert (lab.state, steps(lab)) == ("idle", 0)
    lab.start()
    lab.settle()
    assert (lab.state, lab._start.description) == ("done", "Train again")
    lab.show = "square"
    lab.settle()
    lab.show = "nets"
    lab.settle()
    assert (lab.state, lab._start.description) == ("done", "Train again")


def test_starting_where_nothing_trains_does_no_harm(lab):
    for act in (lab.start, lab.single_step, lab.restart, lab.pause):
        act()
        lab.settle()
        assert (lab.state, lab.result) == ("done", (1.0, 1.0))


def test_the_canvas_tells_its_page_when_a_view_is_higher(lab, monkeypatch):
    sizes = []
    resize = lab._canvas.handle_resize
    monkeypatch.setattr(
        lab._canvas, "handle_resize", lambda event: (sizes.append(tuple(event.values())), resize(event))
    )
    lab._face.page.width = 700
    lab.settle()
    before = lab._picture.size
    lab.show = "nets"
    lab.settle()
    assert lab._picture.size != before
    assert sizes == [before, lab._picture.size]
    assert made_picture(CurvesPicture, lab._picture.width).size == lab._picture.size
