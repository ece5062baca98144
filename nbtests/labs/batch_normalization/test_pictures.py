"""The pictures of batch normalization, tested by the numbers in their artists."""

import itertools

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_history, made_picture, pixels
from trainingwheels.engine.batchnorm import NORMALIZATIONS, forward
from trainingwheels.engine.signals.batch_statistics import SHAPES, batch_noise, draw_activations
from trainingwheels.labs.batch_normalization.pictures.computation_graph import (
    GATES,
    NAMES,
    PLACES,
    GraphPicture,
    GraphView,
)
from trainingwheels.labs.batch_normalization.pictures.normalization import (
    BINS,
    NormalizedLayer,
    NormalizedLayerPicture,
    histogram,
)
from trainingwheels.labs.batch_normalization.pictures.paths import paths_of
from trainingwheels.labs.batch_normalization.pictures.running_statistics import (
    RunningStatistics,
    RunningStatisticsPicture,
)
from trainingwheels.labs.batch_normalization.pictures.with_and_without import (
    Compared,
    ComparedPicture,
    gradient_norms,
    pairs_of,
)

BLUES = ("0072B2", "4C9CCB", "005A8C")  # of cells on the front, on top and on the right
WIDTHS = [1400, 960, 870, 869, 700, 640, 639, 352, 320]


def layer(kind="batch", shape="mixed", mean=3.0, positions=1, gamma=1.0, beta=0.0):
    x = draw_activations(shape, mean, 2.0, 64, positions, 0)
    graph = forward(x, gamma, beta, axes=NORMALIZATIONS[kind].axes)
    names = [law.name for law in SHAPES[shape].laws]
    each = np.full(4, gamma), np.full(4, beta)
    return NormalizedLayer(x, graph.x_hat, graph.y, names, NORMALIZATIONS[kind], *each, 1e-5)


def running(mean=3.0, var=4.0, batch=32, seed=0):
    rng = np.random.default_rng(seed)
    batches = rng.normal(mean, 0.3, 50), rng.normal(var, 0.5, 50)
    return RunningStatistics(
        batch, *batches, np.linspace(0, mean, 51), np.linspace(1, var, 51), mean, var, batch_noise("mixed", 0),
        rng.normal(1.5, 0.3, 200), 1.52, 1.5, 0.35, 0.1,
    )  # fmt: skip


def graph(x1=3.0, gamma=2.0, upstream=1.0):
    values = forward(np.array([[x1], [-1.0], [2.0], [0.0]]), gamma, 1.0)
    return GraphView(values, values.backward(np.array([[upstream], [-0.5], [0.25], [0.5]])), 1e-5)


def compared(beside="against", labels=("lr 0.1", "lr 1"), steps=100, **other):
    runs = [(label, on, seed) for label in labels for on in (True, False) for seed in range(2)]
    histories = [made_history(steps, seed=seed + 3 * on, level=1 + on, batchnorm=on, **other) for _, on, seed in runs]
    values = [float(label.split()[1]) for label, _, _ in runs]
    return Compared(histories, [label for label, _, _ in runs], values, "learning rate", beside)


VIEWS = {
    NormalizedLayerPicture: [
        layer(), layer("layer", positions=4, gamma=-2.0), layer("instance", positions=8), layer(mean=-10.0, beta=9.0),
    ],
    RunningStatisticsPicture: [running(), running(-2.0, 0.3, 4, 1), running(0.0, 0.0, 512)],
    GraphPicture: [graph(), graph(-10.0, -5.0, 5.0), graph(0.0, 0.0, 0.0)],
    ComparedPicture: [
        compared(), compared("gradients", ("lr 0.1",)), compared("gap", ("dropout 0", "dropout 0.2")),
        compared(steps=0, evaluations=1), compared("gradients", ("lr 0.1",), steps=0, evaluations=1),
        compared(labels=[f"std {value}" for value in (0.001, 0.01, 0.1, 0.2, 0.5, 1)]),
    ],
}  # fmt: skip
ALL = [(kind, view) for kind, views in VIEWS.items() for view in views]


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize(("width", "ratio"), [(960, 1), (352, 2)])
def test_moving_leaves_no_pixels_behind(kind, width, ratio):
    """After any walk, the picture is what a fresh one would be."""
    moved = made_picture(kind, width, ratio)
    for view, pinned in itertools.product(VIEWS[kind], (None, VIEWS[kind][0])):
        moved.update(view, pinned)
        fresh = made_picture(kind, width, ratio)
        fresh.update(view, pinned)
        assert np.array_equal(pixels(moved), pixels(fresh))
        assert np.array_equal(pixels(moved), pixels(fresh))


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("width", [960, 352])
def test_height_does_not_depend_on_the_settings(kind, width):
    sizes = set()
    for view in VIEWS[kind]:
        picture = made_picture(kind, width)
        picture.update(view)
        sizes.add(picture.size)
    assert len(sizes) == 1


class Written:
    """The labels of a picture that has no Texts, for ``check_texts``."""

    def __init__(self, picture, *groups):
        self._all = [label for group in groups for label in group.labels]
        self._line, self.size = groups[0].line, picture.size
        self._texts = self

    @property
    def labels(self):
        return self._all

    def width(self, text):
        first, second = self._line(0, 0, (text, "k"), ("", "k"))
        return second.x - first.x


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", [RunningStatisticsPicture, ComparedPicture])
def test_no_text_overlaps_another_or_leaves_the_picture(kind, width):
    picture = made_picture(kind, width)
    for view in VIEWS[kind]:
        picture.update(view)
        check_texts(picture)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_the_layer_overlaps_another(width):
    picture = made_picture(NormalizedLayerPicture, width)
    for view in VIEWS[NormalizedLayerPicture]:
        picture.update(view)
        check_texts(Written(picture, picture._texts))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_of_the_graph_overlaps_another(width):
    picture = made_picture(GraphPicture, width)
    for view in VIEWS[GraphPicture]:
        picture.update(view)
        texts = Written(picture, picture._numbers, picture._names)
        lowest = -132
        texts._all = [label._replace(y=label.y - lowest) for label in texts._all]
        check_texts(texts)


def test_histograms_are_numpys():
    values = np.random.default_rng(0).normal(0, 2, 1000)
    expected, _ = np.histogram(np.clip(values, -5, 4.999), BINS, (-5, 5))
    assert np.array_equal(histogram(values, 5.0), expected)


def test_a_recovered_identity_is_the_first_row_again():
    x = draw_activations("mixed", 3.0, 2.0, 64, 1, 0)
    mean, var = x.mean((0, 2), keepdims=True), x.var((0, 2), keepdims=True)
    result = forward(x, np.sqrt(var + 1e-5), mean, axes=(0, 2))
    view = NormalizedLayer(x, result.x_hat, result.y, ("",) * 4, NORMALIZATIONS["batch"], np.ones(4), np.ones(4), 1e-5)
    picture = made_picture(NormalizedLayerPicture, 960)
    picture.update(view)
    outlines = [path.vertices for path in picture._bars.get_paths()]
    for first, last in zip(outlines[:4], outlines[8:], strict=True):
        assert last - last[0] == pytest.approx(first - first[0])


@pytest.mark.parametrize(
    ("kind", "front", "top", "right"), [("batch", 6, 2, 12), ("layer", 6, 12, 2), ("instance", 1, 2, 2)]
)
def test_the_block_colours_what_is_normalized_together(kind, front, top, right):
    """Of 6 examples and units and 2 positions, on the three faces that one sees."""
    picture = made_picture(NormalizedLayerPicture, 960)
    picture.update(layer(kind, positions=2))
    faces = picture._block._faces.get_facecolor()[:, :3]
    found = [int((np.rint(255 * faces) == list(bytes.fromhex(color))).all(axis=1).sum()) for color in BLUES]
    assert found == [front, top, right]


def test_the_graph_shows_every_value_and_gradient():
    view = graph()
    for width in (960, 352):
        picture = made_picture(GraphPicture, width)
        picture.update(view)
        shown = [label.text.replace("−", "-") for label in picture._numbers.labels]
        for owner in (view.values, view.gradients):
            for name in NAMES:
                for number in np.ravel(getattr(owner, name)):
                    assert any(text == f"{number:.2f}" or (text == "0" and abs(number) < 0.005) for text in shown), name


def test_the_gates_are_the_graphs():
    """Each value but the given ones comes from one gate, which takes values that come before."""
    given = {"x", "gamma", "beta"}
    order = list(NAMES)
    assert set(PLACES) == set(NAMES)
    assert sorted(gate.gives for gate in GATES) == sorted(set(NAMES) - given)
    for gate in GATES:
        assert all(order.index(name) < order.index(gate.gives) for name in gate.takes)


def test_the_three_ways_add_up():
    view = graph()
    assert sum(paths_of(view.values, view.gradients)) == pytest.approx(view.gradients.x)


def test_running_lines_and_dots_are_the_numbers():
    result = running()
    picture = made_picture(RunningStatisticsPicture, 960)
    picture.update(result)
    true, line = (np.asarray(each) for each in picture._panels[0].lines.get_segments())
    assert line[:, 1] == pytest.approx(result.running_mean)
    assert true[:, 1] == pytest.approx([3.0, 3.0])
    assert picture._panels[0].dots.get_offsets()[:, 1] == pytest.approx(result.batch_mean)
    marks = picture._panels[2].marks.get_offsets()
    assert marks[:9] == pytest.approx(np.column_stack([result.noise.sizes, result.noise.mean]))


def test_curves_are_means_over_seeds_and_the_summary_their_ends():
    result = compared()
    picture = made_picture(ComparedPicture, 960)
    picture.update(result)
    pair = pairs_of(result)[1]
    assert pair.label == "lr 1"
    expected = np.mean([history.val_accuracy for history in pair.normalized], axis=0)
    lines = [np.asarray(each)[:, 1] for each in picture._curves.lines.get_segments()]
    assert lines[3] == pytest.approx(expected)
    summary = picture._aside.marks.get_offsets()
    assert summary[3] == pytest.approx([1.0, expected[-1]])


def test_gradients_are_a_geometric_mean_over_runs_that_are_finite():
    histories = compared("gradients", ("lr 0.1",)).histories
    norms = gradient_norms(histories[:2])
    each = np.array([history.layers.gradient_norm[-1] for history in histories[:2]])
    assert norms == pytest.approx(np.sqrt(each.prod(axis=0)))
    assert gradient_norms([made_history(0, evaluations=1)]) is None
