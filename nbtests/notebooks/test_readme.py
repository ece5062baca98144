"""The README's examples run, and say something."""

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_there_are_examples():
    assert any("trainingwheels.watch(" in example for example in EXAMPLES)
    assert any("LABS[" in example for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(example, capsys):
    names = {}
    exec(example, names)
    said = capsys.readouterr().out
    if "watcher" in names:
        assert "Gradient dL/da: std" in said
        assert names["watcher"].state == "done"
        names["watcher"].close()
    elif "print(" in example:
        assert said
