"""What a net begins with: that of the run that is named as its source, trained once, all but the output layer."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import RunConfig, train_steps
from trainingwheels.engine.training import pretraining
from trainingwheels.engine.training.pretraining import pretrained_layers, pretrained_net, source_of

CONFIG = RunConfig(dataset="digits-5-9", pretrained="digits-0-4", hidden=(6,), batchnorm=True, seed=11)


def test_it_is_the_net_of_the_run_that_is_named():
    layers, nothing = pretrained_layers([CONFIG, replace(CONFIG, pretrained=None)])
    assert nothing == {}
    assert set(layers) == {"W1", "gamma1", "beta1", "mean1", "var1"}
    *_, last = train_steps([source_of(CONFIG)], "cpu", snapshots=1)
    for array, same in zip(last.weights_of(0), (layers["W1"], pretrained_net(CONFIG)["W2"]), strict=True):
        np.testing.assert_allclose(array, same, rtol=1e-3, atol=1e-5)


def test_one_source_is_trained_once(monkeypatch):
    pretrained_layers([CONFIG])
    monkeypatch.setattr(pretraining, "_trained", lambda sources: pytest.fail("again"))
    pretrained_layers([replace(CONFIG, lr=0.3, per_class=2, frozen=1, tuning=0.2)] * 2)


def test_sources_of_other_seeds_and_structures_are_others():
    sources = {source_of(replace(CONFIG, **own)) for own in ({}, {"seed": 12}, {"hidden": (7,)}, {"batchnorm": False})}
    assert len(sources) == 4
    assert all(source.pretrained is None for source in sources)


def test_a_fleet_that_waits_for_its_source_keeps_no_other_from_training(monkeypatch):
    """The source is trained by one thread; another makes nets that begin with it, and waits."""
    config, trained, entered = replace(CONFIG, seed=12), pretraining._trained, threading.Event()
    asking = pretraining.source_of

    def train_slowly(sources):
        second.start()
        entered.wait()
        return trained(sources)

    def ask(config):
        entered.set()
        return asking(config)

    first = threading.Thread(target=pretrained_net, args=(config,), daemon=True)
    second = threading.Thread(target=train_steps, args=([replace(config, hidden=(5,))], "cpu"), daemon=True)
    monkeypatch.setattr(pretraining, "_trained", train_slowly)
    first.start()
    while not second.ident:
        assert first.is_alive()
    monkeypatch.setattr(pretraining, "_trained", trained)
    monkeypatch.setattr(pretraining, "source_of", ask)
    for thread in (first, second):
        thread.join()
