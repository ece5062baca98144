"""Transforms that move pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from trainingwheels.engine.augmentation.transform import (
    CUBUK,
    SLIDE,
    Shape,
    Transform,
    chance,
    did,
    either_way,
    factor,
    said,
)
from trainingwheels.engine.shares import in_percent

__all__ = ["GEOMETRY"]


def _say_shift(v: dict[str, Any], shape: Shape) -> str:
    _, height, width = shape
    parts = [f"{'→' if v['right'] >= 0 else '←'} {abs(v['right']) * width:.1f}"] if "right" in v else []
    parts += [f"{'↓' if v['down'] >= 0 else '↑'} {abs(v['down']) * height:.1f}"] if "down" in v else []
    return " ".join(parts) + " px"


def _smooth_field(shape: Shape) -> Shape:
    """Two displacements for every pixel, or for each of so many as a smooth field needs."""
    apart = max(1, min(shape[1:]) // 32)
    return 2, *(-(-size // apart) for size in shape[1:])


GEOMETRY = (
    Transform(
        "flip", "horizontal flip", "geometry", "probability", 1, 0.5, 1,
        chance, did("mirrored"),
        "Mirrors left and right with this probability.",
        r"x'_{ij} = x_{i, W-1-j}", "the lecture, horizontal flips",
    ),
    Transform(
        "flip_vertical", "vertical flip", "geometry", "probability", 1, 0.5, 1,
        chance, did("upside down"),
        "Mirrors top and bottom with this probability.",
        r"x'_{ij} = x_{H-1-i, j}", SLIDE,
    ),
    Transform(
        "crop", "random crop and scale", "geometry", "of the side", 0.9, 0.3, 3,
        lambda u, m: {"side": 1 - m * u[:, 0], "left": u[:, 1], "top": u[:, 2]},
        said("crop {side:.0f} %", side=100),
        "Takes a window whose side is at most this share smaller, anywhere, and brings it back to full size.",
        r"s \sim U(1 - m, 1)", "the lecture, random crops and scales; He et al., 2016",
    ),
    Transform(
        "translate", "translation", "geometry", "of the side", 1, 0.1, 2,
        lambda u, m: {"right": either_way(u[:, 0], m), "down": either_way(u[:, 1], m)},
        _say_shift,
        "Shifts by up to this share of the width and of the height; what comes in is black.",
        r"(x, y) \mapsto (x + t_x W, y + t_y H),\ t \sim U(-m, m)", SLIDE,
    ),
    Transform(
        "translate_x", "translation sideways", "geometry", "of the width", 1, 0.2, 1,
        lambda u, m: {"right": either_way(u[:, 0], m)},
        _say_shift,
        "Shifts sideways by up to this share of the width; what comes in is black.",
        r"x \mapsto x + t W,\ t \sim U(-m, m)", CUBUK,
    ),
    Transform(
        "translate_y", "translation up and down", "geometry", "of the height", 1, 0.2, 1,
        lambda u, m: {"down": either_way(u[:, 0], m)},
        _say_shift,
        "Shifts up or down by up to this share of the height; what comes in is black.",
        r"y \mapsto y + t H,\ t \sim U(-m, m)", CUBUK,
    ),
    Transform(
        "rotate", "rotation", "geometry", "degrees", 180, 15, 1,
        lambda u, m: {"degrees": either_way(u[:, 0], m)},
        said("{degrees:+z.0f}°"),
        "Turns about the centre by up to this angle, either way.",
        r"R(\varphi),\ \varphi \sim U(-m, m)", SLIDE,
    ),
    Transform(
        "zoom", "scale", "geometry", "larger", 1, 0.25, 1,
        lambda u, m: {"factor": factor(u[:, 0], m)},
        said("×{factor:.2f}"),
        "Makes larger or smaller about the centre, by a factor of up to 1 + m.",
        r"(x, y) \mapsto s (x, y),\ \ln s \sim U(-\ln(1+m), \ln(1+m))", "the lecture, random crops and scales",
    ),
    Transform(
        "stretch", "stretching", "geometry", "wider", 1, 0.25, 1,
        lambda u, m: {"factor": factor(u[:, 0], m)},
        said("width ×{factor:.2f}"),
        "Makes wider and lower, or narrower and higher, by a factor of up to 1 + m.",
        r"(x, y) \mapsto (s x, y / s)", SLIDE,
    ),
    Transform(
        "shear_x", "shear sideways", "geometry", "pixels a row", 1, 0.3, 1,
        lambda u, m: {"shear": either_way(u[:, 0], m)},
        said("shear {shear:+z.2f}"),
        "Moves each row sideways by up to m times how far it lies from the middle.",
        r"x \mapsto x + s y,\ s \sim U(-m, m)", SLIDE,
    ),
    Transform(
        "shear_y", "shear up and down", "geometry", "pixels a column", 1, 0.3, 1,
        lambda u, m: {"shear": either_way(u[:, 0], m)},
        said("shear {shear:+z.2f}"),
        "Moves each column up or down by up to m times how far it lies from the middle.",
        r"y \mapsto y + s x,\ s \sim U(-m, m)", SLIDE,
    ),
    Transform(
        "perspective", "perspective", "geometry", "of half the side", 0.9, 0.4, 8,
        lambda u, m: {f"{axis}{i}": m * u[:, 2 * i + k] for i in range(4) for k, axis in enumerate("xy")},
        lambda v, shape: f"corners in by {in_percent(float(np.mean([*v.values()])) / 2)}",
        "Moves each corner inwards by up to this share of half the side.",
        r"(x, y, 1)^T \mapsto H (x, y, 1)^T", SLIDE,
    ),
    Transform(
        "lens", "lens distortion", "geometry", "", 0.5, 0.3, 1,
        lambda u, m: {"k": either_way(u[:, 0], m)},
        lambda v, shape: f"{'barrel' if v['k'] > 0 else 'cushion'} {abs(v['k']):.2f}",
        "Bends straight lines as a lens does: outwards like a barrel, or inwards like a cushion.",
        r"r = r' (1 + k r'^2) / (1 + k),\ k \sim U(-m, m)", SLIDE,
    ),
    Transform(
        "elastic", "elastic", "geometry", "of the side", 0.1, 0.03, 1,
        lambda u, m: {"strength": m * u[:, 0]},
        said("elastic {strength:.1f} %", strength=100),
        "Moves each pixel by a smooth random field, whose spread is up to this share of the side.",
        r"x' = x + \sigma\, G * n", "Simard et al., 2003", _smooth_field,
    ),
)  # fmt: skip
