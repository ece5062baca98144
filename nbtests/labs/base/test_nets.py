import threading

import pytest

from trainingwheels.engine import RunConfig, train_steps
from trainingwheels.labs.base.nets import Nets

CONFIG = RunConfig(hidden=(8,), epochs=40, batch_size=32, train_size=128)


@pytest.fixture
def nets():
    nets = Nets()
    nets.make(train_steps([CONFIG], "cpu"), ["net"], {})
    return nets


@pytest.fixture(params=[True, False], ids=["long steps", "short steps"])
def long_steps(request, monkeypatch):
    monkeypatch.setattr(Nets, "_has_long_steps", request.param)


def test_the_next_moment_of_long_steps_is_under_way_while_one_looks_at_the_last(nets, monkeypatch):
    monkeypatch.setattr(Nets, "_has_long_steps", True)
    under_way = threading.Event()
    advance = type(nets.training).__next__

    def noted(training):
        if threading.current_thread() is not threading.main_thread():
            under_way.set()
        return advance(training)

    monkeypatch.setattr(type(nets.training), "__next__", noted)
    moments = nets.run(lambda: True)
    next(moments)
    under_way.clear()
    next(moments)
    assert under_way.wait()  # nobody has asked for the third yet
    moments.close()


def test_all_moments_come_in_order_up_to_the_end(nets, long_steps):
    steps = [len(moment.histories[0].steps) for moment in nets.run(lambda: True)]
    assert steps == sorted(set(steps))
    assert steps[-1] == 160
    assert nets.done
    assert list(nets.run(lambda: True)) == []


def test_a_pause_shows_the_moment_that_was_under_way_and_nothing_trains_after_it(nets, long_steps):
    going = [True]
    moments = nets.run(lambda: going[0])
    next(moments)
    going[0] = False
    (last,) = moments
    assert last is nets.snapshot
    assert last.histories[0].eval_steps[-1] == nets.steps  # so that what is said of it is true
    steps = nets.steps
    assert list(nets.run(lambda: False)) == []
    assert nets.steps == steps
    assert len(nets.training.step().histories[0].steps) == steps + 1


def test_who_stops_looking_loses_no_step(nets, long_steps):
    moments = nets.run(lambda: True)
    next(moments)
    moments.close()
    assert nets.snapshot is not None
    assert len(nets.training.step().histories[0].steps) == nets.steps + 1


def test_an_error_in_the_training_reaches_who_looks(nets, long_steps, monkeypatch):
    monkeypatch.setattr(type(nets.training), "__next__", lambda training: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(nets.run(lambda: True))
