"""Presets: the lecture's slides on data augmentation."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "flips",
        "Horizontal flips",
        {"chosen": ("flip",)},
        question="A mirrored cat is a cat. Which pictures would a flip make wrong?",
        answer="Those whose label names a side or a shape that has one: letters and digits, text, a left hand, a road "
        "sign with an arrow. The last slide measures it.",
    ),
    Preset(
        "creative",
        "Get creative",
        {"chosen": ("translate", "rotate", "stretch", "shear_x", "lens")},
        question="Translation, rotation, stretching, shearing, lens distortion: in which order are they applied, and "
        "does it matter?",
        answer="In the order of the numbers on the buttons, and it does: a picture that is shifted and then turned "
        "ends elsewhere than one that is turned and then shifted.",
    ),
    Preset(
        "random-crops",
        "Random crops and scales",
        {"show": "crops"},
        question="L between 256 and 480, then a square of 224 pixels. How little of the photograph can a patch show?",
        answer="224² / 480² = 22 % of a square photograph, less of a long one. The net has to recognise a cat by an "
        "eye and an ear.",
    ),
    Preset(
        "ten-crops",
        "Testing: a fixed set of crops",
        {"show": "crops", "rule": "test"},
        question="5 scales, 10 crops each: how many passes does a test take, and what is averaged?",
        answer="50 passes instead of one. The net's answers are averaged, not the pictures.",
    ),
    Preset(
        "jitter",
        "Colour jitter",
        {"show": "colour", "jitter": "simple"},
        question="Randomize contrast and brightness. Which differences between photographs does that imitate?",
        answer="Those of light and of cameras. What a thing is called does not depend on them.",
    ),
    Preset(
        "pca",
        "Colour jitter: PCA",
        {"show": "colour"},
        question="Offsets along the principal directions of all pixels, α from N(0, 0.1): where do they lead, and how "
        "far?",
        answer="Mostly along the grey diagonal, where pixels differ most: lighter or darker. By a few of 255, which "
        "one hardly sees: make α ten times as large.",
    ),
)
