"""The settings of one training run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.initializers import INITIALIZERS
from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.preprocessing import PREPROCESSING
from trainingwheels.engine.schedules import SCHEDULES
from trainingwheels.engine.settings import Flag, InvalidSetting, ListOf, OneOf, Real, Settings, Whole, setting

__all__ = ["RunConfig"]

# Members whose configs agree in these are trained as one batched computation. Everything else may differ.
STRUCTURE = (
    "dataset", "data_noise", "preprocessing", "train_size", "hidden", "activation", "batchnorm", "loss", "optimizer",
    "batch_size", "epochs",
)  # fmt: skip


@dataclass(frozen=True)
class RunConfig(Settings):
    """One training run: data, net, loss, optimizer. Raises :class:`InvalidSetting` for a value outside its domain.

    The loss is the mean over the batch plus ``l2`` sum W^2 + ``l1`` sum |W|, over weights, not biases. With AdamW the
    L2 term is decoupled: each step shrinks W by 2 lr l2.
    """

    dataset: str = setting("digits", OneOf(DATASETS), "what is learned")
    data_noise: float | None = setting(
        None, Real(0, 10), "spread of the noise in a 2-D toy set, in units of the plane; None is the set's own"
    )
    preprocessing: str = setting("none", OneOf(PREPROCESSING), "what is done to the inputs first")
    train_size: int | None = setting(None, Whole(2, 1_000_000, "examples"), "training examples; None is all of them")
    label_noise: float = setting(0.0, Real(0, 1), "share of training labels that are replaced by a wrong one")
    hidden: tuple[int, ...] = setting((100, 100), ListOf(Whole(1, 8192, "units"), 0, 100), "units of hidden layers")
    activation: str = setting("relu", OneOf(ACTIVATIONS), "nonlinearity after every hidden layer")
    initializer: str = setting("kaiming", OneOf(INITIALIZERS), "how the entries of W are drawn")
    std: float | None = setting(
        None, Real(0, 1000), "standard deviation of each weight, where the initializer needs one; None is 0.01"
    )
    batchnorm: bool = setting(False, Flag(), "normalize each unit over the batch, before the nonlinearity")
    dropout: float = setting(0.0, Real(0, 1, high_open=True), "probability of dropping a hidden unit")
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
        if self.batchnorm and self.batch_size == 1:
            raise InvalidSetting(
                "batch_size = 1 leaves batchnorm nothing to normalize over: choose at least 2, or batchnorm off."
            )

    @property
    def structure(self) -> tuple[Any, ...]:
        """What members of one batched computation have in common."""
        return tuple(getattr(self, name) for name in STRUCTURE)
