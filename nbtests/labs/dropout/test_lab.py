"""The dropout lab: every view has its result, and what it says is what the engine found, whatever the settings."""

import random

import numpy as np
import pytest

from nbtests.labs.dropout.conftest import FEW
from nbtests.labs.using import AT_ONCE, apply, change, seconds_of_a_move
from nbtests.words import numbers
from trainingwheels.engine.regularizers.integral import Integral
from trainingwheels.labs.dropout.lab import Dropout
from trainingwheels.labs.dropout.pictures.ensemble import EnsembleView
from trainingwheels.labs.dropout.pictures.net import DrawnNet
from trainingwheels.labs.dropout.pictures.neuron import NeuronView
from trainingwheels.labs.dropout.pictures.removal import RemovalView
from trainingwheels.labs.dropout.pictures.training import Trained

VIEWS = {
    "net": DrawnNet,
    "neuron": NeuronView,
    "integral": Integral,
    "ensemble": EnsembleView,
    "removal": RemovalView,
    "training": Trained,
}
QUICK = ["net", "neuron", "integral", "ensemble", "removal"]
TRAINS = ("examples", "label_noise", "seed", "keep")  # a change of these trains other nets in the last two


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_has_its_result_and_its_words(make, show):
    lab = make(show=show, **FEW)
    assert lab.state == ("idle" if show == "training" else "done")
    assert type(lab.result) is VIEWS[show]
    assert len(lab.text) > 100
    assert "p " in lab.text
    assert "probability of keeping a unit" in lab.text


def test_the_views_are_those():
    assert [view.name for view in Dropout.views] == list(VIEWS)


def drawn(view, rng):
    """Any settings of a view that its controls allow."""
    found = {}
    for name, parameter in view.parameters().items():
        if view.name in ("ensemble", "removal") and name in TRAINS:
            continue
        if hasattr(parameter, "table"):
            found[name] = rng.choice(parameter.table.keys())
        elif name == "by_hand":
            found[name] = tuple(rng.sample(range(1, 33), rng.randrange(8)))
        elif parameter.whole:
            found[name] = rng.randint(int(parameter.low), int(parameter.high))
        else:
            found[name] = parameter.nearest_stop(rng.uniform(parameter.low, parameter.high))
    return found


@pytest.mark.parametrize("show", QUICK)
def test_forty_random_settings_are_told_as_they_are(make, show):
    """200 in all."""
    rng, lab = random.Random(show), make(show=show, **FEW)
    for _ in range(40):
        result = change(lab, **drawn(type(lab.view), rng))
        assert "nan" not in lab.text.lower()
        HOLDS[show](lab, result)


def close(said, found, digits=2):
    """Whether a number of so many digits was written for this one."""
    assert said == pytest.approx(found, rel=0.6 * 10 ** (1 - digits), abs=1e-9)


def holds_net(lab, result):
    assert numbers("p = # is the probability of keeping", lab.text) == [result.keep]
    assert numbers("torch call dropout, #.", lab.text)[0] == pytest.approx(1 - result.keep)
    stay = numbers("keeps # of 6 units in the first hidden layer and # of 6", lab.text)
    assert stay == [kept.sum() for kept in result.kept]
    assert max(result.miss(kind, "H1") for kind in result.test) < 1e-9
    misses = [result.miss(kind, "out") for kind in ("vanilla", "inverted")]
    if "rounding only" in lab.text:
        assert max(misses) < 1e-9
    else:
        assert lab.bend == "relu"
        for said, miss in zip(numbers("at most # with vanilla and # with inverted", lab.text), misses, strict=True):
            close(said, miss)


def holds_neuron(lab, result):
    two = result.two
    said = numbers(") = # = p·(w₁x + w₂y) = #·(#).", lab.text)
    close(said[0], two.mean, 3)
    assert said[1] == lab.keep
    close(said[2], two.whole, 3)
    assert two.mean == pytest.approx(lab.keep * (lab.w1 * lab.x + lab.w2 * lab.y))
    averaged, through = two.after_relu
    if "the two part" in lab.text:
        assert averaged > through
        close(numbers("E[max(0, a)] = #,", lab.text)[0], averaged, 3)
    else:
        assert averaged == pytest.approx(through, abs=1e-9)
        assert min(two.values) >= -1e-9 or max(two.values) <= 1e-9 or lab.keep == 1
    mean, whole, std, scaled = numbers(
        "E[a] = #, again p times the # of all inputs; the standard deviation over the masks is #. Inverted dropout "
        "divides both by p: its mean is #, as",
        lab.text,
    )
    for written, found in ((mean, lab.keep * whole), (whole, scaled)):
        assert written == pytest.approx(found, rel=0.02, abs=0.02)
    close(std, result.many.std, 3)


def holds_integral(lab, result):
    assert numbers("All # masks of # units", lab.text) == [2**lab.units, lab.units]
    off = np.abs(result.scaled - result.arithmetic).max()
    if lab.net == "linear":
        assert off < 1e-9
    elif lab.net == "softmax":
        assert np.abs(result.scaled - result.geometric).max() < 1e-9
        close(numbers("From the arithmetic mean it is # away", lab.text)[0], off)
    elif "is neither mean" in lab.text:
        geometric = np.abs(result.scaled - result.geometric).max()
        for said, found in zip(numbers("It is # away from the arithmetic mean and # from", lab.text), (off, geometric),
                               strict=True):  # fmt: skip
            close(said, found)
        assert max(off, geometric) >= 1e-9


def holds_ensemble(lab, result):
    for looked in (result.ordinary, result.other):
        mean = looked.masks[:, looked.top].mean()
        assert mean == pytest.approx(looked.masks.mean(axis=0).max(), rel=1e-5)
        assert f"of the masks say {looked.top}, with a mean probability of {mean:.2f}" in lab.text
        assert f"deviation of {looked.spread:.2f} over" in lab.text
    assert f"a {result.ordinary.label}: " in lab.text


def holds_removal(lab, result):
    count = len(set(lab.by_hand)) if lab.order == "hand" else lab.removed
    assert [len(gone) for gone in result.gone] == [count, count]
    assert lab.text.count(f"{count} unit") >= 1
    losses = [float(curve[0]) - left for curve, left in zip(result.curves, result.left, strict=True)]
    plain, dropped = lab.text.split("With it:")
    said = [number for each in (plain, dropped) for number in numbers("without these: # points lost.", each)]
    assert said == pytest.approx([100 * loss for loss in losses], abs=0.06)


HOLDS = {
    "net": holds_net,
    "neuron": holds_neuron,
    "integral": holds_integral,
    "ensemble": holds_ensemble,
    "removal": holds_removal,
}


@pytest.mark.parametrize(
    ("show", "name", "values"),
    [
        ("net", "draw", range(1, 16)),
        ("neuron", "x", np.arange(0, 1.5, 0.1)),
        ("integral", "size", np.arange(1, 2.5, 0.1)),
        ("ensemble", "image", range(1, 16)),
        ("removal", "removed", range(1, 16)),
    ],
)
def test_a_moved_slider_is_answered_at_once(make, show, name, values):
    lab = make(show=show, **FEW)
    kind = type(getattr(lab, name))
    assert seconds_of_a_move(lab, name, map(kind, values)) < AT_ONCE


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"keep": 0}, "keep = 0 is out of range: choose a number from 0.05 to 1."),
        ({"units": 30}, "units = 30 is out of range: choose a whole number from 2 to 16 units."),
        ({"by_hand": (40,)}, "by_hand[0] = 40 is out of range"),
    ],
)
def test_bad_input_is_one_line(make, settings, says):
    lab = make()
    with pytest.raises(ValueError, match="choose"):
        lab.set(**settings)
    assert says in lab.message
    assert "\n" not in lab.message


def test_controls_of_other_views_are_out_of_sight(make):
    lab = make()
    in_sight = {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}
    assert in_sight == {"show", "step", "draw", "example", "bend", "keep", "seed"}


def test_the_slides_on_masks_say_what_they_show(make):
    lab = make()
    result = apply(lab, "which-p")
    assert result.keep == 0.8
    assert numbers("call dropout, #.", lab.text) == [0.2]
    result = apply(lab, "test-time")
    assert max(result.miss(kind, layer) for kind in result.test for layer in ("H1", "H2", "out")) < 1e-9
    result = apply(lab, "masks")
    assert result.miss("inverted", "H1") < 1e-9
    assert result.miss("inverted", "out") > 0.01  # the first view has something to show
    result = apply(lab, "one-neuron")
    assert result.two.mean == result.two.whole / 2


def test_the_slides_on_the_integral_say_what_they_show(make):
    lab = make()
    result = apply(lab, "integral")
    assert np.abs(result.scaled - result.geometric).max() < 1e-9
    assert np.abs(result.scaled - result.arithmetic).max() == pytest.approx(0.13, abs=0.005)
    assert result.scaled.max() > result.arithmetic.max()  # too sure of itself
    result = apply(lab, "deep-net")
    off = np.abs(result.scaled - result.arithmetic).max()
    assert min(off, np.abs(result.scaled - result.geometric).max()) > 0.01
    for nearer in ({"size": 0.5}, {"size": 2.0, "keep": 0.95}):
        result = change(lab, **nearer)
        assert np.abs(result.scaled - result.arithmetic).max() < off / 3
