"""Run a module as if it had never been run: what a pass would change is put back, also when the pass raises."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

__all__ = ["device_of", "untouched"]


def device_of(module: nn.Module) -> torch.device:
    """Where the parameters (or else the buffers) of ``module`` are; the cpu if it has none."""
    tensors = [*module.parameters(), *module.buffers()]
    return tensors[0].device if tensors else torch.device("cpu")


@contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Whatever runs inside leaves ``module`` as it was: buffers (batchnorm's running statistics), modes, random state.

    Gradients are recorded inside whatever the caller has switched off. What a module keeps in Python attributes of its
    own, such as a counter of its calls, is not put back.
    """
    with (
        torch.inference_mode(False),  # first: what is copied within is to be ordinary tensors
        torch.enable_grad(),
        _eager(module),
        _random_state(device_of(module)),
        _buffers_and_modes(module),
    ):
        yield


@contextmanager
def _buffers_and_modes(module: nn.Module) -> Iterator[None]:
    """Lend the module copies of its buffers: the own ones are never written to, so that no version number changes,
    and a backward pass that the caller has yet to do goes through."""
    parts = list(module.modules())
    modes = [part.training for part in parts]
    own = [dict(part._buffers) for part in parts]
    copies: dict[int, torch.Tensor] = {id(buffer): buffer.detach().clone() for buffer in module.buffers()}
    try:
        for part, buffers in zip(parts, own, strict=True):
            part._buffers.update({name: copies[id(b)] for name, b in buffers.items() if b is not None})
        yield
    finally:
        for part, buffers, mode in zip(parts, own, modes, strict=True):
            part._buffers.clear()
            part._buffers.update(buffers)
            part.training = mode


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
def _eager(module: nn.Module) -> Iterator[None]:
    """Without torch.compile, whose graphs know nothing of hooks that come later."""
    if not any(getattr(part, "_compiled_call_impl", None) or hasattr(part, "_orig_mod") for part in module.modules()):
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield
