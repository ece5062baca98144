"""The drop-downs below the picture: what they offer, and that the picture follows them."""

from pathlib import Path

import pytest

from trainingwheels.labs.base.kept_runs import KEPT
from trainingwheels.labs.learning_curves.lab import LearningCurves

CURVES = Path(__file__).parents[2] / "engine" / "records" / "curves"


@pytest.fixture
def lab():
    KEPT.forget()
    made = LearningCurves(show="imported")
    made.settle()
    yield made
    made.close()


def bring(lab, name):
    lab.take_file(name, (CURVES / name).read_bytes())
    lab.settle()


def in_sight(widget):
    return "tw-away" not in widget._dom_classes


def test_without_a_file_there_is_nothing_to_choose(lab):
    assert not in_sight(lab._reading)


def test_the_drop_downs_show_what_was_taken_and_change_it(lab):
    bring(lab, "detector_results.csv")
    reading = lab._reading
    assert in_sight(reading)
    assert not in_sight(reading.which)
    boxes = reading.columns
    assert [boxes[role].value for role in boxes] == ["epoch", " ", " ", "", ""]
    assert boxes["loss"].label == "train/box_loss + train/cls_loss (summed)"
    assert "left out: lr/pg1" in reading.lines
    boxes["loss"].value = "train/cls_loss"
    lab.settle()
    assert lab.result.runs[0].run.train_loss[0] == pytest.approx(1.941)
    assert "train loss: train/cls_loss;" in reading.lines
    boxes["loss"].value = boxes["val_loss"].value = ""
    lab.settle()
    assert "choose a column for a loss or an accuracy" in lab.message
    boxes["loss"].value = " "
    lab.settle()
    assert (lab.message, lab.result.runs[0].run.train_loss[0]) == ("", pytest.approx(3.285))


def test_rows_can_be_counted_instead(lab):
    bring(lab, "other_x_4.csv")
    lab._reading.columns["x"].value = ""
    lab.settle()
    assert lab.result.runs[0].run.steps.tolist() == [1, 2, 3]


def test_each_file_has_its_own_columns(lab):
    bring(lab, "detector_results.csv")
    bring(lab, "camel_case.csv")
    reading = lab._reading
    assert in_sight(reading.which)
    assert reading.columns["loss"].value == "TrainLoss"  # the latest
    reading.which.value = 0
    assert reading.columns["loss"].value == " "
    reading.columns["loss"].value = "train/box_loss"
    lab.settle()
    assert reading.which.value == 0
    assert [run.taken["loss"] for run in lab.imports.runs] == ["train/box_loss", "TrainLoss"]


def test_a_file_that_is_refused_has_its_line_in_any_view():
    KEPT.forget()
    lab = LearningCurves()
    lab.settle()
    for name in ("first.csv", "second.csv"):
        lab._guarded(lab.take_file)(name, b"step,loss\n1,much\n")
    assert (lab.show, in_sight(lab._reading)) == ("gallery", True)
    assert "first.csv" in lab._reading.lines
    assert "second.csv" in lab._reading.lines
    lab.close()


def test_it_is_gone_with_the_files_and_in_other_views(lab):
    bring(lab, "camel_case.csv")
    lab.show = "gallery"
    lab.settle()
    assert not in_sight(lab._reading)
    lab.show = "everything"
    lab.settle()
    assert in_sight(lab._reading)
    lab.forget()
    lab.settle()
    assert not in_sight(lab._reading)
