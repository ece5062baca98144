"""Storages: a URL or a file, and one line where there is none."""

import sqlite3

import pytest

from trainingwheels.engine import InvalidSetting, RunConfig
from trainingwheels.engine.search import LogUniform, Uniform, join, search, search_steps, storages

BASE = RunConfig(dataset="spirals", hidden=(8,), epochs=2, train_size=64, batch_size=32)
SPACE = {"lr": LogUniform(1e-3, 1.0)}


def searched(storage, **changes):
    return search(**{"space": SPACE, "base": BASE, "trials": 3, "storage": storage, "device": "cpu"} | changes)


@pytest.mark.parametrize(
    ("storage", "message"),
    [
        ("/nowhere/study.db", "storage = /nowhere/study.db cannot be used: unable to open database file"),
        (
            "postgresql://somebody:secret@127.0.0.1:1/x",
            "postgresql://somebody@127.0.0.1:1/x cannot be used: connection",
        ),
        (3, "storage = 3 is no text: choose a file, such as study.db"),
        ("mysql://there/x", "mysql://there/x is of an unknown kind: choose a file"),
    ],
)
def test_a_storage_that_cannot_be_used_is_said_in_one_line(storage, message):
    with pytest.raises(InvalidSetting, match=message) as refusal:
        searched(storage)
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_file_that_is_something_else_is_said(tmp_path):
    (tmp_path / "notes.txt").write_text("no database\n" * 100)
    with pytest.raises(InvalidSetting, match="cannot be used: file is not a database"):
        searched(str(tmp_path / "notes.txt"))


def test_a_search_is_read_again_where_it_was_kept(tmp_path):
    first, again = searched(str(tmp_path / "s.db")), searched(str(tmp_path / "s.db"))
    assert [(t.params, t.state, t.value, t.test, t.epochs) for t in again.trials] == [
        (t.params, t.state, t.value, t.test, t.epochs) for t in first.trials
    ]
    kept, run = again.best.history, first.best.history
    assert kept.config == run.config
    assert kept.train_loss.tolist() == run.train_loss.tolist()
    assert kept.val_accuracy.tolist() == run.val_accuracy[:].tolist()


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"space": {"lr": Uniform(0.1, 1)}}, "space"), ({"trials": 4}, "trials"), ({"sampler": "grid"}, "sampler")],
)
def test_another_search_of_the_same_name_is_refused(tmp_path, changes, what):
    searched(str(tmp_path / "s.db"), trials=1, base=BASE)
    with pytest.raises(InvalidSetting, match=f"study = 'search' is in .* already, with another {what}"):
        searched(str(tmp_path / "s.db"), **{"trials": 1} | changes)


def test_who_joins_a_study_that_is_not_there_is_told_which_are(tmp_path):
    searched(str(tmp_path / "s.db"), trials=1, study="mine")
    with pytest.raises(InvalidSetting, match=r"study = 'yours' is not in .*, which has mine"):
        join("yours", str(tmp_path / "s.db"))
    search({"x": Uniform(0, 1)}, objective=lambda p: 0.0, trials=1, study="f", storage=str(tmp_path / "s.db"))
    with pytest.raises(InvalidSetting, match="searches a function"):
        join("f", str(tmp_path / "s.db"))


def test_what_was_stopped_goes_on(tmp_path):
    storage = str(tmp_path / "s.db")
    with search_steps(SPACE, base=BASE, trials=4, batch=2, storage=storage, device="cpu") as live:
        for result in live:
            if any(trial.number == 2 for trial in result.trials):
                break
    states = [trial.state for trial in live.result.trials]
    assert states == ["complete", "complete", "stopped", "stopped"]
    rest = join("search", storage, device="cpu")
    assert [trial.state for trial in rest.run().trials] == ["complete"] * 4
    assert rest.own == {2, 3}


def test_a_locked_file_loses_nothing(tmp_path, monkeypatch):
    """Somebody holds the file for longer than one waits; then a line, and the next try goes on where it was."""
    monkeypatch.setattr(storages, "PATIENCE", 0.1)
    storage = str(tmp_path / "s.db")
    with search_steps(SPACE, base=BASE, trials=2, storage=storage, device="cpu") as live:
        next(live)
        holding = sqlite3.connect(storage, isolation_level=None)
        holding.execute("BEGIN EXCLUSIVE")
        with pytest.raises(InvalidSetting, match="cannot be used: database is locked"):
            for _ in live:
                pass
        holding.execute("COMMIT")
        holding.close()
        assert [trial.state for trial in live.run().trials] == ["complete"] * 2
