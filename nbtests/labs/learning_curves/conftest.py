"""Labs of learning curves that are closed when their test ends, and what the tests do with one."""

from functools import partial

import pytest

from trainingwheels.labs.base.kept_runs import KEPT
from trainingwheels.labs.learning_curves.lab import LearningCurves

CSV = b"step,loss,val_loss,val_accuracy\n" + b"".join(
    b"%d,%.3f,%.3f,%.3f\n" % (step, 2 / step, 2.1 / step, 1 - 0.8 / step) for step in range(1, 40)
)


@pytest.fixture
def curves(settled):
    KEPT.forget()
    yield partial(settled, LearningCurves)
    KEPT.forget()


def act(lab, action, place, value):
    lab._table._handle_custom_msg({"action": action, "place": place, "value": value}, [])
    lab.settle()


def names(lab):
    return [row["name"] for row in lab._table.rows]


def cell(lab, column, place=0):
    return lab._table.rows[place]["cells"][lab._table.columns.index(column)]
