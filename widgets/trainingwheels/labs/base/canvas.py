"""The browser's view of a picture: an ipympl canvas that always sends whole frames, from any thread, one at a time."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
from ipympl.backend_nbagg import Canvas, FigureManager

from trainingwheels.figures.picture import Picture
from trainingwheels.figures.png import encode
from trainingwheels.figures.theme import CSS_DPI

__all__ = ["MOVING", "LabCanvas"]

MOVING = 0.2  # seconds after a move, in which the next is likely

_BORDERS = 8  # CSS pixels that ipympl's page puts around the picture
_NARROWEST = 240.0  # CSS pixels; a page that has not been laid out yet may say less
_DENSE = 1.5  # of the screen's pixels for each of CSS, from which on a picture in motion has half of them each way
_PLAIN = 1000.0  # CSS pixels; a picture with more room is enlarged, text and all, for the last row


class LabCanvas(Canvas):  # type: ignore[misc]
    """A canvas without header, footer and toolbar that follows the width of its page.

    ``picture`` is what it shows; its figure gets this canvas. ``lock`` guards the figure: callbacks arrive on other
    threads than the worker's (JupyterLab's subshells, Voila's main thread), and matplotlib is not thread-safe.
    """

    _png_is_old: bool
    _force_full: bool

    def __init__(self, picture: Picture, lock: threading.RLock) -> None:
        self._lock = lock
        self._picture = picture
        self._page_width = self._room = 0.0
        self._zoom = self._page_ratio = 1.0
        self._moved_at = float("-inf")
        self._told_size: tuple[int, int] | None = (0, 0)  # CSS pixels before they are enlarged; None while it is told
        super().__init__(picture.figure)
        self.header_visible = self.footer_visible = self.toolbar_visible = self.resizable = False
        # Before a page is there, ipympl would keep a second, base64 copy of every frame for static export.
        self.syncing_data_url = False
        FigureManager(self, 0)

    def fit(self, page_width: float, room: float = 0.0) -> None:
        """Lay the picture out for a page of this width (CSS pixels) and show it.

        On a wide page it is enlarged, but not beyond the ``room`` that its height has there; 0 if that is not known.
        """
        with self._lock:
            changed = page_width != self._page_width or (page_width > _PLAIN and room != self._room)
            self._page_width, self._room = page_width, room
            if changed:
                self._lay_out()
                self._tell_size()

    def _lay_out(self) -> None:
        width = max(self._page_width - _BORDERS, _NARROWEST)
        self._enlarge(width, max(width / _PLAIN, 1.0))
        height = self._picture.size[1] * self._zoom
        if self._zoom > 1 and 0 < self._room < height:
            self._enlarge(width, max(self._zoom * self._room / height, 1.0))

    def _enlarge(self, width: float, zoom: float) -> None:
        self._zoom = zoom
        self._apply_zoom()
        self._picture.resize(width / zoom)

    def _apply_zoom(self) -> None:
        """A picture is laid out in CSS pixels: when it is enlarged, each is more of the screen's."""
        self.figure._set_dpi(CSS_DPI * self.device_pixel_ratio * self._zoom, forward=False)

    def _set_device_pixel_ratio(self, ratio: float) -> bool:
        self._page_ratio = ratio
        return self._draw_at(ratio)

    def _draw_at(self, ratio: float) -> bool:
        """Give each CSS pixel so many of the picture's each way; whether that is a change."""
        changed: bool = super()._set_device_pixel_ratio(ratio)
        self._apply_zoom()
        return changed

    def draw(self) -> None:
        """What ipympl asks for when its page is new or its resolution has changed."""
        self.paint()

    def draw_idle(self) -> None:
        """Draw at once: ipympl would ask its page to ask for a drawing, a round trip later."""
        self.paint()

    def moves(self) -> None:
        """The learner has just moved what the picture shows: for a moment it may be coarse on a dense screen, where it
        is there the sooner for it. ``sharpen`` must be called when it is at rest."""
        self._moved_at = time.monotonic()

    def paint(self) -> None:
        """Bring the picture up to date and send the whole frame; nothing before a page has said how wide it is.

        ipympl's difference frames are smaller, but its page drops one that comes while the last is being decoded, and
        the pixels it missed stay wrong for ever.
        """
        with self._lock:
            if not self._page_width or not self._picture.has_result:
                return
            coarse = self._page_ratio >= _DENSE and time.monotonic() < self._moved_at + MOVING
            self._draw_at(max(self._page_ratio / 2, 1.0) if coarse else self._page_ratio)
            if self._told_size is not None and self._picture.size != self._told_size:
                if self._zoom > 1 or self._page_width > _PLAIN:
                    self._lay_out()  # what fits another picture is another size
                self._tell_size()  # which paints
                return
            self._picture.render()
            self._force_full = True
            self.blit()

    def sharpen(self) -> None:
        """Send the picture with all the pixels that its page has, if the last had fewer; nothing once it is closed."""
        with self._lock:
            self._moved_at = float("-inf")
            if self.device_pixel_ratio != self._page_ratio and self.comm is not None:
                self.paint()

    def _tell_size(self) -> None:
        """Let the page make room for the picture as it is now."""
        width, height = self._picture.size
        self._told_size = None
        self.handle_resize({"width": round(width * self._zoom), "height": round(height * self._zoom)})
        self._told_size = self._picture.size

    def get_diff_image(self) -> bytes | None:
        """The whole frame as PNG."""
        with self._lock:
            if not self._png_is_old:
                return None
            self._png_is_old = self._force_full = False
            self.set_image_mode("full")
            return encode(np.asarray(self.buffer_rgba()))

    def _handle_message(self, sender: Any, content: dict[str, Any], buffers: Any) -> None:
        with self._lock:
            if "x" in content:  # a place, in the pixels of the screen
                share = self.device_pixel_ratio / self._page_ratio
                content = content | {"x": content["x"] * share, "y": content["y"] * share}
            super()._handle_message(sender, content, buffers)
            if content.get("type") == "initialized":
                self.send_state("resizable")  # the page forgets it when it builds its canvas
