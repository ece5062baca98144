"""Histories and views with known numbers, and pictures to show them in. Nothing is trained."""

import itertools

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trainingwheels.engine import History, LayerCurves, RunConfig
from trainingwheels.figures.plane import Plane, plane_points
from trainingwheels.labs.train_a_net.pictures.samples import Samples
from trainingwheels.labs.train_a_net.pictures.training import TrainingView


def made_history(steps=100, *, evaluations=11, seed=0, level=1.0, diverged_at=None, failed="", **config):
    """A run of which ``steps`` of 140 (20 epochs of 7) are done: the loss falls from ``level``, with noise."""
    config = RunConfig(**{"dataset": "spirals", "hidden": (8, 8), "epochs": 20, "seed": seed} | config)
    rng = np.random.default_rng(seed)
    at = np.arange(1, steps + 1)
    train_loss = (level * np.exp(-at / 60) * rng.uniform(0.7, 1.3, steps)).astype(np.float32)
    moments = np.unique(np.linspace(0, steps, evaluations).round().astype(int)) if evaluations else np.empty(0, int)
    val_loss = (level * np.exp(-moments / 90)).astype(np.float32)
    if diverged_at is not None:
        train_loss[diverged_at - 1 :] = np.nan
        val_loss[moments >= diverged_at] = np.inf
    measured = moments[moments > 0]
    layers = len(config.hidden)
    hidden = np.linspace(0.3, 1.2, len(measured) * layers, dtype=np.float32).reshape(len(measured), layers)
    ratio = np.full((len(measured), layers + 1), 2e-3, np.float32) * (1 + np.arange(layers + 1, dtype=np.float32))
    extent = np.stack([np.zeros_like(hidden), 2 * hidden], axis=-1)
    density = np.zeros((len(measured), layers, 4), np.uint8) + np.array([255, 200, 100, 20], np.uint8)
    curves = LayerCurves(measured, hidden, hidden, hidden / 2, hidden / 4, ratio, ratio, extent, density)
    accuracy = (1 - 0.6 * np.exp(-moments / 50)).astype(np.float32)
    rates = np.full(steps, 0.1, np.float32)
    return History(
        config=config,
        steps_per_epoch=7,
        steps=at,
        train_loss=train_loss,
        lr=rates,
        eval_steps=moments,
        val_loss=val_loss,
        val_accuracy=accuracy - 0.05,
        train_accuracy=accuracy,
        clean_accuracy=accuracy,
        batch_accuracy=accuracy,
        test_accuracy=np.full_like(accuracy, np.nan),
        layers=curves,
        failed=failed,
    )


def made_plane(units=(8, 8), resolution=16, seed=0, weights=False):
    """A plane with three sectors of random size, and ``weights`` of the net where asked for."""
    rng = np.random.default_rng(seed)
    extent = (-1.0, 1.0, -1.0, 1.0)
    scores = plane_points(extent, resolution) @ rng.normal(size=(2, 3)) * 4
    e = np.exp(scores)
    hidden = [rng.normal(size=(resolution**2, count)) for count in units]
    X, y = rng.uniform(-0.9, 0.9, (30, 2)), np.arange(30) % 3
    shapes = zip((*units, 3), (2, *units), strict=True) if weights else ()
    drawn = [rng.normal(size=shape) for shape in shapes]
    return Plane(extent, e / e.sum(axis=1, keepdims=True), hidden, X, y, X[::2], y[::2], drawn)


def made_samples(count=16, seed=0):
    """Images of noise, every third of which is taken for something else."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    return Samples(rng.uniform(size=(count, 8, 8)), labels, labels + (np.arange(count) % 3 == 0), np.full(count, 0.9))


def made_view(*histories, plane=True, **other):
    """A view of these histories (or one), with a plane unless told otherwise."""
    histories = histories or (made_history(),)
    labels = tuple(f"lr {10.0**-place:g}" for place in range(len(histories)))
    return TrainingView(histories, labels, plane=made_plane() if plane else None, **other)


def made_picture(kind, width=1040, ratio=1):
    figure = Figure(dpi=96 * ratio)
    FigureCanvasAgg(figure)
    return kind(figure, width)


def pixels(shown):
    shown.render()
    return np.asarray(shown.figure.canvas.buffer_rgba()).copy()


def check_texts(shown):
    """No label leaves the picture or overlaps another; letters reach from 2 below their line to 8 above it."""
    boxes = []
    for label in shown._texts.labels:
        width = shown._texts.width(label.text)
        left = label.x - label.anchor * width
        boxes.append((left, label.y - 2, left + width, label.y + 8, label.text))
    for left, bottom, right, top, text in boxes:
        assert 0 <= left <= right <= shown.size[0], text
        assert 0 <= bottom <= top <= shown.size[1], text
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def check_numbers(shown):
    """No number and no name at an axis is cut off where the part ends that is drawn with it."""
    pixel = shown.figure.dpi / 96
    for axes, (left, bottom, right, top) in shown.parts.items():
        for axis in (axes.xaxis, axes.yaxis):
            if axes.get_visible() and (box := axis.get_tightbbox(shown.figure.canvas.get_renderer())) is not None:
                begins, ends = box.min / pixel - (left, bottom), (right, top) - box.max / pixel
                assert min(*begins, *ends) > -1, [label.get_text() for label in axis.get_ticklabels()]
