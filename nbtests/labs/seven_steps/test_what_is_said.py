"""Behaviour: what each step says of made runs, of any course, is what these runs are, and on the side of its bound."""

import math
import re

import numpy as np
import pytest

from nbtests.labs.made_nets import told
from nbtests.labs.sentences import spoken
from nbtests.words import numbers
from trainingwheels.engine.steps.passing import COARSE, FALL, MANIFOLD, REFINED, loss_left
from trainingwheels.labs.seven_steps.lab import SevenSteps

CASES = 120


def said(show, **fixed):
    """Every case of a view."""
    return told(SevenSteps, CASES, presets=(), show=show, **fixed)


def checked(each, verdict):
    """The text of a case, whose first sentence is the verdict on it."""
    text = each.text
    assert not re.search(r"\bnan\b|\binf\b|e\+|\b1 (steps|nets|examples)\b", text), text
    if verdict is None:
        assert "is judged at the end" in text or "Press Start" in text
    else:
        assert text.startswith(f"Step {each.view.step} is {'passed' if verdict.passed else 'not passed'}: ")
    return text


def test_what_rates_leave_of_the_loss_is_told_and_judged():
    verdicts = []
    for each in said("rates"):
        (line,), histories = each.result.lines, each.result.curves.histories
        verdict, left = each.result.verdict, [loss_left(run) for run in histories]
        text = checked(each, verdict)
        if not len(histories[0].steps):
            continue
        sentence = each.sentences[-1]
        for place, (lr, share) in enumerate(zip(line.x, left, strict=True)):
            written = re.split(r"are left: |, ", sentence.rstrip("."))[place + 1].partition("lr ")[2].split(" ", 1)[1]
            assert float(sentence.split("lr ")[place + 1].split(" ")[0].replace("−", "-")) == pytest.approx(lr)
            if math.isnan(share):
                assert written == "no number"
            elif share >= MANIFOLD:
                assert written.endswith("times as much")
                assert float(written.split()[0]) == pytest.approx(share, rel=0.06)
            else:
                assert numbers("# %", written)[0] == pytest.approx(100 * share, abs=0.51)
                assert (written == "0 %") == (share == 0)
        if verdict is not None and "loss falls by" in text:
            verdicts.append(verdict.passed)
            (fell,) = numbers("the loss falls by # %", text)
            assert (fell >= 100 * FALL) == verdict.passed
            assert fell == pytest.approx(100 * (1 - np.nanmin(left)), abs=0.51)
    assert {*verdicts} == {True, False}


@pytest.mark.parametrize(("show", "bound"), [("coarse", COARSE), ("refined", REFINED)])
def test_the_best_of_a_grid_is_told_with_its_own_rate_and_judged(show, bound):
    verdicts = []
    for each in said(show):
        verdict, text = each.result.verdict, checked(each, each.result.verdict)
        if verdict is None:
            continue
        verdicts.append(verdict.passed)
        val = np.stack([line.y for line in each.result.lines])
        (best,) = numbers("the best net has # %", text)
        assert best == pytest.approx(100 * val.max(), abs=0.051)
        shares = [best, *numbers("and # % of training", text)] if show == "refined" else [best]
        if verdict.passed or "edge of the grid" not in text:
            assert (min(shares) >= 100 * bound) == verdict.passed
        for line, part in zip(
            each.result.lines, each.sentences[-1].split("Best of each weight decay: ")[1].split("; "), strict=True
        ):
            share, lr = numbers("# % at lr #", part)
            assert share == pytest.approx(100 * line.y.max(), abs=0.51)
            place = np.abs(line.x / lr - 1).argmin()
            assert lr == pytest.approx(line.x[place], rel=0.006)
            assert line.y[place] == line.y.max()
            if verdict.found[1] == float(part.split(":")[0].removeprefix("λ ").replace("−", "-")):
                assert lr == pytest.approx(verdict.found[0], rel=0.006)
        assert verdict.found[0] in each.result.lines[0].x
    assert {*verdicts} == {True, False}


def test_a_small_sample_and_the_curves_are_told():
    for each in said("overfit"):
        text, (run,) = checked(each, each.result.verdict), each.result.histories
        if each.result.verdict and "training examples are right" in text and len(run.steps):
            right, of = numbers("# of # training examples", text)
            assert right / of == pytest.approx(run.train_accuracy[-1], abs=0.5 / of)
            assert each.result.verdict.passed == (right == of)
    for each in said("curves"):
        text, (run,) = checked(each, each.result.verdict), each.result.histories
        if len(run.steps):
            found = numbers("steps # % of training and # % of validation", text.replace("1 step ", "1 steps "))
            assert found == pytest.approx([100 * run.train_accuracy[-1], 100 * run.val_accuracy[-1]], abs=0.51)
            assert ("and 100 % of validation" in text) == (run.val_accuracy[-1] == 1)


def test_the_range_test_is_told():
    for each in said("range", range_epochs=20):
        text, result = checked(each, each.result.verdict), each.result
        if not result.done:
            continue
        best = np.nanargmin(result.left) if np.isfinite(result.left).any() else None
        assert (best is None) == ("leaves a loss that is a number" in text)
        if best is not None:
            (lr,) = numbers("at once, for 140 steps, lr #", text)
            assert lr == pytest.approx(result.tried[best])
            assert result.left[best] >= MANIFOLD or numbers("leaves least, # %", text)[0] == pytest.approx(
                100 * result.left[best], abs=0.51
            )
        assert ("names no rate" in text) == (result.fast is None)
        assert ("does not break away" in text) == (result.far is None)


def test_an_initial_loss_and_what_weight_decay_adds_to_it_are_told():
    lab = SevenSteps()
    try:
        for each in spoken(lab, 25, presets=(), show="initial"):
            result, text = each.result, checked(each, each.result.verdict)
            assert numbers("the mean initial loss is #,", text)[0] == pytest.approx(result.losses.mean(), rel=1e-3)
            if " to " in each.sentences[-2]:
                ends = numbers("begin with # to #.", text)
                assert ends == pytest.approx([result.losses.min(), result.losses.max()], rel=1e-3)
                assert ends[0] < ends[1]
            begins, penalty = numbers("would begin at #, of which # is", text)
            assert penalty == pytest.approx(result.l2 * result.squares.mean(), rel=0.006)
            assert begins == pytest.approx(result.losses.mean() + result.l2 * result.squares.mean(), rel=1e-3)
    finally:
        lab.close()
