"""Behaviour: what CONTRIBUTING says of a new lab is enough to open one."""

import importlib
import re
from pathlib import Path

import trainingwheels.labs

GUIDE = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text()
SECTION = re.search(r"## A new lab\n(.*?)\n## ", GUIDE, re.DOTALL).group(1).strip()
BASE = "trainingwheels.labs.base"
IMPORTS = {  # what the guide leaves out for want of room
    "pictures/dot.py": "from matplotlib.lines import Line2D\nfrom trainingwheels.figures import Picture\n",
    "double.py": f"from {BASE}.parameters import Slider\nfrom {BASE}.view import View\n"
    "from trainingwheels.labs.doubling.pictures.dot import Dot\n",
    "lab.py": f"from {BASE}.lab import Lab\nfrom trainingwheels.labs.doubling.double import Double\n",
}


def written(folder):
    """Write the guide's files into a folder of labs."""
    code = re.search(r"```python\n(.*?)```", SECTION, re.DOTALL).group(1)
    parts = re.split(r"^# labs/doubling/(\S+)\n", code, flags=re.MULTILINE)[1:]
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    assert files.keys() == IMPORTS.keys()
    for name, text in files.items():
        path = folder / "doubling" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(IMPORTS[name] + text)
        (path.parent / "__init__.py").touch()


def test_a_new_lab_takes_thirty_lines():
    assert len(SECTION.splitlines()) <= 30


def test_a_lab_written_as_the_guide_says_opens_answers_and_closes(tmp_path, monkeypatch):
    written(tmp_path)
    monkeypatch.setattr(trainingwheels.labs, "__path__", [*trainingwheels.labs.__path__, str(tmp_path)])
    lab = importlib.import_module("trainingwheels.labs.doubling.lab").Doubling(x=4.0)
    lab.settle()
    assert lab.text == "Twice 4 is 8."
    lab.x = 2.5
    lab.settle()
    assert lab.result == (2.5, 5.0)
    assert (lab.query(), lab.code(), lab.notebook) == ("x=2.5", "print(2 * 2.5)", "18-doubling.ipynb")
    lab.close()
