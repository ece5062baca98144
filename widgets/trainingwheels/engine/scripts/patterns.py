"""Training with noise, five steps of each method, as short plain NumPy scripts in the lecture's notation."""

from __future__ import annotations

__all__ = ["pattern_script"]

_STEPS = """\
drawn = []
for step in range(1, 6):
    rng = np.random.default_rng(({seed}, step))
"""
_PHOTOGRAPHS = """\
from trainingwheels.engine.data.photographs import IMAGE_SETS

x, names = IMAGE_SETS["photographs"].load().shown, IMAGE_SETS["photographs"].load().names
"""
_DIGITS = """\
from trainingwheels.engine import load_dataset

data = load_dataset("digits")
places = [np.flatnonzero(data.y_val == digit)[0] for digit in (3, 8, 0, 1, 7, 5)]
x, names = data.X_val[places].reshape(-1, 1, 8, 8), [str(digit) for digit in (3, 8, 0, 1, 7, 5)]
"""
_LABELS = """\
y = np.eye(len(x))  # each image of a class of its own
"""
_TWO_LAYERS = """\
relu = lambda z: np.maximum(0, z)
W1, W2, W3 = (np.random.default_rng(0).standard_normal(shape) for shape in ((8, 5), (8, 8), (4, 8)))
x = np.ones(5)
"""

_METHODS = {
    "dropout": (
        _TWO_LAYERS + "p = {strength}  # of dropping; the lecture's p is 1 - p\n",
        """\
    m = rng.random(16) >= p
    h1 = m[:8] * relu(W1 @ x) / (1 - p)
    h2 = m[8:] * relu(W2 @ h1) / (1 - p)
    scores = W3 @ h2
    drawn.append(16 - m.sum())
    print(f"step {step}: {drawn[-1]} units fall, scores {scores.round(2)}")
""",
        "print('test:', (W3 @ relu(W2 @ relu(W1 @ x))).round(2))\n",
    ),
    "dropconnect": (
        _TWO_LAYERS + "p = {strength}  # of dropping a weight\n",
        """\
    M1, M2 = rng.random(W1.shape) >= p, rng.random(W2.shape) >= p
    h1 = relu((M1 * W1) @ x / (1 - p))
    h2 = relu((M2 * W2) @ h1 / (1 - p))
    scores = W3 @ h2
    drawn.append(M1.size + M2.size - M1.sum() - M2.sum())
    print(f"step {step}: {drawn[-1]} weights fall, scores {scores.round(2)}")
""",
        "print('test:', (W3 @ relu(W2 @ relu(W1 @ x))).round(2))\n",
    ),
    "stochastic_depth": (
        """\
L, p_L = {blocks}, 1 - {strength}
q = 1 - np.arange(1, L + 1) / L * (1 - p_L)  # the probability that each block survives
W = np.random.default_rng(0).standard_normal((L, 8, 8)) / 8
relu = lambda z: np.maximum(0, z)
""",
        """\
    b = rng.random(L) >= 1 - q
    h = np.ones(8)
    for l in range(L):
        h = h + b[l] * relu(W[l] @ h)
    drawn.append(b.sum())
    print(f"step {step}: {drawn[-1]} blocks alive, h[:3] = {h[:3].round(2)}")
""",
        """\
h = np.ones(8)
for l in range(L):
    h = h + q[l] * relu(W[l] @ h)
print('test:', h[:3].round(2))
""",
    ),
    "batchnorm": (
        "x = 1.5  # of one unit, whose mean is 0 and whose variance is 1\n",
        """\
    batch = np.append(x, rng.standard_normal({strength} - 1))
    x_hat = (batch - batch.mean()) / np.sqrt(batch.var() + 1e-5)
    drawn.append(x_hat[0])
    print(f"step {step}: x_hat = {x_hat[0]:.2f}")
""",
        "print('test:', x, 'with the mean and the variance of the whole training')\n",
    ),
    "input_noise": (
        "{images}",
        """\
    noise = {strength} * rng.standard_normal(x[0].shape)
    noisy = x[0] + noise  # the label stays
    drawn.append(noise[0, noise.shape[1] // 2, noise.shape[2] // 2])
    print(f"step {step}: std of the noise {noise.std():.3f}")
""",
        "print('test:', names[0], 'as it is')\n",
    ),
    "cutout": (
        "{images}size = x.shape[-1]\nside = {strength} * size // 8\n",
        """\
    top, left = (rng.random(2) * size).astype(int) - side // 2
    cut = x[0].copy()
    hole = cut[:, max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)]
    hole[:] = 0  # the label stays
    drawn.append(hole[0].size / size**2)
    print(f"step {step}: {drawn[-1]:.1%} covered")
""",
        "print('test:', names[0], 'as it is')\n",
    ),
    "mixup": (
        "from scipy.special import betaincinv\n\n{images}" + _LABELS,
        """\
    lam = betaincinv({strength}, {strength}, rng.random())  # a draw from Beta
    partner = rng.permutation(len(x))
    mixed_x = lam * x + (1 - lam) * x[partner]
    mixed_y = lam * y + (1 - lam) * y[partner]
    drawn.append(lam)
    print(f"step {step}: {lam:.2f} {names[0]}, {1 - lam:.2f} {names[partner[0]]}")
""",
        "print('test:', names[0], 'as it is')\n",
    ),
    "cutmix": (
        "from scipy.special import betaincinv\n\n{images}" + _LABELS,
        """\
    lam = betaincinv({strength}, {strength}, rng.random())  # a draw from Beta
    size = x.shape[-1]
    side = int(size * np.sqrt(1 - lam))
    top, left = (rng.random(2) * size).astype(int) - side // 2
    box = ..., slice(max(top, 0), max(top + side, 0)), slice(max(left, 0), max(left + side, 0))
    partner = rng.permutation(len(x))
    mixed_x = x.copy()
    mixed_x[box] = x[partner][box]
    share = 1 - mixed_x[box][0, 0].size / size**2  # of the area: the border clips a box
    mixed_y = share * y + (1 - share) * y[partner]
    drawn.append(share)
    print(f"step {step}: {share:.2f} {names[0]}, {1 - share:.2f} {names[partner[0]]}")
""",
        "print('test:', names[0], 'as it is')\n",
    ),
}  # fmt: skip
_SMOOTHING = """\
import numpy as np

{images}K, eps = len(x), {strength}
y = np.eye(K)  # each image of a class of its own
target = (1 - eps) * y + eps / K
print("nothing is drawn; the target of", names[0], "is", target[0].round(3))
"""


def pattern_script(method: str, strength: float, seed: int, images: str = "photographs", blocks: int = 12) -> str:
    """Five training steps of a method and its test: leaves what each step drew in the list ``drawn``.

    ``strength`` is that of the method: a probability of dropping, a standard deviation, an alpha, eighths of the
    image's side, or the size of the batch. Label smoothing draws nothing, and leaves its ``target``.
    """
    pictures = _PHOTOGRAPHS if images == "photographs" else _DIGITS
    if method == "label_smoothing":
        return _SMOOTHING.replace("{images}", pictures).replace("{strength}", f"{strength}")
    setup, step, test = (
        part.replace("{images}", pictures).replace("{strength}", f"{strength}").replace("{blocks}", f"{blocks}")
        for part in _METHODS[method]
    )
    return f"import numpy as np\n{setup and chr(10)}{setup}\n{_STEPS.replace('{seed}', str(seed))}{step}\n{test}"
