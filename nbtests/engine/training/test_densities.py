"""Histograms that fit into a training: against numpy's, and in a run."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import RunConfig, train, train_steps
from trainingwheels.engine.training.densities import BINS, REACH, SAMPLE, densities


def measured(y):
    rows = y.flatten(1)
    return densities(y, rows.mean(1), rows.std(1, correction=0))


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_bins_are_numpys():
    y = noise(3, 10, 20) * torch.tensor([1.0, 5.0, 0.01])[:, None, None]
    extent, shares = measured(y)
    for values, (low, high), share in zip(y.flatten(1).numpy(), extent.numpy(), shares.numpy(), strict=True):
        assert low == pytest.approx(max(values.min(), values.mean() - REACH * values.std()), rel=1e-5)
        assert high == pytest.approx(min(values.max(), values.mean() + REACH * values.std()), rel=1e-5)
        expected = np.histogram(values, BINS, (low, high))[0]
        # a value on an edge may round to either side
        assert np.abs(share - expected / expected.max()).max() <= 1.01 / expected.max()


def test_zeros_are_left_out():
    y = torch.cat([torch.zeros(1, 8, 5), torch.ones(1, 8, 5)], dim=1)
    _, shares = measured(y)
    assert shares[0].tolist() == [0] * (BINS - 1) + [1]


@pytest.mark.parametrize("value", [0.0, 3.0, torch.nan, torch.inf])
def test_a_layer_without_a_spread_breaks_nothing(value):
    extent, shares = measured(torch.full((2, 4, 5), value))
    assert shares.isfinite().all()
    assert extent[0].tolist() == pytest.approx([value, value], nan_ok=True) or value == torch.inf


def test_of_large_layers_a_sample_is_enough():
    y = noise(1, 512, 512)
    assert y.numel() > 100 * SAMPLE
    _, all_of_them = measured(noise(1, 40, 50))
    _, shares = measured(y)
    assert shares.sub(all_of_them).abs().max() < 0.35
    places = torch.arange(BINS, dtype=torch.float32)
    middle = (shares * places).sum() / shares.sum()
    assert middle == pytest.approx((BINS - 1) / 2, abs=1)


def test_nothing_in_it_needs_a_device_or_waits_for_one():
    extent, shares = measured(torch.empty(2, 3, 4, device="meta"))
    assert (extent.shape, shares.shape) == ((2, 2), (2, BINS))


@pytest.mark.parametrize("hidden", [(), (6,), (6, 4)])
def test_a_watched_run_keeps_one_of_every_moment(hidden):
    runs = [RunConfig(dataset="moons", hidden=hidden, activation="tanh", epochs=3, seed=seed) for seed in (0, 1)]
    (*_, last) = train_steps(runs, "cpu", snapshots=5)
    for history in last.histories:
        curves = history.layers
        assert curves.density.shape == (len(curves.steps), len(hidden), BINS)
        assert curves.density.dtype == np.uint8
        assert curves.extent.shape == (len(curves.steps), len(hidden), 2)
        assert not curves.density.flags.writeable
        if hidden:
            assert (curves.density.max(axis=2) == 255).all()
            assert (curves.extent[..., 0] >= -1).all()
            assert (curves.extent[..., 1] <= 1).all()
            assert (curves.extent[..., 0] <= curves.mean).all()
            assert (curves.mean <= curves.extent[..., 1]).all()


def test_a_run_that_nobody_watches_keeps_none():
    (history,) = train([RunConfig(dataset="moons", hidden=(6, 4), epochs=3)], device="cpu", evaluations=2)
    assert history.layers.mean.shape == (2, 2)
    assert history.layers.density.shape == (2, 0, BINS)
