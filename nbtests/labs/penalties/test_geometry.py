"""Two weights: sentences, slides, script and drags say what the engine finds, whatever the settings."""

import numpy as np
import pytest

from nbtests.labs.penalties.test_full_loss import Settings
from nbtests.labs.using import apply, change, run, slide
from nbtests.words import all_numbers
from trainingwheels.engine import PENALTIES
from trainingwheels.labs.penalties.geometry import TwoWeights
from trainingwheels.labs.penalties.lab import Penalties

SLIDERS = ("strength", "optimum_1", "optimum_2", "stretch", "angle", "beta")


def drawn(seed):
    """Settings of the view, now and then at the ends of its sliders."""
    rng, parameters = np.random.default_rng(seed), Penalties.parameters()
    ends = {name: (parameters[name].low, parameters[name].high) for name in SLIDERS}
    settings = {name: float(np.round(rng.uniform(*ends[name]), 2)) for name in SLIDERS}
    for name in rng.choice(SLIDERS, rng.integers(0, 3), replace=False):
        settings[name] = float(rng.choice(ends[name]))
    return settings | {"penalty": rng.choice(PENALTIES.keys())}


def minimum(s):
    """The best weights by many proximal steps."""
    squares, absolutes = {"l2": (1, 0), "l1": (0, 1), "elastic": (s.beta, 1)}[s.penalty]
    t = np.deg2rad(s.angle)
    turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    H, optimum, w = turn @ np.diag([s.stretch**-2, 1]) @ turn.T, np.array([s.optimum_1, s.optimum_2]), np.zeros(2)
    for _ in range(3000):
        w = w - H @ (w - optimum)
        w = np.sign(w) * np.maximum(np.abs(w) - s.strength * absolutes, 0) / (1 + 2 * s.strength * squares)
    return w, H, optimum


@pytest.mark.parametrize("part", range(4))
def test_the_sentences_are_true_for_200_random_settings(part):
    view = TwoWeights(None)
    for seed in range(50 * part, 50 * part + 50):
        s = Settings(drawn(seed))
        sentences = view.explain(view.compute(s))
        w, H, optimum = minimum(s)
        said = all_numbers(sentences[0].replace("L1", "").replace("L2", ""))
        assert said[:2] == pytest.approx([s.optimum_1, s.optimum_2], abs=0.006)
        assert said[-2:] == pytest.approx(w, abs=0.006)
        if s.penalty == "l2" or s.strength == 0:
            assert len(sentences) == 2
            assert "Nothing holds" in sentences[1]
            continue
        for place in range(2):
            held = "exactly 0" in sentences[1 + place]
            assert held == (w[place] == 0)
            at_zero = np.where(np.arange(2) == place, 0, w)
            pull = abs((H @ (optimum - at_zero))[place])
            assert all_numbers(sentences[1 + place].replace(f"w{place + 1} = 0", ""))[0] == pytest.approx(
                pull, abs=2e-3
            )
        zeros = int((w == 0).sum())
        last = ("on neither axis", "solution is on an axis", "Both weights are 0")[zeros]
        assert last in sentences[3]


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_script_computes_the_same(make, penalty):
    lab = make(show="geometry", penalty=penalty, strength=0.4, stretch=3.0, angle=-50.0, beta=0.8)
    names, solution = run(lab), lab.result.solution
    np.testing.assert_allclose(names["w"], solution.w, atol=1e-6)
    np.testing.assert_array_equal(names["w"] == 0, solution.w == 0)
    np.testing.assert_allclose(np.abs(names["pull"]), np.abs(solution.pulls), atol=1e-6)


def test_the_slides_are_right(make):
    lab = make()
    result = apply(lab, "l2")
    assert (result.solution.w != 0).all()
    result, answer = apply(lab, "l1"), slide(lab, "l1").answer
    assert result.solution.w[0] == 0
    assert result.solution.w[1] > 0.5
    assert abs(result.solution.pulls[0]) == pytest.approx(0.18, abs=0.005)
    assert "0.18" in answer
    result = apply(lab, "elastic-net")
    assert result.solution.w[0] == 0
    assert result.solution.w[1] > 0.5


def test_the_optimum_can_be_dragged_and_the_contours_turned(make):
    lab = make(show="geometry")
    picture = lab._picture._now
    panel = picture._panels[0]
    assert picture.point(*panel.pixels(*picture._handle))[0] == "tip"

    def drag(start, end):
        lab._begin_drag()
        lab._drag(picture.point(*panel.pixels(*start)), picture.point(*panel.pixels(*end)))
        lab.settle()

    drag((-2, -2), (-3, -1))  # anywhere else: the optimum moves as far
    assert (lab.optimum_1, lab.optimum_2) == pytest.approx((0.2, 3.0), abs=0.03)
    change(lab, optimum_1=0.0, optimum_2=0.0)
    drag(picture._handle, (0.0, 1.8))
    assert lab.angle in (90.0, -90.0)
    assert lab.stretch == pytest.approx(3, abs=0.06)
    drag(picture._handle, (-3.4, 0.1))
    assert lab.stretch == 5
    assert abs(lab.angle) <= 3
