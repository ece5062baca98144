"""The settings of a deep net at its initialization, and what a computation on it may cost."""

from __future__ import annotations

from dataclasses import dataclass

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.initializers import INITIALIZERS
from trainingwheels.engine.settings import Flag, InvalidSetting, ListOf, OneOf, Real, Settings, Table, Whole, setting
from trainingwheels.engine.signals.matrix_free import MATRIX_FREE

__all__ = ["METHODS", "DeepNet", "Method", "check_run"]

DENSE_LIMIT = 2**26  # entries of one W: 8192 x 8192 float32, 256 MiB
VALUE_LIMIT = 2**27  # batch times the sum of all widths: 512 MiB for every kind of array that is kept


@dataclass(frozen=True)
class Method:
    """One way to compute x W: its ``name``, a ``label``, and one sentence on what it does."""

    name: str
    label: str
    sentence: str


METHODS: Table[Method] = Table(
    "method",
    (
        Method("matrix-free", "matrix-free", "The same distribution, W never formed: cost grows with the width."),
        Method("dense", "dense", "Draws every W, as the lecture's code does: cost grows with the square."),
    ),
)

BATCH = Whole(1, 1024, "examples")
SEED = Whole(0, 2**63 - 1)


@dataclass(frozen=True)
class DeepNet(Settings):
    """A fully connected net at its initialization: no biases, the same choices in every layer.

    Raises :class:`InvalidSetting` for a value outside its domain.
    """

    widths: tuple[int, ...] = setting(
        (4096,) * 7, ListOf(Whole(1, 10_000_000, "units"), 2, 1001), "units of the input and of every layer"
    )
    activation: str = setting("tanh", OneOf(ACTIVATIONS), "nonlinearity after every layer")
    initializer: str = setting("gaussian", OneOf(INITIALIZERS), "how the entries of W are drawn")
    std: float | None = setting(
        None, Real(0, 1000), "standard deviation of each weight, where the initializer needs one; None is 0.01"
    )
    batchnorm: bool = setting(False, Flag(), "normalize each unit over the batch, before the nonlinearity")
    dropout: float = setting(0.0, Real(0, 1, high_open=True), "probability of dropping a unit between two layers")

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.widths) - 1


def check_run(net: DeepNet, batch: int, seed: int, method: str) -> tuple[int, int, str]:
    """The three arguments, checked, with the method that ``net`` allows: uniform weights have only the dense one.

    Raises :class:`InvalidSetting` for more values than memory should hold.
    """
    batch, seed = BATCH.check("batch", batch), SEED.check("seed", seed)
    method = OneOf(METHODS).check("method", method)
    values = batch * sum(net.widths)
    if values > VALUE_LIMIT:
        raise InvalidSetting(
            f"batch x widths = {values:,} values is too large: choose at most {VALUE_LIMIT:,}, with narrower layers or "
            f"a batch of {max(1, VALUE_LIMIT // sum(net.widths)):,}."
        )
    if INITIALIZERS[net.initializer].law not in MATRIX_FREE:
        method = "dense"
    if method == "dense":
        _check_dense(net)
    return batch, seed, method


def _check_dense(net: DeepNet) -> None:
    pieces = ACTIVATIONS[net.activation].pieces
    for fan_in, fan_out in zip(net.widths[:-1], net.widths[1:], strict=True):
        if fan_in * fan_out * pieces > DENSE_LIMIT:
            raise InvalidSetting(
                f"a dense W of {fan_in:,} x {pieces * fan_out:,} is too large: choose at most {DENSE_LIMIT:,} weights "
                "(8,192 x 8,192), or method 'matrix-free' with a Gaussian, orthogonal or constant initializer."
            )
