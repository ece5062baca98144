"""The notebooks as the classroom shows them: a title, prose as HTML, and code that stays on the server."""

import base64
import mimetypes
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = ["Cell", "Lesson", "Shelf", "find_notebooks"]

# One folder, no subfolders, nothing hidden: whatever else a URL asks for is not a lesson.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\.ipynb")
_NOTEBOOK_ONLY = "notebook-only"  # the tag of a cell that means nothing to a reader who sees no code
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp"})


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    `html` is the prose of a Markdown cell; `code` is the source of a code cell. The other one is empty.
    """

    index: int
    html: str = ""
    code: str = ""


@dataclass(frozen=True)
class Lesson:
    """A notebook read once: its file name, its first heading, and its cells."""

    name: str
    title: str
    cells: tuple[Cell, ...]

    @property
    def code(self) -> tuple[Cell, ...]:
        """The cells that run, in order."""
        return tuple(cell for cell in self.cells if cell.code)


class Shelf:
    """The folder of notebooks, in the order of their names.

    Raises `FileNotFoundError` if there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        if not self.folder.is_dir():
            raise FileNotFoundError(f"no folder of notebooks at {folder}")

    @property
    def is_ours(self) -> bool:
        """Whether these are the notebooks that came with this package."""
        with suppress(FileNotFoundError):
            return self.folder == find_notebooks().resolve()
        return False

    def names(self) -> list[str]:
        """File names of the notebooks, sorted; they are numbered, so this is the lecture's order."""
        return sorted(path.name for path in self.folder.glob("*.ipynb") if self._path(path.name))

    def read(self, name: str) -> Lesson:
        """The lesson called `name`; a file that changed on disk is read again.

        Raises `FileNotFoundError` for anything that is not a notebook directly in this folder.
        """
        path = self._path(name)
        if path is None:
            raise FileNotFoundError(f"no notebook called {name!r}")
        return _read(path, path.stat().st_mtime_ns)

    def neighbours(self, name: str) -> tuple[Lesson | None, Lesson | None]:
        """The lessons before and after `name`, None at either end."""
        names = self.names()
        here = names.index(name)
        before = self.read(names[here - 1]) if here else None
        after = self.read(names[here + 1]) if here + 1 < len(names) else None
        return before, after

    def _path(self, name: str) -> Path | None:
        path = self.folder / name
        is_lesson = _NAME.fullmatch(name) and path.is_file() and path.resolve().parent == self.folder
        return path if is_lesson else None


def find_notebooks() -> Path:
    """The notebooks that came with this package: inside the wheel, or beside the sources of a checkout.

    Raises `FileNotFoundError` if neither is there.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "notebooks", package.parents[1] / "notebooks"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("the notebooks are missing from this installation; name their folder with --notebooks")


@lru_cache(maxsize=64)
def _read(path: Path, _modified: int) -> Lesson:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    cells = tuple(
        _cell(index, cell, path.parent) for index, cell in enumerate(notebook.cells) if not _is_left_out(cell)
    )
    return Lesson(path.name, _title(notebook) or path.stem, cells)


def _cell(index: int, cell: Any, folder: Path) -> Cell:
    if cell.cell_type == "markdown":
        return Cell(index, html=_to_html(cell.source, folder))
    return Cell(index, code=cell.source.strip() if cell.cell_type == "code" else "")


def _is_left_out(cell: Any) -> bool:
    return _NOTEBOOK_ONLY in cell.metadata.get("tags", ())


def _title(notebook: Any) -> str:
    for cell in notebook.cells:
        heading = re.search(r"^#{1,6}\s+(.+?)\s*#*$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and heading:
            return re.sub(r"[*_`$]", "", heading.group(1))
    return ""


def _to_html(markdown: str, folder: Path) -> str:
    renderer = _Prose(folder)
    return str(MarkdownWithMath(renderer=renderer).render(markdown))


class _Prose(IPythonRenderer):
    """Markdown to HTML with pictures inlined, so that the server needs no folder of files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._folder = folder

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return str(super().image(text, self._inlined(url), title))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # A link that leaves the page opens beside it: following it here would end the learner's kernel.
        if url.startswith("#"):
            return str(super().link(text, url, title))
        tooltip = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(url)}" target="_blank" rel="noopener"{tooltip}>{text}</a>'

    def _inlined(self, url: str) -> str:
        path = (self._folder / url).resolve()
        kind = mimetypes.guess_type(path.name)[0] or ""
        if kind not in _PICTURES or self._folder not in path.parents or not path.is_file():
            return url
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
