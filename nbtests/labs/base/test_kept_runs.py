"""The finished runs of this session."""

from dataclasses import replace

from trainingwheels.engine import RunConfig, train
from trainingwheels.labs.base.kept_runs import MOST, KeptRuns


def test_no_more_than_so_many_runs_are_kept():
    kept = KeptRuns()
    (history,) = train([RunConfig(dataset="spirals", hidden=(), epochs=1)])
    for seed in range(MOST + 5):
        kept.keep("lab", [f"{seed}"], [replace(history, config=replace(history.config, seed=seed))])
    assert [run.label for run in kept.runs] == [str(seed) for seed in range(5, MOST + 5)]
    kept.forget()
    assert kept.runs == ()
