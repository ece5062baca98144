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


QUICKSTART = """Epoch 1
-------------------------------
loss: 2.303494  [   64/60000]
loss: 2.294637  [ 6464/60000]
Test Error:
 Accuracy: 50.9%, Avg loss: 1.891537

Epoch 2
-------------------------------
loss: 1.914600  [   64/60000]
loss: 1.890100  [ 6464/60000]
Test Error:
 Accuracy: 61.2%, Avg loss: 1.523610

Done!
"""


def test_the_quickstart_of_pytorch():
    run = read(QUICKSTART)
    assert run.train_loss == pytest.approx([2.303494, 2.294637, 1.9146, 1.8901])
    assert run.val_loss == pytest.approx([1.891537, 1.52361])
    assert run.val_accuracy == pytest.approx([0.509, 0.612])


@pytest.mark.parametrize("prose", ["Loss function: CrossEntropyLoss()", "Using cross entropy loss", "Training loss"])
def test_prose_is_no_header(prose):
    run = read(f"{prose}\nEpoch 1, loss: 0.9, val_loss: 0.8\nEpoch 2, loss: 0.7, val_loss: 0.6\n")
    assert (run.steps.tolist(), run.x_is) == ([1, 2], "epoch")
    assert run.train_loss == pytest.approx([0.9, 0.7])
    assert run.val_loss == pytest.approx([0.8, 0.6])


def test_batches_that_begin_again_in_every_epoch_are_one_run():
    lines = ("Epoch 1/2", "batch 100 loss: 0.9", "batch 200 loss: 0.8", "Epoch 2/2", "batch 100 loss: 0.6")
    run = read("\n".join((*lines, "batch 200 loss: 0.5")))
    assert (run.x_is, run.steps.tolist()) == ("step", [100, 200, 300, 400])
    assert run.train_loss == pytest.approx([0.9, 0.8, 0.6, 0.5])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Epoch 1. The train loss is 0.9, the val loss 0.8.", [0.9, 0.8, None, None]),
        ("Epoch 1: loss 0,9 val_loss 0,85 acc 50,5%", [0.9, 0.85, 0.505, None]),
        ("Epoch 1: loss 1,234.5 val_loss 12.5", [1234.5, 12.5, None, None]),
        ("Epoch 1: loss 0.9, accuracy: 9,500/10,000 (95%)", [0.9, None, 0.95, None]),
        ("Epoch 1: loss=0.9,acc=0.5", [0.9, None, 0.5, None]),
        ("Epoch 1: loss 0.9, saved epoch=1-val_loss=0.8.ckpt", [0.9, None, None, None]),
    ],
)
def test_where_a_number_ends(text, expected):
    assert first(read(text)) == expected


def test_thousands_of_steps():
    run = read("step 1,000 loss 0.9\nstep 2,000 loss 0.8\n")
    assert (run.steps.tolist(), run.train_loss.tolist()) == ([1000, 2000], pytest.approx([0.9, 0.8]))


@pytest.mark.parametrize(
    "text",
    [
        "[0]\ttrain-logloss:0.48\teval-logloss:0.49\n[10]\ttrain-logloss:0.31\teval-logloss:0.35\n",
        "[0]\ttrain-mlogloss:0.48\teval-mlogloss:0.49\n[10]\ttrain-mlogloss:0.31\teval-mlogloss:0.35\n",
        (
            "[0]\ttraining's binary_logloss: 0.48\tvalid_1's binary_logloss: 0.49\n"
            "[10]\ttraining's binary_logloss: 0.31\tvalid_1's binary_logloss: 0.35\n"
        ),
    ],
)
def test_what_boosted_trees_print(text):
    run = read(text)
    assert (run.steps.tolist(), run.eval_steps.tolist()) == ([0, 10], [0, 10])
    assert run.train_loss == pytest.approx([0.48, 0.31])
    assert run.val_loss == pytest.approx([0.49, 0.35])
