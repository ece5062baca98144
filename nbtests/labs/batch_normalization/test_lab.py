"""Behaviour: what the batch normalization lab says is what the engine found, and its scripts compute what it shows."""

import itertools
import re

import numpy as np
import pytest

from nbtests.labs.using import change, run
from trainingwheels.engine.batchnorm import forward
from trainingwheels.labs.batch_normalization.lab import BatchNormalization
from trainingwheels.labs.batch_normalization.pictures.computation_graph import NAMES, GraphView
from trainingwheels.labs.batch_normalization.pictures.normalization import NormalizedLayer
from trainingwheels.labs.batch_normalization.pictures.running_statistics import RunningStatistics
from trainingwheels.labs.batch_normalization.pictures.with_and_without import Compared
from trainingwheels.labs.batch_normalization.what_it_buys import QUESTIONS

QUICK = {"nets": 1, "dataset": "blobs"}


@pytest.fixture
def lab():
    lab = BatchNormalization()
    yield lab
    lab.close()


def test_each_view_has_its_kind_of_result(lab):
    kinds = {"layer": NormalizedLayer, "test": RunningStatistics, "backward": GraphView}
    for show, kind in kinds.items():
        assert isinstance(change(lab, show=show), kind)
    lab.set(show="training", **QUICK)
    lab.settle()
    assert isinstance(lab.result, Compared)
    assert lab.state == "idle"
    assert "Press Start" in lab.text


@pytest.mark.parametrize("shape", BatchNormalization.parameters()["shape"].table.keys())
def test_mean_zero_variance_one_and_the_same_shape(lab, shape):
    result = change(lab, shape=shape, mean=-4.0, scale=0.7)
    assert result.x_hat.mean((0, 2)) == pytest.approx(0, abs=1e-12)
    assert result.x_hat.std((0, 2)) == pytest.approx(1, rel=1e-3)
    assert "a straight line maps x to x̂" in lab.text


def test_recover_the_identity_in_one_move(lab):
    result = change(lab, recover=True, mean=7.3, scale=4.1, epsilon=0.5)
    assert result.y == pytest.approx(result.x, rel=1e-12)
    assert "y is x again" in lab.text
    assert lab._controls["gamma"].widget.children[0].disabled


@pytest.mark.parametrize("kind", ["layer", "instance"])
def test_other_axes_cannot_be_undone(lab, kind):
    result = change(lab, recover=True, normalization=kind, positions=4)
    assert result.x_hat.mean(result.kind.axes) == pytest.approx(0, abs=1e-12)
    assert np.abs(result.y - result.x).max() > 0.1
    assert "no choice" in lab.text


@pytest.mark.parametrize(("show", "words"), [("layer", "or layer norm"), ("test", "at least 2 examples to train on")])
def test_a_batch_of_one_is_refused_in_one_line(lab, show, words):
    before = change(lab, show=show)
    lab.batch = 1
    lab.settle()
    assert lab.state == "failed"
    assert lab.message.startswith("batch = 1 ")
    assert words in lab.message
    assert lab.result is before
    change(lab, batch=2)


def test_a_batch_of_one_is_enough_for_layer_norm(lab):
    change(lab, batch=1, normalization="layer")


def test_one_position_is_too_few_for_instance_norm(lab):
    lab.normalization = "instance"
    lab.settle()
    assert lab.state == "failed"
    assert "positions = 1" in lab.message
    change(lab, positions=2)


def test_a_constant_feature_is_told(lab):
    result = change(lab, scale=0.0, beta=2.0)
    assert (result.y == 2).all()
    assert "its variance is 0" in lab.text
    assert "Choose a scale above 0" in lab.text
    change(lab, show="test")
    change(lab, show="layer", normalization="layer")  # the units of an example still differ
    assert "its variance is 0" not in lab.text


EXTREMES = {
    "layer": {"scale": (0.0, 10.0), "mean": (-10.0, 10.0), "batch": (2, 512), "epsilon": (1e-8, 1.0)},
    "test": {"scale": (0.0, 10.0), "batch": (2, 512), "momentum": (0.001, 1.0), "epsilon": (1e-8, 1.0)},
    "backward": {"x1": (-10.0, 10.0), "upstream": (-5.0, 0.0), "gamma": (-5.0, 0.0), "epsilon": (1e-8, 1.0)},
}


@pytest.mark.parametrize("show", EXTREMES)
@pytest.mark.parametrize("recover", [False, True])
def test_the_ends_of_the_sliders_are_shown_and_explained(lab, show, recover):
    for values in itertools.product(*EXTREMES[show].values()):
        change(lab, show=show, recover=recover, **dict(zip(EXTREMES[show], values, strict=True)))
        assert "nan" not in lab.text


def test_a_small_variance_is_told(lab):
    change(lab, scale=0.1, epsilon=0.1)
    assert "ε takes the rest" in lab.text


def test_running_statistics_approach_the_populations(lab):
    result = change(lab, show="test", mean=5.0, scale=1.5)
    assert result.running_mean[-1] == pytest.approx(5.0, abs=0.1)
    assert result.running_var[-1] == pytest.approx(2.25, rel=0.1)
    assert "still counts" not in lab.text
    slow = change(lab, momentum=0.01)
    assert slow.running_mean[-1] < 3.5
    assert "still counts 37 %" in lab.text


def test_the_noise_in_the_words_is_sigma_over_root_m(lab):
    change(lab, show="test", scale=3.0, batch=16)
    measured, theory = map(float, re.search(r"deviation of ([\d.]+); .* = ([\d.]+)\.\n", lab.text).groups())
    assert theory == 0.75
    assert measured == pytest.approx(theory, rel=0.03)


@pytest.mark.parametrize("epsilon", [1e-8, 1e-5, 1.0])
@pytest.mark.parametrize("recover", [False, True])
def test_the_words_on_the_backward_pass_add_up(lab, epsilon, recover):
    result = change(lab, show="backward", x1=-2.5, gamma=3.0, upstream=-1.5, epsilon=epsilon, recover=recover)
    number = r"[−\d.e]+"
    found = re.search(rf"dL/dx₁ = ({number}) straight (. {number}) .* (. {number}) through μ = ({number})\.", lab.text)
    parts = [float(part.replace("−", "-").replace(" ", "").replace("+", "")) for part in found.groups()]
    assert sum(parts[:3]) == pytest.approx(parts[3], abs=0.02)
    assert parts[3] == pytest.approx(result.gradients.x[0, 0], rel=0.01)
    assert ("y is x here" in lab.text) is recover
    difference = re.search(r"differ by at most ([\d.e−]+)\.", lab.text).group(1)
    assert float(difference.replace("−", "-")) < 1e-6


def test_finite_differences_would_notice_a_wrong_gradient(lab):
    good = change(lab, show="backward")
    wrong = GraphView(good.values, good.values.backward(2 * good.gradients.y), good.epsilon)
    broken = GraphView(good.values, type(good.gradients)(**{**vars(wrong.gradients), "y": good.gradients.y}), 1e-5)
    difference = re.search(r"at most ([\d.e−]+)\.", lab.view.explain(broken)[-1]).group(1)
    assert float(difference.replace("−", "-")) > 0.1


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_trains_and_is_answered(lab, question):
    lab.set(show="training", question=question, depth=2, **QUICK)
    lab.settle()
    lab.start()
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    assert len(lab.result.histories) == 2 * len(QUESTIONS[question].values)
    assert "batchnorm" in lab.text
    assert "nan" not in lab.text.lower()
    assert {history.config.batchnorm for history in lab.result.histories} == {True, False}


def test_the_same_seed_begins_with_the_same_weights(lab):
    lab.set(show="training", question="lr", **QUICK)
    lab.settle()
    pairs = {}
    for history, label in zip(lab.result.histories, lab.result.labels, strict=True):
        pairs.setdefault(label, set()).add(history.config.seed)
    assert all(seeds == {0} for seeds in pairs.values())


def test_a_trained_population_survives_a_look_at_another_view(lab):
    lab.set(show="training", question="gradients", depth=1, **QUICK)
    lab.settle()
    lab.start()
    lab.settle()
    steps = len(lab.result.histories[0].steps)
    change(lab, show="layer", mean=1.0)
    lab.show = "training"
    lab.settle()
    assert len(lab.result.histories[0].steps) == steps > 0


@pytest.mark.parametrize("kind", ["batch", "layer", "instance"])
@pytest.mark.parametrize("recover", [False, True])
def test_the_layers_script_normalizes_as_the_lab_does(lab, kind, recover):
    result = change(lab, normalization=kind, positions=3, recover=recover, gamma=2.0, beta=-1.0, epsilon=0.01)
    script = run(lab)
    gamma, beta = (np.asarray(each)[None, :4, None] for each in (result.gamma, result.beta))
    if kind != "layer":  # whose mean is over all units, of which gamma is known for four only
        _, y = script["normalize"](result.x[:, :4], gamma, beta)
        assert y == pytest.approx(result.y[:, :4])
    x_hat, _ = script["normalize"](result.x, 1.0, 0.0)
    assert x_hat == pytest.approx(result.x_hat)
    ours = forward(script["x"], script["gamma"], script["beta"], epsilon=0.01, axes=result.kind.axes)
    assert script["y"] == pytest.approx(ours.y)
    assert script["x"].mean((0, 2))[:4] == pytest.approx(result.x.mean((0, 2))[:4], abs=0.6)


def test_the_running_script_keeps_the_labs_averages(lab):
    result = change(lab, show="test", momentum=0.2, shape="skewed")
    script = run(lab)
    running = 0.0
    for mean in result.batch_mean:
        running = script["update"](running, mean)
    assert running == pytest.approx(result.running_mean[-1])
    assert script["running_mean"] == pytest.approx(3.0, abs=0.2)
    assert script["running_var"] == pytest.approx(4.0, rel=0.3)


def test_the_backward_script_finds_the_labs_numbers(lab):
    result = change(lab, show="backward", x1=1.5, gamma=-2.0, beta=0.5, upstream=2.0, epsilon=0.01)
    script = run(lab)
    for name in NAMES:
        assert script[name] == pytest.approx(getattr(result.values, name).ravel(), rel=1e-12), name
        if name != "y":
            assert script[f"d{name}"] == pytest.approx(getattr(result.gradients, name).ravel(), rel=1e-10), name


def test_the_training_script_is_that_of_the_first_net(lab):
    lab.set(show="training", question="gradients", depth=1, **QUICK)
    lab.settle()
    lab.start()
    lab.settle()
    losses = run(lab)["losses"]
    assert losses[:20] == pytest.approx(lab.result.histories[0].train_loss[:20].tolist(), rel=1e-3)
