"""Presets: the lecture's slides on data augmentation."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

SHAPES = {"show": "training", "dataset": "shapes", "train_size": 60, "epochs": 40}
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
        "go-crazy",
        "Go crazy",
        {"chosen": ("translate", "rotate", "shear_x", "lens", "elastic", "hue", "blur", "noise")},
        question="Eight transforms, one after the other, a little of each. In which of the sixteen is it still a cat?",
        answer="You are the judge: what you could not name yourself should not be taught by that name. Whether a net "
        "gains by the others is another question, which training answers, on the slides of what it buys.",
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
        "one hardly sees: the strips show it enlarged. Or make α ten times as large.",
    ),
    Preset(
        "automatic",
        "Automatic data augmentation",
        {"show": "automatic"},
        question="ShearX, 0.9, 7: an operation, its probability and its level. How often does the first sub-policy "
        "leave a picture as it is?",
        answer="With probability 0.1 x 0.8 = 0.08. Level 7 of ShearX is 0.21 pixels a row, either way; Invert has no "
        "strength, and its level means nothing.",
    ),
    Preset(
        "mixed",
        "Mixup, CutMix, cutout",
        {"show": "automatic", "policy": "mixup"},
        question="Two photographs blended: what should the net call the mixture?",
        answer="Both, with the shares in which they are mixed: 0.64 cat, 0.36 astronaut. CutMix counts the area in "
        "sight; cutout hides a square and leaves the label as it is.",
    ),
    Preset(
        "few-examples",
        "What it buys",
        {"show": "training"},
        question="40 digits, shifted anew by up to a tenth whenever a net sees them. What does it buy, and what "
        "with ten times as many?",
        answer="About 6 points of validation accuracy with 40 digits; with 100 nothing that can be told from chance, "
        "and with 400, seen 20 times each, it costs 3 (ten nets each): these digits are centred, and shifted ones are "
        "not what is asked for.",
    ),
    Preset(
        "few-to-many",
        "Few examples to many",
        {"show": "few"},
        question="From 20 digits to 1280: where do small shifts help, and when would a flip?",
        answer="Shifts help with 20 digits and cost with 1280, all nets trained for the same 213 steps: many digits "
        "show where a centred one lies by themselves. A flip costs at every number: its labels are wrong.",
    ),
    Preset(
        "any-colour",
        "Colours that mean nothing",
        {**SHAPES, "transform": "hue", "hue_by": 90},
        question="Six shapes, each in any colour, 60 examples. What does turning the hue buy, and what a flip?",
        answer="About 10 points, and 2 (ten nets): the colours say nothing about the shape, but of 60 examples a net "
        "cannot know that.",
    ),
    Preset(
        "autoaugment",
        "AutoAugment on a small set",
        {**SHAPES, "transform": "auto_cifar10", "partner": "flip"},
        question="The policy was found for CIFAR-10. Does it help here, where nothing was searched for?",
        answer="By 2 or 3 points (0.4 to 4.3, ten nets), about as much as a flip, and far less than the right colour "
        "transform alone.",
    ),
    Preset(
        "label-destroyed",
        "Does the label survive?",
        {"show": "training", "transform": "flip", "train_size": 100, "epochs": 60},
        question="A mirrored 2: is it still one, for the net, and what does it cost to train as if it were?",
        answer="A net that was trained without flips is right about a third of all mirrored digits, and training with "
        "them costs 5 points. Turned by any angle, a 6 may be a 9: that costs 34 (ten nets).",
    ),
)
