"""The lecture's slides on training with noise, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

TRAINED = {"show": "training"}

PRESETS = (
    Preset(
        "dropout",
        "Dropout",
        {"method": "dropout"},
        question="Training adds some kind of randomness: y = f(x, z). What is z here, and how many are there?",
        answer="z is the mask, which units fall: 2¹⁶ = 65,536 of them for these 16 units. The test does not average "
        "over them all, it takes one pass with every unit, which stands for the average.",
    ),
    Preset(
        "batchnorm",
        "Batch normalization",
        {"method": "batchnorm"},
        question="Normalize with statistics of random batches, test with fixed ones. Who is the noise?",
        answer="The other examples of the batch: the same example becomes another number beside others. The fewer "
        "there are, the louder is the noise: try a batch of 4.",
    ),
    Preset(
        "dropconnect",
        "DropConnect",
        {"method": "dropconnect"},
        question="Drop connections between neurons: set weights to 0. How does that differ from dropping units?",
        answer="A unit hears some of its inputs, not all or none. The test uses all the connections.",
    ),
    Preset(
        "stochastic-depth",
        "Stochastic depth",
        {"method": "stochastic_depth", "blocks": 54},
        question="Skip some layers in training, use all of them in the test. Which ones are skipped most?",
        answer="The last ones: survival falls linearly, here to one half, for the first layers find what all others "
        "build on. The net that trains is a quarter shallower on average, and what a block adds is weighted in the "
        "test.",
    ),
    Preset(
        "cutout",
        "Cutout",
        {"method": "cutout"},
        question="Random regions of the image are set to zero. Why is the square allowed to reach over the border?",
        answer="So that some images are hardly cut, as the test's are not. It is said to work very well for small data "
        "sets such as CIFAR; on our digits, seen by a fully connected net, it costs two or three points with right "
        "labels.",
    ),
    Preset(
        "mixup",
        "Mixup",
        {"method": "mixup"},
        question="Blend pairs of training images. What is the target of a blend of 40 % cat and 60 % dog?",
        answer="Cat 0.4 and dog 0.6: labels are blended with the same λ as the pixels. Slide α: small ones leave "
        "mostly one image, large ones blend half and half.",
    ),
    Preset(
        "cutmix",
        "CutMix",
        {"method": "cutmix"},
        question="A box of one image shows another one. What decides the label?",
        answer="The area in sight. The box has 1 − λ of the image, and the border may clip it: then the label counts "
        "what is really there.",
    ),
    Preset(
        "label-smoothing",
        "Label smoothing",
        {"method": "label_smoothing"},
        question="Is this training with noise?",
        answer="Nothing is drawn. It is what you would get on average if, now and then, a label were replaced by a "
        "random one; so the noise is averaged out in training already.",
    ),
    Preset(
        "single-pass",
        "Marginalize over the noise",
        {"show": "test"},
        question="The test should average over all noises, and takes a single pass. How far off is that?",
        answer="A few hundredths of a probability, as near as the average of a few noisy passes. Its accuracy is "
        "that of the average, within a point or two (10 nets), and well above that of one noisy pass.",
    ),
    Preset(
        "input-noise",
        "Noise on the input",
        {"show": "test", "noise": "input_noise"},
        question="The test of a net that learned from noisy images sees clean ones. Is that the average over the "
        "noise?",
        answer="Not exactly: a net is not linear. But it is nearer to it than one noisy pass, and as accurate as the "
        "average.",
    ),
    Preset(
        "large-layers",
        "In practice: dropout",
        {**TRAINED, "method": "dropout"},
        question="Consider dropout for large fully connected layers. 200 digits, a fifth mislabelled: what does it "
        "gain with 100 units a layer, and with 8?",
        answer="With 100 units 10 points of validation accuracy (7 to 13, ten nets), with 400 four. With 25 it costs "
        "8, and nets of 8 units hardly learn under it. The advice holds.",
    ),
    Preset(
        "almost-always",
        "In practice: batchnorm",
        {**TRAINED, "method": "batchnorm", "partner": "dropout"},
        question="Batch normalization is almost always a good idea. Does it regularize here?",
        answer="Hardly: a point, not to be told from chance, and beside dropout it takes some of what that gains. With "
        "1000 examples and wrong labels it costs 7 points (20 % wrong) and 12 (40 %): it learns the mistakes sooner. "
        "With dropout as well it gains 16 there, more than either alone.",
    ),
    Preset(
        "small-sets",
        "In practice: cutout and mixup",
        {**TRAINED, "method": "mixup", "partner": "cutout"},
        question="Try cutout and mixup, especially for small classification sets. Do they help on this one?",
        answer="Mixup gains 5 points (3 to 7, ten nets), cutout 2 or 3, not to be told from chance, both together 8. "
        "With right labels both cost instead, 3 points each on 100 digits: these pictures of 64 pixels have nothing to "
        "spare.",
    ),
    Preset(
        "together",
        "Two noises",
        {**TRAINED, "method": "dropout", "partner": "mixup"},
        question="Dropout gains 10 points, mixup 5. What do both gain together?",
        answer="12: more than either, less than their sum (ten nets). It is the same with CutMix or input noise "
        "instead.",
    ),
)
