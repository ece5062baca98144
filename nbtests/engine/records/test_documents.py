"""JSON as people write it: training and validation beside each other, and what else stands there."""

import json

import pytest

from trainingwheels.engine import read_runs

TRAIN = {"loss": [4, 3, 2, 1]}
VAL = {"loss": [3.5, 2]}


def read(found):
    (run,) = read_runs("a.json", json.dumps(found).encode())
    return run


def points(run):
    """The points of the training loss and of the validation loss."""
    return (
        list(zip(run.steps.tolist(), run.train_loss.tolist(), strict=True)),
        list(zip(run.eval_steps.tolist(), run.val_loss.tolist(), strict=True)),
    )


def rows(x, values):
    return [{"epoch": at, "loss": value} for at, value in zip(x, values, strict=True)]


@pytest.mark.parametrize(
    ("document", "x_is"),
    [
        ({"train": {"step": [100, 200, 300, 400], **TRAIN}, "val": {"step": [200, 400], **VAL}}, "step"),
        ({"train": {"iter": [100, 200, 300, 400], **TRAIN}, "val": {"step": [200, 400], **VAL}}, "step"),
        ({"train": rows([100, 200, 300, 400], [4, 3, 2, 1]), "val": rows([200, 400], [3.5, 2])}, "epoch"),
        (
            {
                "train_steps": [100, 200, 300, 400],
                "train_loss": [4, 3, 2, 1],
                "val_steps": [200, 400],
                "val_loss": [3.5, 2],
            },
            "step",
        ),
    ],
)
def test_each_part_lies_over_its_own_steps(document, x_is):
    run = read(document)
    assert run.x_is == x_is
    assert points(run) == ([(100, 4), (200, 3), (300, 2), (400, 1)], [(200, 3.5), (400, 2)])


def test_epochs_beside_the_parts_are_of_both():
    run = read({"epoch": [5, 10, 15], "train": {"loss": [3, 2, 1]}, "val": {"loss": [4, 3, 2]}})
    assert run.x_is == "epoch"
    assert points(run) == ([(5, 3), (10, 2), (15, 1)], [(5, 4), (10, 3), (15, 2)])


def test_a_list_of_something_else_hides_nothing():
    run = read({"classes": ["cat", "dog"], "results": {"loss": [2, 1], "val_loss": [3, 2]}})
    assert (run.train_loss.tolist(), run.val_loss.tolist()) == ([2, 1], [3, 2])


def test_the_evaluations_of_lightgbm():
    run = read({"training": {"binary_logloss": [0.5, 0.25]}, "valid_1": {"binary_logloss": [0.75, 0.5]}})
    assert (run.train_loss.tolist(), run.val_loss.tolist()) == ([0.5, 0.25], [0.75, 0.5])
