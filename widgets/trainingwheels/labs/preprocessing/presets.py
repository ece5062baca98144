"""The lecture's slides on preprocessing, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "original",
        "original",
        {},
        question="Each example is a point. What does the ellipse say that the single points do not?",
        answer="Where the data lie and how they spread: its middle is the mean, its axes are the directions of "
        "largest and smallest variance, two standard deviations long. Mean and covariance are all that the next "
        "four steps look at.",
    ),
    Preset(
        "zero-centred",
        "zero-centred",
        {"step": "centred"},
        question="X minus its mean: which numbers of the table change?",
        answer="Only the mean. Covariance, correlation and the ratio of the variances stay: the cloud is moved, "
        "not bent.",
    ),
    Preset(
        "normalized",
        "normalized",
        {"step": "normalized"},
        question="Each feature is divided by its standard deviation. Is the cloud round now?",
        answer="No. Both features have variance 1, but their correlation, 0.84, is what it was, and the ratio of "
        "the variances along the axes has hardly changed: 12 after 13. Turn the cloud to 0 degrees, and it is.",
    ),
    Preset(
        "pca-whitening",
        "PCA and whitening",
        {"step": "whitened"},
        question="The data are turned into their principal axes, then divided by the spread along each. What is "
        "left of the covariance matrix?",
        answer="After PCA a diagonal matrix, after whitening the identity: all directions are alike. The way back "
        "is still open, since each step can be undone.",
    ),
    Preset(
        "why-it-matters",
        "why it matters",
        {"show": "turn", "after": "centred"},
        question="The same classifier before and after. How far may its weights turn before its loss doubles?",
        answer="By 5 degrees before, by 11 or 12 after zero-centring, by 28 after whitening: a classifier of data "
        "far from the origin is very sensitive to small changes of its weights, which makes it hard to optimize.",
    ),
    Preset(
        "gradient-descent",
        "gradient descent",
        {"show": "descent"},
        question="The bowl is 50 times as steep in one direction as in the other. How many steps does that cost?",
        answer="About 90 where the whitened bowl takes 10, with the same rate times curvature: each step leaps across "
        "the valley, and hardly moves along it. The number of steps grows in proportion to the condition number. "
        "Normalizing saves little here, with about 80 steps, since the cloud is turned; and what was not even centred "
        "takes about 210.",
    ),
    Preset(
        "alexnet",
        "images: AlexNet",
        {"show": "images", "subtract": "image"},
        question="The mean image of many crops of photographs: what do you expect to see?",
        answer="Next to nothing: anything can be anywhere, so all pixels have nearly the same mean. The mean of "
        "faces is a face, and that of digits has a shape too.",
    ),
    Preset(
        "vgg",
        "images: VGG",
        {"show": "images", "subtract": "channels"},
        question="Three numbers instead of 48 × 48 × 3. What is lost?",
        answer="Hardly anything with photographs: both rows look the same. That is why one goes without the mean "
        "image; and images are seldom normalized, decorrelated or whitened at all, their pixels being on one "
        "scale already.",
    ),
    Preset(
        "components",
        "components",
        {"show": "components"},
        question="12 numbers instead of 64 pixels. Can you still read the digits?",
        answer="Most of them: 79 % of the variance lies along 12 components. Whitening goes the other way and "
        "makes all 64 equal, so that the last ones, which are mostly noise, are as loud as the first.",
    ),
    Preset(
        "leak",
        "honest statistics",
        {"show": "leak"},
        question="64 digits to learn from. Does it matter whose mean and covariance whiten the test set?",
        answer="Here it does: about 51 % is honest, statistics of both sets make it 57 %, and the test set's own 75 %. "
        "The gain is real: the same models do as well on digits that no statistic has seen. 64 digits are too few for "
        "a covariance in 64 dimensions, and more images without labels make it better. It is a leak all the same: "
        "choose zero mean, unit variance and a test set of 4, and its own statistics flatter the model.",
    ),
)
