"""Pictures changed before a net sees them: transforms, pipelines of them, policies, crops and colours.

``augment(images, [("flip", 0.5), ("rotate", 15)], seed)`` is the short way; torch and kornia load when it runs.
"""

from trainingwheels.engine.augmentation.colours import IMAGENET, ColourComponents, colour_components, colour_offset
from trainingwheels.engine.augmentation.crops import TEST_SCALES, Crop, ResNetCrop, cut, resized, resnet_crop, ten_crops
from trainingwheels.engine.augmentation.pipelines import Augmented, Drawn, Pipeline, augment
from trainingwheels.engine.augmentation.policies import LEVELS, POLICIES, Level
from trainingwheels.engine.augmentation.transform import KINDS, Transform
from trainingwheels.engine.augmentation.transforms import TRANSFORMS

__all__ = [
    "IMAGENET",
    "KINDS",
    "LEVELS",
    "POLICIES",
    "TEST_SCALES",
    "TRANSFORMS",
    "Augmented",
    "ColourComponents",
    "Crop",
    "Drawn",
    "Level",
    "Pipeline",
    "ResNetCrop",
    "Transform",
    "augment",
    "colour_components",
    "colour_offset",
    "cut",
    "resized",
    "resnet_crop",
    "ten_crops",
]
