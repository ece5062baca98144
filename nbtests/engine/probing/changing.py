"""Modules whose forward pass changes something: counters, containers, objects, tensors, their own structure."""

import random
import threading
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune

from nbtests.engine.probing.modules import noise

Pair = namedtuple("Pair", "left right")


@dataclass
class State:
    h: torch.Tensor
    steps: int = 0


class Locked:
    """It cannot be copied whole."""

    def __init__(self):
        self.lock, self.calls, self.seen = threading.Lock(), 0, []


class Body(nn.Module):
    """Two layers, and something that happens in between."""

    def __init__(self):
        super().__init__()
        self.one, self.act, self.two = nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)
        self.begin()

    def begin(self):
        pass

    def happen(self, h):
        raise NotImplementedError

    def forward(self, x):
        h = self.act(self.one(x))
        self.happen(h)
        return self.two(h)


class Counts(Body):
    calls, log = 0, []

    def happen(self, h):
        self.calls += 1
        self.log.append(float(h.detach().sum()))


class CountsInItsClass(Body):
    array, tensor = np.zeros(3), torch.zeros(3)

    def happen(self, h):
        self.array[:] += 1
        self.tensor.add_(1)


class Containers(Body):
    def begin(self):
        self.a, self.b, self.c, self.d = [[1], 2], {"x": {"y": []}}, {1, 2}, deque([1, 2], maxlen=2)
        self.e, self.f, self.g = defaultdict(list), OrderedDict(z=1), Counter("ab")
        self.again = {"list": self.a}

    def happen(self, h):
        assert self.again["list"] is self.a
        self.a[0].append(h)
        self.b["x"]["y"].append(h.detach())
        self.c.add(h.shape)
        self.d.append(3)
        self.e["new"].append(1)
        self.f.pop("z", None)
        self.g["a"] += 1


class Objects(Body):
    def begin(self):
        self.state, self.space = State(noise(2, 2)), SimpleNamespace(n=0, cache={})
        self.locked, self.array = Locked(), np.zeros(3)
        self.pair = Pair([1], {})

    def happen(self, h):
        self.state.h = h
        self.state.steps += 1
        self.space.cache[h.shape] = h
        with self.locked.lock:
            self.locked.calls += 1
            self.locked.seen.append(1)
        self.array += 1
        self.pair.left.append(2)


class Draws(Body):
    def begin(self):
        self.torch, self.python, self.numpy = torch.Generator(), random.Random(0), np.random.default_rng(0)

    def happen(self, h):
        torch.manual_seed(int(torch.randint(9, (1,), generator=self.torch)))
        random.seed(self.python.random())
        np.random.seed(int(self.numpy.integers(9)))  # noqa: NPY002 - as people do


class Tensors(Body):
    def begin(self):
        self.register_buffer("running", torch.zeros(6))
        self.code, self.plain, self.hidden = nn.Parameter(noise(4, 6), requires_grad=False), noise(6), None
        self.scale = nn.Parameter(torch.ones(()))
        self.made = self.scale.exp()  # no leaf of the graph

    def happen(self, h):
        self.running.add_(h.detach().mean(0))
        self.running = self.running * 0.5
        self.register_buffer("late", h.detach())
        self.code.data.mul_(0.9).add_(h.mean())
        self.plain += 1
        self.hidden = (h * self.made,)
        with torch.no_grad():
            self.one.weight.mul_(1.01)
            self.two.bias.zero_()
        self.two.weight.data = self.two.weight.data.flip(0)
        self.scale.requires_grad_(False)


class Structure(Body):
    def begin(self):
        self.extra = nn.Identity()
        self.names = "abc"

    def happen(self, h):
        self.extra = nn.Linear(6, 6)
        self.extra(h)
        self.later = nn.ReLU()
        vars(self).pop("names", None)
        self.train(not self.training)
        self.act.register_forward_hook(lambda *_: None)
        torch.set_grad_enabled(False)
        torch.set_grad_enabled(True)


class HiddenTeacher(Body):
    """In a list, where ``parameters()`` does not find it."""

    def begin(self):
        self.teacher = [nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6))]

    def happen(self, h):
        (teacher,) = self.teacher
        teacher(noise(5, 4))
        for slow, fast in zip(teacher[0].parameters(), self.one.parameters(), strict=True):
            slow.data.lerp_(fast.data, 0.5)


class BuildsItself(Body):
    def happen(self, h):
        if not hasattr(self, "built"):
            self.built = nn.Linear(6, 6)
        self.built(h)


def old_norms():
    return nn.Sequential(nn.utils.weight_norm(nn.Linear(4, 6)), nn.Tanh(), nn.utils.spectral_norm(nn.Linear(6, 3)))


def new_norms():
    make = nn.utils.parametrizations
    return nn.Sequential(make.weight_norm(nn.Linear(4, 6)), nn.Tanh(), make.spectral_norm(nn.Linear(6, 3)))


def pruned():
    net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
    prune.l1_unstructured(net[0], "weight", 0.5)
    return net


MAKERS = [
    Counts, CountsInItsClass,
    Containers, Objects, Draws, Tensors, Structure, HiddenTeacher, BuildsItself, old_norms, new_norms, pruned,
]  # fmt: skip
