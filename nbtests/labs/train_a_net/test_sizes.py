"""Behaviour: how many layers a net has, and how many examples it learns from."""

import time

import pytest

from trainingwheels.engine import InvalidSetting


def test_hidden_layers_are_checked(train_net):
    lab = train_net(epochs=4)
    with pytest.raises(InvalidSetting, match="hidden"):
        lab.hidden = (8, 0)
    lab._typed("hidden", "16, 16, 16")
    lab.settle()
    assert lab._nets.snapshot.histories[0].config.hidden == (16, 16, 16)


def button(lab, place):
    return lab._controls["hidden"]._buttons[place]


def test_buttons_add_and_remove_a_layer_as_typing_does(train_net):
    lab = train_net(hidden=(8, 5))
    button(lab, 1).click()
    assert lab.hidden == (8, 5, 5)
    assert lab._controls["hidden"]._main.value == "8, 5, 5"
    lab.settle()
    assert [len(history.config.hidden) for history in lab.result.histories] == [3]
    lab.undo()
    assert lab.hidden == (8, 5)
    lab._typed("hidden", "4")
    button(lab, 0).click()
    assert lab.hidden == ()
    button(lab, 0).click()  # nothing left to remove
    assert (lab.hidden, lab.message) == ((), "")
    button(lab, 1).click()
    assert lab.hidden == (8,)
    lab.hidden = (3,) * 10
    button(lab, 1).click()  # more are not allowed
    assert lab.hidden == (3,) * 10


def test_a_layer_more_is_one_step_back(train_net):
    lab = train_net()
    lab.lr = 0.1
    button(lab, 1).click()
    lab.undo()
    assert (lab.hidden, lab.lr) == ((8, 8), 0.1)


@pytest.mark.parametrize(
    ("dataset", "asked", "given"), [("spirals", 65_536, 500), ("spirals", 64, 64), ("digits", 100, 100)]
)
def test_train_size_is_how_many_examples_there_are_at_most(train_net, dataset, asked, given):
    lab = train_net(dataset=dataset, train_size=asked)
    lab.settle()
    history = lab.result.histories[0]
    assert history.steps_per_epoch == given // 32
    assert history.config.train_size == (None if asked > given else given)
    assert lab.result.plane is None or len(lab.result.plane.X_train) == given


def test_the_size_of_the_training_set_is_how_many_examples_there_are(train_net):
    lab = train_net(epochs=4)
    slider, box = lab._controls["train_size"].widget.children
    shown = []
    for dataset in ("spirals", "digits", "mnist1d", "cifar10"):
        lab.dataset = dataset
        shown.append((box.value, round(2**slider.max)))
    assert shown == [("500", 500), ("1,437", 1437), ("4,000", 4000), ("50,000", 50_000)]
    assert "train_size" not in lab.query()
    lab.dataset = "digits"
    slider.value = 64
    assert (lab.train_size, box.value) == (64, "64")
    slider.value = 2**slider.max  # the end is all there is, of whatever is chosen next
    assert lab.train_size == 2**16
    lab.dataset = "spirals"
    lab.settle()
    assert len(lab.view.configs(lab._named())[0]) == 1
    assert lab.view.configs(lab._named())[0][0].train_size is None


def test_a_page_whose_slider_grows_does_not_make_the_training_set_smaller(train_net, monkeypatch):
    """It moves the handle from 500, the spirals' last stop, to 512, the nearest one of the digits, and reports that."""
    lab = train_net(epochs=4)
    slider = lab._controls["train_size"].widget.children[0]
    later = time.monotonic() + 60  # what the page was told when it opened is long forgotten
    monkeypatch.setattr(time, "monotonic", lambda: later)
    lab.dataset = "digits"
    slider.value = 512.0
    assert lab.train_size == 2**16
    slider.value = 128.0  # the learner's own
    assert lab.train_size == 128


def test_batches_larger_than_the_data_are_refused_in_one_line(train_net):
    lab = train_net(train_size=16)
    lab.settle()
    assert lab.state == "failed"
    assert lab.message == "batch_size = 32 is too large for 16 training examples: choose at most 16."


def test_more_examples_are_worth_more(train_net):
    """What the knob is for: one net on few digits knows them by heart, and fewer of the others."""
    lab = train_net(dataset="digits", hidden=(32,), compare="train_size", values=("50", "1000"), epochs=40)
    lab.settle()
    lab.start()
    lab.settle()
    few, many = lab.result.histories
    assert few.train_accuracy[-1] > 0.95
    assert few.val_accuracy[-1] < many.val_accuracy[-1] - 0.05
