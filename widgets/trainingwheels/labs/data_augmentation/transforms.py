"""Transforms one after the other: what they make of a photograph, or of an example of a data set, sixteen times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as w

from trainingwheels.engine.augmentation import KINDS, TRANSFORMS, Pipeline, augment
from trainingwheels.engine.scripts.augmentation import pipeline_script
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.figures.labels import capital, many
from trainingwheels.labs.base.parameters import Several
from trainingwheels.labs.data_augmentation.magnitudes import Magnitudes, magnitude_text, settings_of, steps_of
from trainingwheels.labs.data_augmentation.photograph import Drawn, OfPicture, as_pixels
from trainingwheels.labs.data_augmentation.pictures.cells import Cell
from trainingwheels.labs.data_augmentation.pictures.transforms import SAMPLES, Transformed, TransformsPicture

__all__ = ["Transforms"]


class Transforms(OfPicture, Magnitudes, Drawn):
    """A pipeline, and sixteen samples of what it makes of one picture."""

    name = "transforms"
    label = "transforms"
    about = (
        "A picture, and what a pipeline of transforms makes of it: each sample with what it drew. Switch transforms on "
        "in any order, slide their magnitudes, and draw again."
    )
    picture = TransformsPicture

    chosen = Several(
        TRANSFORMS, ("flip", "rotate", "brightness"), ordered=True, label="in this order", section="transforms",
        help="applied in the order in which they are switched on",
    )  # fmt: skip

    def compute(self, s: Any) -> Transformed:
        if not s.chosen:
            raise InvalidSetting("chosen = () is an empty pipeline: switch a transform on.")
        original, name = self.original(s)
        steps = steps_of(s, s.chosen)
        found = augment(self.batch(s, original, SAMPLES), steps, s.draw)
        images = found.images.numpy()
        cells = [
            Cell(as_pixels(image), f"sample {place + 1}", [each.replace("-", "−") for each in found.words(place)])
            for place, image in enumerate(images)
        ]
        mean = Cell(as_pixels(images.mean(axis=0)), f"mean of the {SAMPLES}")
        said = [magnitude_text(s, each) for each in s.chosen]
        same = sum(bool((cell.image == original).all()) for cell in cells)
        return Transformed(Cell(original, name), cells, mean, steps, said, same)

    def explain(self, result: Transformed) -> Sequence[str]:
        first = (
            f"{many(SAMPLES, 'sample')} of {result.original.name}, each after {many(len(result.steps), 'transform')}"
        )
        kinds = list(dict.fromkeys(KINDS[TRANSFORMS[name].kind] for name, _ in result.steps))
        found = [f"{first} ({'; '.join(kinds)}), in this order: {'; '.join(result.said)}."]
        found += [f"{capital(TRANSFORMS[name].label)}: {TRANSFORMS[name].about}" for name, _ in result.steps]
        if result.same:
            found.append(f"{many(result.same, 'sample')} of {SAMPLES} came out exactly as the original.")
        return found

    def script(self, s: Any) -> str:
        return pipeline_script(steps_of(s, s.chosen), s.draw, *self.scripted(s))

    def above(self) -> Sequence[w.Widget]:
        self.json = w.Text(
            description="JSON", tooltip="the pipeline as JSON: copy it, or paste another and press Enter",
            continuous_update=False, layout={"flex": "1 1 260px", "width": "auto"},
        )  # fmt: skip
        self.lab.observe(lambda _: self._write_json(), list(self.parameters()))
        self.json.observe(self.lab._guarded(self._read_json), "value")
        self._write_json()
        row = w.Box([self.opener(), self.json], layout={"flex_flow": "row wrap", "grid_gap": "4px 8px", "flex": "1"})
        return [row]

    def _json_now(self) -> str:
        """The pipeline as it is; nothing if it is one that cannot be, which the lab says itself."""
        try:
            return Pipeline(steps_of(self.lab, self.lab.chosen)).to_json()
        except InvalidSetting:
            return ""

    def _write_json(self) -> None:
        self.json.value = self._json_now()

    def _read_json(self, change: Any) -> None:
        """The learner has typed or pasted a pipeline."""
        if change.new == self._json_now():
            return
        settings = settings_of(Pipeline.from_json(change.new).steps)
        self.lab.set(show=self.name, **settings)
        self._write_json()
