"""Which event files are one run, what their folders say, and what an archive's other members are."""

import gzip
import io
import tarfile

import numpy as np
import pytest

from nbtests.engine.records.test_files import one_line, zipped
from trainingwheels.engine import read_runs
from trainingwheels.engine.records.event_files import Scalar, write_events
from trainingwheels.engine.records.files import open_logs

FILE = "events.out.tfevents.1.host"


def curve(tag, *values, first=0):
    return [Scalar(tag, first + step, float(value)) for step, value in enumerate(values)]


def archive(**folders):
    return zipped({f"{folder}/{FILE}".lstrip("/"): write_events(scalars) for folder, scalars in folders.items()})


def test_keras_folders_are_one_run():
    """``epoch_loss`` comes before ``evaluation_loss_vs_iterations``, and its steps are epochs."""
    data = zipped(
        {
            f"logs/train/{FILE}.v2": write_events([*curve("epoch_loss", 2, 1), *curve("epoch_accuracy", 0.3, 0.5)]),
            f"logs/validation/{FILE}.v2": write_events(
                [*curve("evaluation_loss_vs_iterations", 3, 2, first=100), *curve("epoch_loss", 2.5, 1.5)]
            ),
        }
    )
    (run,) = read_runs("mine.zip", data)
    assert (run.name, run.x_is) == ("logs", "epoch")
    assert (run.steps.tolist(), run.train_loss.tolist(), run.val_loss.tolist()) == ([0, 1], [2, 1], [2.5, 1.5])
    assert run.train_accuracy == pytest.approx([0.3, 0.5])
    assert "validation/evaluation_loss_vs_iterations" in run.left


def test_folders_of_add_scalars_are_one_run():
    data = archive(
        **{
            "runs/mine": curve("lr", 0.1, 0.1),
            "runs/mine/Loss_train": curve("Loss", 2, 1),
            "runs/mine/Loss_val": curve("Loss", 2.5, 1.5),
        }
    )
    (run,) = read_runs("a.zip", data)
    assert run.name == "mine"
    assert (run.train_loss.tolist(), run.val_loss.tolist()) == ([2, 1], [2.5, 1.5])
    assert run.lr == pytest.approx([0.1, 0.1])


def test_files_of_one_folder_are_one_run_and_folders_are_several():
    first, second = write_events(curve("loss", 3, 2)), write_events(curve("loss", 1, first=2))
    data = zipped({"a/v0/events.out.tfevents.1": first, "a/v0/events.out.tfevents.2": second, "b/v0/" + FILE: first})
    runs = read_runs("a.zip", data)
    assert [run.name for run in runs] == ["a/v0", "b/v0"]  # the last part alone would not tell them apart
    assert runs[0].train_loss.tolist() == [3, 2, 1]


def test_scalars_without_a_step_are_counted():
    (run,) = read_runs(FILE, write_events([Scalar("loss", 0, value) for value in (3.0, 2.0, 1.0)]))
    assert (run.x_is, run.steps.tolist(), run.train_loss.tolist()) == ("row", [1, 2, 3], [3, 2, 1])


def test_what_else_is_in_an_archive_is_named_and_passed_over():
    good = write_events(curve("loss", 2, 1))
    members = {
        f"run/{FILE}": good,
        f"__MACOSX/run/._{FILE}": b"\0\5\x16\7",
        "run/.DS_Store": b"x",
        "run/model.pt": b"PK\3\4",
        f"empty/{FILE}": b"",
        f"broken/{FILE}": b"\x18" + bytes(40),
        "table.csv": b"step,loss\n1,2\n2,1\n",
    }
    opened = open_logs("a.zip", zipped(members))
    assert [log.name for log in opened.logs] == ["table.csv", "run"]
    assert len(opened.passed) == 5
    for path in ("__MACOSX", ".DS_Store", "model.pt", "empty/"):
        assert any(path in line for line in opened.passed)
    assert any("damaged event file" in line for line in opened.passed)
    assert "neither CSV nor event files" in one_line("a.zip", zipped({"run/model.pt": b"x"}))


def test_tar_and_gzip_are_archives_too():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        data = write_events(curve("loss", 2, 1))
        entry = tarfile.TarInfo(f"runs/mine/{FILE}")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    (run,) = read_runs("runs.tgz", out.getvalue())
    assert (run.name, run.train_loss.tolist()) == ("mine", [2, 1])
    assert "damaged" in one_line("runs.tgz", out.getvalue()[:60])


@pytest.mark.parametrize("name", ["tfevents.csv", "tfevents_csv/loss.csv"])
def test_a_table_called_after_event_files_is_a_table(name):
    for data in (b"step,loss\n1,2\n2,1\n", zipped({name: b"step,loss\n1,2\n2,1\n"})):
        (run,) = read_runs(name, data)
        assert run.train_loss.tolist() == [2, 1]


def test_event_files_in_an_archive_may_be_zipped():
    (run,) = read_runs("a.zip", zipped({f"mine/{FILE}.gz": gzip.compress(write_events(curve("loss", 2, 1)))}))
    assert (run.name, run.train_loss.tolist()) == ("mine", [2, 1])


def test_an_excel_workbook_is_told_what_to_do():
    assert "save it as CSV" in one_line("a.xlsx", zipped({"xl/workbook.xml": b"<x/>"}))


def test_a_run_that_diverged_ends_in_nan():
    (run,) = read_runs(FILE, write_events([*curve("loss", 2, np.nan, np.nan), *curve("val_loss", 2)]))
    assert run.diverged_at == 1
