"""Pipelines of transforms as a short plain script: kornia's own classes, and what the lab drew from its seed."""

from __future__ import annotations

import math
from collections.abc import Callable

from trainingwheels.engine.augmentation import TRANSFORMS
from trainingwheels.engine.augmentation.pipelines import Steps
from trainingwheels.engine.data.photographs import PHOTOGRAPHS

__all__ = ["OWN", "PHOTOGRAPHS_FROM", "picture_code", "pipeline_script", "pixels_code", "sorted_imports"]

OFFSET = '''\
class ColourOffset(torch.nn.Module):
    """AlexNet's: the same colour for all pixels of a picture, along the principal directions of ImageNet's."""

    def __init__(self, std):
        super().__init__()
        self.std = std

    def forward(self, x):
        values, vectors = (torch.from_numpy(each).float() for each in IMAGENET)
        alpha = self.std * torch.randn(len(x), 3)
        return (x + ((alpha * values) @ vectors)[:, :, None, None]).clamp(0, 1)


'''
LENS = '''\
class Lens(torch.nn.Module):
    """Bends straight lines: r = r' (1 + k r'^2) / (1 + k)."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def forward(self, x):
        down, across = torch.meshgrid(*(torch.linspace(-1, 1, size) for size in x.shape[-2:]), indexing="ij")
        k = self.most * (2 * torch.rand(len(x), 1, 1) - 1)
        factor = (1 + k * (across**2 + down**2) / 2) / (1 + k)
        places = torch.stack([factor * across, factor * down], dim=-1)
        return torch.nn.functional.grid_sample(x, places, align_corners=True)


'''
OWN = "own"


def _affine(**how: Callable[[float], str]) -> Callable[[float], str]:
    def write(m: float) -> str:
        settings = {"degrees": "0", **{name: value(m) for name, value in how.items()}}
        return f"K.RandomAffine({', '.join(f'{name}={value}' for name, value in settings.items())}, p=1)"

    return write


def _number(value: float) -> str:
    return f"{value:.6g}"


def _times(m: float) -> str:
    return f"({_number(1 / (1 + m))}, {_number(1 + m)})"


def _turned(m: float) -> str:
    """A shear as kornia has it, in degrees."""
    degrees = _number(math.degrees(math.atan(m)))
    return f"-{degrees}, {degrees}"


def _kernel(side: str) -> str:
    return f"2 * math.ceil(3 * {side}) + 1"


KORNIA: dict[str, Callable[[float], str]] = {
    "flip": lambda m: f"K.RandomHorizontalFlip(p={m:g})",
    "flip_vertical": lambda m: f"K.RandomVerticalFlip(p={m:g})",
    "crop": lambda m: (
        f'K.RandomResizedCrop(x.shape[-2:], scale=({_number((1 - m) ** 2)}, 1), ratio=(1, 1), cropping_mode="resample")'
    ),
    "translate": _affine(translate=lambda m: f"({m:g}, {m:g})"),
    "translate_x": _affine(translate=lambda m: f"({m:g}, 0)"),
    "translate_y": _affine(translate=lambda m: f"(0, {m:g})"),
    "rotate": lambda m: f"K.RandomAffine(degrees={_number(m)}, p=1)",
    "zoom": _affine(scale=_times),
    "stretch": _affine(scale=lambda m: f"{_times(m)[:-1]}, {_times(m)[1:]}"),
    "shear_x": _affine(shear=lambda m: f"({_turned(m)})"),
    "shear_y": _affine(shear=lambda m: f"(0, 0, {_turned(m)})"),
    "perspective": lambda m: f"K.RandomPerspective({m:g}, p=1)",
    "lens": lambda m: f"Lens({m:g})",
    "elastic": lambda m: (
        f"K.RandomElasticTransform((2 * (side // 8) + 1,) * 2, (side / 16,) * 2, "
        f"({_number(0.384 * m)} * side,) * 2, p=1)"
    ),  # 2 sqrt(3 pi) / 16: of half the spread that there is at most
    "brightness": lambda m: f"K.ColorJitter(brightness={m:g})",
    "contrast": lambda m: f"K.ColorJitter(contrast={m:g})",
    "color": lambda m: f"K.ColorJitter(saturation={m:g})",
    "hue": lambda m: f"K.RandomHue((-{_number(m / 360)}, {_number(m / 360)}))",
    "gamma": lambda m: f"K.RandomGamma({_times(m)})",
    "pca": lambda m: f"ColourOffset({m:g})",
    "grayscale": lambda m: f"K.RandomGrayscale(p={m:g})",
    "invert": lambda m: f"K.RandomInvert(p={m:g})",
    "solarize": lambda m: f"K.RandomSolarize(({_number(1 - m)}, 1.0), 0.0, p=1)",
    "posterize": lambda m: f"K.RandomPosterize(({8 - m:g}, 8), p=1)",
    "equalize": lambda m: f"K.RandomEqualize(p={m:g})",
    "auto_contrast": lambda m: f"K.RandomAutoContrast(p={m:g})",
    "sharpness": lambda m: f"K.RandomSharpness({_number(m)}, p=1)",
    "blur": lambda m: f"K.RandomGaussianBlur({_kernel(f'{m:g} * side')}, (1e-3, {m:g} * side + 2e-3), p=1)",
    "noise": lambda m: f"K.RandomGaussianNoise(std={_number(m / 2)}, p=1)",
    "salt_pepper": lambda m: f"K.RandomSaltAndPepperNoise((0.0, {_number(m)}), 0.5, p=1)",
    "erase": lambda m: f"K.RandomErasing((0.0, {_number(m)}), (0.3, 3.3), p=1)",
    "auto_lecture": lambda m: "K.auto.AutoAugment(POLICY)",
    "auto_cifar10": lambda m: 'K.auto.AutoAugment("cifar10")',
    "auto_svhn": lambda m: 'K.auto.AutoAugment("svhn")',
    "rand_augment": lambda m: f"K.auto.RandAugment(n=2, m={max(1, round(3 * m))})",
    "trivial_augment": lambda m: "K.auto.TrivialAugment()",
}
"""kornia's nearest to each transform: the same ranges where it has them, numbers of its own."""


PHOTOGRAPHS_FROM = "from trainingwheels.engine.data.photographs import PHOTOGRAPHS"


def pixels_code(name: str) -> str:
    """Lines that leave ``pixels``, uint8 of shape (height, width, 3), of a photograph."""
    if name == OWN:
        return 'pixels = np.asarray(Image.open("own.jpg").convert("RGB"))  # your file\n'
    return f'pixels = PHOTOGRAPHS["{name}"].load()\n'


_SQUARE = """\
size = min(pixels.shape[:2])
top, left = (pixels.shape[0] - size) // 2, (pixels.shape[1] - size) // 2
middle = Image.fromarray(pixels[top : top + size, left : left + size])
x = np.asarray(middle.resize((224, 224), Image.Resampling.BICUBIC), np.float32) / 255
x = torch.from_numpy(x.transpose(2, 0, 1).copy())[None]  # (1, channels, height, width), values 0 to 1
"""
_EXAMPLE = """\
data = load_dataset("{name}")
x = torch.from_numpy(data.X_val[{place}].copy()).view(1, *data.dataset.shape)  # values 0 to 1
"""


def picture_code(picture: str, place: int) -> tuple[list[str], str]:
    """Imports, and lines that leave ``x``, a tensor (1, channels, height, width), values 0 to 1: a photograph, or the
    example ``place`` of a data set."""
    if picture in PHOTOGRAPHS or picture == OWN:
        imports = ["import numpy as np", "import torch", "from PIL import Image"]
        return imports + [PHOTOGRAPHS_FROM] * (picture != OWN), pixels_code(picture) + _SQUARE
    imports = ["import torch", "from trainingwheels.engine import load_dataset"]
    return imports, _EXAMPLE.format(name=picture, place=place)


def pipeline_script(steps: Steps, seed: int, picture: str, place: int = 0) -> str:
    """A pipeline of ``steps`` on a photograph, or on the example ``place`` of a data set: sixteen samples."""
    imports, load = picture_code(picture, place)
    imports.append("import kornia.augmentation as K")
    layers = [KORNIA[name](magnitude) for name, magnitude in steps]
    text = "\n".join(layers)
    names = ["augment", *(name for name in ("IMAGENET",) if "ColourOffset" in text)]
    if "side" in text:
        load += "side = min(x.shape[-2:])\n"
    if "math." in text:
        imports.insert(0, "import math")
    if "POLICY" in text:
        names.append("POLICIES")
        load += _LECTURE
    imports.append(f"from trainingwheels.engine.augmentation import {', '.join(sorted(names))}")
    own = "\n" * ("ColourOffset" in text or "Lens" in text)
    own += OFFSET * ("ColourOffset" in text) + LENS * ("Lens" in text)
    lines = "".join(
        f"    {layer},  # {TRANSFORMS[name].label}\n" for layer, (name, _) in zip(layers, steps, strict=True)
    )
    drawn = ", ".join(f'("{name}", {magnitude:g})' for name, magnitude in steps)
    return (
        f"{sorted_imports(imports)}\n\n{own}{load}\n"
        "# kornia's classes draw from these ranges, with numbers of their own.\n"
        f"torch.manual_seed({seed})\n"
        f"pipeline = torch.nn.Sequential(\n{lines})\n"
        "samples = pipeline(x.expand(16, 3, -1, -1))\n"
        'print("kornia:", tuple(samples.shape), "mean", samples.mean().item())\n\n'
        "# What the lab shows: the same transforms, drawn from its seed.\n"
        f"shown = augment(x.expand(16, -1, -1, -1), [{drawn}], seed={seed})\n"
        "for place in range(16):\n"
        '    print(f"sample {place + 1}:", ", ".join(shown.words(place)))\n'
    )


_LECTURE = """\
POLICY = [list(sub) for sub in POLICIES["lecture"]]
"""


def sorted_imports(imports: list[str]) -> str:
    """Python's own first, ours last, with a line between."""
    groups = (
        [line for line in imports if line == "import math"],
        [line for line in imports if line != "import math" and "trainingwheels" not in line],
        [line for line in imports if "trainingwheels" in line],
    )
    return "\n\n".join("\n".join(sorted(group, key=_order)) for group in groups if group)


def _order(line: str) -> tuple[bool, str]:
    return not line.startswith("import"), line
