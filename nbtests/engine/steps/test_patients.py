"""Patients: each has one fault, and what mends it makes it the healthy net."""

import pytest

from trainingwheels.engine import LOSSES, train_steps
from trainingwheels.engine.steps.passing import closeness, initial_passed
from trainingwheels.engine.steps.patients import BASE, PATIENTS, REPAIRS, treated

ILL = [name for name in PATIENTS if name != "healthy"]


def test_the_healthy_one_is_the_base_whatever_is_mended():
    assert PATIENTS["healthy"].repair == "none"
    for repair in REPAIRS:
        config = treated("healthy", repair, lr=0.2, l2=1e-4)
        assert {name: getattr(config, name) for name in BASE} == BASE
        assert (config.lr, config.l2) == (0.2, 1e-4)


@pytest.mark.parametrize("name", ILL)
def test_one_repair_mends_a_patient_and_no_other_changes_it(name):
    ill, well = treated(name, l2=1e-4), treated("healthy", l2=1e-4)
    assert ill != well
    for repair in REPAIRS:
        assert treated(name, repair, l2=1e-4) == (well if repair == PATIENTS[name].repair else ill)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("channels", [1, 8, 64])
def test_a_convolution_leaves_the_healthy_net_healthy_and_a_patient_ill(channels, loss):
    for name in ("healthy", "a"):
        configs = [treated(name, conv=(channels,), loss=loss, seed=seed) for seed in range(10)]
        histories = next(train_steps(configs, "cpu")).histories
        losses, even = [history.val_loss[0] for history in histories], histories[0].even_loss[0]
        assert initial_passed(losses, even, closeness(convolves=True)).passed == (name == "healthy")


def test_rates_reach_a_patient_in_its_unit():
    assert treated("c", lr=0.5).lr == pytest.approx(0.0005)
    assert treated("d", l2=1e-5).l2 == pytest.approx(0.01)
    assert treated("c", lr=0.5, epochs=3).epochs == 3
