"""Grid and random: what is said is what was found, whatever the settings; the script; a dragged peak."""

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.search import measured as module
from trainingwheels.engine.search.measured import PAIRS, measured
from trainingwheels.labs.search.two_parameters import AHEAD


def test_what_is_said_is_what_was_found(make):
    for said in spoken(make(show="grid"), 20, show="grid", landscape="made"):
        result, (grid, rival) = said.result, said.result.points
        side = said.s.side
        assert numbers("Of x the grid tries # value", said.text) == [side]
        assert len(np.unique(result.points[rival][:, 0])) == side**2
        best = [result.found[name].max() for name in (grid, rival)]
        assert numbers("draw: the grid #, ", said.text)[0] == pytest.approx(best[0], abs=0.006)
        means = [result.contest.here(name).mean() for name in (grid, rival)]
        assert numbers("is # on average for the grid and # for", said.text) == pytest.approx(means, abs=0.006)
        ahead = means[1] - means[0]
        if "is ahead by" in said.text:
            assert abs(ahead) >= AHEAD
            assert ("the grid is ahead" in said.text) == (ahead < 0)
            assert numbers("ahead by #.", said.text)[0] == pytest.approx(abs(ahead), abs=0.006)
        else:
            assert abs(ahead) < AHEAD
        assert ("does not matter at all" in said.text) == (said.s.importance == 0)


@pytest.mark.parametrize("beside", ["random", "sobol"])
def test_the_script(make, beside):
    lab = make(show="grid", beside=beside, side=3, importance=0.2, peak_x=0.3)
    names = run(lab)
    assert names["grid"] == pytest.approx(lab.result.contest.here("grid"))
    assert names["rival"] == pytest.approx(lab.result.contest.here(beside))


def test_a_drag_moves_the_best_place(make):
    lab = make(show="grid")
    moved = lab.drag(lab._named(), (0.5, 0.5), (0.4, 0.7))
    assert moved == pytest.approx({"peak_x": 0.52, "peak_y": 0.6})
    box = lab._picture._now._frames[1].map
    assert lab._picture.point(box.x + box.width / 2, box.y) == pytest.approx((0.5, 0.0))
    assert lab._picture.point(1.0, 1.0) is None


def test_another_draw(make):
    lab = make(show="grid")
    before = lab.result
    lab.view.draw_another()
    lab.settle()
    assert not np.array_equal(lab.result.points["random"], before.points["random"])
    assert lab.result.contest.here("random") == pytest.approx(before.contest.here("random"))


@pytest.mark.parametrize("landscape", PAIRS)
def test_real_nets_are_told_as_they_are(make, landscape):
    lab = make(show="grid", landscape=landscape, side=4)
    result, text = lab.result, lab.text
    scores = measured(landscape).scores
    assert result.scores.max() <= scores.max()
    assert numbers("the highest there is, # %.", text)[0] == pytest.approx(100 * result.scores.max(), abs=0.6)
    across, up = result.marginals
    assert numbers(" moves # times as far", text)[0] == pytest.approx(np.ptp(up) / np.ptp(across), rel=0.06)
    means = [100 * result.contest.here(name).mean() for name in ("grid", "random")]
    assert numbers("is # % on average for the grid and # % for", text) == pytest.approx(means, abs=0.6)
    ahead = abs(means[1] - means[0])
    said = "is ahead by # points." if ahead >= 100 * AHEAD else "they differ by less than a point."
    assert numbers(said, text) == pytest.approx([ahead] * said.count("#"), abs=0.06)
    for panel in lab._picture._now._panels:
        marks = [label.get_text() for label in panel.axes.get_yticklabels()]
        assert all(mark.endswith(" %") for mark in marks)
    assert lab.drag(lab._named(), (0.5, 0.5), (0.4, 0.7)) == {}
    assert not lab._usable("importance", lab.settings)
    assert run(lab)["rival"] == pytest.approx(result.contest.here("random"))


def test_real_nets_may_begin_with_convolutions(make, monkeypatch):
    monkeypatch.setattr(module, "POINTS", 3)
    lab = make(show="grid", landscape="l2", filters=(2,), side=2)
    assert "The first layer's 2 filters see 3 x 3 pixels" in lab.text
    assert lab._usable("filters", lab.settings)
    assert measured("l2", (2,)).scores.shape == (3, 3)
    assert run(lab)["rival"] == pytest.approx(lab.result.contest.here("random"))
    measured.cache_clear()  # these are few
    lab.set(landscape="made")
    lab.settle()
    assert "filters" not in lab.text
    assert not lab._usable("filters", lab.settings)


def test_where_y_does_not_matter_a_row_repeats_the_first(make):
    result = change(make(show="grid"), importance=0.0, side=4)
    assert result.found["grid"].reshape(4, 4) == pytest.approx(np.tile(result.found["grid"][:4], (4, 1)))
    assert np.ptp(result.marginals[1]) == 0
