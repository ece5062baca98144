"""What the lecture says of weight initialization, measured: 6 layers of 4096 units, a batch of 16, 20 seeds.

Each number is a mean over the seeds with its 99 % bootstrap interval; ratios are paired by seed. A test asserts what a
run shows. Where the lecture's sentence does not hold to the letter, the docstring says what holds instead.
The gradient that arrives at the last layer is unit Gaussian, so gradients compare between settings, not with a loss.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from trainingwheels.engine import DeepNet, propagate
from trainingwheels.labs import WeightInitialization

SEEDS = range(20)
SMALL = DeepNet(activation="tanh", initializer="gaussian", std=0.01)
LARGE = DeepNet(activation="tanh", initializer="gaussian", std=0.05)
XAVIER = DeepNet(activation="tanh", initializer="xavier")
XAVIER_RELU = DeepNet(activation="relu", initializer="xavier")
KAIMING = DeepNet(activation="relu", initializer="kaiming")
LARGE_NORMALIZED = DeepNet(activation="tanh", initializer="gaussian", std=0.05, batchnorm=True)


@cache
def runs(net):
    """One row per seed, one entry per layer, without the arrays."""
    rows = []
    for seed in SEEDS:
        layers = propagate(net, seed=seed)
        slopes = [np.median(1 - layer.activations**2) for layer in layers]
        rows.append([(layer, float(slope)) for layer, slope in zip(layers, slopes, strict=True)])
    return {
        "slope": np.array([[slope for _, slope in row] for row in rows]),
        **{
            name: np.array([[getattr(layer, name) for layer, _ in row] for row in rows])
            for name in ("std", "saturated", "gradient_std", "weight_gradient_rms")
        },
    }


def interval(values):
    """The 99 % bootstrap interval of the mean over seeds."""
    found = stats.bootstrap((values,), np.mean, confidence_level=0.99, rng=np.random.default_rng(0))
    return found.confidence_interval.low, found.confidence_interval.high


def holds(values, low, high):
    """Whether the mean over seeds lies between ``low`` and ``high`` with its whole interval."""
    inside = interval(values)
    return low < inside[0] <= inside[1] < high


def test_std_001_the_activations_shrink_towards_zero():
    """Said: "all activations tend to zero for deeper network layers". Holds: by 0.64 a layer, from 0.49 to 0.046."""
    std = runs(SMALL)["std"]
    assert holds(std[:, 0], 0.488, 0.497)
    assert holds(std[:, 5], 0.0455, 0.0469)
    assert holds(std[:, 5] / std[:, 4], 0.635, 0.645)


def test_std_001_the_weight_gradients_are_small_not_zero():
    """Said: dL/dW is "all zero, no learning". At six layers it is a quarter of Xavier's: 0.22 to 0.24 of it.

    The deeper a layer, the smaller its input, but the less the gradient has shrunk on its way back: dL/dW is the same
    in every layer, 0.29, and falls by 0.64 for each layer that the net has more. The next test follows it.
    """
    ours, xavier = runs(SMALL), runs(XAVIER)
    ratio = ours["weight_gradient_rms"] / xavier["weight_gradient_rms"]
    assert holds(ratio[:, 0], 0.215, 0.223)
    assert holds(ratio[:, 5], 0.24, 0.248)
    assert holds(ours["weight_gradient_rms"][:, 0] / ours["weight_gradient_rms"][:, 5], 1.02, 1.06)
    assert holds(ours["gradient_std"][:, 5] / ours["gradient_std"][:, 0], 10.3, 10.9)


@pytest.mark.parametrize(("depth", "low", "high"), [(12, 0.015, 0.025), (24, 5e-5, 1.5e-4), (48, 1e-9, 5e-9)])
def test_std_001_the_weight_gradients_vanish_with_depth(depth, low, high):
    """Where the lecture's sentence becomes true: 0.02 at 12 layers, 1e-4 at 24, 2e-9 at 48, equal in all of them."""
    deep = [propagate(DeepNet((4096,) * (depth + 1), "tanh", "gaussian", 0.01), seed=seed) for seed in range(3)]
    assert all(low < layer.weight_gradient_rms < high for layers in deep for layer in layers)


def test_std_005_nearly_half_the_units_saturate():
    """Said: "all activations saturate". Saturated (a slope below 5 % of tanh's largest) are 50 % of the units in the
    first layer, 42 % in the last, against 3 % and none with Xavier. The median slope is 0.05 to 0.10."""
    ours, xavier = runs(LARGE), runs(XAVIER)
    assert holds(ours["saturated"][:, 0], 0.49, 0.505)
    assert holds(ours["saturated"][:, 5], 0.415, 0.43)
    assert holds(xavier["saturated"][:, 0], 0.027, 0.032)
    assert xavier["saturated"][:, 5].max() < 1e-4
    assert holds(ours["slope"][:, 0], 0.048, 0.056)
    assert holds(ours["slope"][:, 5], 0.093, 0.1)


def test_std_005_the_gradients_grow():
    """Said: "local gradients all zero, no learning". Most local gradients are small, but the weights that multiply them
    are 3.2 times Xavier's: dL/da grows backward, 5.3 times over five layers, and dL/dW is 1.3 (last layer) to 6.3
    (first) times Xavier's. The gradient does not vanish; it flows unevenly."""
    ours, xavier = runs(LARGE), runs(XAVIER)
    ratio = ours["weight_gradient_rms"] / xavier["weight_gradient_rms"]
    assert holds(ours["gradient_std"][:, 0], 5.2, 5.5)
    assert holds(ratio[:, 0], 6.1, 6.5)
    assert holds(ratio[:, 5], 1.24, 1.28)


def test_xavier_keeps_activations_and_gradients_of_one_size():
    """Said: "just right: activations are nicely scaled for all layers". Holds, with a slow decline: the std goes from
    0.63 to 0.29 in six layers, a factor of 2.1, where std 0.01 loses a factor of 10.7. dL/dW varies by 15 %."""
    ours, small = runs(XAVIER), runs(SMALL)
    assert holds(ours["std"][:, 0], 0.625, 0.632)
    assert holds(ours["std"][:, 5], 0.293, 0.297)
    assert holds(ours["std"][:, 0] / ours["std"][:, 5], 2.1, 2.16)
    assert holds(small["std"][:, 0] / small["std"][:, 5], 10.4, 10.9)
    assert holds(ours["weight_gradient_rms"][:, 0] / ours["weight_gradient_rms"][:, 5], 1.14, 1.17)


def test_xavier_with_relu_collapses_again():
    """Holds: ReLU halves the mean square, so the std falls by 0.71 a layer, from 0.58 to 0.10."""
    std = runs(XAVIER_RELU)["std"]
    assert holds(std[:, 0], 0.578, 0.588)
    assert holds(std[:, 5], 0.1, 0.109)
    assert holds((std[:, 5] / std[:, 0]) ** (1 / 5), 0.7, 0.717)


def test_kaiming_with_relu_keeps_activations_and_gradients_of_one_size():
    """Said: "just right: activations are nicely scaled for all layers". Holds: 0.83 in every layer, dL/da 1.00 in every
    layer, dL/dW equal to 2 %; 5.7 times the dL/dW of Xavier with ReLU, the factor sqrt(2) for each of 5 layers."""
    ours, xavier = runs(KAIMING), runs(XAVIER_RELU)
    assert all(holds(ours["std"][:, layer], 0.8, 0.86) for layer in range(6))
    assert all(holds(ours["gradient_std"][:, layer], 0.98, 1.02) for layer in range(6))
    assert holds(ours["weight_gradient_rms"][:, 0] / ours["weight_gradient_rms"][:, 5], 0.96, 1.03)
    ratio = ours["weight_gradient_rms"] / xavier["weight_gradient_rms"]
    assert all(holds(ratio[:, layer], 5.65, 5.66) for layer in range(6))


def test_batchnorm_rescues_std_005():
    """Said: batchnorm "reduces the strong dependence on initialization". Holds: 2.3 % of the units saturate in every
    layer instead of 42 to 50 %, and the activations are the same whether the std is 0.01 or 0.05. The gradient still
    grows backward, by 1.7 over five layers instead of 5.3."""
    ours, plain = runs(LARGE_NORMALIZED), runs(LARGE)
    small = runs(DeepNet(activation="tanh", initializer="gaussian", std=0.01, batchnorm=True))
    assert all(holds(ours["saturated"][:, layer], 0.022, 0.025) for layer in range(6))
    assert all(holds(ours["std"][:, layer], 0.635, 0.639) for layer in range(6))
    np.testing.assert_allclose(ours["std"], small["std"], rtol=1e-3)
    np.testing.assert_allclose(ours["gradient_std"], small["gradient_std"], rtol=1e-2)
    assert holds(ours["gradient_std"][:, 0], 1.66, 1.72)
    assert holds(plain["gradient_std"][:, 0] / ours["gradient_std"][:, 0], 3.05, 3.25)


# The slide that trains: ten nets of each kind ------------------------------------------------------------------------


@cache
def trained(depth):
    """Validation accuracies in percent of nets of each kind, as the lab trains them."""
    lab = WeightInitialization()
    lab.apply("train-it")
    lab.set(depth=depth, nets=10)
    lab.settle()
    lab.start()
    lab.settle()
    found = {}
    for label, history in zip(lab.result.labels, lab.result.histories, strict=True):
        found.setdefault(label, []).append(100 * float(history.val_accuracy[-1]))
    lab.close()
    return {label: np.array(accuracies) for label, accuracies in found.items()}


def test_in_twelve_layers_only_what_is_right_learns():
    """Right 96.8 % (95.3 to 98.1), zero, equal and small at chance in all ten, large 16 % (7.5 to 52)."""
    found = trained(12)
    assert found["right"].min() > 90
    assert max(found[kind].max() for kind in ("zero", "equal", "small")) < 15
    assert found["large"].mean() < 35


def test_in_six_layers_the_large_ones_learn_and_the_small_ones_begin_to():
    """Right 97.0 %, large 92.1 (91.4 to 94.2), small 48 (31 to 65), zero and equal at chance."""
    found = trained(6)
    assert found["right"].min() > 92
    assert holds(found["large"], 88, 96)
    assert holds(found["small"], 30, 70)
    assert max(found[kind].max() for kind in ("zero", "equal")) < 15


def test_in_two_layers_all_but_equal_ones_learn():
    """Right 94.5 %, large 93.5, small 90.3, zero and equal at chance."""
    found = trained(2)
    assert found["right"].mean() - 8 < found["small"].mean() < found["right"].mean()
    assert abs(found["right"].mean() - found["large"].mean()) < 5
    assert max(found[kind].max() for kind in ("zero", "equal")) < 20
