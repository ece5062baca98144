"""Transfer: what each method keeps and changes, paired runs, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, RunConfig, load_dataset, train, train_steps
from trainingwheels.engine.evaluation import METHODS, adaptations, transfer
from trainingwheels.engine.training.pretraining import pretrained_layers

BASE = RunConfig(hidden=(12, 8), lr=0.05, batch_size=50, epochs=2)
DIGITS = ("digits-0-4", "digits-5-9")


def weights(configs):
    """The weights of all nets before and after, and what they begin with."""
    moments = list(train_steps(configs, "cpu", snapshots=1))
    before, after = ([each.weights_of(run) for run in range(len(configs))] for each in (moments[0], moments[-1]))
    return before, after


def test_each_method_keeps_and_changes_what_it_says():
    configs = adaptations(*DIGITS, [4], METHODS.keys(), [0], 0.1, BASE)
    before, after = weights(configs)
    (source,) = pretrained_layers(configs[1:2])
    changed = [
        [not np.array_equal(a, b) for a, b in zip(*pair, strict=True)] for pair in zip(before, after, strict=True)
    ]
    assert changed == [[True] * 3, [False, False, True], [False, True, True], [True] * 3]
    for run in (1, 2, 3):
        for layer in (0, 1):
            np.testing.assert_array_equal(before[run][layer], source[f"W{layer + 1}"])
        np.testing.assert_array_equal(before[run][2], before[0][2])  # the new head begins alike
    assert not np.array_equal(before[0][0], before[1][0])


def test_a_smaller_rate_is_one_for_the_layers_that_were_trained_before():
    configs = [
        replace(BASE, dataset=DIGITS[1], pretrained=DIGITS[0], optimizer="sgd", epochs=1, batch_size=700, tuning=share)
        for share in (1.0, 0.1)
    ]
    before, after = weights(configs)
    moved = [[b - a for a, b in zip(*pair, strict=True)] for pair in zip(before, after, strict=True)]
    for layer, share in enumerate((0.1, 0.1, 1.0)):
        np.testing.assert_allclose(moved[1][layer], share * moved[0][layer], rtol=0.02, atol=1e-6)


def test_one_run_is_what_it_is_among_many():
    alone = transfer(*DIGITS, per_class=4, method="all", seed=1, base=BASE, device="cpu")
    configs = adaptations(*DIGITS, [1, 4], METHODS.keys(), [0, 1], 0.1, BASE)
    (among,) = (history for history in train(configs, "cpu") if history.config == alone.config)
    np.testing.assert_allclose(alone.train_loss, among.train_loss, rtol=1e-4, atol=1e-6)
    assert alone.config.dataset == "digits-5-9"
    assert len(alone.train_loss) == 2 * (729 // 50)
    assert 0 <= alone.val_accuracy[-1] <= 1


def test_few_labels_are_learned_by_heart_and_only_they():
    few, many = train(
        [replace(BASE, dataset="digits-5-9", hidden=(50,), per_class=count, epochs=20) for count in (1, 64)],
        "cpu",
    )
    assert few.train_accuracy[-1] == 1.0
    assert set(np.unique(np.round(5 * few.train_accuracy, 4))) <= set(range(6))  # five examples
    assert many.val_accuracy[-1] > few.val_accuracy[-1] + 0.1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*DIGITS, 500), "per_class = 500 is more than digits-5-9 has: its rarest class has "),
        ((*DIGITS, 0), "per_class = 0 is out of range"),
        (("digits-0-4", "digits-5-19"), "dataset = 'digits-5-19' is not there: digits has the classes 0 to 9"),
        (("moons", "digits"), "pretrained = moons has examples of another shape than digits"),
        ((*DIGITS, 4, "al"), "method = 'al' is not known: did you mean 'all'?"),
    ],
)
def test_what_cannot_be_is_one_line(arguments, says):
    with pytest.raises(InvalidSetting) as refused:
        transfer(*arguments, device="cpu")
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)


def test_the_rarest_class_may_be_used_up():
    most = int(np.bincount(load_dataset("digits-5-9").y_train).min())
    assert len(transfer(*DIGITS, most, "head", base=BASE, device="cpu").train_loss)
