"""What can happen to a picture before a net sees it: each transform by name, with what it draws for each picture.

Randomness first, arithmetic after: ``draw`` turns uniform numbers into the parameters of each picture, NumPy arrays
that can be read and labelled; ``operations`` applies them to tensors. At magnitude 0 a transform leaves every picture
as it is (RandAugment and TrivialAugment excepted, which still equalize).
"""

from __future__ import annotations

from trainingwheels.engine.augmentation.automatic import AUTOMATIC
from trainingwheels.engine.augmentation.geometry import GEOMETRY
from trainingwheels.engine.augmentation.looks import LOOKS
from trainingwheels.engine.augmentation.transform import Transform
from trainingwheels.engine.settings import Table

__all__ = ["TRANSFORMS"]

TRANSFORMS: Table[Transform] = Table("transform", (*GEOMETRY, *LOOKS, *AUTOMATIC))
