"""The preprocessing lab in a real browser: its views, a learner's own files, and what is wrong with some."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from nbtests.browser.conftest import Visit
from nbtests.browser.jupyterlab import JupyterLab, run_lab
from nbtests.browser.lab_page import LabPage, shown
from nbtests.browser.serving import Server, wait_for

pytestmark = pytest.mark.browser

NOTEBOOK = "02-preprocessing.ipynb"


def choose(lab: LabPage, button: str, name: str, content: bytes) -> None:
    """Open a file with the button of this name."""
    with lab.page.expect_file_chooser() as chooser:
        lab.page.locator(".tw-lab button:visible", has_text=button).click()
    chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def test_a_learner_turns_the_cloud_and_goes_through_the_steps(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    first = lab.pixels()
    lab.slider("rotation").press("ArrowRight")
    expect(lab.box("rotation")).to_have_value("36")
    lab.wait_for_change(first)
    lab.button("PCA and whitening").click()
    expect(lab.text).to_contain_text("Whitened: covariance [1, 0; 0, 1]")
    lab.button("Reveal the answer").click()
    expect(lab.question).to_contain_text("the identity")
    lab.button("Reset").click()
    lab.wait_for_same(first)


def test_every_view_has_its_controls_and_its_picture(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    seen = [lab.pixels()]
    for button, control, words in (
        ("why it matters", "turn", "The loss doubles"),
        ("gradient descent", "condition", "until the loss is a thousandth"),
        ("images: AlexNet", "examples", "6,912 numbers"),
        ("components", "keep", "12 of 64 components"),
        ("honest statistics", "train size", "honest"),
    ):
        lab.button(button).click()
        expect(lab.text).to_contain_text(words)
        lab.unfold()
        expect(lab.slider(control)).to_be_visible()
        expect(lab.button("more")).to_be_visible(visible=button == "why it matters")
        expect(lab.slider("seed")).to_be_visible(visible=button == "why it matters")
        lab.wait_for_change(seen[-1])
        lab.wait_for_picture()
        seen.append(lab.pixels())
    assert len({str(pixels) for pixels in seen}) == len(seen)


def test_points_of_ones_own(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK)))
    before = lab.pixels()
    choose(lab, "Open points", "bad.csv", b"x,y\n1,2\n3,nan\n5,6\n")
    expect(lab.message.get_by_role("alert")).to_contain_text("'bad.csv', row 3: nan is not finite")
    assert lab.pixels() == before
    choose(lab, "Open points", "good.csv", b"x,y\n1,2\n3,4.5\n5,6\n2,2\n")
    expect(lab.text).to_contain_text("4 points around (2.8, 3.6)")
    expect(lab.message.get_by_role("alert")).to_have_count(0)
    lab.wait_for_change(before)


def test_an_image_of_ones_own(visit: Visit, classroom: Server) -> None:
    lab = shown(visit(classroom.lab(NOTEBOOK, "?show=images")))
    expect(lab.text).to_contain_text("The mean image of")
    choose(lab, "Open an image", "song.png", b"this is no image")
    expect(lab.message.get_by_role("alert")).to_contain_text("'song.png' cannot be read as an image")
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (255, 0, 255)).save(file, "PNG")
    choose(lab, "Open an image", "pink.png", file.getvalue())
    wait_for(lambda: lab.count((255, 0, 255)) > 1000, "the image")
    expect(lab.message.get_by_role("alert")).to_have_count(0)


def test_in_jupyterlab(visit: Visit, jupyterlab: JupyterLab) -> None:
    lab = run_lab(visit(jupyterlab.lab(NOTEBOOK, "")))
    first = lab.pixels()
    lab.button("images: VGG").click()
    expect(lab.text).to_contain_text("The mean image of 512")
    lab.wait_for_change(first)
