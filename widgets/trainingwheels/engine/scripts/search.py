"""A search with real runs, as a short plain script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from trainingwheels.engine.search.spaces import Range
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["search_script"]


def search_script(
    space: Mapping[str, Range],
    base: RunConfig,
    sampler: str,
    trials: int,
    seed: int,
    repetitions: int = 1,
    rival: str = "",
) -> str:
    """Leaves ``result``, that of the search; of more repetitions than one, or against a ``rival``, ``found``: a list of
    results for each sampler, with as many seeds."""
    default = RunConfig()
    own = [
        f"{each.name}={getattr(base, each.name)!r}"
        for each in fields(RunConfig)
        if getattr(base, each.name) != getattr(default, each.name)
    ]
    ranges = "\n".join(f"    {name!r}: {among!r}," for name, among in space.items())
    kinds = ", ".join(sorted({type(among).__name__ for among in space.values()}))
    given = f"""from trainingwheels.engine import RunConfig
from trainingwheels.engine.search import {kinds}, search

space = {{
{ranges}
}}
base = RunConfig({", ".join(own)})
"""
    if repetitions == 1 and not rival:
        return given + _once(sampler, trials, seed)
    imports = "from dataclasses import replace\n\nimport numpy as np\n\n"
    return imports + given + _repeated([sampler, rival] if rival else [sampler], trials, seed, repetitions)


def _once(sampler: str, trials: int, seed: int) -> str:
    return f"""result = search(space, base=base, sampler={sampler!r}, trials={trials}, seed={seed})

for trial in result.top(5):
    params = ", ".join(f"{{name}} {{value:.3g}}" for name, value in trial.params.items())
    print(f"{{params}}: validation {{trial.value:.3f}}, test {{trial.test:.3f}}")
crashed = [trial for trial in result.trials if trial.state == "diverged"]
print(len(result.trials), "trials,", len(crashed), "crashed; to blame:", result.importances)
"""


def _repeated(samplers: list[str], trials: int, seed: int, repetitions: int) -> str:
    return f"""
found = {{}}
for sampler in {samplers!r}:
    found[sampler] = [
        search(space, base=replace(base, seed=seed), sampler=sampler, trials={trials}, seed=seed)
        for seed in range({seed}, {seed + repetitions})
    ]
    bests = [result.best for result in found[sampler] if result.best]
    for name in ("value", "test"):  # validation, by which the best was chosen, and digits by which nothing was
        low, middle, high = np.quantile([getattr(best, name) for best in bests], (0.25, 0.5, 0.75))
        print(f"{{sampler}}, {{name}}: {{middle:.3f}}, half of the repetitions from {{low:.3f}} to {{high:.3f}}")
"""
