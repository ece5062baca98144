"""What a picture of histograms per layer shows, in sentences with numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trainingwheels.engine import Layer
from trainingwheels.figures import LayerSignals
from trainingwheels.figures.labels import capital, many, short
from trainingwheels.figures.panels import percent, percents

__all__ = ["course", "extent", "idle_words", "layer_words"]

VERDICTS = (
    (0.1, "it dies, to a tenth or less"),
    (1 / 3, "it shrinks, to a third or less"),
    (3.0, "it keeps its size, within a factor of 3"),
    (10.0, "it grows, to more than 3 times"),
    (math.inf, "it explodes, to more than 10 times"),
)
"""What is said of a spread that is, after all layers, up to so many times what it was before them. The thresholds are
said too: where they lie is a choice."""

NOTABLE = 0.05
"""A share of saturated or silent units below this is not worth a sentence."""


def layer_words(result: LayerSignals) -> list[str]:
    """What ``result`` shows of a net whose layers are all alike, and in which nothing is trained."""
    sentences = (_overflow(result), _signal(result), _gradient(result), _weight_gradient(result), idle_words(result))
    return [sentence for sentence in sentences if sentence]


def _overflow(result: LayerSignals) -> str:
    for number, layer in enumerate(result.layers, 1):
        if layer.finite < 1:
            return (
                f"Layer {number}: the signal has left the range of float32 (above 3.4e38). The net has exploded, and "
                "what comes after is not a number any more."
            )
    return ""


def _signal(result: LayerSignals) -> str:
    depth, first, last = len(result.layers), result.layers[0], result.layers[-1]
    ends = (first.std, last.std), (first.activations, last.activations)
    return _trend("Signal", ("layer 1", f"layer {depth}"), *ends, depth - 1)


def _gradient(result: LayerSignals) -> str:
    depth, first, last = len(result.layers), result.layers[0], result.layers[-1]
    ends = (last.gradient_std, first.gradient_std), (last.gradients, first.gradients)
    return _trend("Gradient dL/da", (f"layer {depth}", "layer 1"), *ends, depth - 1)


def _trend(what: str, where: tuple[str, str], stds: tuple[float, float], values: tuple[Any, Any], steps: int) -> str:
    """How a spread goes from one end of the net to the other; no verdict on what does not vary at all."""
    (start, end), (before, after) = where, stds
    if not (math.isfinite(before) and math.isfinite(after)):
        return ""
    if steps == 0:
        return f"{what}: std {short(before)}."
    if before == 0 or after == 0:
        same = float(values[after == 0].flat[0])
        verdict = f"all values there are {short(same)}" if same else "nothing is left of it"
        return f"{what}: std {short(before)} at {start} and {short(after)} at {end}: {verdict}."
    return (
        f"{what}: std {short(before)} at {start}, {short(after)} at {end}, {course(after / before, steps, VERDICTS)}."
    )


def course(ratio: float, steps: int, verdicts: Sequence[tuple[float, str]], among: str = "") -> str:
    """What becomes of a spread in so many ``steps``: its ``ratio`` per layer, over all of them, and in a word of it."""
    verdict = next(words for most, words in verdicts if ratio <= most)
    whole = f", {short(ratio)} in all" if steps > 1 else ""
    return f"times {ratio ** (1 / steps):.2f} per layer{among}{whole}: {verdict}"


def _weight_gradient(result: LayerSignals) -> str:
    sizes = [layer.weight_gradient_rms for layer in result.layers]
    if not all(map(math.isfinite, sizes)):
        return ""
    if max(sizes) == 0:
        return "dL/dW is exactly zero in every layer: no learning."
    examples = many(len(result.layers[0].activations), "example")
    return f"dL/dW, summed over {examples}: rms {extent(sizes)}, where a gradient of std 1 enters at the last layer."


def extent(sizes: Sequence[float]) -> str:
    """From the least to the largest, or the one that both are."""
    return " to ".join(dict.fromkeys([short(min(sizes)), short(max(sizes))]))


def idle_words(result: LayerSignals, judged: Sequence[Layer] | None = None) -> str:
    """The shares of saturated values, and of silent units in the layers ``judged``, where they are worth a sentence."""
    parts = []
    saturated = [layer.saturated for layer in result.layers if not math.isnan(layer.saturated)]
    if max(saturated, default=0.0) >= NOTABLE:
        parts.append(f"{percents(min(saturated), max(saturated))} of the values are {result.idle}")
    worst = max(result.layers if judged is None else judged, key=lambda layer: layer.dead, default=None)
    if worst is not None and worst.dead >= NOTABLE:
        where = f", most in {result.names[list(result.layers).index(worst)]}" if result.names else ""
        examples = len(worst.activations)
        batch = "this batch" if judged is not None else f"these {examples} examples" if examples > 1 else "this example"
        parts.append(f"up to {percent(worst.dead)} of a layer's units are silent on {batch}: zero throughout{where}")
    return f"{capital('; '.join(parts))}." if parts else ""
