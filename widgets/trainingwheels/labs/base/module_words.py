"""What a picture of somebody's own module shows, in sentences that are true of whatever module it is."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from trainingwheels.figures import LayerSignals
from trainingwheels.figures.labels import short
from trainingwheels.labs.base.layer_words import course, extent, idle_words

if TYPE_CHECKING:
    from trainingwheels.engine.probing.probes import Reading

__all__ = ["VERDICTS", "module_words"]

VERDICTS = (
    (1e-4, "it dies, to 1e−4 or less"),
    (1 / 3, "it shrinks, to a third or less"),
    (3.0, "it keeps its size, within a factor of 3"),
    (1e7, "it grows, to more than 3 times"),
    (math.inf, "it explodes, to more than 1e7 times"),
)
"""What is said of a spread that becomes, through all layers that can be compared, up to so many times what it was.

The outer two are far out, since nets forgive much: of architectures that are known to learn, neither may be said, as
they are born. Where they lie is a choice, not a law.
"""

FEW = 8
"""A unit with fewer values than this in a batch may be zero in all by chance: half of them are, in a ReLU's, with
probability 1/2 to this power."""

LISTED = 3
"""So many names stand in a sentence; of more, the number."""


def module_words(result: LayerSignals, reading: Reading, arriving: str) -> list[str]:
    """What ``result``, the picture of ``reading``, shows; ``arriving`` says what the gradients are of."""
    judged = [one.layer for one in reading if one.values_per_unit >= FEW]
    sentences = (
        _overflow(result),
        _signal(result, reading),
        _gradient(result, reading),
        _weight_gradient(reading, arriving),
        idle_words(result, judged),
        f"Not shown: {_listed(reading.left_out)}." if reading.left_out else "",
    )
    return [sentence for sentence in sentences if sentence]


def _overflow(result: LayerSignals) -> str:
    for name, layer in zip(result.names, result.layers, strict=True):
        if layer.finite < 1:
            return f"{name}: {1 - layer.finite:.2g} of the activations are infinite or not a number (NaN)."
    return ""


def _signal(result: LayerSignals, reading: Reading) -> str:
    """Values of nonlinearities of one kind are on one scale, in a wide layer and in a narrow one."""
    stds = [layer.std for layer in result.layers]
    return _course("Signal", result.names, stds, [one.kind for one in reading], "of one kind")


def _gradient(result: LayerSignals, reading: Reading) -> str:
    """A gradient is spread over the positions of an image, so only layers with equally many are on one scale."""
    what = "Gradient dL/da"
    if reading.silent:
        return f"{what}: none to be had ({_cause(reading.silent)})."
    heard = [(name, one) for name, one in zip(result.names, reading, strict=True) if one.layer.gradients is not None]
    silent = [name for name, one in zip(result.names, reading, strict=True) if one.layer.gradients is None]
    if not heard:
        return f"{what}: none comes back to {_listed(silent)}."
    names, layers = zip(*reversed(heard), strict=True)
    scales = [(one.kind, one.values_per_unit) for one in layers]
    course = _course(what, names, [one.layer.gradient_std for one in layers], scales, "of one kind and size")
    return f"{course} None comes back to {_listed(silent)}." if silent else course


def _cause(silent: str) -> str:
    if "heckpoint" in silent:
        return "a reentrant checkpoint gives it to whole training steps only: use_reentrant=False shows it"
    return silent


def _course(what: str, names: Sequence[str], stds: Sequence[float], scales: Sequence[Hashable], alike: str) -> str:
    """How a spread goes through the net, with a verdict on layers that are on one scale."""
    if not (math.isfinite(stds[0]) and math.isfinite(stds[-1])):
        return ""
    if len(stds) == 1:
        return f"{what}: std {short(stds[0])}."
    ends = f"{what}: std {short(stds[0])} at {names[0]}, {short(stds[-1])} at {names[-1]}"
    runs = [(first, last, steps) for first, last, steps in _runs(scales) if stds[first] > 0 and stds[last] > 0]
    steps = sum(run[2] for run in runs)
    if not steps:
        return f"{ends}."
    ratio = math.prod(stds[last] / stds[first] for first, last, _ in runs)
    if not math.isfinite(ratio):
        return f"{ends}."
    among = "" if len(set(scales)) == 1 else f" among layers {alike}"
    return f"{ends}, {course(ratio, steps, VERDICTS, among)}."


def _runs(scales: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """(first, last, steps) of layers on one scale, each from the first of its scale on, and none inside another: those
    with most steps in all."""
    places: dict[Hashable, list[int]] = {}
    best: list[list[tuple[int, int, int]]] = [[]]  # of the first so many layers
    for place, scale in enumerate(scales):
        found = places.setdefault(scale, [])
        found.append(place)
        runs = [*best[found[0]], (found[0], place, len(found) - 1)] if len(found) > 1 else []
        best.append(max(best[-1], runs, key=lambda each: sum(steps for _, _, steps in each)))
    return best[-1]


def _weight_gradient(reading: Reading, arriving: str) -> str:
    sizes = [size for one in reading if not math.isnan(size := one.layer.weight_gradient_rms)]
    if not sizes or not all(map(math.isfinite, sizes)):
        return ""
    if max(sizes) > 0:
        return f"dL/dW: rms {extent(sizes)}, {arriving}."
    if reading.learns:
        return "dL/dW is exactly zero in the layers shown. Other parameters do get a gradient: those learn first."
    return "dL/dW is exactly zero in every layer: no learning from this batch."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
