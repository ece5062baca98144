"""What a picture of histograms per layer shows, in sentences with numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trainingwheels.engine import Layer
from trainingwheels.figures import LayerSignals
from trainingwheels.figures.labels import many, short

__all__ = ["extent", "idle_words", "layer_words"]

VERDICTS = (
    (0.1, "it dies"),
    (1 / 3, "it shrinks"),
    (3.0, "it keeps its size"),
    (10.0, "it grows"),
    (math.inf, "it explodes"),
)
"""What is said of a spread that is, after all layers, up to so many times what it was before them."""

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
    depth = len(result.layers)
    return _trend("Signal", "layer 1", result.layers[0].std, f"layer {depth}", result.layers[-1].std, depth - 1)


def _gradient(result: LayerSignals) -> str:
    depth, what = len(result.layers), "Gradient dL/da"
    first, last = result.layers[0].gradient_std, result.layers[-1].gradient_std
    return _trend(what, f"layer {depth}", last, "layer 1", first, depth - 1)


def _trend(what: str, start: str, before: float, end: str, after: float, steps: int) -> str:
    """How a spread goes from one end of the net to the other."""
    if not (math.isfinite(before) and math.isfinite(after)):
        return ""
    if steps == 0:
        return f"{what}: std {short(before)}."
    if before == 0 or after == 0:
        return f"{what}: std {short(before)} at {start} and {short(after)} at {end}: nothing is left of it."
    ratio = after / before
    verdict = next(words for most, words in VERDICTS if ratio <= most)
    factor = ratio ** (1 / steps)
    return f"{what}: std {short(before)} at {start}, {short(after)} at {end}, times {factor:.2f} per layer: {verdict}."


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
        shares = " to ".join(dict.fromkeys([f"{min(saturated):.0%}", f"{max(saturated):.0%}"]))
        parts.append(f"{shares} of the values are {result.idle}")
    worst = max(result.layers if judged is None else judged, key=lambda layer: layer.dead, default=None)
    if worst is not None and worst.dead >= NOTABLE:
        where = f", most in {result.names[list(result.layers).index(worst)]}" if result.names else ""
        examples = len(worst.activations)
        batch = "this batch" if judged is not None else f"these {examples} examples" if examples > 1 else "this example"
        parts.append(f"up to {worst.dead:.0%} of a layer's units are silent on {batch}: zero throughout{where}")
    return "; ".join(parts)[:1].upper() + "; ".join(parts)[1:] + "." if parts else ""
