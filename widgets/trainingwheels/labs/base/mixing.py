"""Cutout, mixup and CutMix as choices of labs: how strong each is."""

from __future__ import annotations

from typing import Any

from trainingwheels.labs.base.parameters import LogSlider, WholeSlider

__all__ = ["CUT_PARTS", "cut_pixels", "cutmix_alpha", "cutout_side", "mixup_alpha"]

CUT_PARTS = 8  # an image's side is cut in eighths: a pixel each of the digits


def cutout_side(when: Any) -> WholeSlider:
    """The side of cutout's square."""
    return WholeSlider(
        0, CUT_PARTS, 3, label="cutout side", unit="eighths", when=when, hides=True,
        help="side of the square, in eighths of the image's side: pixels of the digits",
    )  # fmt: skip


def cut_pixels(eighths: int, side: int) -> int:
    """The same in pixels of an image whose shorter side has so many."""
    return eighths * side // CUT_PARTS


def mixup_alpha(when: Any) -> LogSlider:
    """Of the distribution of mixup's shares."""
    return LogSlider(
        0.05, 20.0, 1.0, step=0.05, label="mixup α", when=when, hides=True,
        help="of Beta(alpha, alpha): small takes mostly one image, large blends half and half",
    )  # fmt: skip


def cutmix_alpha(when: Any) -> LogSlider:
    """Of the distribution of the area of CutMix's box."""
    return LogSlider(
        0.05, 20.0, 1.0, step=0.05, label="CutMix α", when=when, hides=True,
        help="of Beta(alpha, alpha), from which the box's area is drawn",
    )  # fmt: skip
