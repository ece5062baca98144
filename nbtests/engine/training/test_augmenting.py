"""Pictures of a training run change whenever they are seen: on the device, for a whole population, and in pairs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from trainingwheels.engine import InvalidSetting, RunConfig, load_dataset, train, train_steps
from trainingwheels.engine.augmentation import Pipeline
from trainingwheels.engine.data.batches import epoch_order
from trainingwheels.engine.training.augmenting import Augmenting
from trainingwheels.engine.training.fleet import Fleet

STEPS = (("flip", 0.5), ("rotate", 20.0), ("noise", 0.2))
BASE = RunConfig(hidden=(16,), train_size=100, batch_size=32, epochs=2, lr=0.05, augment=STEPS)


def group(*configs, dtype="float64"):
    return Fleet(configs, "cpu", dtype).lanes[0].group


def test_batches_are_the_pictures_in_their_order_after_the_pipeline_batch_after_batch():
    """What a step sees is what ``Pipeline`` makes of that step's pictures, with one stream for the run."""
    population = group(replace(BASE, seed=4), replace(BASE, seed=7))
    batches = [x for x, _ in population.batches]
    assert len(batches) == 6
    data = load_dataset("digits", 100)
    for block, seed in enumerate((4, 7)):
        draws = Pipeline(STEPS).draws(seed)
        orders = np.concatenate([epoch_order(seed, epoch, 100)[:96] for epoch in range(2)]).reshape(6, 32)
        for x, order in zip(batches, orders, strict=True):
            pictures = torch.tensor(data.X_train[order], dtype=torch.float64).view(-1, 1, 8, 8)
            expected = Pipeline(STEPS).apply(pictures, draws(32, (1, 8, 8)))
            torch.testing.assert_close(x[block].T, expected.flatten(1), atol=1e-12, rtol=0)


@pytest.mark.parametrize("preprocessing", ["centre", "normalize", "whiten"])
def test_pictures_change_first_and_are_then_preprocessed_as_the_set_was(preprocessing):
    config = replace(BASE, preprocessing=preprocessing)
    data = load_dataset("digits", 100, preprocessing=preprocessing)
    ours, raw = next(group(config).batches)[0], next(group(replace(config, preprocessing="none")).batches)[0]
    expected = data.prepare(raw[0].T.numpy().astype(np.float32))
    np.testing.assert_allclose(ours[0].T, expected, atol=1e-4 * np.abs(expected).max())


def test_members_are_paired_and_a_member_is_what_it_is_alone():
    runs = [replace(BASE, lr=lr, seed=seed) for lr in (0.05, 0.1) for seed in (0, 1)]
    runs.append(replace(BASE, augment=()))  # another group
    together = train(runs, "cpu", evaluations=2, dtype="float64")
    for run, history in zip(runs, together, strict=True):
        (alone,) = train([run], "cpu", evaluations=2, dtype="float64")
        np.testing.assert_allclose(history.train_loss, alone.train_loss, rtol=1e-9)
    assert together[0].train_loss[0] == together[2].train_loss[0]  # two learning rates, one picture before the first
    assert together[0].train_loss[0] != together[4].train_loss[0]


def test_runs_on_data_of_their_own_see_their_own_pictures_changed():
    sets = [load_dataset("digits", size, preprocessing="whiten") for size in (100, 120)]
    part = np.arange(20, 120)
    sets[1] = replace(sets[1], X_train=sets[1].X_train[part], y_train=sets[1].y_train[part], raw=sets[1].raw[part])
    runs = [replace(BASE, seed=seed, preprocessing="whiten") for seed in (0, 1)] * 2
    own = [sets[0]] * 2 + [sets[1]] * 2
    together = train(runs, "cpu", evaluations=2, dtype="float64", data=own)
    for run, data, history in zip(runs, own, together, strict=True):
        (alone,) = train([run], "cpu", evaluations=2, dtype="float64", data=[data])
        np.testing.assert_allclose(history.train_loss, alone.train_loss, rtol=1e-6)
    assert together[0].train_loss[0] != together[2].train_loss[0]


def test_a_pipeline_of_no_magnitude_trains_as_none():
    still = replace(BASE, augment=(("flip", 0), ("brightness", 0)))
    ours, plain = train([still, replace(BASE, augment=())], "cpu", evaluations=2, dtype="float64")
    np.testing.assert_allclose(ours.train_loss, plain.train_loss, rtol=1e-9)


def test_what_the_net_gets_right_of_its_batches_is_recorded_as_with_other_noise():
    ours, plain = train([BASE, replace(BASE, augment=())], "cpu", evaluations=2)
    assert np.isfinite(ours.batch_accuracy[1:]).all()
    assert np.isnan(plain.batch_accuracy).all()


def test_convolutions_and_other_noises_go_with_it():
    config = replace(BASE, conv=(4,), hidden=(8,), mixup=0.2, dropout=0.2, batchnorm=True)
    (history,) = train([config], "cpu", evaluations=2)
    assert np.isfinite(history.train_loss).all()


def test_a_live_run_is_that_of_a_whole_call():
    (whole,) = train([BASE], "cpu", evaluations=3, dtype="float64")
    *_, last = train_steps([BASE], "cpu", snapshots=3, dtype="float64")
    np.testing.assert_array_equal(last.histories[0].train_loss, whole.train_loss)


def test_it_goes_to_settings_and_back():
    assert RunConfig.from_dict(BASE.to_dict()) == BASE
    assert replace(BASE, augment=[["flip", 1]]).augment == (("flip", 1.0),)
    assert replace(BASE, augment=[["flip", 1]]).structure != BASE.structure


def test_what_changes_is_on_the_device_of_the_nets(monkeypatch):
    """The meta device holds no numbers: a tensor elsewhere, or a wait for a value, is an error."""
    monkeypatch.setattr("trainingwheels.engine.training.augmenting.check_pictures", lambda x: None)
    data = load_dataset("digits", 100, preprocessing="whiten")
    config = replace(BASE, preprocessing="whiten", augment=(*STEPS, ("auto_svhn", 1), ("elastic", 0.05)))
    change = Augmenting(config, [data], [0, 1], torch.device("meta"), torch.float32)
    x = torch.empty(2, 3, 5, 64, device="meta")
    assert change(x).is_meta
    assert change(x).shape == x.shape


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"dataset": "spirals"}, "augment = flip changes images, and spirals has none"),
        ({"augment": (("hue", 20),)}, "augment = hue changes colours, and digits has none"),
        ({"augment": (("flip", 2),)}, "magnitude of flip = 2 is out of range"),
        ({"augment": (("flop", 0.5),)}, r"augment\[0\] = 'flop' is not known: did you mean 'flip'"),
        ({"augment": "flip"}, "augment = 'flip' is not a list"),
        ({"augment": (("flip",),)}, r"augment\[0\] = .* is not a pair"),
    ],
)
def test_what_cannot_be_is_one_clear_line(values, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        replace(BASE, **values)
    assert "\n" not in str(refused.value)
