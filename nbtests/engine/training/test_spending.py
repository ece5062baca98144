import pytest

from trainingwheels.engine.training.spending import Spending


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_it_is_due_at_first_and_again_when_the_rest_of_the_time_has_gone_by():
    clock = Clock()
    spending = Spending(0.2, clock)
    assert spending.due
    with spending.spent():
        clock.now += 3
    assert not spending.due
    clock.now += 11.9
    assert not spending.due
    clock.now += 0.2
    assert spending.due


@pytest.mark.parametrize("cost", [0.001, 0.1, 5.0])
def test_it_takes_its_share_of_the_time_whatever_it_costs(cost):
    clock, spent = Clock(), 0.0
    spending = Spending(0.1, clock)
    for _ in range(2000):
        clock.now += 0.05
        if spending.due:
            with spending.spent():
                clock.now += cost
            spent += cost
    assert spent / clock.now <= 0.1 + cost / clock.now
    assert spent / clock.now > 0.1 / (1 + 0.05 / cost) - cost / clock.now - 0.01


def test_an_error_inside_is_not_swallowed():
    spending = Spending(0.5)
    with pytest.raises(ZeroDivisionError), spending.spent():
        _ = 1 / 0
    assert spending.due
