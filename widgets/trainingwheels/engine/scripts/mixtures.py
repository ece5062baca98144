"""One picture mixed with others, by cutout, mixup and CutMix, as a short plain script."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.scripts.augmentation import OWN, PHOTOGRAPHS_FROM, sorted_imports

__all__ = ["mix_script"]

_SQUARE = """\
def square(pixels):
    size = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - size) // 2, (pixels.shape[1] - size) // 2
    middle = Image.fromarray(pixels[top : top + size, left : left + size])
    return np.asarray(middle.resize((224, 224), Image.Resampling.BICUBIC)).transpose(2, 0, 1) / 255


"""
_EXAMPLES = """\
data = load_dataset("{name}")
places = {places}
x = data.X_val[places].reshape(-1, *data.dataset.shape).astype(float)  # values 0 to 1
names = [f"class {{label}}" for label in data.y_val[places]]
"""
_BODIES = {
    "mixup": """\
    lam = betaincinv({strength:g}, {strength:g}, rng.random())  # a draw from Beta, one for the batch
    samples.append(lam * x[:1] + (1 - lam) * x[1:])
    print(f"batch {{batch + 1}}: {{lam:.2f}} {{names[0]}}, {{1 - lam:.2f}} of", ", ".join(names[1:]))
""",
    "cutmix": """\
    side = np.sqrt(1 - betaincinv({strength:g}, {strength:g}, rng.random()))
    tall, wide = int(height * side), int(width * side)
    top, left = int(rng.random() * height) - tall // 2, int(rng.random() * width) - wide // 2
    box = ..., slice(max(top, 0), max(top + tall, 0)), slice(max(left, 0), max(left + wide, 0))
    mixed = x[:1].repeat(len(x) - 1, axis=0)
    mixed[box] = x[1:][box]
    samples.append(mixed)
    share = 1 - mixed[box][0, 0].size / (height * width)  # what is left in sight: the border clips a box
    print(f"batch {{batch + 1}}: {{share:.2f}} {{names[0]}}, {{1 - share:.2f}} of", ", ".join(names[1:]))
""",
    "cutout": """\
    cut = x[:1].repeat(len(x) - 1, axis=0)
    side = {strength:g} * min(height, width) // 8
    for picture in cut:
        top, left = (rng.random(2) * (height, width)).astype(int) - side // 2
        picture[:, max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)] = 0  # the label stays
    samples.append(cut)
    print(f"batch {{batch + 1}}: {{(cut == 0).all(axis=1).mean():.1%}} is black")
""",
}


def mix_script(method: str, strength: float, seed: int, pictures: Sequence[str], places: Sequence[int] = ()) -> str:
    """The first picture mixed with each of the others, in three batches: leaves them in the list ``samples``.

    ``pictures`` are photographs; or it is one data set, and ``places`` are those of its examples. ``strength`` is
    alpha, or the eighths of the side that cutout takes.
    """
    imports = ["import numpy as np", *["from scipy.special import betaincinv"] * (method != "cutout")]
    if places:
        imports.append("from trainingwheels.engine import load_dataset")
        load = _EXAMPLES.format(name=pictures[0], places=list(places))
    else:
        imports += ["from PIL import Image", PHOTOGRAPHS_FROM]
        names = ", ".join(f'"{name}"' for name in pictures)
        loaded = "PHOTOGRAPHS[name].load() for name in names"
        if pictures[0] == OWN:
            load = f'{_SQUARE}own = np.asarray(Image.open("own.jpg").convert("RGB"))  # your file\n'
            loaded = f"own, *({loaded}[1:])"
        else:
            load = _SQUARE
        load += (
            f"names = [{names}]\nloaded = [{loaded}]\n"
            "x = np.stack([square(pixels) for pixels in loaded])  # (n, channels, height, width), values 0 to 1\n"
        )
    loop = "samples = []\nfor batch in range(3):\n    rng = np.random.default_rng(({seed}, batch))\n{body}"
    body = _BODIES[method].format(strength=strength)
    return f"{sorted_imports(imports)}\n\n{load}height, width = x.shape[2:]\n" + loop.format(seed=seed, body=body)
