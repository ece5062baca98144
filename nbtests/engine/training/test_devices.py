import torch

from trainingwheels.engine.training.devices import using_threads


def test_the_number_of_threads_is_given_back_in_whatever_order_they_leave(monkeypatch):
    """Two Python threads overlap: the first to enter is the first to leave."""
    now = [4]  # as torch has it for every new thread
    monkeypatch.setattr(torch, "get_num_threads", lambda: now[-1])
    monkeypatch.setattr(torch, "set_num_threads", now.append)
    first, second = using_threads(1), using_threads(1)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert now[1:3] == [1, 1]
    assert now[-1] == 4
    with using_threads(None):
        assert now[-1] == 4
