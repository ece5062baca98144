"""Every lab has a notebook of the common shape that runs."""

import re
from pathlib import Path

import nbformat
import pytest

from nbtests.fresh import run_cells
from trainingwheels.labs import LABS

REPOSITORY = Path(__file__).parents[2]
SKELETON = ["## What to try", "## What you should have seen", "## The code", "## Sources"]
MOST_CODE = 10  # lines a cell


@pytest.fixture(params=LABS.values(), ids=LABS.keys())
def lab(request):
    return request.param


@pytest.fixture
def notebook(lab):
    return nbformat.read(REPOSITORY / "notebooks" / lab.notebook, as_version=4)


def test_no_notebook_is_without_a_lab():
    names = {path.name for path in (REPOSITORY / "notebooks").glob("*.ipynb")}
    assert names == {lab.notebook for lab in LABS.values()}


def test_a_notebook_has_the_common_shape(lab, notebook):
    nbformat.validate(notebook)
    first, second = notebook.cells[:2]
    assert first.source.startswith(f"# {lab.title}\n")
    assert "?" in first.source, "it begins with a question"
    assert f"{lab.__name__}()" in second.source
    headings = [line for cell in notebook.cells for line in cell.source.splitlines() if line.startswith("## ")]
    assert headings == SKELETON
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= MOST_CODE
            assert not cell.outputs
            # A training loop of the learner's own is the one thing that cannot stand elsewhere.
            logic = (
                "def|class|while|if" if "notebook-only" in cell.metadata.get("tags", ()) else "def|class|for|while|if"
            )
            assert not re.search(rf"^\s*({logic}) ", cell.source, re.MULTILINE), "logic belongs elsewhere"


def test_a_notebook_runs(notebook, tmp_path):
    run_cells(*(cell.source for cell in notebook.cells if cell.cell_type == "code"), folder=tmp_path)
