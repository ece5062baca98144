"""Files from the learner's disk."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from trainingwheels.engine import InvalidSetting

__all__ = ["LARGEST", "Upload", "too_large"]

LARGEST = 8_000_000
"""Bytes of one upload. A Jupyter server cuts the line to a page that sends more than 10 MiB in one message."""


class Upload(w.FileUpload):  # type: ignore[misc]
    """A button that lets the learner choose files.

    Parameters
    ----------
    description : str
        What the button says.
    accept : str
        What the file chooser offers, for example ``".csv,image/png"``. What comes may be anything.
    take : callable (name, data) -> None
        Called with each file's name and content, in the order of their names. A lab passes it through its ``_guarded``.
    multiple : bool
        Whether several files may be chosen at once.
    """

    def __init__(
        self, description: str, accept: str, take: Callable[[str, bytes], None], *, multiple: bool = False
    ) -> None:
        super().__init__(description=description, accept=accept, multiple=multiple)
        self._take = take
        self.observe(lambda change: self._arrived(change.new), "value")

    def _arrived(self, files: tuple[dict[str, object], ...]) -> None:
        if not files:
            return
        self.value = ()  # so that the same file can be chosen again
        for file in sorted(files, key=lambda file: str(file["name"])):
            self._take(str(file["name"]), bytes(file["content"]))  # type: ignore[call-overload]


def too_large(name: str, size: int) -> InvalidSetting:
    """The one line about a file that the page has not sent."""
    return InvalidSetting(
        f"{name!r} has {size / 1e6:.1f} MB: choose a file, or files together, of at most {LARGEST / 1e6:g} MB."
    )
