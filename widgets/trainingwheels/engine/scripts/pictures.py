"""Crops and colours of one photograph as short plain scripts: Pillow and NumPy, and the lecture's rules."""

from __future__ import annotations

from trainingwheels.engine.data.photographs import PHOTOGRAPHS
from trainingwheels.engine.scripts.augmentation import OWN, PHOTOGRAPHS_FROM, picture_code, pixels_code, sorted_imports

__all__ = ["colour_script", "crops_script", "policy_script"]

_TRAINING = """
for draw in range(5):
    rng = np.random.default_rng(({seed}, draw))
    L = int(rng.integers(256, 481))  # 1. pick L in [256, 480]
    scale = L / min(pixels.shape[:2])
    height, width = (max(L, round(side * scale)) for side in pixels.shape[:2])
    resized = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)  # 2. short side = L
    top, left = int(rng.integers(0, height - 223)), int(rng.integers(0, width - 223))
    patch = np.asarray(resized)[top : top + 224, left : left + 224]  # 3. a random patch
    print(f"L = {{L}}, from ({{left}}, {{top}}), {{224**2 / (height * width):.0%}} in sight")
"""
_TEST = """
crops = []
for L in (224, 256, 384, 480, 640):
    scale = L / min(pixels.shape[:2])
    height, width = (max(L, round(side * scale)) for side in pixels.shape[:2])
    resized = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR))
    bottom, right = height - 224, width - 224
    for top, left in ((0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)):
        patch = resized[top : top + 224, left : left + 224]
        crops += [patch, patch[:, ::-1]]  # and its mirror image
crops = np.stack(crops)
print(crops.shape, "to be asked about, and their answers averaged")
"""
_COMPONENTS = """
X = x.reshape(-1, 3).astype(np.float64)
values, vectors = np.linalg.eigh(np.cov(X.T, bias=True))
values, vectors = values[::-1].clip(0), vectors.T[::-1]  # the largest first, a direction a row
vectors = vectors * np.sign(vectors[np.arange(3), np.abs(vectors).argmax(axis=1)])[:, None]  # eigh leaves signs open
print("eigenvalues", values.round(4), "of ImageNet", (0.2175, 0.0188, 0.0045))
"""
_OFFSETS = """
alpha = {strength:g} * np.random.default_rng({seed}).standard_normal((5, 3))
offsets = (alpha * values) @ vectors  # alpha_i lambda_i p_i, the same for all pixels of a picture
samples = [np.clip(picture + offset, 0, 1) for offset in offsets]
print("offsets, of 255", (255 * offsets).round().astype(int).tolist())
"""
_JITTERS = """
rng = np.random.default_rng({seed})
rng.standard_normal((5, 3))
factors = 1 + {strength:g} * rng.uniform(-1, 1, (5, 2))
mean = picture.mean()
samples = [np.clip(((picture - mean) * contrast + mean) * brightness, 0, 1) for contrast, brightness in factors]
print("contrast, brightness", factors.round(2).tolist())
"""
_MIDDLE = """\
size = min(pixels.shape[:2])
top, left = (pixels.shape[0] - size) // 2, (pixels.shape[1] - size) // 2
picture = pixels[top : top + size, left : left + size] / np.float32(255)
"""


def crops_script(photograph: str, seed: int | None) -> str:
    """ResNet's five training crops drawn from ``seed``, or, without one, the fifty crops of its test."""
    imports = ["import numpy as np", "from PIL import Image", *([PHOTOGRAPHS_FROM] if photograph != OWN else [])]
    body = _TEST if seed is None else _TRAINING.format(seed=seed)
    return f"{sorted_imports(imports)}\n\n{pixels_code(photograph)}{body}"


def colour_script(photograph: str, images: str, jitter: str, strength: float, seed: int) -> str:
    """The principal directions of the colours of ``images``, a set or a photograph, and five samples of a photograph.

    ``jitter`` is "pca" or "simple".
    """
    of_set = images not in PHOTOGRAPHS and images != OWN
    imports = ["import numpy as np"] + ["from PIL import Image"] * (photograph == OWN)
    names = ["IMAGE_SETS"] * of_set + ["PHOTOGRAPHS"] * (photograph != OWN)
    imports.append(f"from trainingwheels.engine.data.photographs import {', '.join(names)}")
    load = (
        f'images = IMAGE_SETS["{images}"].load().train  # (images, channels, height, width), values 0 to 1\n'
        "x = np.moveaxis(images, 1, -1)\nx = np.broadcast_to(x, (*x.shape[:-1], 3))\n"
        if of_set
        else "x = picture\n"
    )
    change = (_OFFSETS if jitter == "pca" else _JITTERS).format(strength=strength, seed=seed)
    return f"{sorted_imports(imports)}\n\n{pixels_code(photograph)}{_MIDDLE}{load}{_COMPONENTS}{change}"


_SUBPOLICIES = """
for number, sub in enumerate(POLICIES["{policy}"], 1):
    steps = [f"{{LEVELS[name].published}} {{chance}}, {{level}}" for name, chance, level in sub]
    print(f"sub-policy {{number}}:", "; ".join(steps))
"""
_DRAWN = """
# One sub-policy or operation for each picture, drawn from the seed.
found = augment(x.expand(15, -1, -1, -1), [("{name}", {magnitude:g})], seed={seed})
for place in range(15):
    print(f"picture {{place + 1}}:", *found.words(place))
"""


def policy_script(name: str, magnitude: float, seed: int, picture: str, place: int) -> str:
    """An automatic policy, its sub-policies if it has any, and fifteen pictures that it has changed."""
    imports, load = picture_code(picture, place)
    policy = name.removeprefix("auto_")
    names = "LEVELS, POLICIES, augment" if name != policy else "augment"
    imports.append(f"from trainingwheels.engine.augmentation import {names}")
    table = _SUBPOLICIES.format(policy=policy) if name != policy else ""
    drawn = _DRAWN.format(name=name, magnitude=magnitude, seed=seed)
    return f"{sorted_imports(imports)}\n\n{load}{table}{drawn}"
