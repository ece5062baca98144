"""Logs as people bring them: every file of ``curves`` and ``siblings`` gives what its expected.json says."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, read_runs
from trainingwheels.engine.records.files import open_logs

HERE = Path(__file__).parent
CURVES, SIBLINGS = (json.loads((HERE / folder / "expected.json").read_text()) for folder in ("curves", "siblings"))
STATED = [name for name, expected in CURVES.items() if isinstance(expected["runs"], list)]
RUNS = [name for name, expected in SIBLINGS.items() if "runs" in expected]
REFUSED = [name for name, expected in SIBLINGS.items() if "refused" in expected]


def runs_of(folder, name):
    return read_runs(name, (HERE / folder / name).read_bytes())


def ends(values):
    """The first and the last number of a curve."""
    values = np.asarray(values, np.float64)
    known = values[np.isfinite(values)]
    return [known[0], known[-1]] if len(known) else None


def found_in(run):
    """What a run is, as expected.json has it."""
    return {
        "name": run.name,
        "x": ends(np.union1d(run.steps, run.eval_steps)),
        "x_is": run.x_is,
        "loss": ends(run.train_loss),
        "val_loss": ends(run.val_loss),
        "train_accuracy": ends(run.train_accuracy),
        "val_accuracy": ends(run.val_accuracy),
        "lr": ends(run.lr),
        "points": max(len(run.steps), len(run.eval_steps)),
        "diverged_at": run.diverged_at,
        "notes": list(run.notes),
    }


def check(runs, expected):
    assert len(runs) == len(expected)
    for run, each in zip(runs, expected, strict=True):
        found = found_in(run)
        for key, value in each.items():
            if isinstance(value, list) and key != "notes":
                assert found[key] == pytest.approx(value, rel=1e-3), key
            elif key != "x" and not str(value).startswith("train_loss_step or"):
                assert found[key] == value, key


@pytest.mark.parametrize("name", STATED)
def test_a_log_gives_what_it_should(name):
    check(runs_of("curves", name), CURVES[name]["runs"])


@pytest.mark.parametrize("name", RUNS)
def test_its_siblings_give_what_they_should(name):
    check(runs_of("siblings", name), SIBLINGS[name]["runs"])
    curves = ("loss", "val_loss", "train_accuracy", "val_accuracy", "lr", "notes", "diverged_at")
    for run, expected in zip(runs_of("siblings", name), SIBLINGS[name]["runs"], strict=True):
        assert all(not found_in(run)[curve] for curve in curves if curve not in expected)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_log_is_refused_in_one_line(name):
    with pytest.raises(InvalidSetting) as refused:
        runs_of("siblings", name)
    assert str(refused.value) == SIBLINGS[name]["refused"]


def test_every_file_is_in_its_list():
    for folder, expected in (("curves", CURVES), ("siblings", SIBLINGS)):
        assert {path.name for path in (HERE / folder).iterdir()} == {*expected, "expected.json"}


def test_a_sparse_log_says_which_loss_it_takes():
    (run,) = runs_of("curves", "lightning_metrics.csv")
    assert run.taken["loss"] == "train_loss_step"
    assert run.left == ("epoch", "train_loss_epoch", "test_loss")  # test is not validation
    assert ends(run.train_loss) == pytest.approx([1.919, 0.39], rel=1e-2)


def test_parts_are_summed_and_said():
    (run,) = runs_of("curves", "detector_results.csv")
    assert run.taken["loss"] == "train/box_loss + train/cls_loss (summed)"
    (run,) = runs_of("siblings", "parts_of_one.csv")
    assert run.taken["loss"] == "train/box_loss + train/cls_loss (summed)"  # of those that validation has too
    (run,) = runs_of("siblings", "gan.csv")
    assert (run.taken["loss"], run.left) == ("g_loss", ("d_loss",))  # rivals are not


def test_a_resumed_log_is_one_run_and_loses_nothing():
    (run,) = runs_of("curves", "resumed.csv")
    assert run.steps.tolist() == [0, 1, 2, 3, 4]
    assert run.train_loss == pytest.approx([2.0, 1.5, 1.2, 1.1, 0.9])
    assert "epoch begins again at 0: taken up again, counted on from 3" in run.notes


def test_batches_that_begin_again_are_counted_on():
    (run,) = runs_of("curves", "epoch_and_batch.csv")
    assert run.steps.tolist() == [0, 1, 2, 3, 4, 5]
    assert run.notes == ("batch begins again in every epoch",)


def test_several_rows_an_epoch_are_all_there():
    (run,) = runs_of("curves", "several_rows_an_epoch.csv")
    assert (run.steps.tolist(), run.x_is) == ([0, 0.5, 1, 1.5], "epoch")
    assert run.notes == ("several rows an epoch are spread evenly over it",)


def test_a_gap_is_no_divergence():
    (run,) = runs_of("curves", "nan_is_a_gap.csv")
    assert run.diverged_at is None


def test_what_is_taken_for_what_can_be_chosen():
    (log,) = open_logs("d.csv", (HERE / "curves" / "detector_results.csv").read_bytes()).logs
    (run,) = log.runs({"loss": "train/cls_loss", "val_loss": "", "x": "", "lr": "lr/pg1"})
    assert ends(run.train_loss) == pytest.approx([1.941, 0.853], rel=0.3)
    assert np.isnan(run.val_loss).all()
    assert (run.x_is, run.steps[0], run.taken["x"]) == ("row", 1, "rows, counted")
    assert "val/cls_loss" in run.left
    for chosen in ({"loss": "beauty"}, {"beauty": "epoch"}):
        with pytest.raises(InvalidSetting, match="choose another column"):
            log.runs(chosen)


def test_runs_may_call_their_curves_differently():
    runs = {"cnn": {"loss": [2, 1], "val_loss": [2, 1.5]}, "mlp": {"train_loss": [3, 2], "test_loss": [3, 2.5]}}
    cnn, mlp = read_runs("a.json", json.dumps(runs).encode())
    assert (cnn.train_loss.tolist(), cnn.val_loss.tolist()) == ([2, 1], [2, 1.5])
    assert (mlp.train_loss.tolist(), mlp.val_loss.tolist()) == ([3, 2], [3, 2.5])
    assert "test_loss is taken for validation loss: there is no other" in mlp.notes
    assert not any("is taken for" in note for note in cnn.notes)
    (log,) = open_logs("a.json", json.dumps(runs).encode()).logs
    assert [run.taken.get("loss") for run in log.runs({"loss": "loss"})] == ["loss", None]  # as it was chosen


def test_runs_side_by_side_may_call_their_curves_differently():
    first, second = read_runs("a.csv", b'"Step","r1 - train/loss","r2 - train_loss"\n1,2,4\n2,1,3\n')
    assert (first.name, second.name) == ("r1", "r2")
    assert (first.train_loss.tolist(), second.train_loss.tolist()) == ([2, 1], [4, 3])


def test_what_is_no_number_is_said_of_the_run_that_has_it():
    first, second = read_runs("a.csv", b"run,step,loss\na,1,2\na,2,much\nb,1,3\nb,2,1\n")
    assert first.notes == ("'much' in row 3 of loss is no number: left out",)
    assert second.notes == ()


def test_names_that_say_nothing_can_be_chosen():
    (log,) = open_logs("n.csv", (HERE / "siblings" / "noheader.csv").read_bytes()).logs
    (run,) = log.runs({"x": "column_1", "loss": "column_2", "val_loss": "column_3"})
    assert (run.steps.tolist(), run.train_loss.tolist()) == ([1, 2], pytest.approx([2.3, 1.9]))


@pytest.mark.parametrize("accuracies", [(0.5, 1.0), (1.2, 0.8), (99, 100)])
def test_an_accuracy_is_a_share_or_percent(accuracies):
    first, second = accuracies
    (run,) = read_runs("a.csv", f"step,loss,val_acc\n1,1,{first}\n2,1,{second}\n".encode())
    whole = 100 if max(accuracies) > 1 else 1
    assert run.val_accuracy == pytest.approx([first / whole, second / whole])


def test_shares_beside_percent_are_read_as_shares_and_said():
    (run,) = read_runs("a.csv", b"epoch,loss,train_acc,val_acc\n1,2,45,0.40\n2,1,55,0.50\n")
    assert run.train_accuracy == pytest.approx([0.45, 0.55])
    assert run.val_accuracy == pytest.approx([0.4, 0.5])
    assert run.notes == ("val_acc is read as shares of 1, beside accuracies in percent",)
    (run,) = read_runs("a.csv", b"epoch,loss,train_acc,val_acc\n1,2,1.0,0.9\n2,1,2.1,1.0\n")  # of 100 classes
    assert run.train_accuracy == pytest.approx([0.01, 0.021])
    assert run.val_accuracy == pytest.approx([0.009, 0.01])
    assert run.notes == ()


def test_an_accuracy_that_is_none_is_left_out_and_said():
    (run,) = read_runs("a.csv", b"step,loss,val_acc\n1,2,500\n2,1,700\n")
    assert len(run.eval_steps) == 0
    assert run.notes == ("val_acc is left out: accuracy 500 is out of range",)


def test_two_hundred_thousand_rows_take_at_most_two_seconds():
    """Measured in a process that may be busy otherwise: 0.3 s alone, so the bound is the promise itself."""
    import time

    rows = "".join(f"{step},{1 / step:.6f},{'' if step % 100 else '0.5'},0.1\n" for step in range(1, 200_001))
    data = ("step,loss,val_loss,lr\n" + rows).encode()
    begin = time.process_time()
    (run,) = read_runs("long.csv", data)
    assert len(run.steps) == 200_000
    assert time.process_time() - begin < 2


def test_a_run_by_fractions_of_an_epoch_diverges_where_it_does():
    (run,) = read_runs("a.csv", b"epoch,loss\n0.5,1\n1.5,nan\n")
    assert run.diverged_at == 1.5


def test_a_run_without_steps_has_one():
    (run,) = read_runs("a.csv", b"step,loss\n1,1\n")
    nothing = replace(run, steps=run.steps[:0], train_loss=run.train_loss[:0])
    assert (len(nothing.eval_steps), nothing.total_steps) == (0, 1)
