"""Which entries are checked: all where that takes no longer than half a minute, else a sample; and how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw", "progress", "sampled", "shares"]

Places = NDArray[np.int_]
BUDGET = 30.0
"""Seconds for which nobody minds to wait."""
CALLS = 2.2
"""Evaluations of f for one entry: two, and more where they do not tell."""
LEAST = 4
"""Entries of each array that are checked however long it takes."""
QUIET = 5.0
"""Seconds after which it is said how long the rest takes."""


def shares(sizes: Sequence[int], seconds: float) -> list[int]:
    """How many entries of each array fit :data:`BUDGET` when one evaluation takes ``seconds``.

    Small arrays are checked whole; what they leave is shared among the large ones.
    """
    left = int(BUDGET / (CALLS * max(seconds, 1e-9)))
    found = [0] * len(sizes)
    for rank, place in enumerate(sorted(range(len(sizes)), key=lambda place: sizes[place])):
        share = max(LEAST, left // (len(sizes) - rank))
        found[place] = min(sizes[place], share)
        left = max(0, left - found[place])
    return found


def sampled(count: int, total: int, seconds: float) -> str:
    """What is said of a sample of ``count`` entries."""
    return (
        f"A sample, {count:,} of {total:,} entries: all would take {_in_words(CALLS * seconds * total)}. "
        "entries=None checks all."
    )


def draw(slopes: NDArray[Any], most: int, rng: np.random.Generator) -> Places:
    """The flat indices of ``most`` entries, in order: half of them where the gradient is not zero, if so many are.

    In an embedding only the rows of a few words have a gradient: of all entries, chance would choose zeros.
    """
    flat = slopes.reshape(-1)
    if most >= flat.size:
        return np.arange(flat.size)
    order = rng.permutation(flat.size)
    telling = order[flat[order] != 0][: most // 2]
    rest = order[~np.isin(order, telling)][: most - len(telling)]
    return np.sort(np.concatenate([telling, rest]))


def progress(total: int) -> Generator[None]:
    """Tell on stderr how much is done and what is left, once it is clear that it takes a while.

    To be advanced once for each of ``total`` entries, and closed; the line is wiped then.
    """
    begin = told = time.perf_counter()
    wide = 0
    try:
        for done in range(total):
            now = time.perf_counter()
            if done and now - told >= 0.5 and (left := (now - begin) * (total - done) / done) + now - begin > QUIET:
                line = f"gradient check: {done:,} of {total:,} entries, {_in_words(left)} left"
                sys.stderr.write(f"\r{line:<{wide}}")
                sys.stderr.flush()
                told, wide = now, max(wide, len(line))
            yield
    finally:
        if wide:
            sys.stderr.write(f"\r{'':<{wide}}\r")
            sys.stderr.flush()


def _in_words(seconds: float) -> str:
    """A time that one waits, rounded."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
