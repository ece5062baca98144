"""Runs to and from files: round trips, files of others, and bytes that lie."""

import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbtests.figures.made_runs import made_history
from trainingwheels.engine import InvalidSetting, read_runs, write_csv, write_tensorboard
from trainingwheels.engine.records.event_files import Scalar, crc32c, read_events, write_events
from trainingwheels.engine.records.file_run import MOST_RUNS

RUNS = {"lr 0.1": made_history(30, evaluations=4), "lr 1, wild": made_history(30, seed=1, diverged_at=12, lr=1.0)}
FROM_TENSORBOARD = bytes.fromhex(
    "4800000000000000fe92489d0929ec0e981fc1da411a0d627261696e2e4576656e743a32522e0a2c74656e736f72626f6172642e73756d6d"
    "6172792e7772697465722e6576656e745f66696c655f777269746572b831f7871a00000000000000129bd82d090000000000488f4010012a"
    "0d0a0b0a046c6f7373150000803f27a1c75a1a00000000000000129bd82d090000000000508f4010022a0d0a0b0a046c6f7373150000003f"
    "a0d8677e1a00000000000000129bd82d090000000000588f4010032a0d0a0b0a046c6f737315abaaaa3e86e222cd22000000000000007811"
    "3dfd090000000000608f4010032a150a130a0c61636375726163792f76616c150000003f13c3e22534000000000000005e33175c09000000"
    "0000688f4010042a270a250a0a65706f63685f6c6f7373420a080112002a040000803e4a0b0a090a077363616c6172738da17dff"
)
"""What EventFileWriter of tensorboard 2.21 wrote: three losses, an accuracy, and a tensor as Keras writes scalars."""

CSV = write_csv(RUNS).encode()
ZIP = write_tensorboard(RUNS)
EVENTS = zipfile.ZipFile(io.BytesIO(ZIP)).read("runs/lr-0.1/events.out.tfevents.0.trainingwheels")


def one_line(name, data):
    """Reading gives runs, or one line that names the file; never anything else."""
    try:
        runs = read_runs(name, data)
    except InvalidSetting as error:
        text = str(error)
        assert "\n" not in text
        assert text.startswith(("'", '"'))
        assert len(text) < 300
        return text
    assert 1 <= len(runs) <= MOST_RUNS
    return ""


def same(run, history, *, settings):
    for name in ("steps", "train_loss", "lr", "eval_steps", "val_accuracy", "train_accuracy"):
        np.testing.assert_array_equal(getattr(run, name), getattr(history, name), name)
    good = np.isfinite(history.val_loss)
    np.testing.assert_array_equal(run.val_loss[good], history.val_loss[good])
    assert (run.diverged_at, run.best.step) == (history.diverged_at, history.best.step)
    if settings:
        assert run.settings["dataset"] == "spirals"
        assert run.chance == pytest.approx(1 / 3)
        assert run.steps_per_epoch == 7


@pytest.mark.parametrize(("name", "data"), [("a.csv", CSV), ("a.zip", ZIP)])
def test_what_is_written_is_read_again(name, data):
    runs = read_runs(name, data)
    assert [run.name for run in runs] == (list(RUNS) if name == "a.csv" else ["lr-0.1", "lr-1-wild"])
    for run, history in zip(runs, RUNS.values(), strict=True):
        same(run, history, settings=name == "a.csv")


def test_settings_that_differ_are_in_the_file():
    assert [run.settings["lr"] for run in read_runs("a.csv", CSV)] == ["0.1", "1"]
    assert all("momentum" not in run.settings for run in read_runs("a.csv", CSV))


def test_a_file_of_tensorboard_itself():
    scalars, notes = read_events(FROM_TENSORBOARD, "x")
    assert notes == ()
    assert [scalar._replace(value=round(scalar.value, 4)) for scalar in scalars] == [
        Scalar("loss", 1, 1.0),
        Scalar("loss", 2, 0.5),
        Scalar("loss", 3, 0.3333),
        Scalar("accuracy/val", 3, 0.5),
        Scalar("epoch_loss", 4, 0.25),
    ]
    (run,) = read_runs("logs/mine/events.out.tfevents.1.host", FROM_TENSORBOARD)
    assert (run.name, list(run.steps), list(run.val_accuracy)) == ("mine", [1, 2, 3], [0.5])


def test_our_records_are_tensorboards_byte_for_byte():
    """The first loss: length and its checksum, then the event but for its clock and so its checksum."""
    ours, theirs = write_events([Scalar("loss", 1, 1.0)])[-42:], FROM_TENSORBOARD[88:130]
    assert ours[:13] == theirs[:13]
    assert ours[21:38] == theirs[21:38]


def test_the_checksum_is_crc32c():
    """The check value of RFC 3720's polynomial, and its example of 32 zeros."""
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA


def test_what_was_written_before_a_restart_at_an_earlier_step_is_kept():
    scalars = [Scalar("loss", step, float(step)) for step in (1, 2, 3, 4, 2, 3)]
    found, notes = read_events(write_events(scalars), "x")
    assert (found, notes) == (scalars, ())


def test_batches_that_begin_again_in_every_epoch_are_all_points():
    losses = [1 / (place + 1) for place in range(12)]
    data = write_events(Scalar("loss", place % 4, loss) for place, loss in enumerate(losses))
    (run,) = read_runs("events.out.tfevents.1", data)
    assert run.steps.tolist() == list(range(12))
    assert run.train_loss == pytest.approx(losses)


@pytest.mark.parametrize(
    "text",
    [
        "step,loss,val_loss,val_accuracy\n1,2.5,,\n2,2.0,1.9,0.4\n",
        "Iteration;Training Loss;Validation Loss;Val Acc\n1;2,5;;\n2;2,0;1,9;40\n",
        "epoch\ttrain/loss\tval/loss\tvalid_accuracy\n1\t2.5\t\t\n2\t2.0\t1.9\t0.4\n",
        "\ufeffrun,step,loss,val_loss,val_acc,seconds\nmine,1,2.5\nmine,2,2.0,1.9,0.4,17\n\n",
        "loss,val_loss,val_accuracy\n2.5,,\n2.0,1.9,0.4\n",
    ],
)
def test_csv_as_others_write_it(text):
    (run,) = read_runs("mine.csv", text.encode())
    assert run.name == "mine"
    assert list(run.steps) == [1, 2]
    assert list(run.train_loss) == [2.5, 2.0]
    assert (list(run.eval_steps), run.val_loss[0], run.best.val_accuracy) == ([2], np.float32(1.9), np.float32(0.4))
    assert np.isnan(run.train_accuracy).all()
    assert (len(run.lr), run.chance, run.steps_per_epoch, run.total_steps) == (0, None, 0, 2)


def test_a_run_of_losses_alone_has_no_best():
    (run,) = read_runs("mine.csv", b"step,loss\n1,2\n2,nan\n")
    assert run.best is None
    assert run.diverged_at == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"step,loss\n", "no row with a number"),
        (b"step,loss\n1,much\n", "row 2: 'much' is not a number"),
        (b"step,loss\n-1,2\n", "step -1 is out of range"),
        (b"step,loss\n1e300,2\n", "step 1e+300 is out of range"),
        (b"step,val_accuracy\n3,200\n", "accuracy 200 is out of range"),
        (b"a,b\n1,2\n", "no column named loss or accuracy (its first: 'a, b')"),
        (b"\xff\xfe\x00", "is not text"),
        (b"step,loss\n1,2\x00\n", ""),
        (b'step,loss\n1,"' + b"9" * 200_000 + b"\n", "is no CSV"),
        (b"run,loss\n" + b"".join(b"r%d,1\n" % run for run in range(200)), "more than 100 runs"),
        (b"1,2\n2,1\n", "has no names in its first row"),
        (b"loss" + b"," * 1001 + b"\n1\n", "more than 1,000 columns"),
        (b"loss\n" + b"1\n" * 500_001, "more than 500,000 rows"),
        (FROM_TENSORBOARD[:100], "has no scalar in it (the file ends within the record at byte 88)"),
        (FROM_TENSORBOARD.replace(b"loss", b"lost", 1), "the checksum at byte"),
        (write_events([]), "has no scalar in it"),
        (write_events([Scalar("beauty", 1, 2.0)]), "no column named loss or accuracy (its first: 'beauty')"),
        (write_events([Scalar("loss", 2**64 - 5, 2.0)]), "step -5 is out of range"),
        (ZIP[:-100], "damaged archive"),
    ],
)
def test_bad_input_is_one_line(data, says):
    assert says in one_line("mine.csv", data)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_archives_that_lie():
    assert "more than 64 MB unpacked" in one_line("bomb.zip", zipped({"a.csv": b"0" * 70_000_000}))
    assert "is not text" in one_line("nested.zip", zipped({"a.csv": ZIP}))
    assert "neither CSV nor event files" in one_line("a.zip", zipped({"a.png": b"loss\n1"}))
    assert one_line("good.zip", zipped({"../../a.csv": b"loss\n1", "b/": b""})) == ""


@given(st.sampled_from([CSV, ZIP, EVENTS]), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=4))
def test_changed_bytes_never_raise_anything_else(data, changes):
    changed = bytearray(data)
    for at, byte in changes:
        changed[at % len(changed)] = byte
    one_line("x", bytes(changed))


@given(st.integers(0, len(EVENTS) - 1), st.integers(1, 255))
def test_any_one_wrong_byte_of_an_event_file_is_noticed(at, flip):
    changed = bytearray(EVENTS)
    changed[at] ^= flip
    assert one_line("events.out.tfevents.1", bytes(changed))


@given(st.sampled_from([CSV, ZIP, EVENTS]), st.integers(0))
def test_files_that_end_too_soon_never_raise_anything_else(data, end):
    one_line("x", data[: end % len(data)])


@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
def test_noise_never_raises_anything_else(data):
    one_line("x", data)
    payload = struct.pack("<Q", len(data))
    one_line("events.out.tfevents", payload + masked(payload) + data + masked(data))


def masked(data):
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def test_both_files_of_catboost_are_one_run():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for run in ("first", "second"):
            archive.writestr(f"{run}/learn_error.tsv", "iter\tRMSE\n0\t2.5\n1\t2.1\n")
            archive.writestr(f"{run}/test_error.tsv", "iter\tRMSE\n0\t2.6\n1\t2.3\n")
            archive.writestr(f"{run}/time_left.tsv", "iter\tPassed\tRemaining\n0\t1\t2\n")
    runs = read_runs("info.zip", out.getvalue())
    assert [run.name for run in runs] == ["first", "second"]
    for run in runs:
        assert run.train_loss.tolist() == pytest.approx([2.5, 2.1])
        assert run.val_loss.tolist() == pytest.approx([2.6, 2.3])


def test_what_catboost_prints_of_a_score_is_taken_for_no_loss():
    lines = [f"{step}:\tlearn: 0.{5 + step}\ttotal: 5ms\tremaining: 1s\n" for step in range(4)]
    assert "has no" in one_line("a.log", "".join(lines).encode())
