"""What a search with real runs has come to, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from trainingwheels.engine.search import Repeated, Result, Trial
from trainingwheels.figures.labels import capital, many, points, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.search.pictures.searched import Searched
from trainingwheels.labs.search.repetition_words import told_of_all

__all__ = ["NAMES", "in_words", "told"]

NAMES = {"lr": "lr", "l2": "L2", "momentum": "momentum", "dropout": "dropout"}
IN_WORDS = {
    "grid": "on a grid",
    "random": "at random",
    "sobol": "along a Sobol sequence",
    "tpe": "by TPE, in batches that learn from those before",
    "halving": "by successive halving",
}

TENTH = 10  # trials, of which a tenth is one at least


def told(result: Searched) -> Sequence[str]:
    """What a search has come to, in sentences."""
    found = result.result
    planned = ", and ".join(_planned(each) for each in result.compared)
    every = [each for compared in result.compared for each in compared.results]
    if not sum(each.spent for each in every):
        return [f"Not tried yet: {planned}. Press Start.", *_convolutions(result)]
    sentences = [_progress(every, planned, result.alone), *told_of_all(result), *_crashed(found)]
    if pruned := sum(trial.state == "pruned" for trial in found.trials):
        sentences.append(f"Given up on the way for better ones: {pruned}, the small dot{'s' * (pruned != 1)}.")
    sentences += _best(result)
    if result.chosen is not None:
        sentences.append(f"Trial {result.chosen.number + 1}: {in_words(result.chosen)}; {_score(result.chosen)}.")
    if result.parts:
        sentences.append(_of_part(result))
    if len(result.scores):
        middle, high = np.median(result.scores), np.quantile(result.scores, 0.9)
        tenth = f", a tenth at {percent(float(high))} or above" * (len(result.scores) >= TENTH)
        half = f"Half of the trials that came to their end are at {percent(float(middle))} or below{tenth}; "
        guessing = f"guessing gives {percent(result.chance)}."
        sentences.append(half + guessing if len(result.scores) > 1 else capital(guessing))
    noisy = [label for trial in found.trials[:1] if trial.history for label in label_sentence(trial.history)]
    return [*sentences, *_to_blame(result), *_all_together(result), *noisy, *_convolutions(result)]


def _convolutions(shown: Searched) -> list[str]:
    return convolution_sentence(shown.config) if shown.config else []


def _progress(every: Sequence[Result], planned: str, alone: bool) -> str:
    """How many trials are done, and what they have cost."""
    finished, count = (sum(counts) for counts in zip(*((len(e.finished), e.planned) for e in every), strict=True))
    spent, budget = sum(each.spent for each in every), sum(each.budget for each in every)
    of = f"{planned}," if alone else f"{count:,} trials ({planned})"
    verb = "is" if finished == 1 else "are"
    cost = f"{spent:,.1f}".removesuffix(".0")
    return f"{finished:,} of {of} {verb} done, after {cost} of at most {budget:,.0f} epochs in all."


def _crashed(found: Result) -> list[str]:
    crashed = [trial for trial in found.trials if trial.state == "diverged"]
    if not crashed:
        return []
    lowest = short(min(trial.params["lr"] for trial in crashed))
    return [f"{len(crashed)} crashed: the loss is no number any more, at learning rates from {lowest} on."]


def _planned(of: Repeated) -> str:
    """What is tried in all repetitions."""
    count, first = len(of.results), of.results[0]
    times = f"{count} times " if count > 1 else ""
    return f"{times}{many(first.planned, 'trial')}, chosen {IN_WORDS[first.sampler]}"


def _of_part(shown: Searched) -> str:
    """What the trials of the row or column come to."""
    seen = shown.seen
    scores = [trial.value for trial in seen if trial.counts]
    crashed = sum(trial.state == "diverged" for trial in seen)
    ends = [f"the best at {percent(max(scores))}, the worst at {percent(min(scores))}"] if len(scores) > 1 else []
    ends += [f"one has come to its end, with {percent(score)}" for score in scores if len(scores) == 1]
    ends += [f"{crashed} crashed"] if crashed else []
    return f"The curves are of {many(len(seen), 'trial')} with {shown.words}{': ' * bool(ends)}{', '.join(ends)}."


def _best(shown: Searched) -> list[str]:
    best = shown.result.best
    if best is None:
        return ["None has come to its end yet." if not shown.result.done else "None has come to its end."]
    val, test = shown.examples
    return [
        (
            f"The best, trial {best.number + 1}, has {in_words(best)}: {percent(best.value)} on the {val} validation "
            f"digits by which it was chosen, {percent(best.test)} on {test:,} test digits by which nothing was."
        )
    ]


def _score(trial: Trial) -> str:
    if trial.state == "diverged":
        return "its loss is no number any more"
    return f"{percent(trial.value)} on validation" if math.isfinite(trial.value) else "not evaluated yet"


def _to_blame(shown: Searched) -> list[str]:
    if shown.look != "importances":
        return []
    found = shown.result.importances if shown.result.done else {}
    if not found:
        return []
    parts = ", ".join(f"{NAMES[name]} for {percent(share)}" for name, share in found.items())
    return [f"Of what the scores differ by in these ranges, {parts} is to blame (functional ANOVA, by a forest)."]


def _all_together(shown: Searched) -> list[str]:
    if shown.together is None:
        return []
    both, best = shown.together, shown.together.singles[0]
    return [
        (
            f"The best {both.count} together, their probabilities averaged: {percent(both.accuracy)} on the test "
            f"digits, {points(both.accuracy - best, True)} against the best alone."
        )
    ]


def in_words(trial: Trial) -> str:
    """What was tried."""
    return ", ".join(f"{NAMES[name]} {short(float(value))}" for name, value in trial.params.items())
