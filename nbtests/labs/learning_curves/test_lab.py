"""Behaviour: the lab of learning curves. Its gallery, its table of runs, files in and out, and the session's runs."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from nbtests.engine.scripts.test_training import run as run_script
from nbtests.words import numbers
from trainingwheels.engine import InvalidSetting, RunConfig, train, write_csv
from trainingwheels.engine.records.shapes import SHAPES
from trainingwheels.labs.base.kept_runs import KEPT, ROWS, KeptRuns, to_text
from trainingwheels.labs.learning_curves.lab import LearningCurves
from trainingwheels.labs.train_a_net.lab import TrainNet

CSV = b"step,loss,val_loss,val_accuracy\n" + b"".join(
    b"%d,%.3f,%.3f,%.3f\n" % (step, 2 / step, 2.1 / step, 1 - 0.8 / step) for step in range(1, 40)
)


@pytest.fixture
def curves(opened):
    def make(**settings):
        lab = opened(LearningCurves, **settings)
        lab.settle()
        return lab

    KEPT.forget()
    yield make
    KEPT.forget()


def act(lab, action, place, value):
    lab._table._handle_custom_msg({"action": action, "place": place, "value": value}, [])
    lab.settle()


def names(lab):
    return [row["name"] for row in lab._table.rows]


def cell(lab, column, place=0):
    return lab._table.rows[place]["cells"][lab._table.columns.index(column)]


def test_the_first_view_is_four_rates_diagnosed(curves):
    lab = curves()
    assert names(lab) == ["lr 0.4", "lr 0.02", "lr 0.002", "lr 0.0002"]
    verdicts = [cell(lab, "heuristic", place) for place in range(4)]
    assert verdicts == ["learning rate too high", "good", "not yet converged", "learning rate too low"]
    assert lab._table.columns == ["lr", "best val. accuracy", "heuristic"]
    assert "a heuristic" in lab.text
    lab.diagnosis = False
    lab.settle()
    assert lab._table.columns == ["lr", "best val. accuracy"]
    assert "tick diagnosis" in lab.text


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_a_real_run_with_its_own_verdict_and_its_cure_is_good(curves, shape):
    lab = curves(shape=shape, cure=True)
    run = lab.result.runs[0].run
    expected = train([SHAPES[shape].runs[0][1]], "cpu")[0]
    assert np.array_equal(run.train_loss, expected.train_loss, equal_nan=True)
    assert np.array_equal(run.val_accuracy, expected.val_accuracy)
    findings = [lab.diagnoses.of(each.run)[0].verdict for each in lab.result.runs]
    assert findings[0] == SHAPES[shape].verdict
    if SHAPES[shape].cure:
        assert findings[1:] == ["good"]


def test_a_short_run_is_evaluated_as_often_as_the_long_one_beside_it(curves):
    lab = curves(shape="unfinished", cure=True)
    assert [len(each.run.eval_steps) for each in lab.result.runs] == [21, 21]


def measured(lab, shape, **settings):
    lab.set(shape=shape, **settings)
    lab.settle()
    return [each.run for each in lab.result.runs]


def test_the_slides_answers_are_true(curves):
    """The numbers in the answers, of one seed each, lie where those of 20 seeds lie: rounding, which is another on each
    processor, may move a run as far as a seed does."""
    lab = curves(cure=True)

    def found(run, words):
        (number,) = numbers(words, lab.diagnoses.of(run)[0].sentence)
        return number

    high, _, slow, low = measured(lab, "learning-rates")
    last = [run.train_loss[-35:].mean() / run.val_loss[0] for run in (high, low)]
    assert 2 < last[0] < 12  # at the edge of what is stable
    assert 0.1 < 1 - last[1] < 0.18
    assert 24 <= found(slow, "#% of its fall came in the second half") <= 34
    (good,) = measured(lab, "good")
    assert 0.005 < good.train_loss[-200:].min() < 0.02
    assert 0.2 < good.train_loss[-200:].max() < 0.4
    wild, tame = measured(lab, "exploded")
    assert (wild.config.lr, tame.config.lr) == (0.5, 0.05)
    assert 15 < wild.diverged_at < 60
    assert tame.best.val_accuracy > 0.96
    plateau, _ = measured(lab, "plateau")
    assert 15 <= found(plateau, "flat for #% of the run") <= 22
    warm, quick = measured(lab, "slow-start")
    assert 18 <= found(warm, "half of the fall took #% of the run") <= 28
    assert 3 <= found(quick, "half of that within #% of the run") <= 8
    short, long = measured(lab, "unfinished")
    assert 30 <= found(short, "#% of its fall came in the second half") <= 65
    assert 0.74 <= short.val_accuracy[-1] <= 0.88
    assert long.val_accuracy[-1] > 0.95
    few, many = measured(lab, "overfitting")
    assert few.best.step <= few.total_steps / 3
    assert few.train_accuracy[-1] == 1.0
    assert 0.83 < few.best.val_accuracy < 0.88
    assert 0.8 < few.val_accuracy[-1] < 0.835
    assert 2.7 < found(few, "the validation loss is # times its lowest") < 3.9
    assert abs(many.train_accuracy[-1] - many.val_accuracy[-1]) < 0.04
    linear, deep = measured(lab, "underfitting")
    assert 0.55 < linear.train_accuracy[-1] < 0.57
    assert deep.train_accuracy[-1] > 0.94
    runs = measured(lab, "learning-rates", seeds=5, cure=False)
    bands = [[float(run.val_accuracy[-1]) for run in runs[5 * rate : 5 * rate + 5]] for rate in range(4)]
    assert min(bands[1]) > max(bands[2]) > min(bands[2]) > max(bands[3]) > max(bands[0])
    losses = [[float(run.val_loss[-1]) for run in runs[5 * rate : 5 * rate + 5]] for rate in range(1, 4)]
    assert max(losses[0]) < min(losses[1]) < max(losses[1]) < min(losses[2])


def test_seeds_are_averaged_under_one_name_and_colour(curves):
    lab = curves(seeds=3, band=True)
    assert len(lab.result.runs) == 12
    assert lab.result.labels == [name for name in ("lr 0.4", "lr 0.02", "lr 0.002", "lr 0.0002") for _ in range(3)]
    assert len(set(lab.result.colors)) == 4
    assert cell(lab, "seed", 2) == "2"
    assert "3 × learning rate too high" in lab.text
    lab.band = False
    lab.hide = (1,)
    lab.settle()
    assert lab.result.labels[:6] == ["", "lr 0.4", "", "lr 0.02", "", ""]
    assert len(set(lab.result.colors)) == 4


def test_hiding_choosing_and_colouring_in_the_table(curves):
    lab = curves()
    colors = lab.result.colors
    act(lab, "show", 1, False)
    assert (lab.hide, lab.result.hidden) == ((2,), {1})
    assert [row["shown"] for row in lab._table.rows] == [True, False, True, True]
    assert "lr 0.02:" not in lab.text
    lab.undo()
    lab.settle()
    assert (lab.hide, lab._table.rows[1]["shown"]) == ((), True)
    act(lab, "color", 2, "#123456")
    assert lab.result.colors == [*colors[:2], "#123456", colors[3]]
    act(lab, "choose", 3, True)
    assert (lab.chosen, lab._table.rows[3]["chosen"]) == (4, True)
    assert "lr=0.0002" in lab.code()
    act(lab, "show", -1, False)
    assert "All runs are hidden" in lab.text
    act(lab, "show", -1, True)
    assert lab.hide == ()


@pytest.mark.parametrize(
    "message",
    [
        {"action": "show", "place": 99, "value": True},
        {"action": "color", "place": 0, "value": "red; background: url(x)"},
        {"action": "choose", "place": "0", "value": True},
        {"action": "drop", "place": 0, "value": True},
        None,
        [],
    ],
)
def test_what_no_table_would_send_is_passed_over(curves, message):
    lab = curves()
    before = lab.settings, lab.result.colors
    lab._table._handle_custom_msg(message, [])
    lab.settle()
    assert (lab.settings, lab.result.colors, lab.message) == (*before, "")


def test_another_shape_begins_with_all_its_runs(curves):
    lab = curves(hide=(1, 2), chosen=3)
    lab.shape = "plateau"
    lab.settle()
    assert (lab.hide, lab.chosen) == ((), 1)
    lab.undo()
    lab.settle()
    assert (lab.shape, lab.hide, lab.chosen) == ("learning-rates", (1, 2), 3)


def test_a_csv_is_imported_and_shown(curves):
    lab = curves()
    lab.take_file("mine.csv", CSV)
    lab.settle()
    assert (lab.show, names(lab), lab.message) == ("imported", ["mine"], "1 run from 'mine.csv'.")
    assert cell(lab, "best val. accuracy") == "97.9 %"
    lab.take_file("mine.csv", CSV)
    lab.show = "everything"
    lab.settle()
    assert names(lab) == ["lr 0.4", "lr 0.02", "lr 0.002", "lr 0.0002", "mine", "mine (2)"]
    lab.forget()
    lab.settle()
    assert len(names(lab)) == 4


def test_a_best_evaluation_within_an_epoch_has_a_place_that_can_be_read(curves):
    lab = curves()
    lines = [f"Epoch {epoch}\nloss: {3 / epoch}\nloss: {2.5 / epoch}\nTest loss: {2.8 / epoch}, accuracy: 0.{epoch}"
             for epoch in (1, 2)]  # fmt: skip
    lab.take_file("printed.txt", "\n".join(lines).encode())
    lab.settle()
    assert lab.result.runs[0].run.eval_steps[-1] == pytest.approx(8 / 3)
    assert "Best validation accuracy: 20.0% at epoch 2.67." in lab.text
    assert "○ best: 20 % at epoch 2.67" in [label.text for label in lab._picture._now._texts.labels]


def test_a_name_that_is_long_keeps_what_tells_it_apart(curves):
    lab = curves(show="imported")
    for rate in ("0.1", "0.01"):
        lab.take_file(f"resnet18-cifar10-augmented-cosine-lr{rate}-seed-zero-final.csv", CSV)
    lab.settle()
    assert names(lab) == ["…lr0.1…", "…lr0.01…"]


def test_epochs_are_called_so(curves):
    lab = curves(show="imported")
    lab.take_file("mine.csv", b"epoch,loss,val_acc\n0,2,0.5\n1,1,0.75\n")
    lab.settle()
    assert "Best validation accuracy: 75.0% at epoch 1." in lab.text
    assert "diverged" not in lab.text


EPOCHS, STEPS = b"epoch,loss\n0,2\n1,1\n2,0.8\n", b"step,loss\n10,2\n20,1\n30,0.5\n"


def test_runs_that_do_not_count_alike_are_told_apart(curves):
    lab = curves(show="imported")
    lab.take_files([("a.csv", EPOCHS), ("b.csv", STEPS)])
    lab.settle()
    assert "do not count alike (epochs: a; steps: b), and how many of one are one of the other is not" in lab.text
    assert [run.steps[-1] for run in lab.result.histories] == [100, 100]
    assert lab._picture._now._curves.loss.axes.get_xlabel() == "% of the run"
    lab.hide = (1,)
    lab.settle()
    assert "do not count alike" not in lab.text
    assert lab._picture._now._curves.loss.axes.get_xlabel() == "step"


def test_steps_are_drawn_as_epochs_where_it_is_known_how_many_those_are(curves):
    lab = curves(show="imported")
    lab.take_files([("a.csv", EPOCHS), ("b.csv", b"step,loss,setting.steps_per_epoch\n10,2,10\n20,1,\n30,0.5,\n")])
    lab.settle()
    assert [run.x_is for run in lab.result.histories] == ["epoch", "epoch"]
    assert lab.result.histories[1].steps.tolist() == [1, 2, 3]
    assert "all are drawn over epochs" in lab.text
    assert [run.run.x_is for run in lab.result.runs] == ["epoch", "step"]  # what is saved, and diagnosed


def test_what_is_saved_has_its_whole_name(curves):
    lab = curves(show="imported")
    whole = [f"resnet18-cifar10-augmented-cosine-lr{rate}-seed-zero-final" for rate in ("0.1", "0.01")]
    lab.take_files([(f"{name}.csv", CSV) for name in whole])
    lab.settle()
    assert names(lab) == ["…lr0.1…", "…lr0.01…"]
    assert list(lab.shown_runs()) == whole
    lab.take_file(f"{whole[0]}.csv", CSV)
    lab.settle()
    assert list(lab.shown_runs()) == [*whole, f"{whole[0]} (2)"]


def test_the_message_names_every_file(curves):
    lab = curves()
    files = [("a.csv", EPOCHS), ("bad.csv", b"step,loss\n1,x"), ("c.csv", STEPS)]
    lab._guarded(lab.take_files)(files)
    lab.settle()
    assert lab.message.startswith("1 run from 'a.csv'. 1 run from 'c.csv'. 'bad.csv', row 2:")
    assert "\n" not in lab.message
    assert len(lab.result.runs) == 2
    lab._guarded(lab.take_files)([("d.csv", b""), ("e.csv", b"")])
    assert "'d.csv'" in lab.message
    assert "'e.csv'" in lab.message
    lab._guarded(lab.take_files)([(f"{place}.csv", STEPS) for place in range(8)])
    assert "And 3 more files, each with its line below." in lab.message


def test_a_corrupt_file_is_one_line_and_the_last_picture_stays(curves):
    lab = curves()
    before = lab.result
    files = {"bad.csv": b"step,loss\n1,x", "events.out.tfevents.1": b"\x18" + b"\0" * 40, "z.zip": b"PK\3\4"}
    for name, data in files.items():
        lab._guarded(lab.take_file)(name, data)
        lab.settle()
        assert name in lab.message
        assert "\n" not in lab.message
        assert lab.result is before
    with pytest.raises(InvalidSetting):
        lab.take_file("bad.csv", b"")


@pytest.mark.parametrize("name", ["learning-curves.csv", "learning-curves.zip"])
def test_what_is_saved_can_be_imported_again(curves, name):
    saved = {}
    lab = curves()
    lab.hide = (1,)
    lab.settle()
    lab._face.page.save = lambda name, data: saved.update({name: data})
    for button in lab._files.saves:
        button.click()
    assert set(saved) == {"learning-curves.csv", "learning-curves.zip", "learning-curves.png"}
    before = [each.run for each in lab.result.runs[1:]]
    lab.take_file(name, saved[name])
    lab.settle()
    assert len(names(lab)) == 3
    for again, run in zip((each.run for each in lab.result.runs), before, strict=True):
        np.testing.assert_array_equal(again.train_loss, run.train_loss)
        np.testing.assert_array_equal(again.val_accuracy, run.val_accuracy)


def test_the_png_is_the_picture_at_twice_the_size(curves):
    lab = curves()
    lab._face.page.width = 968
    image = Image.open(io.BytesIO(lab.png()))
    assert image.size == (2 * lab._picture.size[0], 2 * lab._picture.size[1])
    assert lab.figure.canvas is lab._canvas
    assert lab.figure.dpi == 96
    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    for color in lab.result.colors:
        assert (pixels == tuple(bytes.fromhex(color[1:]))).all(axis=1).sum() > 300


def test_nothing_to_show_or_to_save(curves):
    lab = curves(show="imported")
    assert "No files yet" in lab.text
    assert lab._table.rows == []
    with pytest.raises(InvalidSetting, match="no run on screen"):
        lab.shown_runs()
    assert "csv" in lab.code()


def test_a_run_trained_in_this_session_is_here(curves):
    lab = curves(show="session")
    assert "No runs yet" in lab.text
    (way,) = lab._above["session"].children
    assert f'href="{TrainNet.notebook}"' in way.value
    net = TrainNet(epochs=4, compare="lr", values=("0.01", "0.1"))
    net.settle()
    net.start()
    net.settle()
    lab.settle()
    assert names(lab) == ["lr 0.01", "lr 0.1"]  # without being asked
    assert cell(lab, "lr", 1) == "0.1"
    net.start()  # once more, with the same settings
    net.settle()
    net.close()
    lab.settle()
    assert names(lab) == ["lr 0.01", "lr 0.1"]
    assert lab.code().startswith("import")


def test_seeds_of_a_session_are_of_one_kind(curves):
    histories = train([RunConfig(dataset="spirals", hidden=(4,), epochs=2, seed=seed) for seed in range(3)])
    KEPT.keep("Train a net", ["seed 0", "seed 1", "seed 2"], histories)
    lab = curves(show="session", band=True)
    assert len(set(lab.result.labels)) == len(set(lab.result.colors)) == 1
    assert lab._table.columns[0] == "seed"


def test_closing_stops_listening(curves):
    lab = LearningCurves()
    lab.settle()
    lab.close()
    assert lab._submit not in KEPT._listeners
    KEPT.forget()


def test_the_code_of_a_shape_gives_its_losses(curves):
    lab = curves(shape="underfitting")
    losses, _ = run_script(lab.result.runs[0].run.config, "float32")
    np.testing.assert_allclose(losses[:100], lab.result.runs[0].run.train_loss[:100], rtol=1e-4)


def test_the_code_for_imported_runs_draws_the_saved_file(curves, tmp_path):
    lab = curves()
    lab.take_file("mine.csv", CSV)
    lab.settle()
    (tmp_path / "learning-curves.csv").write_text(write_csv(lab.shown_runs()))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", lab.code()], capture_output=True, text=True, cwd=tmp_path,
        env={"MPLBACKEND": "agg", "PATH": ""},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["mine: loss ends at 0.051", "mine: val_loss ends at 0.054"]
    assert (tmp_path / "learning-curves.png").stat().st_size > 5000


def recalled(lab, *texts):
    lab._face.page._handle_custom_msg({"event": "recalled", "texts": list(texts)}, [])
    lab.settle()


def test_runs_of_other_pages_come_from_the_browser(curves):
    histories = train([RunConfig(dataset="spirals", hidden=(4,), lr=lr, epochs=60) for lr in (0.1, 1e5)], "cpu")
    kept = KeptRuns().keep("Train a net", ["slow", "slow"], histories)
    text = to_text(kept)
    assert len(text) < 60_000
    lab = curves(show="session")
    assert names(lab) == []
    recalled(lab, text)
    assert names(lab) == ["slow", "slow'"]
    slow, wild = (each.run for each in lab.result.runs)
    assert (len(slow.steps), slow.total_steps, slow.steps_per_epoch) == (ROWS, 60 * 7, 7)
    assert np.array_equal(slow.val_accuracy, histories[0].val_accuracy)
    assert wild.diverged_at == histories[1].diverged_at
    recalled(lab, text, text)
    assert len(names(lab)) == 2
    KEPT.keep("Train a net", ["here"], histories[:1])  # the same kernel trained one of them
    recalled(lab, text)
    assert names(lab) == ["here", "slow'"]
    sent = []
    lab._face.page.send = lambda content, buffers=None: sent.append(content)
    lab.forget()
    lab.settle()
    assert (names(lab), sent) == ([], [{"keep": ""}])


@pytest.mark.parametrize("texts", [["step,loss\n1,x"], [3], ["\ud800"], [""], [{"a": 1}], ["step,loss\n1,2"] * 1000])
def test_what_a_browser_says_is_not_trusted(curves, texts):
    lab = curves(show="session")
    recalled(lab, *texts)
    assert (lab.state, lab.message) == ("done", "")
    assert len(names(lab)) <= 1
    lab._face.page._handle_custom_msg({"event": "recalled", "texts": "x"}, [])
    lab.settle()
    assert lab.message == ""


def test_a_lab_that_trains_keeps_its_runs_in_the_browser(curves):
    net = TrainNet(epochs=4)
    sent = []
    net._face.page.send = lambda content, buffers=None: sent.append(content)
    net.settle()
    net.start()
    net.settle()
    net.close()
    (message,) = sent
    lab = curves(show="session")
    KEPT.forget()
    recalled(lab, message["keep"])
    assert names(lab) == ["spirals, lr 0.03"]
    assert cell(lab, "best val. accuracy").endswith("%")
