"""Workers on one study: each trial is counted once, and that of a worker that was killed is taken up again."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import optuna
import pytest

from nbtests.postgres import postgres
from trainingwheels.classroom import worker as working
from trainingwheels.classroom.cli import main
from trainingwheels.classroom.worker import work
from trainingwheels.engine import InvalidSetting, RunConfig, train
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search import LogUniform, search_steps
from trainingwheels.engine.search.batches import Runs
from trainingwheels.engine.search.storages import connect, disconnect
from trainingwheels.engine.search.study import Study

BASE = RunConfig(dataset="spirals", hidden=(8,), epochs=2, train_size=64, batch_size=32)
SPACE = {"lr": LogUniform(1e-3, 1.0)}
TRIALS = 8


def worker(storage, *more):
    command = [sys.executable, "-m", "nbtests.working", "worker", "--study", "shared", "--storage", storage]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [*command, "--batch", "2", "--heartbeat", "1", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def optuna_knows(storage):
    """All trials, also those that came to nothing."""
    kept = connect(storage)
    try:
        return optuna.load_study(study_name="shared", storage=kept).get_trials()
    finally:
        disconnect(kept)


def test_two_workers_share_a_study_on_postgresql_and_one_is_killed():
    with postgres() as storage:
        with search_steps(SPACE, base=BASE, trials=TRIALS, storage=storage, study="shared"):
            pass  # all trials wait
        killed, other = worker(storage, "--forever"), worker(storage)
        with killed, other:
            assert "Working on 'shared': 8 trials" in killed.stdout.readline()
            assert killed.stdout.readline() == "training\n"  # and never ends it
            killed.send_signal(signal.SIGKILL)
            said, errors = other.communicate(timeout=200)
            assert (killed.wait(), other.returncode, errors) == (-signal.SIGKILL, 0, "")
        trials = optuna_knows(storage)
        with search_steps(SPACE, base=BASE, trials=TRIALS, storage=storage, study="shared") as live:
            result = live.run()
    ended = [trial for trial in trials if trial.state.name == "COMPLETE"]
    failed = [trial for trial in trials if trial.state.name == "FAIL"]
    assert sorted(trial.user_attrs["place"] for trial in ended) == list(range(TRIALS))  # none lost, none twice
    assert len(failed) == 2  # those of the worker that was killed
    assert sorted(re.findall(r"^trial (\d)", said, re.MULTILINE)) == [str(place) for place in range(TRIALS)]
    assert "All 8 trials are done, 8 of them here; the best: " in said
    data = load_with_test("spirals", 64)
    alone = train([replace(BASE, **trial.params) for trial in result.trials], "cpu", data=[data] * TRIALS)
    assert [trial.value for trial in result.trials] == pytest.approx([run.val_accuracy[-1] for run in alone], abs=1e-6)
    assert result.done


def test_a_worker_that_is_asked_to_end_gives_back_what_is_under_way(tmp_path, monkeypatch):
    storage = str(tmp_path / "s.db")
    with search_steps(SPACE, base=BASE, trials=4, storage=storage, study="shared", device="cpu"):
        pass
    monkeypatch.setattr(Runs, "advance", lambda runs: signal.raise_signal(signal.SIGTERM))
    first, last = work("shared", storage, 3, 1000)
    assert "Working on 'shared': 4 trials" in first
    assert last == "Stopped after 0 trials; the others wait"
    states = sorted(trial.state.name for trial in optuna_knows(storage))
    assert states == ["FAIL"] * 3 + ["WAITING"] * 4


def test_a_worker_waits_for_a_storage_that_does_not_answer(tmp_path, monkeypatch):
    storage = str(tmp_path / "s.db")
    with search_steps(SPACE, base=BASE, trials=2, storage=storage, study="shared", device="cpu"):
        pass
    tell, silent = Study.tell, iter([True, True])

    def sometimes(study, taken, trial):
        if next(silent, False):
            raise InvalidSetting("storage = s.db cannot be used: it is busy.")
        return tell(study, taken, trial)

    monkeypatch.setattr(Study, "tell", sometimes)
    monkeypatch.setattr(working, "PAUSE", 0.0)
    lines = list(work("shared", storage, None, 1000))
    assert lines.count("storage = s.db cannot be used: it is busy.") == 2
    assert "All 2 trials are done, 2 of them here" in lines[-1]
    assert len(lines) == 6


def test_a_worker_without_a_study_says_so(tmp_path, capsys):
    assert main(["worker", "--study", "mine", "--storage", str(tmp_path / "s.db")]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "study = 'mine' is not in " in said.err
    assert said.out == ""
