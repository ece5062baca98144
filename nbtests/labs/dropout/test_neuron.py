"""One neuron: the script's numbers are the lab's."""

import pytest

from nbtests.labs.using import run


@pytest.mark.parametrize("settings", [{}, {"keep": 0.3, "x": -1.5, "w2": 2.5, "inputs": 5, "seed": 4}])
def test_the_script(make, settings):
    lab = make(show="neuron", **settings)
    names, result = run(lab), lab.result
    assert names["means"] == pytest.approx([result.two.mean, result.many.mean])
    assert names["wholes"] == pytest.approx([result.two.whole, result.many.whole])
    assert names["stds"] == pytest.approx([result.two.std, result.many.std])
