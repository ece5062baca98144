"""Each update rule against torch.optim on the same gradients; each schedule against its closed form."""

import math

import numpy as np
import pytest
import torch

from trainingwheels.engine import OPTIMIZERS, SCHEDULES
from trainingwheels.engine.optimizers import Rates
from trainingwheels.engine.training.penalized import Penalized

SIZE, STEPS, LR, MOMENTUM, BETA2, L2 = 50, 20, 0.05, 0.8, 0.95, 0.03


def gradients():
    numbers = torch.Generator().manual_seed(0)
    return [torch.randn(SIZE, dtype=torch.float64, generator=numbers) for _ in range(STEPS)]


def start():
    return torch.linspace(-1, 1, SIZE, dtype=torch.float64)


@pytest.mark.parametrize("spread", [False, True], ids=["one rate", "a rate per entry"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_moves_as_torch_moves(name, spread):
    optimizer = OPTIMIZERS[name]
    w, g = start(), torch.zeros(SIZE, dtype=torch.float64)
    state = [torch.zeros_like(w) for _ in range(optimizer.moments)]
    every = [torch.full((SIZE,), rate, dtype=torch.float64) if spread else rate for rate in (LR, MOMENTUM, BETA2, L2)]
    rates, penalty = Rates(*every[:3]), Penalized(w, g, 0.0, every[3], optimizer.decoupled)

    theirs = start().requires_grad_()
    decay = f", weight_decay={2 * L2})"
    code = optimizer.code.format(lr=LR, momentum=MOMENTUM, beta2=BETA2)
    reference = eval(code[:-1] + decay, {"torch": torch, "groups": [theirs]})

    for rates.step, gradient in enumerate(gradients(), 1):
        theirs.grad = gradient.clone()
        reference.step()
        g.copy_(gradient)
        penalty.add_gradient()
        if optimizer.decoupled:
            penalty.shrink(rates.lr, rates.factor)
        optimizer.rule(w, g, state, rates)
    torch.testing.assert_close(w, theirs.detach(), rtol=1e-9, atol=1e-10)


CLOSED_FORMS = {
    "constant": lambda t, T, w: 1,
    "step": lambda t, T, w: 1 if t < T / 2 else 0.1 if t < 0.75 * T else 0.01,
    "cosine": lambda t, T, w: math.cos(math.pi * t / (2 * T)) ** 2,
    "linear": lambda t, T, w: (T - t) / T,
    "inverse_sqrt": lambda t, T, w: 1 / math.sqrt(1 + t / w),
}


@pytest.mark.parametrize("warmup", [0, 20])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_against_its_closed_form(name, warmup):
    steps = 100
    rising = [(step + 1) / warmup for step in range(warmup)]
    T, w = steps - warmup, max(1, warmup)
    expected = rising + [CLOSED_FORMS[name](t, T, w) for t in range(T)]
    np.testing.assert_allclose(SCHEDULES[name].factors(steps, warmup), expected, rtol=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
def test_its_code_is_its_function(name):
    schedule = SCHEDULES[name]
    values = [eval(schedule.code, {"math": math, "t": t, "T": 40, "w": 5}) for t in range(40)]
    np.testing.assert_allclose(schedule.decay(np.arange(40.0), 40, 5), values, rtol=1e-12)


@pytest.mark.parametrize(("steps", "warmup"), [(1, 0), (1, 1), (3, 3)])
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_shortest_runs_have_a_schedule(name, steps, warmup):
    factors = SCHEDULES[name].factors(steps, warmup)
    assert factors.shape == (steps,)
    assert ((factors >= 0) & (factors <= 1)).all()
