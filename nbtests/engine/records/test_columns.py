"""What a name means, and which of several columns counts."""

import pytest

from trainingwheels.engine import read_runs
from trainingwheels.engine.records.columns import Meaning, meaning_of, roles_of, x_kind


@pytest.mark.parametrize(
    ("name", "quantity", "part"),
    [
        ("val_loss", "loss", "val"),
        ("Loss/test", "loss", "test"),
        ("train_loss", "loss", "train"),
        ("TrainLoss", "loss", "train"),
        ("valloss", "loss", "val"),
        ("loss_val", "loss", "val"),
        ("eval/loss", "loss", "val"),
        ("Validation Loss", "loss", "val"),
        ("train/val_loss", "loss", "val"),
        ("epoch_loss", "loss", ""),
        ("top1_acc", "accuracy", ""),
        ("val_acc@1", "accuracy", "val"),
        ("eval_top1", "accuracy", "val"),
        ("sparse_categorical_accuracy", "accuracy", ""),
        ("learning-rate", "lr", ""),
        ("lr-Adam", "lr", ""),
        ("LearningRate", "lr", ""),
    ],
)
def test_what_a_name_means(name, quantity, part):
    assert meaning_of(name) == Meaning(quantity, part, meaning_of(name).rest)
    if not name.startswith("lr-"):
        assert meaning_of(name).rest == ()


@pytest.mark.parametrize(
    "name",
    [
        "glossy",
        "evaluation",
        "loss_std",
        "best_acc",
        "train/loss__MIN",
        "loss_scale",
        "eval_top5",
        "top",
        "time",
        "",
        "€",
    ],
)
def test_what_means_nothing(name):
    assert meaning_of(name) is None


def test_parts_keep_their_name():
    assert meaning_of("train/box_loss").rest == ("box",)
    assert meaning_of("val_acc@5").rest == ("5",)
    assert meaning_of("train_mse") == Meaning("loss", "train", (), near=True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("_step", "step"),
        ("trainer/global_step", "step"),
        ("time/total_timesteps", "step"),
        ("Iteration", "step"),
        ("n_iter", "step"),
        ("Epochs", "epoch"),
        ("train/epoch", "epoch"),
        ("Epoch #", "epoch"),
        ("epoch_loss", None),
        ("time", None),
        ("step_size", None),
    ],
)
def test_what_is_along_x(name, kind):
    assert (x_kind(name) or (None,))[0] == kind


def taken(*names, **counts):
    roles = roles_of(dict.fromkeys(names, 10) | counts)
    return {role: "+".join(each.columns) for role, each in roles.taken.items()}


def test_the_exact_name_comes_before_its_parts():
    assert taken("audio_loss", "loss", "val_loss", "val_audio_loss") == {"loss": "loss", "val_loss": "val_loss"}
    assert taken("a_loss", "b_loss")["loss"] == "a_loss+b_loss"
    assert taken("loss", "mse", "val_loss", "val_mse") == {"loss": "loss", "val_loss": "val_loss"}
    assert taken("evaluation_loss_vs_iterations", "validation/epoch_loss")["val_loss"] == "validation/epoch_loss"


def test_one_loss_on_two_data_sets_or_smoothed_is_no_sum():
    sets = ("val_loss/dataloader_idx_0", "val_loss/dataloader_idx_1")
    assert taken("train_loss", *sets) == {"loss": "train_loss", "val_loss": sets[0]}
    assert taken("raw_loss", "smoothed_loss") == {"loss": "raw_loss"}
    (run,) = read_runs("a.csv", f"step,train_loss,{','.join(sets)}\n1,2,2.5,3.5\n2,1,1.5,2.5\n".encode())
    assert (run.val_loss.tolist(), run.left) == ([2.5, 1.5], (sets[1],))


def test_validation_is_by_the_epoch_where_it_is_both():
    assert taken("val_loss_step", "val_loss_epoch")["val_loss"] == "val_loss_epoch"


def test_what_is_written_once_in_the_end_is_no_curve():
    assert taken("loss", train_loss=1)["loss"] == "loss"


def test_the_test_set_is_validation_only_for_want_of_one():
    assert taken("loss", "test_loss", "val_loss")["val_loss"] == "val_loss"
    roles = roles_of({"loss": 3, "test_loss": 3})
    assert roles.taken["val_loss"].columns == ("test_loss",)
    assert roles.notes == ("test_loss is taken for validation loss: there is no other",)


def accuracies(*names):
    """The columns of the training accuracy and of the validation accuracy, None where there is none."""
    found = taken(*names)
    return found.get("train_accuracy"), found.get("val_accuracy")


def test_whose_accuracy_it_is_where_it_does_not_say():
    assert accuracies("loss", "val_loss", "accuracy") == ("accuracy", None)
    assert accuracies("train_loss", "valid_loss", "accuracy") == (None, "accuracy")
    assert accuracies("train_loss", "valid_loss", "accuracy", "val_accuracy") == ("accuracy", "val_accuracy")
    assert accuracies("train_loss", "accuracy") == ("accuracy", None)
