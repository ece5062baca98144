"""A pipeline of transforms as a function of a plain script: kornia's, with the numbers that the engine draws."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.augmentation.choosing import CHOICES
from trainingwheels.engine.augmentation.pipelines import Steps
from trainingwheels.engine.augmentation.policies import LEVELS, POLICIES, TOP
from trainingwheels.engine.augmentation.transforms import TRANSFORMS
from trainingwheels.engine.signals.noise import Role

__all__ = ["augmenting", "imports", "prepared"]

PREPARED = {
    "none": "x",
    "centre": "x - mean",
    "centre_channels": "x - mean",
    "normalize": "(x - mean) / std",
    "pca": "(x - mean) @ axes",
    "whiten": "(x - mean) @ axes * scale",
}
AFFINE = """\
def affine(x, right=0, down=0, wide=1, high=1, degrees=0, shear_x=0, shear_y=0):  # pixels to pixels, a matrix each
    H, W = x.shape[-2:]
    pairs = (right, down), ((W - 1) / 2, (H - 1) / 2), (wide, high)
    pairs = [np.stack([np.broadcast_to(value, len(x)) for value in pair], 1) for pair in pairs]
    angles = [np.broadcast_to(-np.asarray(a), len(x)) for a in (degrees, np.arctan(shear_x), np.arctan(shear_y))]
    return get_affine_matrix2d(*(torch.tensor(value, dtype=x.dtype) for value in (*pairs, *angles)))


def warp(x, M):
    return warp_affine(x, M[:, :2], x.shape[-2:])"""
WHERE = """\
def where(chosen, a, b):  # one or the other, picture by picture
    return torch.where(torch.tensor(chosen)[:, None, None, None], a, b)"""
NUMBERS = """\
def tensor(values):
    return torch.tensor(values, dtype=torch.get_default_dtype())


def each(values):  # one for each picture
    return tensor(values)[:, None, None, None]"""
AUTO_CONTRAST = """\
def auto_contrast(x):  # each colour from black to white; a plane of one value stays
    low, high = x.amin((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)
    return torch.where(high > low, (x - low) / (high - low).clamp(min=1e-12), x)"""
OPERATIONS = """\
OPERATIONS = {
    "shear_x": lambda x, v: warp(x, affine(x, shear_x=v)),
    "shear_y": lambda x, v: warp(x, affine(x, shear_y=v)),
    "translate_x": lambda x, v: warp(x, affine(x, right=v * x.shape[3])),
    "translate_y": lambda x, v: warp(x, affine(x, down=v * x.shape[2])),
    "rotate": lambda x, v: warp(x, affine(x, degrees=v)),
    "auto_contrast": lambda x, v: auto_contrast(x),
    "invert": lambda x, v: 1 - x,
    "equalize": lambda x, v: enhance.equalize(x),
    "solarize": lambda x, v: enhance.solarize(x, torch.tensor(v, dtype=x.dtype)),
    "posterize": lambda x, v: enhance.posterize(x, int(v)),
    "contrast": lambda x, v: enhance.adjust_contrast_with_mean_subtraction(x, v),
    "color": lambda x, v: enhance.adjust_saturation_with_gray_subtraction(x, v),
    "brightness": lambda x, v: enhance.adjust_brightness_accumulative(x, v),
    "sharpness": lambda x, v: enhance.sharpness(x, v),
}
SIGNED = ["shear_x", "shear_y", "translate_x", "translate_y", "rotate"]"""

# What is between this picture and the one before: x is (n, channels, H, W), u uniform numbers (n, ...), z normal ones.
MATRICES = {
    "translate": "right={m} * (2 * u[:, 0] - 1) * W, down={m} * (2 * u[:, 1] - 1) * H",
    "translate_x": "right={m} * (2 * u[:, 0] - 1) * W",
    "translate_y": "down={m} * (2 * u[:, 0] - 1) * H",
    "rotate": "degrees={m} * (2 * u[:, 0] - 1)",
    "zoom": "wide=(1 + {m}) ** (2 * u[:, 0] - 1), high=(1 + {m}) ** (2 * u[:, 0] - 1)",
    "stretch": "wide=(1 + {m}) ** (2 * u[:, 0] - 1), high=(1 + {m}) ** (1 - 2 * u[:, 0])",
    "shear_x": "shear_x={m} * (2 * u[:, 0] - 1)",
    "shear_y": "shear_y={m} * (2 * u[:, 0] - 1)",
    "crop": "right=right, down=down, wide=larger, high=larger",
}
CROP = [
    "larger = 1 / (1 - {m} * u[:, 0])",
    "right, down = ((0.5 - u[:, 1 + i]) * (larger - 1) * (size - 1) for i, size in enumerate((W, H)))",
]
LINES = {
    "flip": ["x = where(u[:, 0] < {m}, x.flip(-1), x)"],
    "flip_vertical": ["x = where(u[:, 0] < {m}, x.flip(-2), x)"],
    "perspective": [
        "corners = np.tile([[0.0, 0.0], [W - 1, 0], [W - 1, H - 1], [0, H - 1]], (len(x), 1, 1))",
        "inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [(W - 1) / 2, (H - 1) / 2]",
        "M = get_perspective_transform(tensor(corners), tensor(corners + {m} * u.reshape(-1, 4, 2) * inwards))",
        "x = warp_perspective(x, M, (H, W), align_corners=True)",
    ],
    "lens": [
        "k = each({m} * (2 * u[:, 0] - 1))[:, 0]",
        "across, down = (torch.linspace(-1, 1, size, dtype=x.dtype) for size in (W, H))",
        "down = down[:, None]",
        "factor = (1 + k * (across**2 + down**2) / 2) / (1 + k)",
        "x = remap(x, factor * across, factor * down, align_corners=True, normalized_coordinates=True)",
    ],
    "elastic": [
        "sigma = min(z.shape[-2:]) / 16",
        "reach = 2 * min(int(np.ceil(3 * sigma)), min(z.shape[-2:]) - 1) + 1",
        "smooth = gaussian_blur2d(tensor(z), (reach, reach), (sigma, sigma)) * 2 * sigma * np.pi**0.5  # of spread 1",
        'move = F.interpolate(smooth, (H, W), mode="bilinear", align_corners=True) * 2 * each({m} * u[:, 0])',
        "straight = F.affine_grid(torch.eye(2, 3, dtype=x.dtype)[None], [1, 1, H, W], align_corners=True)",
        "x = F.grid_sample(x, straight + move.permute(0, 2, 3, 1), align_corners=True)",
    ],
    "brightness": ["x = enhance.adjust_brightness_accumulative(x, tensor(1 + {m} * (2 * u[:, 0] - 1)))"],
    "contrast": ["x = enhance.adjust_contrast_with_mean_subtraction(x, tensor(1 + {m} * (2 * u[:, 0] - 1)))"],
    "color": ["x = enhance.adjust_saturation_with_gray_subtraction(x, tensor(1 + {m} * (2 * u[:, 0] - 1)))"],
    "hue": ["x = enhance.adjust_hue(x, tensor(np.radians({m} * (2 * u[:, 0] - 1))))"],
    "gamma": ["x = enhance.adjust_gamma(x, tensor((1 + {m}) ** (2 * u[:, 0] - 1)), torch.ones(len(x), dtype=x.dtype))"],
    "pca": ["x = (x + tensor(({m} * z.astype(float) * eigenvalues) @ eigenvectors)[:, :, None, None]).clamp(0, 1)"],
    "grayscale": ["x = where(u[:, 0] < {m}, rgb_to_grayscale(x).expand_as(x), x)"],
    "invert": ["x = where(u[:, 0] < {m}, 1 - x, x)"],
    "solarize": ["x = enhance.solarize(x, tensor((1 - {m} * u[:, 0]) * 256 / 255))"],
    "posterize": ["x = enhance.posterize(x, torch.tensor(8 - np.floor(({whole} + 1) * u[:, 0])).long())"],
    "equalize": ["x = where(u[:, 0] < {m}, enhance.equalize(x), x)"],
    "auto_contrast": ["x = where(u[:, 0] < {m}, auto_contrast(x), x)"],
    "sharpness": ["x = enhance.sharpness(x, tensor(1 + {m} * (2 * u[:, 0] - 1)))"],
    "blur": [
        "sigma = np.maximum({m} * u[:, 0] * min(H, W), 1e-3)",
        "reach = 2 * min(int(np.ceil(3 * sigma.max())), min(H, W) - 1) + 1",
        "x = gaussian_blur2d(x, (reach, reach), tensor(np.stack([sigma, sigma], 1)))",
    ],
    "noise": ["x = (x + each({m} * u[:, 0]) * tensor(z)).clamp(0, 1)"],
    "salt_pepper": [
        "limit, spots = each([NormalDist().inv_cdf(1 - {m} * share / 2) for share in u[:, 0]]), tensor(z)",
        "x = torch.where(spots > limit, 1.0, torch.where(spots < -limit, 0.0, x))",
    ],
    "erase": [
        "area, aspect = {m} * u[:, 0], 3.3 ** (2 * u[:, 1] - 1)",
        "high, wide = np.minimum((area * aspect) ** 0.5, 1), np.minimum((area / aspect) ** 0.5, 1)",
        "top, left = u[:, 2] * (1 - high), u[:, 3] * (1 - wide)",
        "ends = np.round(np.stack([top * H, (top + high) * H, left * W, (left + wide) * W], 1)).astype(int)",
        "for picture, (first, last, start, end) in zip(x, ends):",
        "    picture[:, first:last, start:end] = 0",
    ],
}
AUTO = """\
for place, numbers in enumerate(u):
    if numbers[1] < {m}:
        sub = {policy}[int(numbers[0] * len({policy}))]
        for (name, chance, value), (luck, sign) in zip(sub, numbers[2:].reshape(2, 2)):
            if luck < chance:
                value = -value if name in SIGNED and sign < 0.5 else value
                x[place : place + 1] = OPERATIONS[name](x[place : place + 1], value)"""
ANY = """\
for place, numbers in enumerate(u):
    for luck, {others} in numbers.reshape(-1, {count}):
        name = NAMES[int(luck * len(NAMES))]
        if name:
            way = 1 if sign < 0.5 else -1
            value = 1 + way * {distance} if {strength} is None else {strength}
            value = way * value if name in SIGNED else value
            x[place : place + 1] = OPERATIONS[name](x[place : place + 1], value)"""
WIDE = """\
def wide(name, share):  # TrivialAugment's strengths; None is a factor, on either side of 1
    match name:
        case "shear_x" | "shear_y":
            return 0.99 * share
        case "rotate":
            return 135 * share
        case "solarize":
            return (256 - np.floor(256 * share)) / 255
        case "posterize":
            return 8 - np.round(6 * share)
        case "contrast" | "color" | "brightness" | "sharpness":
            return None
    return share"""


def imports(steps: Steps) -> list[str]:
    """What the pipeline needs, sorted as one sorts imports: standard library first."""
    names, text = [name for name, _ in steps], "\n".join(_function(steps))
    chosen = any(TRANSFORMS[name].kind == "policy" for name in names)
    geometry = ["get_affine_matrix2d", "warp_affine"] if chosen or any(name in MATRICES for name in names) else []
    geometry += [each for each in ("get_perspective_transform", "warp_perspective", "remap") if each in text]
    found = ["from statistics import NormalDist"] if "NormalDist" in text else []
    found += ["import torch.nn.functional as F"] if "F." in text else []
    found += ["from kornia import enhance"] if chosen or "enhance." in text else []
    found += ["from kornia.color import rgb_to_grayscale"] if "rgb_to_grayscale" in text else []
    found += ["from kornia.filters import gaussian_blur2d"] if "gaussian_blur2d" in text else []
    if "pca" in names:
        found.append("from trainingwheels.engine.augmentation import colour_components")
    return found + ([f"from kornia.geometry.transform import {', '.join(sorted(geometry))}"] if geometry else [])


def prepared(preprocessing: str, shape: tuple[int, ...]) -> list[str]:
    """``changed(chosen)``: the pictures of these numbers after ``augment``, preprocessed as the set was."""
    return [
        "",
        "def changed(chosen):  # these pictures as a step sees them: changed, then preprocessed as the set was",
        "    x = torch.tensor(pictures[chosen], dtype=torch.get_default_dtype())",
        f"    x = augment(x.view(-1, {', '.join(map(str, shape))})).flatten(1).numpy()",
        f"    return torch.tensor({PREPARED[preprocessing]}, dtype=torch.get_default_dtype())",
        "",
    ]


def augmenting(steps: Steps) -> list[str]:
    """``augment(x)``: what the pipeline makes of pictures, with what it needs.

    It draws from ``rng(place, role, piece)``, and for "pca" reads ``eigenvalues`` and ``eigenvectors``.
    """
    names, text = {name for name, _ in steps}, "\n".join(_function(steps))
    chosen = any(TRANSFORMS[name].kind == "policy" for name in names)
    helpers = [AFFINE] if chosen or names & {*MATRICES} else []
    helpers += [NUMBERS] if any(word in text for word in (" tensor(", "(tensor(", "each(")) else []
    helpers += [WHERE] if "where(u" in text else []
    helpers += [AUTO_CONTRAST] if chosen or "auto_contrast" in names else []
    helpers += [OPERATIONS] if chosen else []
    helpers += [_tables(names)] if chosen else []
    helpers += [WIDE] if "trivial_augment" in names else []
    sources = f"rng(place, {Role.AUGMENT:d}, 0), rng(place, {Role.AUGMENT:d}, 1)"
    drawn = f"augment_draws = [({sources}) for place in range({len(steps)})]"
    return [
        "",
        drawn,
        *(line for helper in helpers for line in ("", "", *helper.splitlines())),
        "",
        "",
        *_function(steps),
        "",
    ]


def _tables(names: set[str]) -> str:
    """The policies that are needed, with the strengths that their levels stand for."""
    found = []
    for name in sorted(names):
        policy = name.removeprefix("auto_")
        if TRANSFORMS[name].kind == "policy" and policy in POLICIES:
            lines = [
                [(step, chance, _strength(step, level)) for step, chance, level in sub] for sub in POLICIES[policy]
            ]
            found.append(
                "\n".join([f"{policy.upper()} = [", *(f"    {line},".replace("'", '"') for line in lines), "]"])
            )
    if names & {"rand_augment", "trivial_augment"}:
        found.append("\n".join(["NAMES = [", *(f'    "{name}",' for name in CHOICES), "]"]))
    return "\n".join(found)


def _strength(name: str, level: float) -> float:
    value = LEVELS[name].value
    return 1.0 if value is None else round(float(value(level)), 12)


def _function(steps: Steps) -> list[str]:
    lines = ["def augment(x):  # (pictures, channels, height, width), values from 0 to 1", "    H, W = x.shape[-2:]"]
    composed = False
    for place, (name, magnitude) in enumerate(steps):
        lines += ["", f"    # {TRANSFORMS[name].label}, {magnitude:g}"]
        lines += ["    " + line for line in _draws(place, name)]
        if name in MATRICES:
            lines += ["    " + line for line in _map(name, magnitude, composed)]
            composed = place + 1 < len(steps) and steps[place + 1][0] in MATRICES
            lines += [] if composed else ["    x = warp(x, M)"]
        else:
            lines += ["    " + line for line in _lines(name, magnitude)]
    return [*lines, "    return x"]


def _draws(place: int, name: str) -> list[str]:
    transform, lines = TRANSFORMS[name], []
    if transform.numbers:
        lines.append(f"u = augment_draws[{place}][0].random((len(x), {transform.numbers}))")
    match name:
        case "noise":
            shape = "x.shape"
        case "salt_pepper":
            shape = "(len(x), 1, H, W)"
        case "pca":
            shape = "(len(x), 3)"
        case "elastic":
            lines.append("apart = max(1, min(H, W) // 32)  # a smooth field needs no number for every pixel")
            shape = "(len(x), 2, -(-H // apart), -(-W // apart))"
        case _:
            return lines
    return [*lines, f"z = augment_draws[{place}][1].standard_normal({shape}, dtype=np.float32)"]


def _map(name: str, m: float, composed: bool) -> list[str]:
    side = [line.format(m=m) for line in CROP] if name == "crop" else []
    matrix = f"affine(x, {MATRICES[name].format(m=m)})"
    return [*side, f"M = {matrix} @ M" if composed else f"M = {matrix}"]


def _lines(name: str, m: float) -> Sequence[str]:
    if name in LINES:
        return [line.format(m=m, whole=int(m)) for line in LINES[name]]
    if name.removeprefix("auto_") in POLICIES:
        return ["x = x.clone()", *AUTO.format(m=m, policy=name.removeprefix("auto_").upper()).splitlines()]
    if name == "rand_augment":
        strengths = {each: _rand(each, m) for each in CHOICES if each}
        return [
            "x = x.clone()",
            f"strengths = {strengths}".replace("'", '"'),
            *ANY.format(others="sign", count=2, distance=0.9 * m / TOP, strength="strengths[name]").splitlines(),
        ]
    distance, strength = f"0.99 * {m} * share", f"wide(name, {m} * share)"
    return [
        "x = x.clone()",
        *ANY.format(others="share, sign", count=3, distance=distance, strength=strength).splitlines(),
    ]


def _rand(name: str, level: float) -> float | None:
    """RandAugment's strength; None is a factor."""
    operation = LEVELS[name]
    value = operation.rand or operation.value
    return None if operation.unit == "factor" else 1.0 if value is None else float(value(level))
