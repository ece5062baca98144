"""A search with real runs, as a short plain script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from trainingwheels.engine.search.spaces import Range
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["search_script"]


def search_script(space: Mapping[str, Range], base: RunConfig, sampler: str, trials: int, seed: int) -> str:
    """Leaves ``result``, that of the search."""
    default = RunConfig()
    own = [
        f"{each.name}={getattr(base, each.name)!r}"
        for each in fields(RunConfig)
        if getattr(base, each.name) != getattr(default, each.name)
    ]
    ranges = "\n".join(f"    {name!r}: {among!r}," for name, among in space.items())
    kinds = ", ".join(sorted({type(among).__name__ for among in space.values()}))
    return f"""from trainingwheels.engine import RunConfig
from trainingwheels.engine.search import {kinds}, search

space = {{
{ranges}
}}
base = RunConfig({", ".join(own)})
result = search(space, base=base, sampler={sampler!r}, trials={trials}, seed={seed})

for trial in result.top(5):
    params = ", ".join(f"{{name}} {{value:.3g}}" for name, value in trial.params.items())
    print(f"{{params}}: validation {{trial.value:.3f}}, test {{trial.test:.3f}}")
crashed = [trial for trial in result.trials if trial.state == "diverged"]
print(len(result.trials), "trials,", len(crashed), "crashed; to blame:", result.importances)
"""
