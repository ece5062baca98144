"""What each transform does to a batch of pictures, on whatever device they are: kornia's functions, and torch's.

``x`` is (n, channels, height, width) with values from 0 to 1, and so is the result; what was drawn for each picture
comes as NumPy arrays (n,), so that nothing here waits for the device.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
import torch
from kornia import enhance
from kornia.color import rgb_to_grayscale
from kornia.filters import gaussian_blur2d
from kornia.geometry.transform import get_perspective_transform, remap, warp_perspective
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import affine_grid, avg_pool2d, grid_sample, interpolate

from trainingwheels.engine.augmentation.affine import MATRICES, sampling
from trainingwheels.engine.augmentation.choosing import POSITIONS
from trainingwheels.engine.augmentation.colours import ColourComponents, colour_offset
from trainingwheels.engine.augmentation.policies import LEVELS

__all__ = ["OPERATIONS", "act", "warp"]

Floats = NDArray[np.float64]
Values = dict[str, NDArray[Any]]
ELASTIC = 1 / 16  # of the side: how far the smooth field of an elastic deformation reaches


def _on(x: Tensor, values: NDArray[Any]) -> Tensor:
    """Where the pictures are, and of their kind of numbers."""
    return torch.from_numpy(np.ascontiguousarray(values)).to(x.device, x.dtype)


def _each(x: Tensor, values: NDArray[Any]) -> Tensor:
    """One number for each picture, (n, 1, 1, 1)."""
    return _on(x, values).view(-1, 1, 1, 1)


def _size(x: Tensor) -> tuple[int, int]:
    return x.shape[2], x.shape[3]


def _is_line(x: Tensor) -> bool:
    """Whether a picture is a single row or column: nothing to turn or to bend."""
    return min(_size(x)) < 2


def some(x: Tensor, which: NDArray[np.bool_], change: Callable[[Tensor], Tensor]) -> Tensor:
    """Those of the pictures changed, the others as they are."""
    if not which.any():
        return x
    if which.all():
        return change(x)
    places = torch.from_numpy(np.flatnonzero(which)).to(x.device)
    return x.index_copy(0, places, change(x.index_select(0, places)))


# Geometry ------------------------------------------------------------------------------------------------------------


def warp(x: Tensor, matrices: Floats) -> Tensor:
    """Pictures (pictures, channels, height, width) under affine maps (pictures, 3, 3), bilinear, black outside.

    It is one interpolation for any product of maps. The grids of all pictures are one product of matrices, a plane for
    each coordinate, as the interpolation reads them fastest.
    """
    if _is_line(x):
        return x
    places = _pixels(_size(x), x.device, x.dtype)
    grids = _on(x, sampling(matrices, _size(x))).view(-1, 3) @ places  # (pictures * 2, pixels)
    return grid_sample(x, grids.view(-1, 2, *_size(x)).permute(0, 2, 3, 1), align_corners=True)


@lru_cache(maxsize=16)
@torch.inference_mode(False)
def _pixels(size: tuple[int, int], device: torch.device, dtype: torch.dtype) -> Tensor:
    """Where they lie from -1 to 1: x, y and 1 of each, (3, pixels)."""
    height, width = size
    across, down = (torch.linspace(-1, 1, pixels, device=device, dtype=dtype) for pixels in (width, height))
    return torch.stack([across.repeat(height), down.repeat_interleave(width), torch.ones_like(across).repeat(height)])


def flip(x: Tensor, applied: NDArray[np.bool_]) -> Tensor:
    return torch.where(_each(x, applied).bool(), x.flip(-1), x)


def flip_vertical(x: Tensor, applied: NDArray[np.bool_]) -> Tensor:
    return torch.where(_each(x, applied).bool(), x.flip(-2), x)


def perspective(x: Tensor, **corners: Floats) -> Tensor:
    if _is_line(x):
        return x
    height, width = _size(x)
    right, bottom = width - 1.0, height - 1.0
    start = np.tile([[0, 0], [right, 0], [right, bottom], [0, bottom]], (len(x), 1, 1))
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [right / 2, bottom / 2]
    moved = np.stack([corners[f"{axis}{i}"] for i in range(4) for axis in "xy"], 1).reshape(-1, 4, 2) * inwards
    H = get_perspective_transform(_on(x, start), _on(x, start + moved))
    return warp_perspective(x, H, _size(x), align_corners=True)


def lens(x: Tensor, k: Floats) -> Tensor:
    if _is_line(x):
        return x
    height, width = _size(x)
    across, down = (torch.linspace(-1, 1, size, device=x.device, dtype=x.dtype) for size in (width, height))
    square = (across[None, :] ** 2 + down[:, None] ** 2) / 2  # 1 in the corners, which stay where they are
    strength = _each(x, k)[:, 0]
    factor = (1 + strength * square) / (1 + strength)
    return remap(x, factor * across, factor * down[:, None], align_corners=True, normalized_coordinates=True)


def elastic(x: Tensor, strength: Floats, field: Floats) -> Tensor:
    if _is_line(x):
        return x
    noise = _on(x, field)
    sigma = ELASTIC * min(_size(noise))
    reach = 2 * min(math.ceil(3 * sigma), min(_size(noise)) - 1) + 1
    # A smoothed field has the standard deviation 1 / (2 sigma sqrt(pi)); the sampling grid is 2 wide.
    smooth = gaussian_blur2d(noise, (reach, reach), (sigma, sigma)) * _each(
        x, 4 * sigma * math.sqrt(math.pi) * strength
    )
    moved = interpolate(smooth, _size(x), mode="bilinear", align_corners=True)
    straight = affine_grid(torch.eye(2, 3, device=x.device, dtype=x.dtype)[None], [1, 1, *_size(x)], align_corners=True)
    return grid_sample(x, straight + moved.permute(0, 2, 3, 1), align_corners=True)


# Colour --------------------------------------------------------------------------------------------------------------


def brightness(x: Tensor, factor: Floats) -> Tensor:
    """As :func:`kornia.enhance.adjust_brightness_accumulative`, without its checks, which take as long."""
    return (x * _each(x, factor)).clamp_(0, 1)


def contrast(x: Tensor, factor: Floats) -> Tensor:
    """As :func:`kornia.enhance.adjust_contrast_with_mean_subtraction`."""
    mean = (rgb_to_grayscale(x) if x.shape[1] == 3 else x).mean((1, 2, 3), keepdim=True)
    return torch.lerp(mean, x, _each(x, factor)).clamp_(0, 1)


def color(x: Tensor, factor: Floats) -> Tensor:
    """A picture without colours stays as it is."""
    return enhance.adjust_saturation_with_gray_subtraction(x, _on(x, factor)) if x.shape[1] == 3 else x


def hue(x: Tensor, degrees: Floats) -> Tensor:
    return enhance.adjust_hue(x, _on(x, np.radians(degrees))) if x.shape[1] == 3 else x


def gamma(x: Tensor, gamma: Floats) -> Tensor:
    return enhance.adjust_gamma(x, _on(x, gamma), torch.ones(len(x), device=x.device, dtype=x.dtype))


def pca(x: Tensor, alpha1: Floats, alpha2: Floats, alpha3: Floats, components: ColourComponents) -> Tensor:
    if x.shape[1] != 3:
        return x
    offset = colour_offset(components, np.stack([alpha1, alpha2, alpha3], 1))
    return (x + _on(x, offset)[:, :, None, None]).clamp(0, 1)


def grayscale(x: Tensor, applied: NDArray[np.bool_]) -> Tensor:
    return some(x, applied, lambda part: rgb_to_grayscale(part).expand_as(part) if part.shape[1] == 3 else part)


def invert(x: Tensor, applied: NDArray[np.bool_]) -> Tensor:
    return torch.where(_each(x, applied).bool(), 1 - x, x)


def solarize(x: Tensor, threshold: Floats) -> Tensor:
    """As :func:`kornia.enhance.solarize`."""
    return torch.where(x < _each(x, threshold), x, 1 - x)


def posterize(x: Tensor, bits: Floats) -> Tensor:
    """As :func:`kornia.enhance.posterize`, which shifts integers and takes three times as long."""
    step = _each(x, 2 ** (8 - bits))
    steps = (255 * x).floor_().div_(step).floor_().mul_(step / 255)
    return steps if (bits < 8).all() else torch.where(step > 1, steps, x)


def equalize(x: Tensor, applied: NDArray[np.bool_]) -> Tensor:
    """A picture of fewer pixels than there are levels stays as it is, in kornia's program as in the authors'."""
    return x if x.shape[2] * x.shape[3] < 256 else some(x, applied, enhance.equalize)


def auto_contrast(x: Tensor, applied: NDArray[np.bool_]) -> Tensor:
    return some(x, applied, _stretched)


def _stretched(x: Tensor) -> Tensor:
    """As :func:`kornia.enhance.normalize_min_max`, but a plane of one value stays, as in the authors' program."""
    low = x.amin((2, 3), keepdim=True)
    range_ = x.amax((2, 3), keepdim=True).sub_(low)
    return torch.where(range_ == 0, x, (x - low).div_(range_.clamp_(min=1e-12)))


# Blur, noise and holes -----------------------------------------------------------------------------------------------


def sharpness(x: Tensor, factor: Floats) -> Tensor:
    """As :func:`kornia.enhance.sharpness`, whose smoothing is 9 times the mean of 3 x 3 pixels and 4 times the one in
    their middle; kornia's convolution takes three times as long."""
    if min(_size(x)) < 3:
        return x
    smooth, inside = x.clone(), x[..., 1:-1, 1:-1]
    smooth[..., 1:-1, 1:-1] = (9 * avg_pool2d(x, 3, 1) + 4 * inside).div_(13)
    return torch.lerp(smooth, x, _each(x, factor)).clamp_(0, 1)


def blur(x: Tensor, sigma: Floats) -> Tensor:
    short = min(_size(x))
    pixels = np.maximum(sigma * short, 1e-3)  # a Gaussian of no width has no weights
    reach = 2 * min(math.ceil(3 * float(pixels.max())), short - 1) + 1
    widths = torch.from_numpy(pixels)[:, None].expand(-1, 2)  # on the host, or kornia waits for the device
    return gaussian_blur2d(x, (reach, reach), widths)


def noise(x: Tensor, std: Floats, field: Floats) -> Tensor:
    return torch.addcmul(x, _on(x, field), _each(x, std)).clamp(0, 1)


def salt_pepper(x: Tensor, share: Floats, field: Floats) -> Tensor:
    limit = np.array([-NormalDist().inv_cdf(q / 2) if q > 0 else np.inf for q in share])
    field_, limit_ = _on(x, field), _each(x, limit)
    return torch.where(field_ > limit_, 1.0, torch.where(field_ < -limit_, 0.0, x)).to(x.dtype)


def erase(x: Tensor, height: Floats, width: Floats, top: Floats, left: Floats) -> Tensor:
    rows, columns = _inside(x, top, height, x.shape[2]), _inside(x, left, width, x.shape[3])
    return x.masked_fill(rows[:, None, :, None] & columns[:, None, None, :], 0)


def _inside(x: Tensor, start: Floats, length: Floats, size: int) -> Tensor:
    """Which of ``size`` pixels lie from a share of the size on, for a share of it: (n, size)."""
    first, last = np.round(start * size), np.round((start + length) * size)
    places = np.arange(size)
    inside = (places >= first[:, None]) & (places < last[:, None])
    return torch.from_numpy(inside).to(x.device)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "flip": flip,
    "flip_vertical": flip_vertical,
    "perspective": perspective,
    "lens": lens,
    "elastic": elastic,
    "brightness": brightness,
    "contrast": contrast,
    "color": color,
    "hue": hue,
    "gamma": gamma,
    "pca": pca,
    "grayscale": grayscale,
    "invert": invert,
    "solarize": solarize,
    "posterize": posterize,
    "equalize": equalize,
    "auto_contrast": auto_contrast,
    "sharpness": sharpness,
    "blur": blur,
    "noise": noise,
    "salt_pepper": salt_pepper,
    "erase": erase,
}


WITHOUT = ("invert", "equalize", "auto_contrast")  # a strength: they act or not
MAPS = tuple(name for name in LEVELS if name in MATRICES)
GROUPS = {
    name: place for place, name in enumerate(("", *(name for name in LEVELS if name not in MATRICES), *MAPS))
}  # of what a policy chooses: nothing, the others, and the affine maps


# Several of them -----------------------------------------------------------------------------------------------------


def act(x: Tensor, drawn: Sequence[tuple[str, Values]], components: ColourComponents) -> Tensor:
    """All that was drawn, (name, parameters of each picture), in order; neighbouring affine maps as one."""
    maps: list[Floats] = []
    for name, values in drawn:
        if name in MATRICES:
            maps.append(MATRICES[name](_size(x), **values))
            continue
        x, maps = _warped(x, maps), []
        if POSITIONS[0] in values:
            x = _chosen(x, values)
        else:
            x = OPERATIONS[name](x, **values, **({"components": components} if name == "pca" else {}))
    return _warped(x, maps)


def _warped(x: Tensor, maps: Sequence[Floats]) -> Tensor:
    """The maps one after the other; each says where from, so the last one is asked first."""
    if not maps:
        return x
    whole = maps[0]
    for each in maps[1:]:
        whole = whole @ each
    return warp(x, whole)


def _chosen(x: Tensor, values: Values) -> Tensor:
    """A policy: at each position every picture has an operation of its own.

    Pictures of equal operations stand side by side, and each group is changed at once; they go from the groups of one
    position to those of the next, and back to their places at the end.
    """
    back = np.arange(len(x))  # where each picture is
    for position in POSITIONS:
        if position not in values:
            continue
        groups = np.fromiter(map(GROUPS.__getitem__, values[position].tolist()), np.uint8, len(x))
        sizes = np.bincount(groups, minlength=len(GROUPS))
        if sizes[0] == len(x):
            continue
        order = np.argsort(groups, kind="stable")
        x = _grouped(x.index_select(0, _place(x, back[order])), sizes, values[f"{position}_value"][order])
        back[order] = np.arange(len(x))
    return x.index_select(0, _place(x, back))


def _place(x: Tensor, places: NDArray[np.intp]) -> Tensor:
    return torch.from_numpy(places).to(x.device)


def _grouped(x: Tensor, sizes: NDArray[np.intp], strengths: Floats) -> Tensor:
    """Pictures in the order of GROUPS, so many of each; all affine maps are one interpolation."""
    ends = np.cumsum(sizes)
    still = len(x) - int(sizes[-len(MAPS) :].sum())
    parts, matrices = [x[: sizes[0]]], []
    for name, start, end in zip((*GROUPS,)[1:], ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        if start == end:
            continue
        own = strengths[start:end]
        if name in MATRICES:
            matrices.append(MATRICES[name](_size(x), own))
        else:
            parts.append(OPERATIONS[name](x[start:end], np.ones(len(own), bool) if name in WITHOUT else own))
    if matrices:
        parts.append(warp(x[still:], np.concatenate(matrices)))
    return torch.cat(parts)
