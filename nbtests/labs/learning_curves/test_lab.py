"""Behaviour: the lab of learning curves. Its gallery, its table of runs, and the session's runs."""

import gc
import weakref

import numpy as np
import pytest

from nbtests import fresh
from nbtests.engine.scripts.test_training import run as run_script
from nbtests.labs.learning_curves.conftest import CSV, act, cell, names
from nbtests.words import numbers
from trainingwheels.engine import RunConfig, train, write_csv
from trainingwheels.engine.records.shapes import SHAPES
from trainingwheels.labs.base.kept_runs import KEPT, ROWS, KeptRuns, to_text
from trainingwheels.labs.learning_curves.lab import LearningCurves
from trainingwheels.labs.train_a_net.lab import TrainNet


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
    assert 24 <= found(slow, "# % of its fall came in the second half") <= 34
    (good,) = measured(lab, "good")
    assert 0.005 < good.train_loss[-200:].min() < 0.02
    assert 0.2 < good.train_loss[-200:].max() < 0.4
    wild, tame = measured(lab, "exploded")
    assert (wild.config.lr, tame.config.lr) == (0.5, 0.05)
    assert 15 < wild.diverged_at < 60
    assert tame.best.val_accuracy > 0.96
    plateau, _ = measured(lab, "plateau")
    assert 15 <= found(plateau, "flat for # % of the run") <= 22
    warm, quick = measured(lab, "slow-start")
    assert 18 <= found(warm, "half of the fall took # % of the run") <= 28
    assert 3 <= found(quick, "half of that within # % of the run") <= 8
    short, long = measured(lab, "unfinished")
    assert 30 <= found(short, "# % of its fall came in the second half") <= 65
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


def test_a_lab_that_is_closed_is_gone_with_its_page_its_upload_and_its_table():
    """A cell that is run again makes another lab: whoever runs it a hundred times has one."""
    lab = LearningCurves()
    lab.settle()
    gone = weakref.ref(lab)
    lab.close()
    lab._worker._thread.join()
    del lab
    gc.collect()
    assert gone() is None


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
    said = fresh.run_script(lab.code(), tmp_path).splitlines()
    assert said == ["mine: loss ends at 0.051", "mine: val_loss ends at 0.054"]
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
    assert cell(lab, "best val. accuracy").endswith(" %")
