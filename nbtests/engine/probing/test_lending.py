"""Whatever a forward pass does to a module, a reading leaves no trace of it."""

import copy
import gc
import pickle
import random
import weakref
from collections import deque

import numpy as np
import pytest
import torch
from torch import nn

from nbtests.engine.probing.changing import (
    MAKERS,
    Body,
    BuildsItself,
    Containers,
    Counts,
    CountsInItsClass,
    HiddenTeacher,
    old_norms,
)
from nbtests.engine.probing.modules import noise
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.probing.lending import lent
from trainingwheels.engine.probing.probes import Probe


def traced(value, met):
    """All that can be told of ``value``: who it is, and what is in it."""
    if id(value) in met or isinstance(value, type | str | int | float | bytes | None):
        return value if isinstance(value, str | int | float) else id(value)
    met[id(value)] = value
    inside = None
    if isinstance(value, torch.Tensor):
        gradient = id(value.grad) if value.is_leaf else None
        inside = (value.detach().numpy().tobytes(), value._version, value.requires_grad, gradient)
    elif isinstance(value, np.ndarray):
        inside = value.tobytes()
    elif isinstance(value, torch.Generator):
        inside = value.get_state().numpy().tobytes()
    elif isinstance(value, random.Random):
        inside = value.getstate()
    elif isinstance(value, np.random.Generator):
        inside = str(value.bit_generator.state)
    elif isinstance(value, dict):
        inside = [(traced(key, met), traced(held, met)) for key, held in value.items()]
    elif isinstance(value, list | tuple | set | deque):
        inside = [traced(held, met) for held in value]
    elif isinstance(value, nn.Module) or (hasattr(value, "__dict__") and not callable(value)):
        inside = traced(vars(value), met)
    return id(value), inside


def trace(module):
    around = (torch.get_rng_state().numpy().tobytes(), random.getstate(), str(np.random.get_state()))  # noqa: NPY002
    of_classes = (list(Counts.log), CountsInItsClass.array.tolist(), CountsInItsClass.tensor.tolist())
    return [traced(vars(part), {}) for part in module.modules()], of_classes, around


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def module(request):
    torch.manual_seed(0)
    return request.param()


pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")


def test_the_check_itself_sees_a_pass(module):
    before = trace(module)
    module(noise(5, 4))
    assert trace(module) != before


@pytest.mark.parametrize("passes", [0, 2])
def test_a_reading_leaves_no_trace(module, passes):
    for _ in range(passes):  # as it is later in its life
        module(noise(5, 4))
    before, ready = trace(module), copyable(module)
    probe = Probe(module, noise(5, 4))
    probe.read()
    assert trace(module) == before
    assert copyable(module) == ready
    probe.close()


def copyable(module):
    """Whether ``module`` can be copied, and pickled."""
    can = []
    for attempt in (copy.deepcopy, pickle.dumps):
        try:
            attempt(module)
            can.append(True)
        except Exception:  # noqa: BLE001 - any refusal will do
            can.append(False)
    return can


def test_a_plain_module_can_be_copied_and_pickled_afterwards():
    for make in (Counts, Containers, HiddenTeacher, BuildsItself):
        net = make()
        Probe(net, noise(5, 4)).read()
        assert copyable(net) == [True, True]


def test_what_is_one_thing_in_two_places_is_one_copy_too():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[1].weight = net[0].weight
    net.both = [net[0].weight, net[0].bias]
    own = net[0].weight
    with lent([net]):
        assert net[0].weight is net[1].weight is net.both[0]
        assert net[0].weight is not own
        assert torch.equal(net[0].weight, own)
        assert net.both[1] is net[0].bias
    assert net[0].weight is net[1].weight is net.both[0] is own


def test_what_holds_itself_is_copied():
    net = nn.Linear(2, 2)
    net.ring = [1]
    net.ring.append(net.ring)
    net.me = {"module": net}
    with lent([net]):
        assert net.ring[1] is net.ring
        assert net.me["module"] is net
        net.ring.append(2)
    assert len(net.ring) == 2


def test_what_an_author_leaves_out_of_copies_is_not_copied():
    class Trainer:
        def __deepcopy__(self, memo):
            raise AssertionError("it knows half the world")

    class Lightning(Body):
        def begin(self):
            self._trainer = Trainer()

        def __getstate__(self):
            return {**self.__dict__, "_trainer": None}

        def happen(self, h):
            assert isinstance(self._trainer, Trainer)

    net = Lightning()
    trainer = net._trainer
    Probe(net, noise(5, 4)).read()
    assert net._trainer is trainer


def test_a_cache_that_is_left_out_of_copies_is_as_it_was():
    class Caches(Body):
        def begin(self):
            self.cache, self.sum, self.count = {}, torch.zeros(6), np.zeros(6)

        def __getstate__(self):
            return {name: held for name, held in vars(self).items() if name not in ("cache", "sum", "count")}

        def happen(self, h):
            self.cache[h.shape] = h
            self.sum += h.detach().sum(0)
            self.count += 1

    net = Caches()
    Probe(net, noise(5, 4)).read()
    assert net.cache == {}
    assert not net.sum.any()
    assert not net.count.any()


def test_a_module_that_knows_its_parent_by_a_weak_reference():
    class Child(Body):
        def happen(self, h):
            assert self.parents[0].scale == 2

    net, child = nn.Sequential(), Child()
    net.scale, child.parents = 2, [weakref.proxy(net)]
    net.append(child)
    assert Probe(net, noise(5, 4)).read()[0].layer.gradients is not None


def test_optimizers_and_data_are_not_copied():
    net = Counts()
    net.optimizer = optimizer = torch.optim.Adam(net.parameters())
    net.data = data = torch.utils.data.TensorDataset(noise(5, 4))
    with lent([net]):
        assert net.optimizer is optimizer
        assert net.data is data


def test_what_closes_a_file_when_it_goes_is_not_copied(tmp_path):
    class Log:
        def __init__(self):
            self.file = (tmp_path / "log").open("w")

        def __del__(self):
            self.file.close()

    net = Counts()
    net.log_file = Log()
    for _ in range(2):
        Probe(net, noise(5, 4)).read()
        gc.collect()
    assert not net.log_file.file.closed


def test_modules_in_lists_keep_their_graph():
    """Layers that ``parameters()`` does not find are not trained, but the pass goes through them."""

    class Forgotten(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers, self.act, self.out = [nn.Linear(4, 4), nn.BatchNorm1d(4)], nn.Tanh(), nn.Linear(4, 2)

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return self.out(self.act(x))

    net = Forgotten()
    before = copy.deepcopy(net.layers[1].state_dict())
    assert Probe(net, noise(5, 4)).read()[0].layer.gradients is not None
    assert all(torch.equal(value, before[name]) for name, value in net.layers[1].state_dict().items())


# Hooks ---------------------------------------------------------------------------------------------------------------


def test_nobodys_hooks_are_called():
    net, called = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)), []

    def hook(*_):
        called.append(1)

    handles = [
        net.register_forward_hook(hook),
        net[0].register_forward_pre_hook(hook),
        net[1].register_full_backward_hook(hook),
        net[1].register_full_backward_pre_hook(hook),
        net[2].weight.register_hook(hook),
        nn.modules.module.register_module_forward_hook(hook),
        nn.modules.module.register_module_forward_pre_hook(hook),
    ]
    Probe(net, noise(5, 4)).read()
    assert not called
    net(noise(5, 4)).sum().backward()
    assert len(called) >= len(handles), "they are all still there"
    for handle in handles:
        handle.remove()


def test_hooks_of_modules_in_objects_are_not_called():
    class Holder:
        def __init__(self, module):
            self.module, self.more = module, {"again": [module]}

    class Distills(Body):
        def begin(self):
            self.holder = Holder(nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6)))

        def happen(self, h):
            self.holder.module(noise(5, 4))
            assert self.holder.more["again"][0] is self.holder.module

    net, called = Distills(), []
    net.holder.module[0].register_forward_hook(lambda *_: called.append(1))
    norm = net.holder.module[1]
    Probe(net, noise(5, 4)).read()
    assert not called
    assert norm.num_batches_tracked == 0


def test_hooks_that_are_part_of_the_module_see_the_copies():
    class Listens(Body):
        def begin(self):
            self.heard = []
            self.act.register_forward_hook(self.hear)

        def hear(self, _, __, output):
            self.heard.append(output.detach())

        def happen(self, h):
            assert torch.equal(self.heard[-1], h)

    net = Listens()
    Probe(net, noise(5, 4)).read()
    assert net.heard == []


class EqualizedRate:
    """As StyleGAN has it: the weight is a parameter, times a constant, before each pass."""

    def __init__(self, name):
        self.name, self.calls = name, 0

    def __call__(self, part, inputs):
        self.calls += 1
        setattr(part, self.name, 2 * getattr(part, f"{self.name}_orig"))


def equalized(layer):
    weight = layer.weight
    del layer._parameters["weight"]
    layer.weight_orig = nn.Parameter(weight.detach())
    layer.register_forward_pre_hook(EqualizedRate("weight"))
    return layer


@pytest.mark.parametrize("passes", [0, 1])
def test_objects_that_compute_a_weight_are_called_as_copies(passes):
    net = nn.Sequential(equalized(nn.Linear(4, 6)), nn.Tanh(), equalized(nn.Linear(6, 3)))
    for _ in range(passes):
        net(noise(5, 4))
    before = trace(net)
    read = Probe(net, noise(5, 4)).read()
    assert trace(net) == before
    assert [hook.calls for hook in net[0]._forward_pre_hooks.values()] == [passes]
    assert np.allclose(read[0].layer.activations, net[:2](noise(5, 4)).detach(), atol=1e-6)
    assert read[0].layer.weight_gradient_rms > 0


def centred(layer, _):
    layer.weight = layer.raw - layer.raw.mean(1, keepdim=True)


def of_the_name(name):
    def compute(layer, _):
        setattr(layer, name, getattr(layer, f"{name}_raw") * 2)

    return compute


def with_computed_weight(hook, raw):
    layer = nn.Linear(8, 16)
    layer.register_parameter(raw, nn.Parameter(layer._parameters.pop("weight").detach()))
    layer.weight = torch.zeros(16, 8)  # what a pass long ago has left
    layer.register_forward_pre_hook(hook)
    return layer


@pytest.mark.parametrize(("hook", "raw"), [(centred, "raw"), (of_the_name("weight"), "weight_raw")])
def test_functions_that_compute_a_weight_are_part_of_the_module(hook, raw):
    layer = with_computed_weight(hook, raw)
    left, before = layer.weight, getattr(layer, raw).detach().clone()
    net = nn.Sequential(layer, nn.Tanh(), nn.Linear(16, 3))
    first = Probe(net, torch.randn(32, 8), layers=["0"]).latest[0].layer
    assert first.std > 0.05
    assert first.weight_gradient_rms > 0
    assert layer.weight is left
    assert torch.equal(getattr(layer, raw), before)


def test_functions_that_write_down_what_they_see_are_not_called():
    called = []

    def log(layer, inputs):
        layer.last, layer.size = inputs[0], layer.weight.norm()
        called.append(1)

    net = nn.Sequential(nn.Linear(8, 16), nn.Tanh())
    net[0].register_forward_pre_hook(log)
    Probe(net, torch.randn(4, 8))
    assert not called
    assert not hasattr(net[0], "last")


def test_a_refusal_names_the_parts_whose_hooks_are_left_out():
    net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(3, 3))
    net[1].register_forward_hook(lambda _, __, output: output[:, :3])
    with pytest.raises(InvalidSetting, match="or a module that needs no hooks: those on 1 are not called"):
        Probe(net, noise(5, 4))


def test_hooks_of_torch_compute_the_weights():
    net = old_norms()
    with torch.no_grad():
        net[0].weight_g.mul_(3)  # as an optimizer does: the weight follows with the next pass
    read = Probe(net, noise(50, 4)).read()
    expected = net[1](net[0](noise(50, 4)))
    assert np.allclose(read[0].layer.activations, expected.detach(), atol=1e-6)
    assert read[0].layer.weight_gradient_rms > 0
