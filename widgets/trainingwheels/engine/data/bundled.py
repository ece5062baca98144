"""Files that other packages bring along, read without importing those packages."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

__all__ = ["bundled_file"]


def bundled_file(package: str, path: str) -> Path | None:
    """The file ``path`` (parts joined by ``/``) in the folder of a package; None if it is not on this computer.

    To import a package for one of its files is dear: scikit-learn takes a second, and 77 MB.
    """
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    file = Path(folders[0], path) if folders else None
    return file if file and file.is_file() else None
