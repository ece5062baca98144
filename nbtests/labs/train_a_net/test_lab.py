"""Behaviour: labs that train: states, pausing, rates that change on the way, and what the flagship of them says."""

import threading
import time

import numpy as np
import pytest

from nbtests.browser.serving import wait_for
from trainingwheels.engine import RunConfig, train
from trainingwheels.labs.train_a_net.lab import TrainNet
from trainingwheels.labs.train_a_net.training import SAMPLE, TrainOne

LONG = {"epochs": 8192}  # seconds: never trained to its end here
SHORT = {"epochs": 4}


def steps(lab):
    return len(lab._nets.snapshot.histories[0].steps)


def test_a_lab_opens_with_something_to_see(train_net):
    lab = train_net()
    lab.settle()
    assert lab._nets.still
    assert (lab.state, lab._start.description, lab._bar.value) == ("idle", "Start", 0.0)
    assert steps(lab) == pytest.approx(TrainOne.still * lab.result.histories[0].steps_per_epoch, rel=0.01)
    assert len(lab.result.histories[0].steps) == steps(lab)
    assert "not trained yet" not in lab.text
    assert f"after {steps(lab):,} steps: press Start to see it learn" in lab._info.value


def test_start_begins_from_untrained_nets_whatever_was_shown(train_net, monkeypatch):
    lab = train_net()
    lab.settle()
    seen = []
    update = lab._picture.update

    def look(result, pinned=None):
        seen.append(len(result.histories[0].steps))
        update(result, pinned)

    monkeypatch.setattr(lab._picture, "update", look)
    lab.start()
    wait_for(lambda: len(seen) > 3, "the pictures")
    assert not lab._nets.still
    lab.pause()
    lab.settle()
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert "press Start" not in lab._info.value


@pytest.mark.parametrize(
    ("act", "state", "taken"),
    [
        (TrainNet.single_step, "paused", 1),
        (TrainNet.restart, "idle", 0),
        (lambda lab: lab.set(lr=0.1), "idle", 0),
        (lambda lab: lab.set(hidden=(4,)), "idle", 0),
    ],
    ids=["step", "start over", "a rate", "other layers"],
)
def test_what_was_shown_at_first_is_not_what_trains(train_net, act, state, taken):
    lab = train_net()
    lab.settle()
    act(lab)
    lab.settle()
    assert (lab.state, steps(lab), lab._nets.still) == (state, taken, False)


@pytest.mark.parametrize("settings", [{"lr": 0.1}, {"seed": 1}, {"inside": 2}])
def test_a_lab_opened_with_settings_of_its_own_shows_untrained_nets(train_net, settings):
    lab = train_net(**settings)
    lab.settle()
    assert (lab.state, steps(lab), lab._nets.still) == ("idle", 0, False)
    assert "not trained yet" in lab.text
    assert lab._start.description == "Start"


def test_training_to_the_end_gives_what_the_engine_gives(train_net):
    lab = train_net(**SHORT)
    lab.settle()
    lab.start()
    lab.settle()
    assert (lab.state, lab._start.description, lab._bar.value) == ("done", "Train again", 1.0)
    config = RunConfig(dataset="spirals", hidden=(8, 8), lr=0.03, batch_size=32, epochs=4)
    assert np.array_equal(lab.result.histories[0].train_loss, train([config], device="cpu")[0].train_loss)


def test_pause_resume_step_and_start_over(train_net):
    lab = train_net(**LONG)
    lab.settle()
    lab.start()
    wait_for(lambda: steps(lab) > 50, "the steps")
    asked = time.process_time()
    lab.pause()
    lab.settle()
    assert time.process_time() - asked < 10  # of work: to its end it would take minutes where that is slow
    assert (lab.state, lab._start.description) == ("paused", "Resume")
    before = steps(lab)
    lab.single_step()
    lab.settle()
    assert (lab.state, steps(lab)) == ("paused", before + 1)
    lab.start()
    wait_for(lambda: steps(lab) > before + 50, "the steps")
    lab.restart()
    lab.settle()
    assert (lab.state, steps(lab)) == ("idle", 0)


def test_a_rate_counts_at_once_and_keeps_the_net(train_net):
    lab = train_net(**LONG)
    lab.settle()
    lab.start()
    wait_for(lambda: steps(lab) > 50, "the steps")
    lab.lr = 0.01
    lab.dropout = 0.5
    changed = steps(lab)
    wait_for(lambda: lab._nets.snapshot.histories[0].lr[-1] == np.float32(0.01), "the steps")
    assert lab.state == "running"
    assert steps(lab) >= changed
    assert lab._nets.snapshot.histories[0].lr[0] == np.float32(0.03)


def test_any_other_change_makes_a_new_net(train_net):
    lab = train_net(**LONG)
    lab.settle()
    lab.start()
    wait_for(lambda: steps(lab) > 50, "the steps")
    lab.hidden = (4,)
    lab.settle()
    assert (lab.state, steps(lab)) == ("idle", 0)
    assert lab._nets.snapshot.histories[0].config.hidden == (4,)


def test_looking_into_another_net_keeps_all_of_them(train_net):
    lab = train_net(compare="lr", **SHORT)
    lab.settle()
    lab.start()
    lab.settle()
    trained = steps(lab)
    lab.inside = 3
    lab.settle()
    assert (lab.state, steps(lab), lab.result.chosen) == ("done", trained, 2)


def test_comparing_trains_one_run_a_value_with_all_else_equal(train_net):
    lab = train_net(compare="lr", values=("0.001", "0.1"), **SHORT)
    lab.settle()
    assert [history.config.lr for history in lab.result.histories] == [0.001, 0.1]
    assert {history.config.seed for history in lab.result.histories} == {0}
    assert lab.result.labels == ["lr 0.001", "lr 0.1"]
    lab.start()
    lab.settle()
    first, second = (history.train_loss[0] for history in lab.result.histories)
    assert first == second  # the same net saw the same batch


@pytest.mark.parametrize(
    "knob", ["optimizer", "activation", "std", "batchnorm", "dropout", "batch_size", "preprocessing", "seed"]
)
def test_every_knob_can_be_compared(train_net, knob):
    lab = train_net(compare=knob, **SHORT)
    lab.settle()
    lab.start()
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    values = [getattr(history.config, knob) for history in lab.result.histories]
    assert len(set(values)) == len(values) > 1


def test_convolutions_can_be_compared_and_the_first_is_shown_with_its_maps(train_net):
    lab = train_net(dataset="digits", conv=(4,), hidden=(8,), epochs=1)
    lab.settle()
    filters, first = lab.result.filters, lab.result.histories[0]
    assert first.config.conv == (4,)
    W = lab._nets.snapshot.weights_of(0)[0]
    assert (filters.weights == W.reshape(4, 1, 3, 3)).all()
    assert filters.maps.shape == (4, 8, 8)
    image = np.pad(lab.result.images.pixels[0], 1)
    seen = sum(filters.weights[1, 0, i, j] * image[i : i + 8, j : j + 8] for i in range(3) for j in range(3))
    np.testing.assert_allclose(filters.maps[1], np.maximum(seen, 0), atol=1e-5)  # biases begin at 0
    lab.compare = "conv"
    lab.settle()
    assert [history.config.conv for history in lab.result.histories] == [(), (8,), (8, 16)]
    lab.inside = 1
    lab.settle()
    assert lab.result.filters is None
    lab.inside = 3
    lab.settle()
    assert len(lab.result.filters.maps) == 8
    lab.dataset = "spirals"
    lab.settle()
    assert "spirals is points of the plane" in lab.message
    lab.compare = "nothing"
    lab.settle()
    assert (lab.message, lab.result.histories[0].config.conv) == ("", ())


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"dataset": "digits", "conv": (4,) * 3, "compare": "conv", "values": ("4+4+4+4",)}, "less than one pixel"),
        ({"compare": "lr", "values": ("0.1", "fast")}, "lr = 'fast' is not a number"),
        ({"compare": "activation", "values": ("tahn",)}, "did you mean 'tanh'"),
        ({"dataset": "cifar10"}, "not on this computer"),
        ({"device": "cuda"}, "cuda is not on this computer"),
        ({"batchnorm": True, "batch_size": 1}, "choose at least 2"),
    ],
)
def test_what_cannot_be_trained_is_one_line_and_the_last_picture_stays(train_net, settings, says):
    lab = train_net(**SHORT)
    lab.settle()
    before = lab.result
    lab.set(**settings)
    lab.settle()
    assert lab.state == "failed"
    assert says in lab.message
    assert "\n" not in lab.message
    assert lab.result is before
    lab.reset()
    lab.settle()
    assert (lab.state, lab.message) == ("idle", "")


def test_a_diverged_run_is_marked_and_the_others_go_on(train_net):
    lab = train_net(compare="lr", values=("0.03", "10"), activation="leaky_relu", epochs=16)
    lab.settle()
    lab.start()
    lab.settle()
    assert lab.state == "done"
    good, bad = lab.text.splitlines()[:2]
    assert "validation accuracy" in good
    assert "diverged at step" in bad


def test_closing_a_lab_that_trains_ends_its_thread(train_net):
    lab = train_net(**LONG)
    lab.settle()
    lab.start()
    wait_for(lambda: steps(lab) > 50, "the steps")
    thread = lab._worker._thread
    lab.close()
    thread.join()
    assert thread not in threading.enumerate()


def test_images_show_predictions(train_net):
    lab = train_net(dataset="digits", **SHORT)
    lab.settle()
    assert lab.result.plane is None
    assert lab.result.images.pixels.shape == (SAMPLE, 8, 8)
    assert lab.result.images.predicted.shape == (SAMPLE,)


def test_the_dropout_slide_shows_what_it_says(train_net):
    lab = train_net()
    lab.apply("dropout")
    lab.settle()
    lab.start()
    lab.settle()
    without, _, half = lab.result.histories
    assert half.val_accuracy[-1] > without.val_accuracy[-1] + 0.1
    assert without.train_accuracy[-1] > half.train_accuracy[-1] + 0.1
    assert without.best.val_accuracy > without.val_accuracy[-1] + 0.1


def test_the_batchnorm_slide_shows_what_it_says(train_net):
    lab = train_net()
    lab.apply("batchnorm")
    lab.settle()
    lab.start()
    lab.settle()
    without, with_it = lab.result.histories
    assert without.val_accuracy[-1] < 0.2
    assert with_it.val_accuracy[-1] > 0.9


def test_a_start_that_overtakes_new_settings_can_be_paused(train_net):
    """The nets for the new settings are still being made when the learner presses Start."""
    lab = train_net(**LONG)
    lab.settle()
    lab.hidden = (16,)
    lab.start()
    wait_for(lambda: steps(lab) > 50, "the steps")
    assert lab._start.description == "Pause"
    assert lab._nets.snapshot.histories[0].config.hidden == (16,)
    lab.pause()
    lab.settle()
    assert (lab.state, lab._start.description) == ("paused", "Resume")


def test_a_start_that_fails_can_be_followed_by_one_that_works(train_net):
    lab = train_net(**SHORT)
    lab.settle()
    lab.dataset = "cifar10"
    lab.settle()
    lab.start()
    lab.settle()
    assert (lab.state, lab._start.description) == ("failed", "Start")
    lab.dataset = "moons"
    lab.settle()
    lab.start()
    lab.settle()
    assert (lab.state, steps(lab)) == ("done", 60)


def test_what_is_said_of_the_inside_names_the_net(train_net):
    lab = train_net(compare="lr", values=("0.001", "0.1"), inside=2, **SHORT)
    lab.settle()
    lab.start()
    lab.settle()
    assert "One step changes the weights of a layer of lr 0.1 by" in lab.text


def test_finished_runs_are_kept_once_however_often_one_looks(train_net, monkeypatch):
    kept = []
    lab = train_net(compare="lr", values=("0.1", "0.01"), **SHORT)
    lab.settle()
    monkeypatch.setattr(lab._face.page, "keep", kept.append)
    lab.start()
    lab.settle()
    lab.inside = 2
    lab.settle()
    assert len(kept) == 1
    lab.start()  # again
    lab.settle()
    assert len(kept) == 2


def test_some_classes_of_a_set_are_chosen_like_a_set(train_net):
    """By code or by a link: the drop-down offers what is chosen, though no table lists it."""
    lab = train_net(dataset="digits-0-4", **SHORT)
    lab.settle()
    control = lab._controls["dataset"]._main
    assert control.value == "digits-0-4"
    assert lab.result.histories[0].chance == 0.2
    lab.dataset = "moons"
    assert (control.value, control.label) == ("moons", "two moons")
    lab.dataset = "digits-5-9"
    assert (control.value, control.label) == ("digits-5-9", "digits, 8 x 8, classes 5 to 9")
    assert "dataset=digits-5-9" in lab.query()
