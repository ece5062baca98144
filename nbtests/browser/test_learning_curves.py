"""Learning curves in a real browser: choose, hide, smooth, import, and save what can be imported again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import COUNT_COLOR, LabPage
from nbtests.browser.serving import Server

pytestmark = pytest.mark.browser

CASES = Path(__file__).parents[1] / "engine" / "records" / "curves"
NOTEBOOK = "07-learning-curves.ipynb"
CSV = "step,loss,val_loss,val_accuracy\n" + "".join(
    f"{step},{2 / step:.3f},{2.1 / step:.3f},{1 - 0.8 / step:.3f}\n" for step in range(1, 40)
)


class CurvesPage(LabPage):
    """The lab's page, with its table of runs."""

    def wait_until_trained(self) -> None:
        expect(self.text).to_contain_text("Best validation accuracy")
        self.wait_for_picture()
        self.unfold()

    def shown(self, run: str):  # type: ignore[no-untyped-def]
        return self.page.get_by_role("checkbox", name=f"show {run}", exact=True)

    def row(self, run: str):  # type: ignore[no-untyped-def]
        return self.page.locator(".tw-runs tr").filter(has=self.page.get_by_role("button", name=run, exact=True))

    def take(self, *paths: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.button("Import").click()
        chooser.value.set_files(paths)


@pytest.fixture
def lab(visit: Visit, classroom: Server) -> CurvesPage:
    lab = CurvesPage(visit(classroom.lab(NOTEBOOK)))
    lab.wait_until_trained()
    return lab


def test_hide_look_colour_smooth_and_read_a_diagnosis(lab: CurvesPage) -> None:
    expect(lab.row("lr 0.4")).to_contain_text("learning rate too high")
    expect(lab.text).to_contain_text("a heuristic")
    before = lab.pixels()
    lab.shown("lr 0.4").focus()
    lab.page.keyboard.press("Space")
    expect(lab.shown("lr 0.4")).not_to_be_checked()
    expect(lab.text).not_to_contain_text("lr 0.4:")
    lab.wait_for_change(before)
    lab.shown("lr 0.4").check()
    lab.wait_for_same(before)
    lab.button("lr 0.002").click()
    expect(lab.button("lr 0.002")).to_have_attribute("aria-pressed", "true")
    lab.wait_for_change(before)
    lab.page.get_by_label("colour of lr 0.02", exact=True).fill("#ff00ff")
    lab.page.wait_for_function(f"() => ({COUNT_COLOR})([255, 0, 255]) > 200")
    before = lab.pixels()
    lab.type("window", "100")
    lab.wait_for_change(before)
    lab.page.get_by_label("shape").select_option("overfitting")
    expect(lab.text).to_contain_text(re.compile(r"overfitting: training accuracy is \d+ points above"))
    lab.page.get_by_label("with the cure").check()
    expect(lab.row("n = 2,000")).to_contain_text("good")


def test_a_corrupt_file_is_one_line_and_the_picture_stays(lab: CurvesPage, tmp_path: Path) -> None:
    before = lab.pixels()
    (tmp_path / "bad.csv").write_text("step,loss\n1,much\n")
    lab.take(tmp_path / "bad.csv")
    expect(lab.message.get_by_role("alert")).to_have_text(
        "'bad.csv', row 2: 'much' is not a number: write it as 0.25, or leave it empty."
    )
    (tmp_path / "events.out.tfevents.1.host").write_bytes(b"\x18" + bytes(50))
    lab.take(tmp_path / "events.out.tfevents.1.host")
    expect(lab.message.get_by_role("alert")).to_contain_text("is a damaged event file: the checksum at byte 8 is wrong")
    (tmp_path / "long.csv").write_bytes(b"step,loss\n" + b"1,2\n" * 2_200_000)
    lab.take(tmp_path / "long.csv")
    expect(lab.message.get_by_role("alert")).to_contain_text("'long.csv' has 8.8 MB: choose a file")
    assert lab.pixels() == before


def test_what_was_taken_for_what_stands_below_and_can_be_changed(lab: CurvesPage) -> None:
    files = [CASES / name for name in ("detector_results.csv", "keras_ten_epochs.csv", "excel_unicode.txt")]
    lab.take(*files)
    reading = lab.page.locator(".tw-reading")
    expect(reading.locator("p")).to_have_count(3)
    expect(reading).to_contain_text("train loss: train/box_loss + train/cls_loss (summed)")
    reading.get_by_label("file").select_option("'detector_results.csv'")
    boxes = [reading.get_by_label(role).bounding_box() for role in ("train loss", "validation loss")]
    assert all(box and box["height"] < 40 for box in boxes)  # a row of them
    before = lab.pixels()
    reading.get_by_label("train loss").select_option("train/cls_loss")
    expect(reading).to_contain_text("train loss: train/cls_loss;")
    lab.wait_for_change(before)
    expect(lab.text).to_contain_text("at epoch 9")
    lab.page.get_by_role("tab", name="the gallery of shapes").click()
    expect(reading).to_be_hidden()


def test_what_is_saved_can_be_imported_again(lab: CurvesPage, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(CSV)
    lab.take(tmp_path / "mine.csv")
    expect(lab.message).to_contain_text("1 run from 'mine.csv'.")
    expect(lab.row("mine")).to_contain_text("97.9 %")
    for button, runs in (("CSV", 2), ("TensorBoard", 4)):
        with lab.page.expect_download() as saved:
            lab.button(button).click()
        path = tmp_path / saved.value.suggested_filename
        saved.value.save_as(path)
        lab.take(path)
        expect(lab.page.locator(".tw-runs tbody tr")).to_have_count(runs)
    with lab.page.expect_download() as saved:
        lab.button("PNG").click()
    assert Path(saved.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    lab.button("Forget").click()
    expect(lab.text).to_contain_text("No files yet")


def test_runs_of_another_page_of_the_site_are_here(visit: Visit, classroom: Server) -> None:
    garbage = "localStorage.getItem('trainingwheels.runs') ?? localStorage.setItem('trainingwheels.runs', '[3, {')"
    lab = CurvesPage(visit(classroom.lab("06-train-a-net.ipynb"), script=garbage))
    lab.wait_for_picture()
    lab.unfold()
    lab.type("epochs", "8")
    lab.button("Start").click()
    expect(lab.button("Train again")).to_be_visible()
    lab.page.goto(classroom.lab(NOTEBOOK, "?show=session"))
    expect(lab.row("spirals, lr 0.03")).to_be_visible()
    lab.button("Forget").click()
    expect(lab.text).to_contain_text("No runs yet")
    assert lab.page.evaluate("() => localStorage.getItem('trainingwheels.runs')") is None


def test_the_gallery_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    page = visit(jupyterlab.lab(NOTEBOOK))
    run_lab(page)
    lab = CurvesPage(page)
    lab.wait_until_trained()
    expect(lab.row("lr 0.02")).to_contain_text("good")


def check_way_to_train_a_net(lab: LabPage) -> None:
    """From the empty list of this session's runs to the lab that fills it."""
    lab.tab("runs of this session").click()
    expect(lab.text).to_contain_text("No runs yet")
    with lab.page.context.expect_page() as opened:
        lab.page.get_by_role("link", name="Open Train a net").click()
    opened.value.bring_to_front()  # as for a person: a tab that is not in front gets no animation frames
    expect(opened.value.get_by_role("heading", name="Train a net").first).to_be_visible()
    opened.value.close()


def test_the_way_to_train_a_net(lab: CurvesPage) -> None:
    check_way_to_train_a_net(lab)


def test_the_way_to_train_a_net_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    check_way_to_train_a_net(run_lab(visit(jupyterlab.lab(NOTEBOOK))))
