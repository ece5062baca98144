"""Runs as members of a population: paired, independent, stoppable, changeable, and honest about failure."""

import itertools
from dataclasses import FrozenInstanceError, replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from nbtests.alone import alone, resident
from trainingwheels.engine import History, InvalidSetting, RunConfig, train, train_steps
from trainingwheels.engine.data.batches import epoch_order, noisy_labels
from trainingwheels.engine.training import fleet as fleets
from trainingwheels.engine.training import train as trains
from trainingwheels.engine.training.fleet import Fleet
from trainingwheels.engine.training.population import Population
from trainingwheels.engine.training.spending import Spending

SMALL = RunConfig(dataset="spirals", hidden=(16, 12), epochs=8, train_size=256, batch_size=32, lr=0.05)
CURVES = ("train_loss", "lr", "val_loss", "val_accuracy", "train_accuracy")


def assert_same(a: History, b: History, **tolerance):
    for name in CURVES:
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), equal_nan=True, **(tolerance or {"rtol": 0}))


def twins():
    config = replace(SMALL, dropout=0.3, label_noise=0.1)
    first, twin = train([config, config], "cpu")
    again = train([config, config], "cpu")[0]
    assert_same(first, twin)
    assert_same(first, again)
    other = train([replace(config, seed=1)], "cpu")[0]
    assert (first.train_loss != other.train_loss).all()


def test_equal_seeds_and_settings_give_identical_curves():
    twins()


def test_they_do_on_an_older_processor():
    """Whose products of matrices, left to themselves, depend on where in memory a net's weights begin."""
    alone(twins, MKL_ENABLE_INSTRUCTIONS="AVX2")


def test_members_do_not_influence_each_other():
    configs = [replace(SMALL, lr=lr, dropout=0.2, batchnorm=True) for lr in (0.01, 0.05, 0.1)]
    together = train(configs, "cpu")
    changed = train([configs[0], replace(configs[1], lr=1e6, std=900, initializer="gaussian"), configs[2]], "cpu")
    assert_same(together[0], changed[0])
    assert_same(together[2], changed[2])
    assert (together[1].train_loss != changed[1].train_loss).any()


def test_a_member_is_what_it_is_alone():
    configs = [replace(SMALL, seed=seed, lr=lr) for seed, lr in itertools.product((0, 1, 2), (0.02, 0.05))]
    for member, config in zip(train(configs, "cpu", dtype="float64"), configs, strict=True):
        assert_same(member, train([config], "cpu", dtype="float64")[0], rtol=1e-6)


def test_runs_that_differ_in_one_knob_share_batches_and_initial_noise():
    configs = [SMALL, replace(SMALL, lr=0.2), replace(SMALL, batchnorm=True), replace(SMALL, initializer="xavier")]
    populations = [Population([config], 2, 3, 1, torch.device("cpu")) for config in configs]
    W = [population.parameters["W2"][0] for population in populations]
    assert (W[0] == W[1]).all()
    assert (W[0] == W[2]).all()
    torch.testing.assert_close(W[3] * 2**0.5, W[0])  # the same noise, the other scale
    groups = [Fleet([config], "cpu", "float32").lanes[0].group for config in configs]
    for batches in zip(*(itertools.islice(group.batches, 20) for group in groups), strict=True):
        assert all((x == batches[0][0]).all() and (y == batches[0][1]).all() for x, y in batches)


def test_the_first_losses_of_paired_runs_agree():
    histories = train([SMALL, replace(SMALL, lr=0.2), replace(SMALL, optimizer="adam")], "cpu")
    assert len({float(history.train_loss[0]) for history in histories}) == 1


def test_masks_are_paired_too():
    """With a learning rate of 0 only masks and batches make the curve."""
    a, b = (replace(SMALL, dropout=0.4, lr=0.0, optimizer=name) for name in ("sgd", "adam"))
    assert_same(*train([a, b], "cpu"))


def test_wrong_labels_are_nested_and_leave_the_batches_alone():
    orders = [epoch_order(3, epoch, 100) for epoch in (0, 0, 1)]
    assert (orders[0] == orders[1]).all()
    assert (orders[0] != orders[2]).any()
    assert sorted(orders[0]) == list(range(100))
    clean, noisy = train([replace(SMALL, epochs=60), replace(SMALL, epochs=60, label_noise=0.4)], "cpu")
    assert noisy.train_loss[-10:].mean() > clean.train_loss[-10:].mean() + 0.2


def test_histories_come_in_the_order_of_the_runs_whatever_their_groups():
    configs = [
        replace(SMALL, seed=seed, batchnorm=batchnorm, epochs=epochs)
        for seed in (2, 0)
        for batchnorm in (True, False)
        for epochs in (3, 2)
    ]
    histories = train(configs, "cpu", evaluations=3)
    assert [history.config for history in histories] == configs
    assert [len(history.steps) for history in histories] == [8 * config.epochs for config in configs]


def test_what_a_history_holds():
    config = replace(SMALL, batchnorm=True, schedule="cosine")
    history = train([config], "cpu", evaluations=4)[0]
    steps = 8 * 8
    assert history.steps.tolist() == list(range(1, steps + 1))
    assert history.eval_steps.tolist() == [0, 16, 32, 48, 64]
    assert history.layers.steps.tolist() == [16, 32, 48, 64]
    assert history.layers.mean.shape == history.layers.dead.shape == (4, 2)
    assert history.layers.gradient_norm.shape == history.layers.update_ratio.shape == (4, 3)
    assert history.lr[0] == pytest.approx(0.05)
    assert history.lr[-1] < 1e-4
    assert history.best.val_accuracy == history.val_accuracy.max()
    assert history.diverged_at is None
    assert history.steps_per_epoch == 8
    for array in (history.train_loss, history.val_loss, history.eval_steps, history.layers.std):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_layer_statistics_are_those_of_the_last_step():
    """Against the definitions, on a net whose numbers are known: all weights zero except the last layer's bias."""
    config = replace(SMALL, initializer="constant", std=0.0, epochs=1)
    layers = train([config], "cpu", evaluations=1)[0].layers
    assert (layers.mean == 0).all()
    assert (layers.std == 0).all()
    assert (layers.dead == 1).all()
    assert (layers.saturated == 1).all()
    assert (layers.gradient_norm == 0).all()
    group = Fleet([replace(SMALL, activation="tanh")], "cpu", "float32").lanes[0].group
    group.go_to(5)
    before = group.population.parameters["W1"].clone()
    group.go_to(6)
    change = (group.population.parameters["W1"] - before).norm() / before.norm()
    _, measured = group.recorder.layers[-1]
    assert measured.update_ratio[0, 0] == pytest.approx(float(change), rel=1e-5)
    assert measured.gradient_norm[0, 0] == pytest.approx(float(group.population.gradients["W1"].norm()), rel=1e-5)
    y = group.population.net.activations[1].y
    assert measured.std[0, 1] == pytest.approx(float(y.std(correction=0)), rel=1e-5)
    assert measured.saturated[0, 1] == pytest.approx(float((y.abs() > np.tanh(2.178272)).float().mean()), abs=1e-6)


def test_evaluation_is_right_about_accuracy_and_loss():
    config = replace(SMALL, dataset="digits", batchnorm=True, train_size=None, epochs=2)
    *_, last = train_steps([config, replace(config, loss="hinge"), replace(config, seed=1)], "cpu", snapshots=2)
    data = last.frozen[0].data[0]
    for history, response in zip(last.histories, last.respond(data.X_val), strict=True):
        right = response.classes == data.y_val
        assert history.val_accuracy[-1] == pytest.approx(right.mean(), abs=1e-6)
    for run, response in enumerate(last.respond(data.X_val[:50])):
        alone = last.respond_of(run, data.X_val[:50])
        for a, b in zip((alone.scores, *alone.hidden), (response.scores, *response.hidden), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    assert (last.predict(data.X_val[:5])[1] == last.respond(data.X_val)[1].classes[:5]).all()
    log_p = np.log(last.respond(data.X_val)[0].probabilities[np.arange(len(data.y_val)), data.y_val])
    assert last.histories[0].val_loss[-1] == pytest.approx(-log_p.mean(), rel=1e-4)


def test_training_accuracy_is_that_of_examples_as_they_are_and_of_nets_of_which_nothing_is_dropped():
    """Counted by the labels that the run was told, and by the right ones; and what training itself saw beside them."""
    noisy = {"mixup": 1.0, "cutout": 4, "input_noise": 0.3, "dropout": 0.3, "dropconnect": 0.1, "stochastic_depth": 0.5}
    base = RunConfig(dataset="digits", hidden=(32, 32), residual=True, label_noise=0.3, epochs=6)
    runs = [
        base,
        replace(base, **noisy),
        replace(base, label_noise=0.0, residual=False),
        replace(base, hidden=(24, 24)),
    ]
    *_, last = train_steps(runs, "cpu", snapshots=3)
    data = last.frozen[0].data[0]
    told = noisy_labels(data.y_train, 10, 0.3, 0)[:250]
    for history, classes in zip(last.histories, last.predict(data.X_train[:250]), strict=True):
        labels = told if history.config.label_noise else data.y_train[:250]
        assert history.train_accuracy[-1] == pytest.approx((classes == labels).mean(), abs=1e-6)
        assert history.clean_accuracy[-1] == pytest.approx((classes == data.y_train[:250]).mean(), abs=1e-6)
    mislabelled, _, clean, _ = last.histories
    assert mislabelled.clean_accuracy[-1] > mislabelled.train_accuracy[-1] + 0.1
    assert (clean.clean_accuracy == clean.train_accuracy).all()


def test_what_training_saw_is_the_accuracy_of_its_latest_batches():
    base = replace(SMALL, dataset="digits", batch_size=50, lr=0.0)
    flat = train([base, replace(base, input_noise=2.0)], "cpu", evaluations=2)
    assert np.isnan(flat[1].batch_accuracy[0])
    order = epoch_order(0, 3, 256)[:250]  # five batches an epoch, the last of an evaluation after 20
    data = fleets.load_dataset("digits", 256)
    net = next(iter(train_steps([base], "cpu")))
    right = (net.predict(data.X_train[order])[0] == data.y_train[order]).mean()
    assert flat[0].batch_accuracy[1] == pytest.approx(right, abs=1e-6)
    assert flat[1].batch_accuracy[1] != flat[0].batch_accuracy[1]
    assert np.isnan(train([base], "cpu", evaluations=1)[0].batch_accuracy).all()  # nothing is disturbed


def test_a_noise_can_be_turned_on_while_it_trains():
    live = train_steps([replace(SMALL, dataset="digits", hidden=(16, 16), residual=True)] * 2, "cpu", snapshots=4)
    next(live), next(live)
    rates = {"mixup": 0.4, "cutmix": 0.4, "cutout": 3, "input_noise": 0.1, "label_smoothing": 0.1}
    live.change([1], dropconnect=0.2, stochastic_depth=0.5, **rates)
    *_, last = live
    untouched, changed = (history.train_loss for history in last.histories)
    np.testing.assert_allclose(untouched[:16], changed[:16], rtol=1e-5)
    assert abs(untouched[16] - changed[16]) > 0.01
    with pytest.raises(InvalidSetting, match="cutout = 9 is larger"):
        live.change(cutout=9)


def test_a_net_of_equal_scores_is_right_by_chance_only():
    history = train([replace(SMALL, initializer="constant", std=0.0, lr=0.0, epochs=1)], "cpu", evaluations=1)[0]
    assert history.val_accuracy[0] == pytest.approx(1 / 3, abs=0.02)
    assert history.val_loss[0] == pytest.approx(np.log(3), rel=1e-5)


def test_a_diverged_run_is_marked_and_the_others_go_on():
    """A learning rate of 1e6 on a plain net overflows within a few steps."""
    plain = replace(SMALL, hidden=(50,) * 4, loss="hinge")
    good, bad = train([plain, replace(plain, lr=1e6)], "cpu")
    assert bad.diverged_at is not None
    assert not np.isfinite(bad.train_loss[bad.diverged_at - 1])
    assert np.isfinite(bad.train_loss[: bad.diverged_at - 1]).all()
    assert len(bad.steps) == len(good.steps) == 64
    assert good.diverged_at is None
    assert_same(good, train([plain, plain], "cpu")[0])


def test_snapshots_are_immutable_and_add_up():
    runs = [SMALL, replace(SMALL, batchnorm=True)]
    snapshots = list(train_steps(runs, "cpu", snapshots=4))
    assert [snapshot.done for snapshot in snapshots] == [False] * 4 + [True]
    assert [len(snapshot.histories[0].steps) for snapshot in snapshots] == [0, 16, 32, 48, 64]
    for run in (0, 1):
        pieces = np.concatenate([snapshot.new_losses(run) for snapshot in snapshots])
        assert (pieces == snapshots[-1].histories[run].train_loss).all()
    with pytest.raises(FrozenInstanceError):
        snapshots[0].done = True
    points = np.random.default_rng(0).uniform(-1, 1, (2000, 2))
    first = list(train_steps(runs, "cpu", snapshots=4))[1].respond(points)
    for a, b in zip(first, snapshots[1].respond(points), strict=True):
        assert (a.scores == b.scores).all()  # what was trained afterwards has not touched it
    assert first[0].scores.shape == (2000, 3)
    assert [layer.shape for layer in first[0].hidden] == [(2000, 16), (2000, 12)]
    assert (first[0].hidden[0] >= 0).all()
    np.testing.assert_allclose(first[0].probabilities.sum(1), 1, rtol=1e-5)


def test_watching_does_not_change_the_curve():
    watched = list(train_steps([SMALL], "cpu", snapshots=7))[-1].histories[0]
    timed = list(train_steps([SMALL], "cpu"))[-1].histories[0]
    alone = train([SMALL], "cpu")[0]
    assert (watched.train_loss == alone.train_loss).all()
    assert (timed.train_loss == alone.train_loss).all()


def test_the_first_snapshot_comes_before_any_step_and_leaving_the_loop_stops():
    threads = torch.get_num_threads()
    for snapshot in train_steps([replace(SMALL, epochs=10_000)], "cpu"):
        assert len(snapshot.histories[0].steps) == 0
        assert snapshot.histories[0].val_loss.shape == (1,)
        break
    assert torch.get_num_threads() == threads


def test_a_rate_changes_while_it_trains_from_the_next_step_on():
    runs = [replace(SMALL, dropout=0.0), replace(SMALL, seed=1)]
    live = train_steps(runs, "cpu", snapshots=4)
    next(live), next(live)
    live.change([1], lr=0.001, l2=0.5, dropout=0.5)
    *_, last = live
    assert (last.histories[0].lr == np.float32(0.05)).all()
    assert (last.histories[1].lr[:16] == np.float32(0.05)).all()
    assert (last.histories[1].lr[16:] == np.float32(0.001)).all()
    untouched = list(train_steps(runs, "cpu", snapshots=4))[-1]
    assert (last.histories[0].train_loss == untouched.histories[0].train_loss).all()
    changed, kept = last.histories[1].train_loss, untouched.histories[1].train_loss
    assert (changed[:16] == kept[:16]).all()
    assert changed[16] != kept[16]  # dropout acts on the very next step


def twenty_runs():
    runs = [replace(SMALL, hidden=(64, 64), batchnorm=batchnorm, epochs=3) for batchnorm in (False, True)] * 8
    found = []
    for _ in range(20):  # the allocator takes its own first
        train(runs, "cpu", evaluations=3)
        found.append(resident())
    assert found[-1] - found[9] < 6, found  # if a run left its nets behind, ten would be 18 MB


def test_ten_runs_in_a_row_leave_memory_flat():
    alone(twenty_runs)


@pytest.mark.parametrize(("width", "threads"), [(8, {1}), (512, {1, 3})])
def test_only_a_step_worth_sharing_is_tried_on_all_threads(width, threads, monkeypatch):
    seen = set()
    monkeypatch.setattr("trainingwheels.engine.training.threads.usable_cores", lambda: 3)
    monkeypatch.setattr("trainingwheels.engine.training.threads.has_room_for", lambda threads: True)
    step = Population.step
    monkeypatch.setattr(Population, "step", lambda *arguments: (seen.add(torch.get_num_threads()), step(*arguments))[1])
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        train([replace(SMALL, hidden=(width, width), epochs=1)], "cpu", evaluations=1)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert seen == threads


def test_a_change_ends_the_stretch_in_hand_and_the_run_still_ends_where_it_should():
    runs = [replace(SMALL, epochs=400), replace(SMALL, batchnorm=True, epochs=200)]
    live = train_steps(runs, "cpu")
    for _ in range(4):  # the stretches have grown by now
        usual = next(live)
    live.change(lr=0.01)
    hurried = next(live)
    taken = [len(now.steps) - len(then.steps) for now, then in zip(hurried.histories, usual.histories, strict=True)]
    assert taken == [1, 1]
    assert all(history.lr[-1] == np.float32(0.01) for history in hurried.histories)
    stride = live._stride
    for _ in range(3):
        live.change(lr=0.02)
        next(live)
    assert live._stride == stride  # what was cut short says nothing of how long a stretch takes
    *_, last = live
    assert last.done
    assert [len(history.steps) for history in last.histories] == [3200, 1600]
    assert [history.eval_steps[-1] for history in last.histories] == [3200, 1600]


def test_a_dear_evaluation_does_not_come_with_every_picture(monkeypatch):
    monkeypatch.setattr(Spending, "due", False)
    live = train_steps([replace(SMALL, epochs=100_000)], "cpu")
    first, *_, latest = [next(live).histories[0] for _ in range(8)]
    assert first.eval_steps.tolist() == latest.eval_steps.tolist() == [0]
    assert latest.layers.steps.tolist() == []
    assert len(latest.steps) >= 7
    stepped = live.step().histories[0]
    assert stepped.eval_steps[-1] == len(stepped.steps)  # who takes a single step wants to see what it did
    assert stepped.layers.steps[-1] == len(stepped.steps)


@pytest.mark.parametrize(
    ("drawing", "beside", "between"),
    [
        (0.01, False, 1 / 12 - 0.01),  # twelve pictures a second, of which drawing takes its part
        (0.01, True, 1 / 12),  # and none where it is done meanwhile
        (0.05, False, 1 / 8 - 0.05),  # eight where they are dear
        (0.05, True, 1 / 8),
        (1.0, False, 1 / 24),  # and at least half as long as usual for those that are dearer still
    ],
)
def test_the_time_between_snapshots_is_what_drawing_leaves(drawing, beside, between, monkeypatch):
    step, ticks = 0.005, itertools.count()  # seconds, of a clock that goes by steps alone and never stands still
    live = train_steps([replace(SMALL, epochs=100_000)], "cpu")
    taken = [0]
    clock = SimpleNamespace(perf_counter=lambda: step * len(live._fleet.histories()[0].steps) + 1e-6 * next(ticks))
    monkeypatch.setattr(trains, "time", clock)
    for _ in range(12):
        live.note_drawing(drawing, beside)
        taken.append(len(next(live).histories[0].steps))
    assert (taken[-1] - taken[-2]) * step == pytest.approx(between, abs=step)
