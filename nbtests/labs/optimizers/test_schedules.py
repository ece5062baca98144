"""Schedules: what is drawn is what the nets are trained with; the best of each batch size is the best."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import all_numbers
from trainingwheels.engine import SCHEDULES
from trainingwheels.figures.panel_and_curves import Line
from trainingwheels.labs.optimizers.schedules import BATCHES, LRS, _best


@pytest.fixture(scope="module")
def scheduled(opened_once):
    lab = opened_once(show="schedules", length=2, warm_up=0.25, peak=0.5, filters=(4,))
    return trained(lab), lab.text, run(lab)


@pytest.fixture(scope="module")
def batched(opened_once):
    lab = opened_once(show="schedules", versus="batches", length=1)
    return trained(lab), lab.text


def test_what_is_drawn_is_what_they_are_trained_with(scheduled):
    result, _, names = scheduled
    np.testing.assert_allclose(names["losses"], result.curves.histories[-1].train_loss, rtol=1e-3)
    assert [history.config.schedule for history in result.curves.histories] == SCHEDULES.keys()
    for line, history in zip(result.lines, result.curves.histories, strict=True):
        np.testing.assert_allclose(line.y, history.lr, rtol=1e-6)
        assert line.y.max() <= 0.5 * (1 + 1e-9)
    assert result.now == len(result.curves.histories[0].steps)


def test_the_end_is_said_as_it_is(scheduled):
    result, text, _ = scheduled
    for line, history, sentence in zip(result.lines, result.curves.histories, text.split("\n")[1:], strict=True):
        assert sentence.startswith(f"{line.name}: ")
        accuracy, loss, rate = all_numbers(sentence.replace("%", " "))[:3]
        assert accuracy == pytest.approx(100 * history.val_accuracy[-1], abs=0.51)
        assert loss == pytest.approx(history.val_loss[-1], rel=0.06)
        assert rate == pytest.approx(history.lr[-1], rel=0.06, abs=1e-9)


def test_the_best_of_each_batch_size_is_the_best_and_the_others_are_hidden(batched):
    result, text = batched
    histories = result.curves.histories
    assert len(histories) == len(BATCHES) * len(LRS)
    for line, size, sentence in zip(result.lines, BATCHES, text.split("\n"), strict=True):
        mine = {h.config.lr: h.val_accuracy[-1] for h in histories if h.config.batch_size == size}
        np.testing.assert_allclose(line.y, [mine[lr] for lr in LRS])
        shown = [h for at, h in enumerate(histories) if at not in result.curves.hidden and h.config.batch_size == size]
        assert len(shown) == 1
        assert shown[0].val_accuracy[-1] == max(mine.values())
        assert all_numbers(sentence)[1] == pytest.approx(shown[0].config.lr, rel=0.06)


def test_a_net_that_diverged_has_no_loss(make):
    lab = make(show="schedules", rule="momentum", peak=10.0, depth=8, length=1)
    result, text = trained(lab), lab.text
    lost = [history.diverged_at is not None for history in result.curves.histories]
    assert any(lost)
    assert "nan" not in text
    assert [("diverged, 1 of 1" in line) for line in text.split("\n")[1:]] == lost


def test_equal_bests_are_all_named():
    line = Line("batches of 16", "k", np.array([0.1, 0.2, 0.4]), np.array([0.5, 0.5, 0.25]))
    assert _best(line) == "batches of 16: best at learning rates of 0.1, 0.2 alike, with 50 % right."


def test_untrained_nets_say_so(make):
    lab = make(show="schedules")
    assert lab.text == "Not trained yet: 5 nets. Press Start."
    lab.set(versus="batches")
    lab.settle()
    assert lab.text == "Not trained yet: 21 nets. Press Start."
