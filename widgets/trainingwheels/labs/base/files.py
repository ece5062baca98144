"""Files from the learner's disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Int, Tuple, Unicode

from trainingwheels.engine import InvalidSetting

__all__ = ["LARGEST", "Upload", "too_large"]

LARGEST = 8_000_000
"""Bytes of one upload. A Jupyter server cuts the line to a page that sends more than 10 MiB in one message."""


class Upload(anywidget.AnyWidget):
    """A button that lets the learner choose files.

    ipywidgets' own cannot tell how large a file is before it sends it, and says "(0)" after its name.

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
    together : bool
        Whether ``take`` is called once, with the list of all files, each (name, data).
    tooltip : str
        What it is for, in one short phrase.

    From code, ``value = ({"name": ..., "content": ...},)`` is what choosing files is from the page.
    """

    _esm = (Path(__file__).parent / "page" / "upload.js").read_text("utf-8")
    description = Unicode("").tag(sync=True)
    accept = Unicode("").tag(sync=True)
    multiple = Bool(False).tag(sync=True)
    tooltip = Unicode("").tag(sync=True)
    largest = Int(LARGEST).tag(sync=True)
    value: Any = Tuple(())

    def __init__(
        self,
        description: str,
        accept: str,
        take: Callable[..., None],
        *,
        multiple: bool = False,
        together: bool = False,
        tooltip: str = "",
    ) -> None:
        super().__init__(description=description, accept=accept, multiple=multiple, tooltip=tooltip)
        self._take, self._together = take, together
        self.on_msg(lambda _, content, buffers: self._sent(content, buffers))
        self.observe(lambda change: self._arrived(change.new), "value")

    def _sent(self, content: Any, buffers: Sequence[Any]) -> None:
        """The page has sent files; what does not look like them is passed over."""
        match content:
            case {"names": [*names]} if len(names) == len(buffers) and all(isinstance(name, str) for name in names):
                pairs = zip(names, buffers, strict=True)
                self.value = tuple({"name": name, "content": data} for name, data in pairs)

    def _arrived(self, files: tuple[dict[str, Any], ...]) -> None:
        if not files:
            return
        self.value = ()  # so that the same file can be chosen again
        pairs = sorted(((str(file["name"]), bytes(file["content"])) for file in files), key=lambda pair: pair[0])
        if self._together:
            self._take(pairs)
            return
        for name, content in pairs:
            self._take(name, content)


def too_large(name: str, size: int) -> InvalidSetting:
    """The one line about a file that the page has not sent."""
    return InvalidSetting(
        f"{name!r} has {size / 1e6:.1f} MB: choose a file, or files together, of at most {LARGEST / 1e6:g} MB."
    )
