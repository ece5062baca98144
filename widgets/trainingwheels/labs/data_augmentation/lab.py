"""Data augmentation: new examples made of old ones, what they look like, and what they buy."""

from __future__ import annotations

from typing import Any

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.data_augmentation.automatic import AutomaticAugmentation
from trainingwheels.labs.data_augmentation.colour import ColourJitter
from trainingwheels.labs.data_augmentation.crops import CropsAndScales
from trainingwheels.labs.data_augmentation.few_to_many import FewToMany
from trainingwheels.labs.data_augmentation.presets import PRESETS
from trainingwheels.labs.data_augmentation.training import WhatItBuys
from trainingwheels.labs.data_augmentation.transforms import Transforms

__all__ = ["DataAugmentation"]


class DataAugmentation(TrainingLab):
    """Transforms of images, crops, colours, automatic policies, and nets that train with them."""

    slug = "data-augmentation"
    number = "11"
    title = "Data augmentation"
    summary = "Flips, crops, colours and automatic policies: new examples made of old ones, and what they buy."
    part = "Training dynamics"
    presets = PRESETS
    views = (Transforms, CropsAndScales, ColourJitter, AutomaticAugmentation, WhatItBuys, FewToMany)

    own: Any = None
    """Name and pixels of the photograph that the learner has brought."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._open_sections(("photograph", "chosen"))  # what the first view is about
