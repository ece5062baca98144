"""What each method makes of a few training steps: drawn with the engine's own functions, a noise a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import DATASETS, load_dataset
from trainingwheels.engine.batchnorm import forward
from trainingwheels.engine.data.photographs import IMAGE_SETS
from trainingwheels.engine.regularizers import cutmix, cutout, drop_connect, mixup, survival
from trainingwheels.engine.regularizers.laws import beta_density, binomial, cut_shares, number_alive
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import hundredths
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.mixing import CUT_PARTS, cut_pixels
from trainingwheels.labs.training_with_noise.methods import METHODS
from trainingwheels.labs.training_with_noise.pictures.net import WIDTHS, drawn_batch, drawn_blocks, drawn_net
from trainingwheels.labs.training_with_noise.pictures.pattern import DRAWS, Cell, Law, Pattern

__all__ = ["AWAY", "PICTURED", "draw_pattern", "step_rng"]

Floats = NDArray[Any]
PICTURED = Table("images", (Option("photographs", "photographs"), Option("digits", "digits, 8 x 8")))
AWAY = 1.5  # standard deviations from the mean, of the example whose batches are drawn
BATCHES = 4096  # whose statistics are drawn for their distribution


def step_rng(seed: int, step: int) -> np.random.Generator:
    """What step 1, 2, ... draws from."""
    return np.random.default_rng((seed, step))


def draw_pattern(s: Any) -> Pattern:
    """Five steps and the test of the method that ``s`` asks for."""
    method = METHODS[s.method]
    steps, test, law, words = _DRAW[s.method](s)
    each = "example" if s.method == "label_smoothing" else "step"
    return Pattern(method.random, (method.train, method.test), steps, test, law, words, each)


Drawn = tuple[Sequence[Cell], Cell, Law | None, Sequence[str]]
STEPS = range(1, DRAWS + 1)


def _dropout(s: Any) -> Drawn:
    units = WIDTHS[1] + WIDTHS[2]
    masks = [step_rng(s.draw, step).random(units) >= s.dropout for step in STEPS]
    fallen = np.array([units - mask.sum() for mask in masks])
    cells = [
        Cell([f"{down} of {units} fall"], **drawn_net(units=mask)) for mask, down in zip(masks, fallen, strict=True)
    ]
    test = Cell(["all there"], **drawn_net())
    law = Law("hidden units that fall", np.arange(units + 1.0), binomial(units, s.dropout), fallen, whole=True)
    words = [
        (
            f"Each of the {units} hidden units falls with probability p = {s.dropout:g}, in each step anew: here "
            f"{_listed(fallen)} of them, {units * s.dropout:.3g} on average."
        ),
        (
            f"What stays is divided by 1 − p = {1 - s.dropout:.3g}, so that the test, with all units, has the same "
            "expectation. (The lecture's p is the probability of keeping a unit.)"
        ),
    ]
    return cells, test, law, words


def _dropconnect(s: Any) -> Drawn:
    sizes = [(WIDTHS[1], WIDTHS[0]), (WIDTHS[2], WIDTHS[1])]
    count = sum(rows * columns for rows, columns in sizes)
    masks, fallen = [], []
    for step in STEPS:
        rng = step_rng(s.draw, step)
        masks.append([drop_connect(np.ones(size), 1 - s.dropconnect, rng)[1] for size in sizes])
        fallen.append(count - sum(int(mask.sum()) for mask in masks[-1]))
    cells = [
        Cell([f"{down} of {count} fall"], **drawn_net(weights=mask)) for mask, down in zip(masks, fallen, strict=True)
    ]
    test = Cell(["all there"], **drawn_net())
    law = Law("weights that fall", np.arange(count + 1.0), binomial(count, s.dropconnect), np.array(fallen), whole=True)
    words = [
        (
            f"Not units but weights fall: each of the {count} before a hidden layer with probability p = "
            f"{s.dropconnect:g}, here {_listed(fallen)}. A unit keeps some of its inputs where dropout takes it whole."
        ),
        "One mask serves the whole batch here; the paper draws one for each example. The test uses all connections.",
    ]
    return cells, test, law, words


def _stochastic_depth(s: Any) -> Drawn:
    alive = survival(s.blocks, 1 - s.stochastic_depth)
    masks = [step_rng(s.draw, step).random(s.blocks) >= 1 - alive for step in STEPS]
    counts = np.array([mask.sum() for mask in masks])
    cells = [Cell([f"{up} of {s.blocks} alive"], **drawn_blocks(mask)) for mask, up in zip(masks, counts, strict=True)]
    test = Cell(["each times q"], **drawn_blocks(alive))
    law = Law("blocks alive", np.arange(s.blocks + 1.0), number_alive(alive), counts, whole=True)
    words = [
        (
            f"A residual net, its first block at the bottom. The blocks survive a step with a probability q that falls "
            f"linearly, from {alive[0]:.3g} to p_L = {alive[-1]:.3g}; one that blinks out passes on what it was given."
        ),
        (
            f"Alive here: {_listed(counts)} of {s.blocks}; {alive.sum():.3g} on average, so that a step "
            f"computes {percent(float(alive.mean()))} of the blocks. The test has them all, each times its q (the "
            "width of its bar)."
        ),
    ]
    return cells, test, law, words


def _batchnorm(s: Any) -> Drawn:
    batches = [np.append(AWAY, step_rng(s.draw, step).standard_normal(s.batch_size - 1)) for step in STEPS]
    values = [float(forward(batch[:, None], 1.0, 0.0).x_hat[0, 0]) for batch in batches]
    cells = [
        Cell([f"x̂ = {hundredths(value)}"], **drawn_batch(batch)) for batch, value in zip(batches, values, strict=True)
    ]
    test = Cell([f"x̂ = {hundredths(AWAY)}"], **drawn_batch(np.array([AWAY]), fixed=True))
    found = _batch_values(s.batch_size, s.draw)
    low, high = np.floor(2 * found.min()) / 2, np.ceil(2 * found.max()) / 2
    density, edges = np.histogram(found, 60, (low, max(high, low + 0.5)), density=True)
    law = Law("x̂ of the same example", (edges[1:] + edges[:-1]) / 2, density, np.array(values))
    words = [
        (
            f"One example (large dot), {AWAY:g} standard deviations above the mean, in five batches of {s.batch_size}. "
            f"The batch's own mean (line) and spread (band) make it x̂ = {', '.join(map(hundredths, values))}."
        ),
        (
            f"Over {BATCHES:,} batches x̂ has mean {hundredths(found.mean())} and standard deviation {found.std():.2g}: "
            f"the noise is who else is in the batch. The test's fixed mean and variance always give {hundredths(AWAY)}."
        ),
    ]
    if s.batch_size == 2:
        words.append("Of two examples the larger becomes 1 and the smaller −1, however far apart they are.")
    return cells, test, law, words


@lru_cache(maxsize=16)
def _batch_values(batch: int, seed: int) -> Floats:
    """x̂ of the example in many batches: the mean of the others is normal, their squares about it chi-squared."""
    rng, others = np.random.default_rng((seed, 0)), batch - 1
    mean = rng.standard_normal(BATCHES) / np.sqrt(others)
    squares = rng.chisquare(others - 1, BATCHES) if others > 1 else np.zeros(BATCHES)
    var = (squares + others / batch * (AWAY - mean) ** 2) / batch
    found: Floats = others / batch * (AWAY - mean) / np.sqrt(var + 1e-5)
    return found


def _input_noise(s: Any) -> Drawn:
    images, names = _images(s.images)
    noises = [s.input_noise * step_rng(s.draw, step).standard_normal(images[0].shape) for step in STEPS]
    middle = np.array([noise[0, noise.shape[1] // 2, noise.shape[2] // 2] for noise in noises])
    cells = [
        Cell([f"{hundredths(at)} in the middle"], _pixels(images[0] + noise))
        for noise, at in zip(noises, middle, strict=True)
    ]
    test = Cell([names[0]], _pixels(images[0]))
    x = np.linspace(-3, 3, 241)
    law = None
    if s.input_noise:
        density = np.exp(-((x / s.input_noise) ** 2) / 2) / (s.input_noise * np.sqrt(2 * np.pi))
        law = Law("noise of a pixel; the dots are the one in the middle", x, density, middle.clip(-3, 3))
    words = [
        (
            f"Each of the {images[0].size:,} numbers of the image gets one of its own from N(0, σ²), σ = "
            f"{s.input_noise:g}; pixels are from 0 to 1, and what leaves that range is shown as black or white. "
            "The label stays."
        ),
        (
            "The test sees the image as it is, which stands for the average over the noise, and is not quite that: a "
            "net is not linear."
        ),
    ]
    return cells, test, law, words


def _cutout(s: Any) -> Drawn:
    images, names = _images(s.images)
    size = images.shape[-1]
    side = cut_pixels(s.cutout, size)
    cuts = [cutout(images[:1], side, step_rng(s.draw, step)) if side else None for step in STEPS]
    shares = np.array([cut.boxes[0].area / size**2 if cut else 0.0 for cut in cuts])
    cells = [
        Cell([f"{percent(share)} covered"], _pixels(cut.images[0] if cut else images[0]))
        for cut, share in zip(cuts, shares, strict=True)
    ]
    test = Cell([names[0]], _pixels(images[0]))
    law = Law("share of the image that is covered", *cut_shares(side, size), shares, whole=True) if side else None
    whole = s.cutout**2 / CUT_PARTS**2
    words = [
        (
            f"A square of {side} pixels, {s.cutout} eighths of the side, is set to 0 around any pixel of the image: in "
            f"the middle it covers {percent(whole)}, at the border it is clipped. Covered here: {_percent(shares)}. "
            "The label stays."
        ),
        "The test sees the whole image.",
    ]
    if law is not None:
        words[0] += f" On average it covers {percent(float(law.x @ law.y))}."
    return cells, test, law, words


def _mixup(s: Any) -> Drawn:
    images, names = _images(s.images)
    found = [mixup(images, np.eye(len(images)), s.mixup, step_rng(s.draw, step)) for step in STEPS]
    shares = np.array([mixed.share for mixed in found])
    drawn = ", ".join(f"{share:.2f}" for share in shares)
    cells = [_mixed_cell(mixed.x[0], mixed.y[0], names) for mixed in found]
    partners = [names[mixed.partner[0]] for mixed in found]
    words = [
        (
            f"Each batch draws one λ from Beta({s.mixup:g}, {s.mixup:g}), here {drawn}, and each image is "
            f"blended with another of the batch ({_named(names[0], partners)}), the labels with the same λ."
        ),
        _of_alpha(s.mixup, "image"),
    ]
    return cells, Cell([names[0]], _pixels(images[0])), _beta("λ", s.mixup, shares), words


def _cutmix(s: Any) -> Drawn:
    images, names = _images(s.images)
    found = [cutmix(images, np.eye(len(images)), s.cutmix, step_rng(s.draw, step)) for step in STEPS]
    shares = np.array([mixed.share for mixed in found])
    cells = [_mixed_cell(mixed.images[0], mixed.y[0], names) for mixed in found]
    partners = [names[mixed.partner[0]] for mixed in found]
    words = [
        (
            f"A box shows another image of the batch ({_named(names[0], partners)}). It has 1 − λ of the "
            "area, unless the border clips it, and the label has what is left in sight: "
            f"{', '.join(f'{share:.2f}' for share in shares)}."
        ),
        _of_alpha(s.cutmix, "image"),
    ]
    law = _beta("λ; the dots are what is left in sight", s.cutmix, shares)
    return cells, Cell([names[0]], _pixels(images[0])), law, words


def _label_smoothing(s: Any) -> Drawn:
    images, names = _images(s.images)
    classes = len(images)
    other = s.label_smoothing / classes
    own = 1 - s.label_smoothing + other
    labels = other + (1 - s.label_smoothing) * np.eye(classes)
    cells = [
        Cell([f"{own:.2f} {names[place]}", f"{other:.2f} each other"], _pixels(images[place]), label=labels[place])
        for place in range(DRAWS)
    ]
    words = [
        (
            f"Nothing is drawn, so there is nothing to average: the target of each class is ε / K = {other:.3g}, and "
            f"the right one has {own:.3g}. Five examples; K is {classes} here."
        ),
        "A net that reaches this target has finite scores, and is not asked to be surer than that.",
    ]
    p = np.linspace(0.02, 0.999, 200)
    loss = -own * np.log(p) - (1 - own) * np.log((1 - p) / (classes - 1))
    about = f"smallest at {own:.2f}; for one class alone it would be at 1"
    law = Law("probability that the net gives the class", p, loss, np.array([own]), heading="loss", about=about)
    return cells, Cell([names[0]], _pixels(images[0])), law, words


_DRAW: dict[str, Callable[[Any], Drawn]] = {
    "dropout": _dropout,
    "batchnorm": _batchnorm,
    "dropconnect": _dropconnect,
    "stochastic_depth": _stochastic_depth,
    "input_noise": _input_noise,
    "cutout": _cutout,
    "mixup": _mixup,
    "cutmix": _cutmix,
    "label_smoothing": _label_smoothing,
}


@lru_cache(maxsize=2)
def _images(name: str) -> tuple[Floats, Sequence[str]]:
    """A batch, (6, channels, height, width) with values from 0 to 1, each image of a class of its own."""
    if name == "photographs":
        images = IMAGE_SETS[name].load()
        return images.shown, images.names
    data = load_dataset(name)
    places = [int(np.flatnonzero(data.y_val == digit)[0]) for digit in (3, 8, 0, 1, 7, 5)]
    return data.X_val[places].reshape(-1, *DATASETS[name].shape), [str(data.y_val[place]) for place in places]


def _pixels(image: Floats) -> Floats:
    """(channels, height, width) as a picture."""
    return image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)


def _mixed_cell(image: Floats, label: Floats, names: Sequence[str]) -> Cell:
    words = [f"{label[place]:.2f} {names[place]}" for place in np.flatnonzero(label).tolist()]
    return Cell(words, _pixels(image), label=label)


def _beta(name: str, alpha: float, drawn: Floats) -> Law:
    x = (np.arange(400) + 0.5) / 400
    return Law(name, x, beta_density(x, alpha), drawn)


def _of_alpha(alpha: float, what: str) -> str:
    if alpha == 1:
        return f"With α = 1 every λ is as likely as any other. The test sees each {what} as it is."
    where = "near 1/2: half and half" if alpha > 1 else "near 0 or 1: mostly one of the two"
    return f"With α {'above' if alpha > 1 else 'below'} 1 most λ lie {where}. The test sees each {what} as it is."


def _named(name: str, partners: Sequence[str]) -> str:
    """The partners in their order, each once."""
    others = dict.fromkeys("itself" if partner == name else partner for partner in partners)
    return f"{name} with {', '.join(others)}"


def _listed(numbers: Sequence[Any] | Floats) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _percent(shares: Floats) -> str:
    return ", ".join(map(percent, shares))
