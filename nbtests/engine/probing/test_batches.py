"""What can be passed to a module is taken as the module takes it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from nbtests.engine.probing.modules import mlp, noise, records
from trainingwheels.engine.probing.probes import Probe


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_an_array_comes_in_the_precision_of_the_module(dtype):
    x = np.random.default_rng(0).normal(size=(6, 4))
    assert records(Probe(mlp().to(dtype), x))["1"].activations.shape == (6, 8)


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("first", [nn.ReLU(inplace=True), nn.Dropout(0.5, inplace=True), nn.Hardtanh(inplace=True)])
def test_the_first_layer_may_work_in_place(first, frozen):
    net, x = nn.Sequential(first, nn.Linear(4, 8), nn.Tanh()), noise(6, 4)
    net.requires_grad_(not frozen)
    before = x.clone()
    assert records(Probe(net, x))["2"].gradients is not None
    assert torch.equal(x, before)


class Packed(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.GRU(4, 6), nn.Linear(6, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[1][-1])


def test_a_packed_sequence_is_one_input():
    x = pack_padded_sequence(noise(5, 3, 4), torch.tensor([5, 4, 1]))
    assert list(records(Probe(Packed(), x))) == ["rnn", "out"]


@pytest.mark.parametrize("layout", ["coo", "csr"])
@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta state:UserWarning")
def test_sparse_inputs(layout):
    class Graph(nn.Module):
        def __init__(self):
            super().__init__()
            self.lin, self.act = nn.Linear(4, 3), nn.ReLU()

        def forward(self, x, adjacency):
            return self.act(adjacency @ self.lin(x))

    eye = torch.eye(6).to_sparse() if layout == "coo" else torch.eye(6).to_sparse_csr()
    layer = records(Probe(Graph(), (noise(6, 4), eye)))["act"]
    assert layer.activations.shape == (6, 3)


def test_sparse_gradients():
    net = nn.Sequential(nn.Embedding(50, 4, sparse=True), nn.Linear(4, 3), nn.Tanh())
    assert records(Probe(net, torch.arange(6)))["2"].weight_gradient_rms > 0


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("frozen", [False, True])
def test_padding_masks(training, frozen):
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    net = nn.TransformerEncoder(layer, 2, enable_nested_tensor=True).train(training)
    net.requires_grad_(not frozen)
    batch = {"src": noise(3, 5, 8), "src_key_padding_mask": torch.arange(5) >= torch.tensor([[5], [3], [1]])}
    fast = torch.backends.mha.get_fastpath_enabled()
    assert [name for name in records(Probe(net, batch)) if "linear" in name][:2] == [
        "layers.0.linear1",
        "layers.0.linear2",
    ]
    assert torch.backends.mha.get_fastpath_enabled() == fast


@dataclass(frozen=True)
class Sample:
    x: torch.Tensor
    name: str = "a"


class Couple(NamedTuple):
    left: torch.Tensor
    right: torch.Tensor


@dataclass(slots=True)
class Slotted:
    x: torch.Tensor


class Graph:
    """No dataclass: attributes, as graph libraries have them."""

    def __init__(self, x):
        self.x, self.edges, self.sizes, self.seen = x, torch.arange(len(x)), np.ones(3), []


class Rewrites(nn.Module):
    """It writes what it makes into its input."""

    def __init__(self):
        super().__init__()
        self.lin, self.act = nn.Linear(4, 3), nn.Tanh()

    def forward(self, graph):
        h = self.act(self.lin(graph.x))
        if isinstance(graph, Graph):
            graph.edges += 1
            graph.sizes *= 2
            graph.seen.append(h)
        graph.x = torch.cat([h, h], 1)
        return graph


def test_objects_are_copied():
    x = noise(6, 4)
    for batch in (Graph(x.clone()), Slotted(x.clone()), [Graph(x.clone())], {"graph": Graph(x.clone())}):
        assert records(Probe(Rewrites(), batch))["act"].gradients is not None
        graph = batch[0] if isinstance(batch, list) else batch["graph"] if isinstance(batch, dict) else batch
        assert torch.equal(graph.x, x)
        if isinstance(graph, Graph):
            assert graph.edges.tolist() == [0, 1, 2, 3, 4, 5]
            assert graph.sizes.tolist() == [1, 1, 1]
            assert graph.seen == []


class ForceField(nn.Module):
    """Forces, of the positions that it is given: the slope of an energy."""

    def __init__(self):
        super().__init__()
        self.energy = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, at):
        (slope,) = torch.autograd.grad(self.energy(at).sum(), at, create_graph=True)
        return -slope


def test_what_asks_for_a_gradient_gets_one():
    at = noise(5, 3).requires_grad_()
    assert records(Probe(ForceField(), at))["energy.1"].weight_gradient_rms > 0
    assert at.grad is None


def test_dataclasses_named_tuples_and_what_else_people_pass():
    class Takes(nn.Module):
        def __init__(self):
            super().__init__()
            self.lin, self.act = nn.Linear(4, 3), nn.Tanh()

        def forward(self, sample, more=None):
            return self.act(self.lin(sample.x if isinstance(sample, Sample) else sample))

    x = noise(6, 4)
    expected = records(Probe(Takes(), x))["act"].activations.shape
    for batch in (Sample(x), (x, None), (x, "words"), Couple(x, x), {"sample": x}, [x, {"a": [x]}]):
        assert records(Probe(Takes(), batch))["act"].activations.shape == expected


def test_outputs_of_any_kind_send_a_gradient_back():
    class Returns(nn.Module):
        def __init__(self, wrap):
            super().__init__()
            self.lin, self.act, self.wrap = nn.Linear(4, 3), nn.Tanh(), wrap

        def forward(self, x):
            return self.wrap(self.act(self.lin(x)))

    wraps = [
        lambda h: {"a": [h, 1]},
        lambda h: Sample(h),
        lambda h: Couple(h, h),
        lambda h: torch.distributions.Normal(h, 1.0),
        lambda h: [None, (h.sum(), "words")],
        lambda h: pack_padded_sequence(h[:, None], torch.ones(len(h), dtype=torch.long), batch_first=True),
    ]
    for wrap in wraps:
        assert records(Probe(Returns(wrap), noise(6, 4)))["act"].gradients is not None


def test_a_module_may_take_its_inputs_to_numpy():
    class Standardizes(nn.Module):
        def __init__(self):
            super().__init__()
            self.lin, self.act = nn.Linear(4, 3), nn.Tanh()

        def forward(self, x):
            return self.act(self.lin(x / float(x.numpy().std())))

    assert list(records(Probe(Standardizes(), noise(6, 4)))) == ["act"]


def checkpointed(reentrant):
    from torch.utils.checkpoint import checkpoint

    class Checkpointed(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem, self.body, self.head = (
                nn.Linear(4, 6),
                nn.Sequential(nn.Linear(6, 6), nn.Tanh()),
                nn.Linear(6, 2),
            )

        def forward(self, x):
            return self.head(checkpoint(self.body, self.stem(x), use_reentrant=reentrant))

    return Checkpointed()


def test_checkpoints():
    for reentrant in (False, True):
        read = Probe(checkpointed(reentrant), noise(5, 4)).read()
        assert [one.name for one in read] == ["stem", "body.1"]
        assert all(np.isfinite(one.layer.std) for one in read)
        assert [one.layer.gradients is None for one in read] == [reentrant, reentrant]
        assert ("heckpoint" in read.silent) == reentrant


def compiled_method():
    net = mlp()
    net.forward = torch.compile(net.forward, backend="eager")
    return net


def compiled_part():
    return nn.Sequential(torch.compile(mlp(), backend="eager"), nn.Linear(3, 2))


@pytest.mark.parametrize("make", [compiled_method, compiled_part])
def test_compiled_forwards(make):
    net = make()
    net(noise(5, 4))
    kinds = [one.kind for one in Probe(net, noise(5, 4)).read()]
    assert kinds == ["Tanh", "ReLU"]
    net(noise(5, 4))
