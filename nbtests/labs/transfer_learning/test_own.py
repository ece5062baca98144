"""The learner's own classes: drawn, opened, refused, forgotten, and what the script makes of them."""

import io

import numpy as np
import pytest
from PIL import Image

from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.data.drawings import GRID, drawn
from trainingwheels.engine.evaluation.few_shot import features, source_config
from trainingwheels.labs.transfer_learning.own import MOST, Cells, read_cells, written

EMPTY = Cells().clamp(None)


@pytest.fixture
def lab(make):
    return make(show="own")


def upload(lab, *files):
    lab.view.upload.value = tuple({"name": name, "content": data} for name, data in files)
    lab.settle()


def png(ink, size=40):
    pixels = np.full((size, size, 3), 240, np.uint8)
    pixels[size // 4 : size // 2, size // 4 : 3 * size // 4] = ink
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_there_is_something_at_first(lab):
    assert lab.state == "done"
    assert "4 images of A, 4 images of X, 4 images of L" in lab.text
    on_features = lab.result.on_features
    said = numbers("on features A with # % and on pixels", lab.text)
    assert said == pytest.approx([100 * on_features.max()], abs=0.6)
    assert on_features.argmax() == lab.result.on_pixels.argmax() == 0
    assert on_features.sum() == pytest.approx(1)


def test_a_drag_draws_and_is_one_change(lab):
    lab.view.clear()
    lab.settle()
    assert "Nothing is drawn" in lab.text
    picture = lab._picture
    field = picture._now._field
    assert picture.point(field.x - 1, field.top) is None
    lab._begin_drag()
    start = picture.point(field.x + 0.25 * field.width, field.top - 0.25 * field.height)
    for share in (0.5, 0.75):
        lab._drag(start, picture.point(field.x + share * field.width, field.top - share * field.height))
    lab.settle()
    np.testing.assert_array_equal(lab.result.cells, drawn([[(4, 4), (8, 8), (12, 12)]]))
    lab.undo()
    assert lab.drawing == EMPTY


def test_a_drawing_is_kept_as_an_image_of_the_class_chosen(lab):
    lab.set(own_class="T")
    lab.view.add_drawing()
    lab.settle()
    assert "1 image of T" in lab.text
    assert lab.drawing == EMPTY
    assert len(lab.result.on_features) == 4
    lab._guarded(lambda: lab.view.add_drawing())()
    assert lab.message.startswith("Nothing is drawn")


def test_images_of_one_class_are_one_line_and_of_two_are_learned(lab):
    lab.view.forget()
    lab.settle()
    assert lab.message.startswith("There are no images: draw one")
    upload(lab, ("a.png", png(0)), ("b.png", png(60)))
    assert lab.message == "All 2 images are of one class: draw or upload some of another class, at least one."
    assert lab.state == "failed"
    lab.set(own_class="X")
    lab.set(drawing=written(drawn([[(2, 2), (13, 13)]])))
    lab.view.add_drawing()
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    assert "2 images of A, 1 image of X" in lab.text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([("x.txt", b"no image")], "'x.txt' cannot be read as an image"),
        ([("white.png", png(240))], "'white.png' shows one colour only"),
        ([(f"{at}.png", png(0)) for at in range(MOST)], f"{MOST + 4} images of A are too many: choose at most {MOST}"),
    ],
)
def test_bad_files_are_one_line_and_nothing_is_kept(lab, files, says):
    upload(lab, *files)
    assert lab.message.startswith(says)
    assert "\n" not in lab.message
    assert len(lab.view.images) == 12


@pytest.mark.parametrize("conv", [(), (3,)])
def test_the_script_finds_the_same_head(lab, conv):
    change(lab, conv=conv)
    assert ("The first layer's 3 filters see 3 x 3 pixels" in lab.text) == bool(conv)
    names = run(lab)
    X = lab.result.X
    own = (names["features"](X) - names["of_digits"].mean(axis=0)) / names["of_digits"].std()
    script = names["softmax"](own @ names["W"].T + names["b"])
    head = lab.result.found.features.probabilities(features(X, source_config(0, conv)))
    np.testing.assert_allclose(script, head, atol=0.02)


def test_cells_are_text_and_back():
    cells = np.random.default_rng(0).random((GRID, GRID)) < 0.4
    np.testing.assert_array_equal(read_cells(written(cells)), cells)
    assert Cells().read("drawing", written(cells)) == written(cells)
