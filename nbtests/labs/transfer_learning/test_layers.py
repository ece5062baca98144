"""Which layers: four places, each with as many ways as there are layers and one; the best is said to be the best."""

import numpy as np
import pytest

from nbtests.labs.transfer_learning.conftest import QUICK
from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.labs.transfer_learning.layers import FAMILIES

SETTINGS = {"show": "layers", "family": "digits"} | {name: QUICK[name] for name in ("width", "steps", "nets")}


def test_the_table_is_what_was_trained(make):
    lab = make(**SETTINGS)
    assert "Not trained yet: 2 nets for each of 4 ways" in lab.text
    result = trained(lab)
    histories = lab.view.in_hand.snapshot.histories
    family = FAMILIES["digits"]
    assert [(cell.target, cell.count) for cell in result.cells] == [
        (target, count) for target in (family.similar, family.different) for count in (4, 128)
    ]
    for place, cell in enumerate(result.cells):
        assert cell.accuracies.shape == (4, 2)
        for way, accuracies in enumerate(cell.accuracies):
            mine = histories[8 * place + 2 * way : 8 * place + 2 * way + 2]
            np.testing.assert_array_equal(accuracies, [history.val_accuracy[-1] for history in mine])
            config = mine[0].config
            assert (config.dataset, config.per_class) == (cell.target, cell.count)
            assert config.frozen == (3 - way if way else 0)
        means = cell.accuracies.mean(axis=1)
        assert means[cell.best] == means[1:].max()
        said = numbers(f"({cell.target}), {cell.count} labels of each class: transfer is best if", lab.text)
        assert said == []
    changed = numbers("Transfer changes it by # points", lab.text)
    first = result.cells[0].accuracies
    assert changed == pytest.approx([100 * (first[result.cells[0].best] - first[0]).mean()], abs=0.06)
    assert len(run(lab)["losses"]) == len(histories[2].steps)


def test_equal_numbers_of_labels_are_no_trouble(make):
    lab = make(**SETTINGS, little=4, much=4)
    assert lab.state == "idle"
    assert len(lab.result.cells) == 4
