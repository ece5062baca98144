"""Behaviour: files in and out of the lab of learning curves."""

import io

import numpy as np
import pytest
from PIL import Image

from nbtests.labs.learning_curves.conftest import CSV, cell, names
from trainingwheels.engine import InvalidSetting


def test_a_csv_is_imported_and_shown(curves):
    lab = curves()
    lab.take_file("mine.csv", CSV)
    lab.settle()
    assert (lab.show, names(lab), lab.message) == ("imported", ["mine"], "1 run from 'mine.csv'.")
    assert cell(lab, "best val. accuracy") == "97.9 %"
    lab.take_file("mine.csv", CSV)
    lab.show = "everything"
    lab.settle()
    assert names(lab) == ["lr 0.4", "lr 0.02", "lr 0.002", "lr 0.0002", "mine", "mine (2)"]
    lab.forget()
    lab.settle()
    assert len(names(lab)) == 4


def test_a_best_evaluation_within_an_epoch_has_a_place_that_can_be_read(curves):
    lab = curves()
    lines = [f"Epoch {epoch}\nloss: {3 / epoch}\nloss: {2.5 / epoch}\nTest loss: {2.8 / epoch}, accuracy: 0.{epoch}"
             for epoch in (1, 2)]  # fmt: skip
    lab.take_file("printed.txt", "\n".join(lines).encode())
    lab.settle()
    assert lab.result.runs[0].run.eval_steps[-1] == pytest.approx(8 / 3)
    assert "Best validation accuracy: 20.0 % at epoch 2.67." in lab.text
    assert "○ best: 20 % at epoch 2.67" in [label.text for label in lab._picture._now._texts.labels]


def test_a_name_that_is_long_keeps_what_tells_it_apart(curves):
    lab = curves(show="imported")
    for rate in ("0.1", "0.01"):
        lab.take_file(f"resnet18-cifar10-augmented-cosine-lr{rate}-seed-zero-final.csv", CSV)
    lab.settle()
    assert names(lab) == ["…lr0.1…", "…lr0.01…"]


def test_epochs_are_called_so(curves):
    lab = curves(show="imported")
    lab.take_file("mine.csv", b"epoch,loss,val_acc\n0,2,0.5\n1,1,0.75\n")
    lab.settle()
    assert "Best validation accuracy: 75.0 % at epoch 1." in lab.text
    assert "diverged" not in lab.text


EPOCHS, STEPS = b"epoch,loss\n0,2\n1,1\n2,0.8\n", b"step,loss\n10,2\n20,1\n30,0.5\n"


def test_runs_that_do_not_count_alike_are_told_apart(curves):
    lab = curves(show="imported")
    lab.take_files([("a.csv", EPOCHS), ("b.csv", STEPS)])
    lab.settle()
    assert "do not count alike (epochs: a; steps: b), and how many of one are one of the other is not" in lab.text
    assert [run.steps[-1] for run in lab.result.histories] == [100, 100]
    assert lab._picture._now._curves.loss.axes.get_xlabel() == "% of the run"
    lab.hide = (1,)
    lab.settle()
    assert "do not count alike" not in lab.text
    assert lab._picture._now._curves.loss.axes.get_xlabel() == "step"


def test_steps_are_drawn_as_epochs_where_it_is_known_how_many_those_are(curves):
    lab = curves(show="imported")
    lab.take_files([("a.csv", EPOCHS), ("b.csv", b"step,loss,setting.steps_per_epoch\n10,2,10\n20,1,\n30,0.5,\n")])
    lab.settle()
    assert [run.x_is for run in lab.result.histories] == ["epoch", "epoch"]
    assert lab.result.histories[1].steps.tolist() == [1, 2, 3]
    assert "all are drawn over epochs" in lab.text
    assert [run.run.x_is for run in lab.result.runs] == ["epoch", "step"]  # what is saved, and diagnosed


def test_what_is_saved_has_its_whole_name(curves):
    lab = curves(show="imported")
    whole = [f"resnet18-cifar10-augmented-cosine-lr{rate}-seed-zero-final" for rate in ("0.1", "0.01")]
    lab.take_files([(f"{name}.csv", CSV) for name in whole])
    lab.settle()
    assert names(lab) == ["…lr0.1…", "…lr0.01…"]
    assert list(lab.shown_runs()) == whole
    lab.take_file(f"{whole[0]}.csv", CSV)
    lab.settle()
    assert list(lab.shown_runs()) == [*whole, f"{whole[0]} (2)"]


def test_the_message_names_every_file(curves):
    lab = curves()
    files = [("a.csv", EPOCHS), ("bad.csv", b"step,loss\n1,x"), ("c.csv", STEPS)]
    lab._guarded(lab.take_files)(files)
    lab.settle()
    assert lab.message.startswith("1 run from 'a.csv'. 1 run from 'c.csv'. 'bad.csv', row 2:")
    assert "\n" not in lab.message
    assert len(lab.result.runs) == 2
    lab._guarded(lab.take_files)([("d.csv", b""), ("e.csv", b"")])
    assert "'d.csv'" in lab.message
    assert "'e.csv'" in lab.message
    lab._guarded(lab.take_files)([(f"{place}.csv", STEPS) for place in range(8)])
    assert "And 3 more files, each with its line below." in lab.message


def test_a_corrupt_file_is_one_line_and_the_last_picture_stays(curves):
    lab = curves()
    before = lab.result
    files = {"bad.csv": b"step,loss\n1,x", "events.out.tfevents.1": b"\x18" + b"\0" * 40, "z.zip": b"PK\3\4"}
    for name, data in files.items():
        lab._guarded(lab.take_file)(name, data)
        lab.settle()
        assert name in lab.message
        assert "\n" not in lab.message
        assert lab.result is before
    with pytest.raises(InvalidSetting):
        lab.take_file("bad.csv", b"")


@pytest.mark.parametrize("name", ["learning-curves.csv", "learning-curves.zip"])
def test_what_is_saved_can_be_imported_again(curves, name):
    saved = {}
    lab = curves()
    lab.hide = (1,)
    lab.settle()
    lab._face.page.save = lambda name, data: saved.update({name: data})
    for button in lab._files.saves:
        button.click()
    assert set(saved) == {"learning-curves.csv", "learning-curves.zip", "learning-curves.png"}
    before = [each.run for each in lab.result.runs[1:]]
    lab.take_file(name, saved[name])
    lab.settle()
    assert len(names(lab)) == 3
    for again, run in zip((each.run for each in lab.result.runs), before, strict=True):
        np.testing.assert_array_equal(again.train_loss, run.train_loss)
        np.testing.assert_array_equal(again.val_accuracy, run.val_accuracy)


def test_the_png_is_the_picture_at_twice_the_size(curves):
    lab = curves()
    lab._face.page.width = 968
    image = Image.open(io.BytesIO(lab.png()))
    assert image.size == (2 * lab._picture.size[0], 2 * lab._picture.size[1])
    assert lab.figure.canvas is lab._canvas
    assert lab.figure.dpi == 96
    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    for color in lab.result.colors:
        assert (pixels == tuple(bytes.fromhex(color[1:]))).all(axis=1).sum() > 300


def test_nothing_to_show_or_to_save(curves):
    lab = curves(show="imported")
    assert "No files yet" in lab.text
    assert lab._table.rows == []
    with pytest.raises(InvalidSetting, match="no run on screen"):
        lab.shown_runs()
    assert "csv" in lab.code()
