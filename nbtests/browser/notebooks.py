"""Small notebooks for what the real ones must never do."""

from __future__ import annotations

from pathlib import Path

import nbformat

__all__ = ["LAB", "write_notebook", "write_one_lab"]

LAB = "03-weight-initialization.ipynb"


def write_notebook(folder: Path, name: str, *cells: str) -> str:
    """Write a notebook into ``folder``: cells that begin with ``#`` and a blank are Markdown, all others code."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}  # else JupyterLab would ask for one
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for source in cells:
        new_cell = nbformat.v4.new_markdown_cell if source.startswith("# ") else nbformat.v4.new_code_cell
        notebook.cells.append(new_cell(source))
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / name)
    return name


def write_one_lab(folder: Path) -> Path:
    """A folder of notebooks with one lab, LAB, for a server that need not prepare all of them."""
    notebooks = folder / "notebooks"
    code = "from trainingwheels.labs import WeightInitialization\n\nWeightInitialization()"
    write_notebook(notebooks, LAB, "# Weight initialization\n\nOne lab.", code)
    return notebooks
