"""Run a module as if it had never been run: what a pass would change is put back, also when the pass raises."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn
from torch.nn.modules import module as hooked

from trainingwheels.engine.probing.lending import lent

__all__ = ["device_of", "untouched", "without_hooks_on_all_modules"]


def device_of(module: nn.Module) -> torch.device:
    """Where the parameters (or else the buffers) of ``module`` are; the cpu if it has none."""
    tensors = [*module.parameters(), *module.buffers()]
    return tensors[0].device if tensors else torch.device("cpu")


@contextmanager
def untouched(module: nn.Module, *others: nn.Module) -> Iterator[None]:
    """Whatever runs inside leaves ``module`` and ``others`` as they were: what they hold is copied (:func:`.lent`), and
    the random state put back.

    Gradients are recorded inside whatever the caller has switched off. Nobody's hooks are called.
    """
    with (
        torch.inference_mode(False),  # first: what is copied within is to be ordinary tensors
        torch.enable_grad(),
        _eager(),
        _random_state(device_of(module)),
        without_hooks_on_all_modules(),
        lent((module, *others)),
    ):
        yield


@contextmanager
def _random_state(device: torch.device) -> Iterator[None]:
    """torch's random state on the cpu and on ``device``, NumPy's and Python's own, as they were."""
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - the state that others may use
    on_cpu = device.type == "cpu"
    where = [] if on_cpu else [device.index or 0]
    try:
        with torch.random.fork_rng(where, device_type="cuda" if on_cpu else device.type):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002 - the same


@contextmanager
def without_hooks_on_all_modules() -> Iterator[None]:
    """Hooks that were registered on every module there is, for a profiler or a log, see nothing."""
    tables = [
        hooked._global_forward_pre_hooks,
        hooked._global_forward_hooks,
        hooked._global_backward_pre_hooks,
        hooked._global_backward_hooks,
    ]
    before = [dict(table) for table in tables]
    try:
        for table in tables:
            table.clear()
        yield
    finally:
        for table, hooks in zip(tables, before, strict=True):
            table.update(hooks)


@contextmanager
def _eager() -> Iterator[None]:
    """Without what torch.compile has made of modules, methods and functions: its graphs know nothing of hooks that come
    later. And without the shortcut of attention, which does not run the layers inside."""
    fast = torch.backends.mha.get_fastpath_enabled()
    try:
        torch.backends.mha.set_fastpath_enabled(False)
        if "torch._dynamo" not in sys.modules:  # nothing is compiled, and to import it would take a second
            yield
            return
        with torch.compiler.set_stance("force_eager"):
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
