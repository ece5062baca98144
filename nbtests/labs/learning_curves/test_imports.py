"""What the learner has brought: a line for each file, columns to choose, curves of one run joined."""

from pathlib import Path

import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.labs.learning_curves.imports import Imports

RECORDS = Path(__file__).parents[2] / "engine" / "records"


@pytest.fixture
def imports():
    return Imports()


def bring(imports, *names):
    for name in names:
        path = next(path for folder in ("curves", "siblings") if (path := RECORDS / folder / name).exists())
        imports.add(name, path.read_bytes())


def test_each_file_has_a_line_that_says_what_was_taken_for_what(imports):
    bring(imports, "detector_results.csv", "several_rows_an_epoch.csv")
    first, second = imports.lines
    assert first == (
        "'detector_results.csv': 1 run; x: epoch; train loss: train/box_loss + train/cls_loss (summed); "
        "validation loss: val/box_loss + val/cls_loss (summed); learning rate: lr/pg0; left out: lr/pg1."
    )
    assert second == (
        "'several_rows_an_epoch.csv': 1 run; x: epoch; train loss: loss; "
        "several rows an epoch are spread evenly over it."
    )


def test_the_line_says_what_was_taken_in_any_run(imports):
    imports.add("two.csv", b'"Step","r1 - train/loss","r2 - train_loss"\n1,2,4\n2,1,3\n')
    assert imports.lines == ["'two.csv': 2 runs; x: Step; train loss: train/loss or train_loss."]


def test_a_file_that_is_refused_has_its_line_too(imports):
    with pytest.raises(InvalidSetting, match="is not text"):
        bring(imports, "png.csv")
    bring(imports, "camel_case.csv")
    assert [line.partition(":")[0] for line in imports.lines] == ["'camel_case.csv'", "'png.csv' is not text (byte 0)"]


def test_columns_are_chosen_by_file(imports):
    bring(imports, "detector_results.csv", "camel_case.csv")
    imports.choose(0, "loss", "train/cls_loss")
    imports.choose(0, "val_loss", "")
    assert imports.runs[0].taken == {"x": "epoch", "loss": "train/cls_loss", "lr": "lr/pg0"}
    assert imports.runs[1].taken["loss"] == "TrainLoss"
    imports.choose(0, "loss", None)
    assert "summed" in imports.runs[0].taken["loss"]


def test_a_file_whose_names_say_nothing_is_kept_to_choose_from(imports):
    with pytest.raises(InvalidSetting, match="no names in its first row"):
        bring(imports, "noheader.csv")
    assert imports.runs == ()
    imports.choose(0, "loss", "column_2")
    assert imports.runs[0].train_loss.tolist() == pytest.approx([2.3, 1.9])
    assert imports.files[0].refused == ""


def test_curves_that_tensorboards_page_saved_are_one_run(imports):
    bring(imports, "run-train-tag-epoch_loss.csv", "run-validation-tag-epoch_accuracy.csv")
    (run,) = imports.runs
    assert run.train_loss.tolist() == pytest.approx([2.3, 1.9])
    assert run.val_accuracy.tolist() == pytest.approx([0.3, 0.5])
    assert run.x_is == "epoch"
    bring(imports, "run-train-tag-epoch_loss.csv")  # the same curve again is of another run
    assert len(imports.runs) == 2


def test_a_hundred_runs_are_enough(imports):
    many = b"run,loss\n" + b"".join(b"r%d,1\n" % run for run in range(60))
    imports.add("many.csv", many)
    with pytest.raises(InvalidSetting, match="more than 100 imported runs"):
        imports.add("more.csv", many)
    assert len(imports.runs) == 60
    imports.forget()
    assert (imports.runs, imports.lines) == ((), [])
