"""A layer and a graph with known numbers, and the labels of a picture that has no Texts."""

import numpy as np

from trainingwheels.engine.batchnorm import NORMALIZATIONS, forward
from trainingwheels.engine.signals.batch_statistics import SHAPES, draw_activations
from trainingwheels.labs.batch_normalization.pictures.computation_graph import GraphView
from trainingwheels.labs.batch_normalization.pictures.normalization import NormalizedLayer

WIDTHS = [1400, 960, 870, 869, 700, 640, 639, 352, 320]


def layer(kind="batch", shape="mixed", mean=3.0, positions=1, gamma=1.0, beta=0.0):
    x = draw_activations(shape, mean, 2.0, 64, positions, 0)
    graph = forward(x, gamma, beta, axes=NORMALIZATIONS[kind].axes)
    names = [law.name for law in SHAPES[shape].laws]
    each = np.full(4, gamma), np.full(4, beta)
    return NormalizedLayer(x, graph.x_hat, graph.y, names, NORMALIZATIONS[kind], *each, 1e-5)


def graph(x1=3.0, gamma=2.0, upstream=1.0):
    values = forward(np.array([[x1], [-1.0], [2.0], [0.0]]), gamma, 1.0)
    return GraphView(values, values.backward(np.array([[upstream], [-0.5], [0.25], [0.5]])), 1e-5)


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
