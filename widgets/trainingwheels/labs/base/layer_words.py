"""What a picture of histograms per layer shows, in sentences with numbers."""

from __future__ import annotations

import math

from trainingwheels.figures import LayerSignals
from trainingwheels.figures.labels import short

__all__ = ["layer_words"]

VERDICTS = (
    (0.1, "it dies"),
    (1 / 3, "it shrinks"),
    (3.0, "it keeps its size"),
    (10.0, "it grows"),
    (math.inf, "it explodes"),
)
"""What is said of a spread that is, after all layers, up to so many times what it was before them."""

NOTABLE = 0.05
"""A share of saturated or dead units below this is not worth a sentence."""


def layer_words(
    result: LayerSignals, arriving: str = "where a gradient of std 1 enters at the last layer"
) -> list[str]:
    """What ``result`` shows; ``arriving`` says what the gradients are of."""
    sentences = (
        _overflow(result),
        _signal(result),
        _gradient(result),
        _weight_gradient(result, arriving),
        _idle(result),
    )
    return [sentence for sentence in sentences if sentence]


def _name(result: LayerSignals, number: int) -> str:
    """What to call the layer with this number, from 1."""
    return result.names[number - 1] if result.names else f"layer {number}"


def _overflow(result: LayerSignals) -> str:
    for number, layer in enumerate(result.layers, 1):
        if layer.finite < 1 and not result.names:
            return (
                f"Layer {number}: the signal has left the range of float32 (above 3.4e38). The net has exploded, and "
                "what comes after is not a number any more."
            )
        if layer.finite < 1:
            share = 1 - layer.finite
            return f"{_name(result, number)}: {share:.2g} of the activations are infinite or not a number (NaN)."
    return ""


def _signal(result: LayerSignals) -> str:
    first, last = result.layers[0].std, result.layers[-1].std
    depth = len(result.layers)
    return _trend("Signal", _name(result, 1), first, _name(result, depth), last, depth - 1)


def _gradient(result: LayerSignals) -> str:
    depth, what = len(result.layers), "Gradient dL/da"
    first, last = result.layers[0].gradient_std, result.layers[-1].gradient_std
    if result.names and any(layer.gradients is None for layer in result.layers):
        silent = [_name(result, number) for number, layer in enumerate(result.layers, 1) if layer.gradients is None]
        return f"{what}: none comes back to {', '.join(silent[:3])}{' and others' if len(silent) > 3 else ''}."
    return _trend(what, _name(result, depth), last, _name(result, 1), first, depth - 1)


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


def _weight_gradient(result: LayerSignals, arriving: str) -> str:
    sizes = [layer.weight_gradient_rms for layer in result.layers]
    if result.names and all(layer.finite == 1 for layer in result.layers):
        sizes = [size for size in sizes if not math.isnan(size)]  # of layers without weights before them
    if not sizes or not all(map(math.isfinite, sizes)):
        return ""
    if max(sizes) == 0:
        return "dL/dW is exactly zero in every layer: no learning."
    extent = " to ".join(dict.fromkeys([short(min(sizes)), short(max(sizes))]))
    return f"dL/dW: rms {extent}, {arriving}."


def _idle(result: LayerSignals) -> str:
    """The shares of saturated values and dead units, where they are worth a sentence."""
    parts = []
    saturated = [layer.saturated for layer in result.layers if not math.isnan(layer.saturated)]
    if max(saturated, default=0.0) >= NOTABLE:
        parts.append(f"{min(saturated):.0%} to {max(saturated):.0%} of the values are {result.idle}")
    dead = [layer.dead for layer in result.layers]
    if max(dead) >= NOTABLE:
        where = f", most in {_name(result, dead.index(max(dead)) + 1)}" if result.names else ""
        parts.append(f"up to {max(dead):.0%} of a layer's units are zero for the whole batch (dead{where})")
    return "; ".join(parts)[:1].upper() + "; ".join(parts)[1:] + "." if parts else ""
