"""Every rule on made-up curves, and its threshold from both sides; real runs are in nbtests/claims."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.engine import FileRun, read_runs
from trainingwheels.engine.records.diagnosis import CURVE_KINDS, GAP, LITTLE, POOR, ROSE, diagnose

CASES = Path(__file__).parent / "curves"
STEPS = 400
T = np.linspace(0, 1, STEPS)
FALL = 0.02 + 2 * np.exp(-T * 20)
GROWS = np.array([2.0, *(0.5 + np.arange(20) / 10)])


def made(loss, train_accuracy=0.95, val_accuracy=0.94, val_loss=None, lr=()):
    """A run with these curves: its accuracies rise from 0.1, unless they are arrays."""
    loss = np.asarray(loss, np.float32)
    at = np.linspace(0, len(loss), 21).astype(int)
    rising = [
        np.broadcast_to(np.minimum(end, 0.1 + np.arange(21) / 5), 21).astype(np.float32)
        for end in (train_accuracy, val_accuracy)
    ]
    val = np.interp(at, np.arange(len(loss)), loss) if val_loss is None and len(loss) else val_loss
    return FileRun(
        name="made",
        steps_per_epoch=0,
        steps=np.arange(1, len(loss) + 1),
        train_loss=loss,
        lr=np.asarray(lr, np.float32),
        eval_steps=at,
        val_loss=np.full(21, np.nan, np.float32) if val is None else np.asarray(val, np.float32),
        val_accuracy=rising[1],
        train_accuracy=rising[0],
    )


def verdicts(run):
    return [finding.verdict for finding in diagnose(run)]


def plateau(flat, drop):
    return 0.02 + 2 / (1 + np.exp((T - flat - drop) / (drop / 8)))


CURVES = {
    "exploded": made(np.where(T < 0.5, FALL, np.nan)),
    "too-high": made(FALL + 6 * T),
    "stuck": made(2 + 0.02 * np.sin(40 * T), 0.1, 0.1),
    "too-low": made(2 - 0.3 * T, 0.3, 0.3),
    "plateau": made(plateau(0.3, 0.05)),
    "overfitting": made(FALL, 1.0, 0.8, val_loss=GROWS),
    "unfinished": made(2 - 1.5 * T),
    "underfitting": made(1 + FALL, 0.5, 0.5),
    "slow-start": made(0.02 + 2 * np.exp(-((T / 0.3) ** 2))),
    "good": made(FALL),
    "short": made([]),
    "unjudged": made(-FALL),
}


@pytest.mark.parametrize("name", CURVE_KINDS)
def test_each_verdict_has_its_curve(name):
    found = diagnose(CURVES[name])
    assert found[0].verdict == name
    assert found[0].sentence.startswith(CURVE_KINDS[name].label + ": ")
    assert found[0].sentence.endswith(f"Try: {CURVE_KINDS[name].advice}.")


def test_what_bounces_at_its_end_is_too_high():
    assert verdicts(made(1 + FALL + 0.8 * np.sin(T * 60))) == ["too-high"]
    noise = np.random.default_rng(0).normal(0, 0.1, STEPS)
    assert verdicts(made(0.5 + FALL + noise)) == ["good"]  # luck of single batches is no bounce


def test_what_is_learned_and_lost_is_too_high():
    lost = np.concatenate([np.linspace(0.1, 0.9, 11), np.full(10, 0.2)])
    assert verdicts(made(1 + FALL, lost, lost))[0] == "too-high"


@pytest.mark.parametrize(
    ("curve", "threshold", "below", "above"),
    [
        (lambda at: made(np.where(abs(T - 0.2) < 0.1, 2.02 * at, FALL)), ROSE, "good", "too-high"),
        (lambda at: made(FALL, 0.8 + at, 0.8), GAP, "good", "overfitting"),
        (lambda at: made(1 + FALL, at, at), POOR, "underfitting", "good"),
        (lambda at: made(2 - 2 * at * T, 0.9, 0.9), LITTLE, "too-low", "unfinished"),
    ],
)
def test_thresholds_are_where_they_are_said_to_be(curve, threshold, below, above):
    assert verdicts(curve(threshold * 0.8))[0] == below
    assert verdicts(curve(threshold * 1.25))[0] == above


def test_a_rising_rate_is_named():
    slow = CURVES["slow-start"]
    assert "rate was rising" not in diagnose(slow)[0].sentence
    assert "rate was rising" in diagnose(replace(slow, lr=T.astype(np.float32)))[0].sentence


def test_without_accuracies_the_validation_loss_must_do():
    unknown = np.full(21, np.nan)
    grown = made(FALL, unknown, unknown, val_loss=GROWS)
    assert "accuracies are not known" in diagnose(grown)[0].sentence
    assert verdicts(made(FALL, unknown, unknown)) == ["good"]
    only_validation = replace(grown, steps=np.empty(0, int), train_loss=np.empty(0, np.float32))
    assert "overfitting" in verdicts(only_validation) or "too-high" in verdicts(only_validation)


def by_epoch(csv):
    (run,) = read_runs("mine.csv", csv.encode())
    return run


def test_epoch_0_is_not_before_training():
    """Ten epochs of a net that overfits a little: its validation loss at epoch 0 is lower than its training loss."""
    run = by_epoch((CASES / "keras_ten_epochs.csv").read_text())
    (finding,) = diagnose(run)
    assert finding.verdict == "unjudged"
    assert "before the end of the first epoch" in finding.sentence
    grown = "".join(f"{epoch},{2 / (epoch + 1):.3f},{0.5 + epoch / 10:.2f}\n" for epoch in range(12))
    assert verdicts(by_epoch("epoch,loss,val_loss\n" + grown)) == ["overfitting"]


def test_before_training_is_step_0_where_the_first_loss_is_of_step_1():
    loss = "".join(f"{step},{2 - step / 50:.2f},\n" for step in range(1, 21))
    assert verdicts(by_epoch("step,loss,val_loss\n0,,1.0\n" + loss))[0] == "too-high"
    assert "too-high" not in verdicts(by_epoch("step,loss,val_loss\n0,2.0,1.0\n" + loss))


@pytest.mark.parametrize(
    ("csv", "why"),
    [
        ("epoch,loss\n" + "".join(f"{epoch},{-epoch}\n" for epoch in range(20)), "goes below 0"),
        ("time/total_timesteps,train/loss\n" + "".join(f"{n},{n + 1}\n" for n in range(20)), "reinforcement learning"),
        ("step,loss,ep_rew_mean\n" + "".join(f"{n},{n + 1},{n}\n" for n in range(20)), "reinforcement learning"),
        ("step,g_loss,d_loss\n" + "".join(f"{n},{n + 1},{n}\n" for n in range(20)), "works against another"),
    ],
)
def test_of_curves_of_another_kind_nothing_is_said(csv, why):
    (finding,) = diagnose(by_epoch(csv))
    assert finding.verdict == "unjudged"
    assert why in finding.sentence
    assert "%" not in finding.sentence


def test_the_best_of_many_single_batches_is_luck():
    luck = np.random.default_rng(0).uniform(0.6, 1.0, 400)
    run = made(FALL, 0.8, 0.8)
    noisy = replace(
        run,
        eval_steps=np.arange(400),
        train_accuracy=luck.astype(np.float32),
        val_accuracy=np.full(400, np.nan, np.float32),
        val_loss=np.full(400, np.nan, np.float32),
    )
    assert "too-high" not in verdicts(noisy)


@given(
    st.lists(st.floats(0, 2.0**99, width=32) | st.just(float("nan")), max_size=60),
    st.lists(st.floats(0, 1, width=32) | st.just(float("nan")), max_size=30),
)
def test_any_curve_has_a_finding_of_one_line(losses, accuracies):
    at = np.arange(len(accuracies))
    values = np.asarray(accuracies, np.float32)
    run = replace(
        made(losses or [1.0]), eval_steps=at, val_loss=values, val_accuracy=values, train_accuracy=values[::-1]
    )
    for finding in diagnose(run):
        assert finding.verdict in CURVE_KINDS
        assert "\n" not in finding.sentence
        assert "nan" not in finding.sentence
