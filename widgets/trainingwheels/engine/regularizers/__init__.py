"""What is random while a net trains and averaged when it is tested: one readable function for each kind, on arrays."""

from trainingwheels.engine.regularizers.cutting import Box, Cut, CutMixed, cutmix, cutout
from trainingwheels.engine.regularizers.drop_connect import drop_connect
from trainingwheels.engine.regularizers.dropout import dropout
from trainingwheels.engine.regularizers.masks import average_over_masks
from trainingwheels.engine.regularizers.mixup import Mixed, mixup
from trainingwheels.engine.regularizers.stochastic_depth import survival

__all__ = [
    "Box",
    "Cut",
    "CutMixed",
    "Mixed",
    "average_over_masks",
    "cutmix",
    "cutout",
    "drop_connect",
    "dropout",
    "mixup",
    "survival",
]
