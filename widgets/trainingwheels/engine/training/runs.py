"""The settings of one training run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.augmentation.pipelines import StepsOf
from trainingwheels.engine.augmentation.transforms import TRANSFORMS
from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.initializers import INITIALIZERS
from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.preprocessing import PREPROCESSING
from trainingwheels.engine.schedules import SCHEDULES
from trainingwheels.engine.settings import Flag, InvalidSetting, ListOf, OneOf, Real, Settings, Whole, setting
from trainingwheels.engine.training.maps import Map, as_picture, extent, maps

__all__ = ["RunConfig"]

# Members whose configs agree in these are trained as one batched computation. Everything else may differ.
STRUCTURE = (
    "dataset", "data_noise", "preprocessing", "train_size", "augment", "conv", "kernel", "pool", "hidden", "activation",
    "residual", "batchnorm", "loss", "optimizer", "batch_size", "epochs", "still_statistics",
)  # fmt: skip
MIXES = ("mixup", "cutmix")
CUTS = ("cutmix", "cutout")
SOFT_LABELS = ("mixup", "cutmix", "label_smoothing")


@dataclass(frozen=True)
class RunConfig(Settings):
    """One training run: data, net, loss, optimizer. Raises :class:`InvalidSetting` for a value outside its domain.

    The loss is the mean over the batch plus ``l2`` sum W^2 + ``l1`` sum |W|, over weights, not biases. With AdamW the
    L2 term is decoupled: each step shrinks W by 2 lr l2. What is random in training is drawn from the seed, so that of
    two runs that differ in its strength the stronger drops the same units, weights or blocks and more.
    """

    dataset: str = setting("digits", OneOf(DATASETS), "what is learned")
    data_noise: float | None = setting(
        None, Real(0, 10), "spread of the noise in a 2-D toy set, in units of the plane; None is the set's own"
    )
    preprocessing: str = setting("none", OneOf(PREPROCESSING), "what is done to the inputs first")
    train_size: int | None = setting(None, Whole(2, 1_000_000, "examples"), "training examples; None is all of them")
    per_class: int | None = setting(
        None,
        Whole(1, 1_000_000, "examples"),
        "labelled examples of each class, drawn by the seed, a smaller draw the beginning of a larger; None is all. "
        "An epoch then has as many steps as with all",
    )
    label_noise: float = setting(0.0, Real(0, 1), "share of training labels that are replaced by a wrong one")
    augment: tuple[tuple[str, float], ...] = setting(
        (), StepsOf(), "what happens to each picture whenever it is seen, before it is preprocessed: (name, magnitude)"
    )
    conv: tuple[int, ...] = setting(
        (), ListOf(Whole(1, 1024, "channels"), 0, 16), "channels of the convolutions that come first; none by default"
    )
    kernel: int = setting(3, Whole(1, 31, "pixels"), "side of what a convolution sees of its picture, an odd number")
    pool: int = setting(
        2, Whole(1, 32, "pixels"), "side of the squares of pixels of which the largest is kept; 1 keeps all of them"
    )
    hidden: tuple[int, ...] = setting((100, 100), ListOf(Whole(1, 8192, "units"), 0, 100), "units of hidden layers")
    activation: str = setting("relu", OneOf(ACTIVATIONS), "nonlinearity after every hidden layer")
    initializer: str = setting("kaiming", OneOf(INITIALIZERS), "how the entries of W are drawn")
    std: float | None = setting(
        None, Real(0, 1000), "standard deviation of each weight, where the initializer needs one; None is 0.01"
    )
    batchnorm: bool = setting(False, Flag(), "normalize each unit over the batch, before the nonlinearity")
    residual: bool = setting(
        False, Flag(), "a hidden layer as wide as the one before adds what it computes to what it is given"
    )
    pretrained: str | None = setting(
        None, OneOf(DATASETS), "set that the same net learned before; its hidden layers are kept. None starts anew"
    )
    frozen: int = setting(
        0, Whole(0, 100, "layers"), "hidden layers, from the inputs, that do not learn; convolutions count"
    )
    tuning: float = setting(1.0, Real(0, 1), "learning rate of pretrained layers, as a share of lr")
    drift: bool = setting(
        False, Flag(), "batchnorm of frozen layers goes on averaging batches; else it keeps what it begins with"
    )
    dropout: float = setting(0.0, Real(0, 1, high_open=True), "probability of dropping a hidden unit")
    dropconnect: float = setting(
        0.0, Real(0, 1, high_open=True), "probability of dropping a weight of a hidden layer, for one batch"
    )
    stochastic_depth: float = setting(
        0.0, Real(0, 1, high_open=True), "probability of dropping the last residual block; earlier ones fall less often"
    )
    mixup: float = setting(0.0, Real(0, 100), "alpha of Beta(alpha, alpha), by which examples and labels are blended")
    cutmix: float = setting(
        0.0, Real(0, 100), "alpha of Beta(alpha, alpha), by which a box of an image shows another; labels by the area"
    )
    cutout: int = setting(0, Whole(0, 1024, "pixels"), "side of the square that is cut out of each image")
    input_noise: float = setting(
        0.0, Real(0, 100), "standard deviation of what is added to each input, in the units of the preprocessed inputs"
    )
    label_smoothing: float = setting(
        0.0, Real(0, 1, high_open=True), "share of a label's probability that is spread over all classes"
    )
    loss: str = setting("softmax", OneOf(LOSSES), "what is minimized, besides the penalties")
    l1: float = setting(0.0, Real(0, 1000), "weight of sum |W| in the loss")
    l2: float = setting(0.0, Real(0, 1000), "weight of sum W^2 in the loss; half of torch's weight_decay")
    optimizer: str = setting("momentum", OneOf(OPTIMIZERS), "how a gradient becomes a step")
    lr: float = setting(0.1, Real(0, 1e6), "learning rate: length of a step per unit of gradient")
    momentum: float = setting(
        0.9, Real(0, 1, high_open=True), "share of the previous velocity that is kept; Adam's beta1"
    )
    beta2: float | None = setting(
        None,
        Real(0, 1, high_open=True),
        "share of the mean squared gradient that is kept by RMSProp and Adam; None is 0.99 and 0.999",
    )
    schedule: str = setting("constant", OneOf(SCHEDULES), "how the learning rate changes while training")
    warmup: float = setting(0.0, Real(0, 1), "share of the run over which the learning rate rises from 0")
    batch_size: int = setting(64, Whole(1, 100_000, "examples"), "examples per step")
    epochs: int = setting(20, Whole(1, 100_000, "epochs"), "how often each example is seen")
    seed: int = setting(0, Whole(0, 2**63 - 1), "what is random: initial weights, batch order, masks, wrong labels")

    def __post_init__(self) -> None:
        super().__post_init__()
        for refusal in self._refusals():
            raise InvalidSetting(refusal)

    def _refusals(self) -> Iterator[str]:
        """What cannot be, though each value alone is allowed."""
        shape, smallest = DATASETS[self.dataset].shape, min(DATASETS[self.dataset].shape[-2:])
        soft = [name for name in SOFT_LABELS if getattr(self, name)]
        if self.batchnorm and self.batch_size == 1:
            yield "batch_size = 1 leaves batchnorm nothing to normalize over: choose at least 2, or batchnorm off."
        if self.frozen > self.depth:
            yield (
                f"frozen = {self.frozen} is more than the {self.depth} hidden layers that there are: "
                f"choose a whole number from 0 to {self.depth} layers."
            )
        if self.pretrained is not None and DATASETS[self.pretrained].shape != shape:
            yield (
                f"pretrained = {self.pretrained} has examples of another shape than {self.dataset}: "
                f"choose a set whose examples are {' x '.join(map(str, shape))}."
            )
        if self.residual and not self.blocks:
            yield (
                f"residual = True finds no block in hidden = {self.hidden}: "
                "choose at least two hidden layers of equal width in a row, or residual = False."
            )
        if self.stochastic_depth and not self.residual:
            yield (
                f"stochastic_depth = {self.stochastic_depth:g} needs blocks to drop: "
                "choose residual = True, or stochastic_depth = 0."
            )
        if soft and self.loss == "hinge":
            yield (
                f"{soft[0]} = {getattr(self, soft[0]):g} makes labels soft, and the hinge loss takes one class only: "
                f"choose loss = 'softmax', or {soft[0]} = 0."
            )
        for name in CUTS:
            if getattr(self, name) and len(shape) != 3:
                yield (
                    f"{name} = {getattr(self, name):g} cuts images, and {self.dataset} has none: "
                    f"choose a set of images, or {name} = 0."
                )
        if len(shape) == 3 and self.cutout > smallest:
            yield (
                f"cutout = {self.cutout} is larger than an image of {self.dataset}: "
                f"choose a whole number from 0 to {smallest} pixels."
            )
        for name, _ in self.augment:
            if len(shape) != 3:
                yield (
                    f"augment = {name} changes images, and {self.dataset} has none: "
                    "choose a set of images, or augment = ()."
                )
            elif TRANSFORMS[name].colours and shape[0] == 1:
                yield f"augment = {name} changes colours, and {self.dataset} has none: choose other transforms."
        if self.conv:
            yield from self._refusals_of_convolutions()
        for name in MIXES:
            if getattr(self, name) and self.batch_size == 1:
                yield (
                    f"{name} = {getattr(self, name):g} needs another example in the batch: "
                    f"choose batch_size = 2 or more, or {name} = 0."
                )

    def _refusals_of_convolutions(self) -> Iterator[str]:
        shape = DATASETS[self.dataset].shape
        if shape == (2,):
            yield (
                f"conv = {self.conv} looks at neighbouring pixels, and {self.dataset} is points of the plane: "
                "choose a set of images, or conv = ()."
            )
            return
        if PREPROCESSING[self.preprocessing].turns:
            yield (
                f"preprocessing = {self.preprocessing} turns pixels into components, which have no neighbours for "
                f"conv = {self.conv}: choose preprocessing = none, centre or normalize, or conv = ()."
            )
        if self.kernel % 2 == 0:
            yield (
                f"kernel = {self.kernel} is even and has no pixel in its middle: "
                f"choose an odd number, {self.kernel - 1} or {self.kernel + 1}."
            )
        if min(self.maps[-1]) < 1:
            before = " x ".join(map(str, as_picture(shape)[1:]))
            yield (
                f"pool = {self.pool} leaves less than one pixel of {before} after {len(self.conv)} convolutions: "
                "choose a smaller pool, or fewer entries in conv."
            )

    @property
    def data_settings(self) -> tuple[str, int | None, float | None, str]:
        """What :func:`.load_dataset` takes: the set, how many training examples, their noise, and the preprocessing."""
        return self.dataset, self.train_size, self.data_noise, self.preprocessing

    @property
    def maps(self) -> tuple[Map, ...]:
        """Channels, height and width of what each convolution is given, and of what is left after the last one."""
        return maps(DATASETS[self.dataset].shape, self.conv, self.pool)

    @property
    def convolved(self) -> tuple[int, ...]:
        """How many units each convolution has, before pooling: pixels, in all its channels."""
        return tuple(
            channels * height * width for channels, (_, height, width) in zip(self.conv, self.maps[:-1], strict=True)
        )

    @property
    def kernel_extent(self) -> tuple[int, int]:
        """Height and width of a convolution's kernel, on a sequence one row high."""
        return extent(self.kernel, self.maps[0])

    @property
    def pool_extent(self) -> tuple[int, int]:
        """Height and width of what is pooled, on a sequence one row high."""
        return extent(self.pool, self.maps[0])

    @property
    def axes(self) -> int:
        """Along how many axes a convolution moves: 1 on sequences, 2 on pictures."""
        return 1 if self.maps[0][1] == 1 else 2

    @property
    def depth(self) -> int:
        """How many layers come before the one that gives the scores, convolutions included."""
        return len(self.conv) + len(self.hidden)

    @property
    def blocks(self) -> tuple[int, ...]:
        """The hidden layers, from 1, that are residual blocks: each as wide as the one before it."""
        widths = self.hidden
        return tuple(i + 1 for i in range(1, len(widths)) if self.residual and widths[i] == widths[i - 1])

    @property
    def still_statistics(self) -> int:
        """How many layers of batchnorm, from the inputs, keep their statistics while the net trains."""
        return self.frozen if self.batchnorm and not self.drift else 0

    def share_of_rate(self, layer: int) -> float:
        """What layer 1, 2, ... learns with, as a share of the learning rate."""
        if layer <= self.frozen:
            return 0.0
        return self.tuning if self.pretrained is not None and layer <= self.depth else 1.0

    @property
    def structure(self) -> tuple[Any, ...]:
        """What members of one batched computation have in common."""
        return tuple(getattr(self, name) for name in STRUCTURE)
