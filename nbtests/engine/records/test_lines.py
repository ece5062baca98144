"""What a loop prints: whose a number is, and over which steps."""

import pytest

from trainingwheels.engine import read_runs


def read(text):
    (run,) = read_runs("train.log", text.encode())
    return run


def first(run):
    """The first loss, validation loss, accuracy and validation accuracy, None where there is none."""
    curves = (run.train_loss, run.val_loss, run.train_accuracy, run.val_accuracy)
    return [next((round(float(value), 4) for value in curve if value == value), None) for curve in curves]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Epoch 1 | train loss: 0.9 acc: 0.5 | val loss: 0.8 acc: 0.61", [0.9, 0.8, 0.5, 0.61]),
        ("Epoch 1 train: loss 0.9 acc 0.5 val: loss 0.8 acc 0.61", [0.9, 0.8, 0.5, 0.61]),
        ("Epoch 1: train_loss=0.9, acc=0.5, val_loss=0.8, acc=0.61", [0.9, 0.8, 0.5, 0.61]),
        ("Epoch 1: train_loss=0.9, val_loss=0.8, acc=0.5, val_acc=0.61", [0.9, 0.8, 0.5, 0.61]),
        ("Epoch 1 train loss 0.9 val loss 0.8 acc 0.5 val acc 0.61", [0.9, 0.8, 0.5, 0.61]),
        ("Epoch 1: val_acc=0.61, loss=0.9", [0.9, None, None, 0.61]),
        ("Epoch 1: loss=0.9, val_loss=0.8, acc=0.5", [0.9, 0.8, 0.5, None]),
        ("Train loss: 0.9 | Valid loss: 0.8 | Accuracy: 0.61", [0.9, 0.8, None, 0.61]),
        (
            "2024-01-01 10:00:00,123 - train: loss 0.9 acc 0.5\n2024-01-01 10:00:09,456 - val: loss 0.8 acc 0.61",
            [0.9, 0.8, 0.5, 0.61],
        ),
        (
            "INFO - Epoch(train)  [1][50/50]  lr: 1.0e-02  loss: 0.9\nINFO - Epoch(val)  [1][50/50]  acc/top1: 61.0",
            [0.9, None, None, 0.61],
        ),
    ],
)
def test_whose_a_number_is(text, expected):
    assert first(read(text)) == expected


def test_an_epoch_of_mmengine_is_counted():
    run = read("".join(f"INFO - Epoch(val)  [{epoch}][50/50]  accuracy/top1: {epoch}0.5\n" for epoch in (1, 2)))
    assert (run.x_is, run.eval_steps.tolist()) == ("epoch", [1, 2])
    assert run.val_accuracy == pytest.approx([0.105, 0.205])
