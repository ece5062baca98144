"""Short forms of long names that keep the part in which they differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import takewhile

__all__ = ["brief_names", "differing_parts", "without_shared_ends"]

Fits = Callable[[str], bool]
Forms = Callable[[Sequence[str]], Sequence[str]]


def differing_parts(names: Sequence[str]) -> list[str]:
    """``names`` of parts ("up.conv.2") with … in place of what does not tell them from each other ("up…2").

    A component says something if names that begin alike go on differently there.
    """
    if len(set(names)) < 2:
        return list(names)
    ways = defaultdict(set)
    paths = [tuple(name.split(".")) for name in names]
    for path in paths:
        for place in range(len(path) + 1):
            ways[path[:place]].add(path[place : place + 1])
    return [_joined([part if len(ways[path[:i]]) > 1 else "…" for i, part in enumerate(path)]) for path in paths]


def _joined(parts: Sequence[str]) -> str:
    whole = re.sub(r"(?:…\.)+(?=…)", "", ".".join(parts))
    return re.sub(r"(?<=.)\.…\.?", "…", whole)


def without_shared_ends(names: Sequence[str]) -> list[str]:
    """``names`` of words ("run_lr0.1_wd0") with … in place of the words that all begin or end with ("…lr0.1…")."""
    begin, end = _common(names), _common([name[::-1] for name in names])
    kept = [name[begin : len(name) - end] for name in names]
    return [
        f"{'…' * (begin > 0)}{part}{'…' * (end > 0)}" if part else name for name, part in zip(names, kept, strict=True)
    ]


def _common(names: Sequence[str]) -> int:
    """How many characters all of several names begin with, up to the last that ends a word."""
    if len(set(names)) < 2:
        return 0
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    shared = "".join(letters[0] for letters in same)
    return len(shared) - len(re.split(r"[^\w.]|_", shared)[-1])


def brief_names(names: Sequence[str], fits: Fits, forms: Forms = differing_parts) -> list[str]:
    """Short ``names`` that fit and differ as the names do: whole if that fits, else the one of ``forms``, cut as far as
    it must be. Where no way of cutting does it for all, all are empty."""
    short = [name if fits(name) else form for name, form in zip(names, forms(names), strict=True)]
    for cut in (_end, _both_ends, _start):
        found = [cut(name, fits) for name in short]
        if len(set(found)) == len(set(names)):
            return found
    return [""] * len(names)


def _end(text: str, fits: Fits) -> str:
    return _longest([text, *("…" + text[start:] for start in range(1, len(text)))], fits)


def _both_ends(text: str, fits: Fits) -> str:
    halves = ((size // 2, size - size // 2) for size in range(len(text) - 1, 1, -1))
    return _longest([text, *(text[:first] + "…" + text[-last:] for first, last in halves)], fits)


def _start(text: str, fits: Fits) -> str:
    return _longest([text, *(text[:end] + "…" for end in range(len(text) - 1, 0, -1))], fits)


def _longest(forms: Sequence[str], fits: Fits) -> str:
    """The first that fits, or nothing."""
    return next((form.replace("……", "…") for form in forms if fits(form)), "")
