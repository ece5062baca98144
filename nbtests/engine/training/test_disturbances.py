"""What a step does to its batch: the readable functions of regularizers, for a whole population at once."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from trainingwheels.engine import LOSSES, InvalidSetting, RunConfig, train
from trainingwheels.engine.regularizers.cutting import box_around
from trainingwheels.engine.regularizers.mixup import beta_quantile
from trainingwheels.engine.signals.noise import Role, generator
from trainingwheels.engine.training.disturbances import DISTURBANCES, Disturbances

BATCH, SEEDS = 12, (5, 6)
BASE = RunConfig(dataset="digits", hidden=(16, 16), batch_size=32, train_size=256, epochs=4, lr=0.05)
STRENGTHS = {"mixup": (0.2, 2.0), "cutmix": (0.3, 1.0), "cutout": (2, 5), "input_noise": (0.1, 0.5)}
STRENGTHS |= {"label_smoothing": (0.05, 0.3)}


def batch(blocks=2):
    """x (blocks, features, batch) and the softmax's target, which is -1 / batch of the labels."""
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.uniform(0.1, 1, (2, BATCH, 64))).transpose(1, 2)
    onehot = torch.nn.functional.one_hot(torch.tensor(rng.integers(0, 10, (2, 1, BATCH))), 10).double()
    return x[:blocks], LOSSES["softmax"].target(onehot.transpose(2, 3).contiguous())[:blocks]


def disturbed(*members, seeds=SEEDS):
    """x and labels (members, ..., batch) of configs that differ by ``members``, for each of ``seeds``."""
    configs = [replace(BASE, seed=seed, **member) for seed in seeds for member in members]
    starts = range(0, len(configs), len(members))
    disturbances = Disturbances(configs, starts, torch.device("cpu"), torch.float64)
    disturbances.settle(configs)
    x, target = disturbances(*batch(len(seeds)))
    x = x.view(len(seeds), -1, *x.shape[1:])
    return tuple(each.expand(-1, len(members), -1, -1).flatten(0, 1) for each in (x, -BATCH * target))


def undisturbed():
    x, target = batch()
    return x.transpose(1, 2).numpy(), (-BATCH * target[:, 0]).transpose(1, 2).numpy()  # (blocks, batch, ...)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_strength_zero_is_bit_by_bit_what_it_was_beside_members_of_any_strength(name):
    x, labels = disturbed({}, *({name: strength} for strength in STRENGTHS[name]))
    plain_x, plain_labels = undisturbed()
    for block in range(2):
        assert (x[3 * block].T.numpy() == plain_x[block]).all()
        assert (labels[3 * block].T.numpy() == plain_labels[block]).all()
        assert (x[3 * block + 1] != x[3 * block]).any() or name == "label_smoothing"


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_member_is_disturbed_as_it_is_alone(name):
    little, much = ({name: strength} for strength in STRENGTHS[name])
    together = disturbed({}, little, much, {})
    for place, member in ((1, little), (2, much)):
        for ours, alone in zip(together, disturbed(member), strict=True):
            assert (ours[[place, place + 4]] == alone).all()


def test_mixup_blends_with_the_neighbour_by_a_share_drawn_from_beta():
    x, labels = disturbed({}, {"mixup": 0.2}, {"mixup": 2.0})
    plain_x, plain_labels = undisturbed()
    for member in range(6):
        block, alpha = divmod(member, 3)[0], (0.0, 0.2, 2.0)[member % 3]
        share = float(beta_quantile(generator(SEEDS[block], 0, Role.MIXUP).random(), alpha))
        for ours, plain in ((x, plain_x), (labels, plain_labels)):
            expected = share * plain[block] + (1 - share) * np.roll(plain[block], 1, 0)
            np.testing.assert_allclose(ours[member].T, expected)


def test_cutmix_shows_the_neighbour_in_one_box_and_labels_count_by_its_area():
    alphas = 0.3, 1.0
    x, labels = disturbed(*({"cutmix": alpha} for alpha in alphas))
    plain_x, plain_labels = undisturbed()
    for member in range(4):
        block, alpha = member // 2, alphas[member % 2]
        u, row, column = generator(SEEDS[block], 0, Role.CUTMIX).random(3)
        side = int(8 * np.sqrt(1 - beta_quantile(u, alpha)))
        box = box_around(int(8 * row), int(8 * column), (side, side), (8, 8))
        inside = np.zeros((8, 8), bool)
        inside[box.top : box.bottom, box.left : box.right] = True
        expected = np.where(inside.ravel(), np.roll(plain_x[block], 1, 0), plain_x[block])
        assert (x[member].T.numpy() == expected).all()
        share = 1 - inside.mean()
        expected = share * plain_labels[block] + (1 - share) * np.roll(plain_labels[block], 1, 0)
        np.testing.assert_allclose(labels[member].T, expected)


def test_cutout_cuts_a_square_of_each_example_and_a_larger_one_covers_it():
    x, labels = disturbed({"cutout": 2}, {"cutout": 5})
    plain_x, plain_labels = undisturbed()
    for member in range(4):
        block, side = member // 2, (2, 5)[member % 2]
        centres = generator(SEEDS[block], 0, Role.CUTOUT).random((BATCH, 2))
        for image, plain, (row, column) in zip(x[member].T, plain_x[block], centres, strict=True):
            box = box_around(int(8 * row), int(8 * column), (side, side), (8, 8))
            expected = plain.reshape(8, 8).copy()
            expected[box.top : box.bottom, box.left : box.right] = 0
            assert (image.numpy() == expected.ravel()).all()
        assert (labels[member].T.numpy() == plain_labels[block]).all()
    assert ((x[0] == 0) <= (x[1] == 0)).all()


def test_input_noise_has_its_standard_deviation_and_one_direction():
    x, _ = disturbed({}, {"input_noise": 0.1}, {"input_noise": 0.5})
    little, much = x[1] - x[0], x[2] - x[0]
    torch.testing.assert_close(much, 5 * little)
    count = little.numel()
    assert abs(little.std() - 0.1) < 5 * 0.1 / (2 * count) ** 0.5  # standard error of a standard deviation
    assert abs(little.mean()) < 5 * 0.1 / count**0.5
    assert (x[4] - x[3] != little).all()  # another seed


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
def test_label_smoothing_is_torchs(smoothing):
    scores = torch.randn(BATCH, 10, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    _, labels = disturbed({"label_smoothing": smoothing}, seeds=(5,))
    y = torch.tensor(undisturbed()[1][0]).argmax(1)
    expected = torch.nn.functional.cross_entropy(scores, y, label_smoothing=smoothing)
    (gradient,) = torch.autograd.grad(expected, scores)
    target = (labels / -BATCH)[None]
    with torch.no_grad():
        blocked, loss = scores.T[None, None].contiguous(), scores.new_empty(1, 1)
        kept = LOSSES["softmax"].forward(blocked, target, loss)
        torch.testing.assert_close(loss[0, 0], expected.detach())
        torch.testing.assert_close(LOSSES["softmax"].backward(kept, target)[0, 0].T, gradient)


def test_the_hinge_loss_is_torchs_multi_margin_loss():
    """Which divides the sum over classes by their number."""
    scores = torch.randn(BATCH, 10, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    y = torch.arange(BATCH) % 10
    onehot = torch.nn.functional.one_hot(y, 10).double().T[None, None].contiguous()
    out = scores.new_empty(1, 1)
    LOSSES["hinge"].forward(scores.T[None, None].contiguous(), LOSSES["hinge"].target(onehot), out)
    torch.testing.assert_close(out[0, 0], 10 * torch.nn.MultiMarginLoss()(scores, y))


def test_they_follow_each_other_and_turning_one_on_leaves_the_randomness_of_the_others():
    alone, both = disturbed({"input_noise": 0.3})[0], disturbed({"input_noise": 0.3, "mixup": 0.4})[0]
    mixed = disturbed({"mixup": 0.4})[0]
    torch.testing.assert_close(both - mixed, alone - disturbed({})[0])


# Members of a population ---------------------------------------------------------------------------------------------

NOISES = {name: {name: strengths[1]} for name, strengths in STRENGTHS.items()}
NOISES |= {"dropout": {"dropout": 0.4}, "dropconnect": {"dropconnect": 0.4}, "depth": {"stochastic_depth": 0.5}}


@pytest.mark.parametrize("name", NOISES)
def test_with_strength_zero_a_member_trains_as_it_does_alone_and_so_do_the_others(name):
    base = replace(BASE, hidden=(16, 16, 16), residual=True)
    runs = [base, replace(base, **NOISES[name]), replace(base, lr=0.02)]
    together = train(runs, "cpu", evaluations=2, dtype="float64")
    for run, member in zip(runs, together, strict=True):
        alone = train([run], "cpu", evaluations=2, dtype="float64")[0]
        for curve in ("train_loss", "val_loss", "val_accuracy", "train_accuracy", "clean_accuracy"):
            np.testing.assert_allclose(getattr(member, curve), getattr(alone, curve), rtol=1e-6)
    assert (together[1].train_loss[1:] != together[0].train_loss[1:]).any()


@pytest.mark.parametrize("name", NOISES)
def test_noise_is_paired_across_structures(name):
    """With a learning rate of 0 only batches and noise make the curve."""
    base = replace(BASE, hidden=(16, 16), residual=True, lr=0.0, **NOISES[name])
    a, b = train([base, replace(base, optimizer="adam")], "cpu", evaluations=1)
    assert (a.train_loss == b.train_loss).all()
    assert (a.train_loss != train([replace(base, seed=1)], "cpu", evaluations=1)[0].train_loss).any()


# Bad input -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"dropout": 1.0}, "dropout = 1.0 is out of range: choose a number from 0 to below 1"),
        ({"dropconnect": 1.0}, "dropconnect = 1.0 is out of range"),
        ({"dropconnect": -0.1}, "dropconnect = -0.1 is out of range"),
        ({"stochastic_depth": 1.0, "residual": True}, "stochastic_depth = 1.0 is out of range"),
        ({"stochastic_depth": 0.5}, "stochastic_depth = 0.5 needs blocks to drop: choose residual = True"),
        ({"residual": True, "hidden": (16, 8)}, r"residual = True finds no block in hidden = \(16, 8\)"),
        ({"residual": True, "hidden": ()}, "residual = True finds no block"),
        ({"l2": -0.1}, "l2 = -0.1 is out of range"),
        ({"mixup": -1}, "mixup = -1 is out of range"),
        ({"mixup": float("nan")}, "mixup = nan"),
        ({"mixup": 0.4, "batch_size": 1}, "mixup = 0.4 needs another example in the batch"),
        ({"cutmix": 1.0, "dataset": "mnist1d"}, "cutmix = 1 cuts images, and mnist1d has none"),
        ({"cutout": 2, "dataset": "spirals"}, "cutout = 2 cuts images, and spirals has none"),
        ({"cutout": 9}, "cutout = 9 is larger than an image of digits: choose a whole number from 0 to 8 pixels"),
        ({"cutout": 2.5}, "cutout = 2.5 is not a whole number"),
        ({"input_noise": -0.1}, "input_noise = -0.1 is out of range"),
        ({"label_smoothing": 1.0}, "label_smoothing = 1.0 is out of range"),
        ({"label_smoothing": 0.1, "loss": "hinge"}, "label_smoothing = 0.1 makes labels soft"),
        ({"mixup": 0.1, "loss": "hinge"}, "mixup = 0.1 makes labels soft"),
        ({"cutmix": 0.1, "loss": "hinge"}, "cutmix = 0.1 makes labels soft"),
    ],
)
def test_what_cannot_be_is_one_clear_line(values, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        replace(BASE, **values)
    assert "\n" not in str(refused.value)
    assert "choose" in str(refused.value)


def test_mixup_of_one_class_is_refused_as_any_training_of_one_class_is(monkeypatch):
    from trainingwheels.engine.training import fleet

    one = np.zeros((300, 64), np.float32), np.zeros(300, int)
    monkeypatch.setattr("trainingwheels.engine.data.datasets._bundled_digits", lambda: one * 2)
    fleet.load_dataset.cache_clear()
    try:
        with pytest.raises(InvalidSetting, match="one class only: choose more examples"):
            train([replace(BASE, mixup=0.4)], "cpu")
    finally:
        fleet.load_dataset.cache_clear()
