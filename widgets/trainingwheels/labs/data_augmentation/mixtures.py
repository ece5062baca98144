"""One picture mixed with others: a column for each partner, a row for each batch and what it has drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import load_dataset
from trainingwheels.engine.data.photographs import bundled
from trainingwheels.engine.regularizers import cutout
from trainingwheels.engine.regularizers.cutting import drawn_box, paste
from trainingwheels.engine.regularizers.mixup import beta_quantile, blend
from trainingwheels.figures.labels import capital, many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.mixing import cut_pixels
from trainingwheels.labs.data_augmentation.mixing import MIXES, change_text
from trainingwheels.labs.data_augmentation.photograph import PHOTOGRAPH, as_pixels, example_of, squared
from trainingwheels.labs.data_augmentation.pictures.automatic import BATCHES, COLUMNS, Automatic
from trainingwheels.labs.data_augmentation.pictures.cells import Cell

__all__ = ["Partner", "mixtures", "partners"]

Floats = NDArray[Any]


class Partner(NamedTuple):
    """Another picture, (height, width, 3), and its name; where it is found: a photograph, or the place in a set."""

    image: NDArray[np.uint8]
    name: str
    photograph: str = ""
    place: int = 0


def partners(s: Any) -> list[Partner]:
    """As many pictures as there are columns, none of the class of the one that ``s`` asks for."""
    if s.what == PHOTOGRAPH:
        others = [photo for photo in bundled() if photo.name != s.photograph]
        return [Partner(squared(photo.load()), photo.label, photo.name) for photo in islice(cycle(others), COLUMNS)]
    y = load_dataset(s.what).y_val
    _, firsts = np.unique(y, return_index=True)
    own = y[min(s.example, len(y)) - 1]
    places = [int(place) for place in sorted(firsts) if y[place] != own]
    return [Partner(*example_of(s.what, place), place=place) for place in islice(cycle(places), COLUMNS)]


def mixtures(s: Any, original: Cell, others: Sequence[Partner]) -> Automatic:
    """What cutout, mixup or CutMix makes of the picture, one of the others a column."""
    x, y = _planes(original.image)[None], np.stack([_planes(other.image) for other in others])
    cells, batches = [], []
    for batch in range(BATCHES):
        images, shares, words = _mixed(s, x, y, np.random.default_rng((s.draw, batch)))
        batches.append(words)
        for image, other, share in zip(images, others, shares, strict=True):
            said = (f"{share:.2f} {original.name}", f"{1 - share:.2f} {other.name}")
            cells.append(
                Cell(as_pixels(image), "", (f"{percent(1 - share)} covered",) if s.policy == "cutout" else said)
            )
    heads = [(f"square {column + 1}" if s.policy == "cutout" else f"with {other.name}",)
             for column, other in enumerate(others)]  # fmt: skip
    return Automatic(original, cells, heads, (), 0, _about(s, batches, cells), batches)


def _mixed(s: Any, x: Floats, y: Floats, rng: np.random.Generator) -> tuple[Floats, Sequence[float], str]:
    """Of one batch: the mixtures, what is left of the picture in each, and what the batch has drawn."""
    pixels = x.shape[2] * x.shape[3]
    if s.policy == "mixup":
        share = float(beta_quantile(rng.random(), s.mixup_by))
        return blend(x, y, share), [share] * len(y), f"λ = {share:.2f}"
    if s.policy == "cutmix":
        box = drawn_box((x.shape[2], x.shape[3]), s.cutmix_by, rng)
        share = 1 - box.area / pixels
        return paste(np.repeat(x, len(y), axis=0), y, box), [share] * len(y), f"{percent(share)} in sight"
    side, copies = cut_pixels(s.cutout_by, min(x.shape[2:])), np.repeat(x, len(y), axis=0)
    if not side:
        return copies, [1.0] * len(y), ""
    cut = cutout(copies, side, rng)
    return cut.images, [1 - box.area / pixels for box in cut.boxes], ""


def _about(s: Any, batches: Sequence[str], cells: Sequence[Cell]) -> list[str]:
    said = change_text(s, s.policy)
    found = [f"{capital(said)}: {MIXES[s.policy].about}"]
    drawn = "; ".join(f"batch {number}: {words}" for number, words in enumerate(batches, 1))
    if s.policy == "cutout":
        side = cut_pixels(s.cutout_by, min(cells[0].image.shape[:2]))
        covered = f"The square has {many(side, 'pixel')} a side; where it reaches over the border, less is covered."
        found.append(covered if side else "The square has no side: nothing is covered.")
    elif s.policy == "mixup":
        found.append(f"All pictures of a batch share one λ, drawn from Beta({s.mixup_by:g}, {s.mixup_by:g}): {drawn}.")
    else:
        found.append(
            f"All pictures of a batch share one box: 1 − λ of the area, λ from Beta({s.cutmix_by:g}, "
            f"{s.cutmix_by:g}), unless the border clips it: {drawn}."
        )
    if s.policy != "cutout":
        found.append(
            "Under each mixture stands its label: a net is to give both names, with these probabilities. In training "
            "the partner is a neighbour in the batch; here each column keeps its own. A test sees pictures as they are."
        )
    return found


def _planes(pixels: NDArray[np.uint8]) -> Floats:
    """(channels, height, width) with values from 0 to 1."""
    return np.moveaxis(pixels, -1, 0) / 255
