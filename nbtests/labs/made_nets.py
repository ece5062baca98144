"""What a lab says of nets whose courses are made, not trained: for tests that hold its words to any course there is."""

from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from nbtests.figures.made_runs import made_history
from nbtests.labs.sentences import Said, drawn
from trainingwheels.labs.base.parameters import named

STEPS = (0, 1, 30, 140)
LEVELS = (0.0, 1.0, 0.1, 0.9997, 0.949, np.float32(0.95))
COURSES = {
    "falls": None,
    "stays": lambda at: np.ones(len(at)),
    "rises": lambda at: 1 + at / 30,
    "vanishes": lambda at: np.exp(-at / 3),
    "explodes": lambda at: np.exp(np.minimum(at, 60)),
}


@lru_cache(maxsize=4)
def courses(steps, count=24):
    """Runs of so many ``steps`` whose loss and accuracies do anything; a sixth of them lose their numbers."""
    found, rng = [], np.random.default_rng(steps)
    for place in range(count):
        died = 1 + steps // 2 if steps and place % 6 == 5 else None
        run = made_history(
            steps, evaluations=6 if steps else 1, seed=place, level=2.3, diverged_at=died, dataset="digits"
        )
        loss = COURSES[[*COURSES][place % len(COURSES)]]
        losses = run.train_loss if loss is None else 2.3 * loss(run.steps.astype(float)) + 0 * run.train_loss
        level = rng.choice([*LEVELS, rng.random()])
        val, train, test = (
            np.clip(level + rng.choice([0, 0, 0.1, -0.2]) + rng.normal(0, spread, len(run.eval_steps)), 0, 1)
            for spread in rng.choice([0, 0, 0.001, 0.1], 3)
        )
        kinds = {"val_accuracy": val, "train_accuracy": train, "test_accuracy": test, "clean_accuracy": train}
        found.append(
            replace(run, train_loss=np.float32(losses), **{name: np.float32(each) for name, each in kinds.items()})
        )
    return found


def made(configs, seed):
    """A moment of nets with these configs: their courses are drawn by the ``seed``, and are at times all one."""
    rng = np.random.default_rng(seed)
    steps = STEPS[seed % len(STEPS)]
    among = courses(steps)
    places = (
        np.full(len(configs), rng.integers(len(among)))
        if rng.random() < 0.2
        else rng.integers(0, len(among), len(configs))
    )
    histories = [replace(among[place], config=config) for place, config in zip(places, configs, strict=True)]
    return SimpleNamespace(histories=histories, done=steps == STEPS[-1])


def told(kind, count=100, seed=0, *, show, **kwargs):
    """What a view of a lab says of :func:`.drawn` settings whose nets have made courses: a :class:`.Said` for each."""
    (view,) = [view(None) for view in kind.views if view.name == show]
    for place, (settings, preset) in enumerate(drawn(kind, count, seed, show=show, **kwargs)):
        s = named(settings)
        configs, labels = view.configs(s)
        result = view.view(made(configs, place), labels, s)
        yield Said(s, preset, view, result, list(view.explain(result)))
