"""Look inside a torch module of anybody's making: what its layers see of one batch, as ``propagate`` tells of its own.

This module imports torch; whoever has a torch module has done so already.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MethodType
from typing import Any, Self, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge

from trainingwheels.engine.activations import Activation
from trainingwheels.engine.probing.batches import called_with, is_several, outline
from trainingwheels.engine.probing.choice import Choice, choose
from trainingwheels.engine.probing.hooks import Output, Recorder, Seen
from trainingwheels.engine.probing.lending import hooked
from trainingwheels.engine.probing.losses import modules_in
from trainingwheels.engine.probing.measures import moments
from trainingwheels.engine.probing.parts import activation_of, parts_of, title
from trainingwheels.engine.probing.tensors import tensors_in
from trainingwheels.engine.probing.untouched import device_of, untouched
from trainingwheels.engine.settings import InvalidSetting, brief, unknown_name
from trainingwheels.engine.signals.propagation import Layer

__all__ = ["Probe", "ProbedLayer", "Reading"]

NOTHING_RUNS = "module runs none of its layers on this batch: choose other layers or another batch."
SEED = 0  # of the gradient that enters where no loss is given: the same in every reading


@dataclass(frozen=True, eq=False)
class ProbedLayer:
    """One layer of a learner's module: its ``name`` there ("0", "features.3"; a second call in the same pass is
    "relu (2)"), its ``title`` ("ReLU 0"), its class, the engine's entry for it if it is a nonlinearity that the engine
    knows, and what it saw.

    In ``layer``, ``activations`` and ``gradients`` are samples of shape (examples, units); the channels of a
    convolution are its units, and its positions count as examples: ``values_per_unit`` of them in all. ``mean``,
    ``std`` and the shares come from all values up to 2**18 and from about so many evenly spaced ones beyond, ``dead``
    from all. ``saturated`` is NaN where no rule says what it would mean, ``weight_std`` always. Of a layer that
    makes several tensors (a recurrent one), these are of the first through which a gradient comes back.
    """

    name: str
    title: str
    kind: str
    activation: Activation | None
    layer: Layer
    values_per_unit: int


@dataclass(frozen=True, eq=False)
class Reading(Sequence[ProbedLayer]):
    """The layers in the order in which the pass came to them.

    ``left_out``: names of layers with weights that are not among them, nor just before one. ``learns``: whether any
    parameter of the module gets a gradient that is not zero; ``silent``: why no gradient could be had, or nothing.
    """

    layers: tuple[ProbedLayer, ...]
    left_out: tuple[str, ...]
    learns: bool
    silent: str = ""

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: Any) -> Any:
        return self.layers[index]

    def __iter__(self) -> Iterator[ProbedLayer]:
        return iter(self.layers)


class Probe:
    """Sends ``batch`` through ``module`` and a gradient back, and measures at its layers.

    The layers are those of :func:`.choose`; ``layers`` names others. The module stays as it is: a reading works on
    copies of all that it holds (:func:`.lent`), calls nobody's hooks but those that compute a weight, and puts back the
    random state; modules that the loss runs stay as they are, too. It runs in the mode (train or eval) in which it is.
    The probe does not keep the module: of one that nobody else holds any more, so that nothing can change it, it
    repeats the last reading.

    Parameters
    ----------
    module : torch.nn.Module
        Compiled and parallel ones are read through the module they wrap. Scripted ones take no hooks: InvalidSetting.
    batch : tensor, ndarray, tuple, list or mapping
        What the module is called with: a tuple or list as several inputs, a mapping as named ones. It is copied to the
        module's device, and arrays of floats to its precision.
    loss : callable (output) -> scalar tensor, optional
        What the gradients are of. Without it, unit Gaussian noise enters as gradient at the module's output.
    layers : sequence of str, optional
        Names of parts of the module, as ``module.named_modules()`` tells them.
    """

    def __init__(
        self,
        module: nn.Module,
        batch: Any,
        loss: Callable[[Any], Tensor] | None = None,
        layers: Sequence[str] | None = None,
    ) -> None:
        if loss is not None and not callable(loss):
            raise InvalidSetting(f"loss = {brief(loss)} is not a function: choose one of the module's output.")
        module = _checked(module)
        self._module: weakref.ref[nn.Module] | None = weakref.ref(module)
        self._batch, self._loss, self._layers = batch, _weakly(loss, module), layers
        self._choice = Choice(tuple(layers or ()))
        self._parts: Sequence[tuple[str, type]] = ()  # from which the layers were chosen
        self.read()

    def read(self) -> Reading:
        """What the layers see now.

        :class:`InvalidSetting` if the module cannot take the batch, or the loss the output.
        """
        if self._module is None:
            raise InvalidSetting("the probe is closed: make a new one.")
        module = self._module()
        if module is not None:
            self.latest = self._read(module)
        return self.latest

    def close(self) -> None:
        """Let go of module and batch. A second call does nothing."""
        self._module = self._batch = self._loss = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, module: nn.Module) -> Reading:
        loss = self._loss() if isinstance(self._loss, weakref.WeakMethod) else self._loss
        watched, refusal = self._watched(module), self._refusal(module)
        frozen = not any(parameter.requires_grad for parameter in module.parameters())
        with untouched(module, *modules_in(loss)):
            args, kwargs = called_with(self._batch, module, differentiable=frozen)
            with Recorder(module, watched) as recorder:
                output = _attempt(lambda: module(*args, **kwargs), refusal)
            if not recorder.seen:
                raise InvalidSetting(NOTHING_RUNS)
            ends, arriving = _attempt(lambda: _ends(output, loss), _loss_fails)
            found, silent = _gradients(module, recorder.seen, ends, arriving)
            layers = tuple(_probed(seen, found) for seen in recorder.seen)
            moving = any(one.layer.weight_gradient_rms > 0 for one in layers)
            return Reading(layers, self._choice.left_out, moving or found.learns, silent)

    def _watched(self, module: nn.Module) -> dict[nn.Module, str]:
        """The layers to look at: chosen once, and again when the module has been rebuilt."""
        if self._layers is not None:
            return _named(module, self._layers)
        names = parts_of(module)
        parts = tuple((name, type(part)) for part, name in names.items())
        if parts != self._parts:
            try:
                self._choice = self._choose(module, differentiable=True)
            except InvalidSetting:  # it may take its inputs to NumPy
                self._choice = self._choose(module, differentiable=False)
            self._parts = parts
        shown = set(self._choice.shown)
        return {part: name for part, name in names.items() if name in shown}

    def _choose(self, module: nn.Module, differentiable: bool) -> Choice:
        refusal = self._refusal(module)
        with untouched(module):
            args, kwargs = called_with(self._batch, module, differentiable)
            chosen: Choice = _attempt(lambda: choose(module, lambda: module(*args, **kwargs)), refusal)
            return chosen

    def _refusal(self, module: nn.Module) -> Callable[[Exception], str]:
        """What to say of an error in a pass of ``module``, which still has its hooks."""
        hint = " (a tuple stands for several inputs; targets belong into loss)" if is_several(self._batch) else ""
        if hooks := hooked(module):
            some = ", ".join(hooks[:3]) + (" and others" if len(hooks) > 3 else "")
            hint += f", or a module that needs no hooks: those on {some} are not called"
        return lambda error: (
            f"batch = {outline(self._batch)} does not go through the module ({_first_line(error)}): "
            f"choose a batch that the module takes{hint}."
        )


def _weakly(loss: Any, module: nn.Module) -> Any:
    """``loss``, which is not to keep the module if it is a method of it."""
    return weakref.WeakMethod(loss) if isinstance(loss, MethodType) and loss.__self__ is module else loss


@dataclass(frozen=True, eq=False)
class _Gradients:
    """What came back: dL/da by edge of the graph, and dL/dW by the id of W; None is nothing."""

    at: Mapping[GradientEdge, Tensor | None]
    of: Mapping[int, Tensor | None]

    @property
    def learns(self) -> bool:
        return any(gradient is not None and bool(_entries(gradient).any()) for gradient in self.of.values())


def _ends(output: Any, loss: Callable[[Any], Tensor] | None) -> tuple[list[Tensor], list[Tensor] | None]:
    """Where the backward pass begins, and with which gradients."""
    if loss is not None:
        value = loss(output)
        if not isinstance(value, Tensor) or value.numel() != 1:
            raise InvalidSetting(f"loss gives {outline(value)}: choose a function that gives one number.")
        return ([value.reshape(())] if value.requires_grad else []), None
    ends = [tensor for tensor in tensors_in(output) if tensor.requires_grad]
    generator = torch.Generator().manual_seed(SEED)
    return ends, [torch.randn(end.shape, generator=generator).to(end) for end in ends]


def _gradients(
    module: nn.Module, seen: Sequence[Seen], ends: list[Tensor], arriving: list[Tensor] | None
) -> tuple[_Gradients, str]:
    """The gradients at all outputs and of all parameters, and why there are none, if that has a reason of its own."""
    edges = [output.edge for one in seen for output in one.outputs if output.edge is not None]
    weights = [parameter for parameter in module.parameters() if parameter.requires_grad]
    targets: list[GradientEdge | Tensor] = [*edges, *weights]
    found: Sequence[Tensor | None] = [None] * len(targets)
    silent = ""
    if ends and targets:
        try:
            found = torch.autograd.grad(ends, targets, arriving, allow_unused=True)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - of whoever wrote a backward pass
            silent = _first_line(error)
    at = dict(zip(edges, found[: len(edges)], strict=True))
    return _Gradients(at, dict(zip(map(id, weights), found[len(edges) :], strict=True))), silent


def _loss_fails(error: Exception) -> str:
    return (
        f"loss does not take the module's output ({_first_line(error)}): choose a function of that, whose targets are "
        "those of this batch."
    )


def _attempt(action: Callable[[], Any], explain: Callable[[Exception], str]) -> Any:
    """``action()``; whatever it raises becomes one line."""
    try:
        return action()
    except InvalidSetting:
        raise
    except Exception as error:
        raise InvalidSetting(explain(error)) from error


def _checked(module: Any) -> nn.Module:
    """The module in which hooks are of use, or InvalidSetting."""
    if not isinstance(module, nn.Module):
        raise InvalidSetting(f"module = {brief(module)} is not a torch.nn.Module: choose one.")
    found: nn.Module = module
    while (inner := _wrapped(found)) is not None:
        found = inner
    if any(isinstance(part, torch.jit.ScriptModule) for part in found.modules()):
        raise InvalidSetting("module is scripted and takes no hooks: choose the module that it was made from.")
    if any(nn.parameter.is_lazy(p) for p in [*found.parameters(), *found.buffers()]):
        raise InvalidSetting("module has lazy layers without weights: call module(batch) once before.")
    if device_of(found).type == "meta":
        raise InvalidSetting("module is on the meta device, where there are no numbers: choose cpu or a GPU.")
    return found


def _wrapped(module: nn.Module) -> nn.Module | None:
    """The module inside one that only compiles or distributes it."""
    inner: nn.Module | None = getattr(module, "_orig_mod", None)
    if inner is None and isinstance(module, nn.DataParallel | nn.parallel.DistributedDataParallel):
        inner = cast(nn.Module, module.module)
    return inner


def _named(module: nn.Module, names: Sequence[str]) -> dict[nn.Module, str]:
    parts = dict(module.named_modules())
    for name in names:
        if name not in parts:
            raise InvalidSetting(unknown_name("layer", name, filter(None, parts)))
    return {parts[name]: name or type(module).__name__ for name in names}


def _probed(seen: Seen, gradients: _Gradients) -> ProbedLayer:
    output, gradient = _answered(seen.outputs, gradients)
    mean, std, zeros, finite, dead = output.numbers.tolist()
    input_std, saturated = seen.input.tolist()
    gradient_std = gradient_zeros = math.nan
    if gradient is not None:
        _, gradient_std, gradient_zeros, _ = moments(gradient.detach()).tolist()
    layer = Layer(
        activations=_frozen(output.sample),
        gradients=None if gradient is None else _frozen(output.choose(gradient)),
        mean=mean,
        std=std,
        preactivation_std=input_std,
        saturated=saturated,
        dead=dead,
        zeros=zeros,
        finite=finite,
        gradient_std=gradient_std,
        gradient_zeros=gradient_zeros,
        weight_gradient_rms=_rms([each for w in seen.weights if (each := gradients.of.get(id(w))) is not None]),
        weight_std=math.nan,
        method="probe",
    )
    kind, known = type(seen.part).__name__, activation_of(seen.part)
    return ProbedLayer(seen.name, title(seen.name, seen.part), kind, known, layer, output.values_per_unit)


def _answered(outputs: Sequence[Output], gradients: _Gradients) -> tuple[Output, Tensor | None]:
    """The first output through which a gradient comes back, and that; without any, the first."""
    for output in outputs:
        gradient = None if output.edge is None else gradients.at.get(output.edge)
        if gradient is not None:
            return output, gradient
    return outputs[0], None


def _frozen(values: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    array = values.cpu().numpy()
    array.setflags(write=False)
    return array


def _rms(gradients: Sequence[Tensor]) -> float:
    """Over all entries of all of them; NaN for none."""
    entries = sum(gradient.numel() for gradient in gradients)
    lengths = [float(torch.linalg.vector_norm(_entries(gradient).abs().float())) for gradient in gradients]
    return math.hypot(*lengths) / math.sqrt(entries) if entries else math.nan


def _entries(gradient: Tensor) -> Tensor:
    """Those that are not zero for sure: an embedding may give only those of the words that came."""
    return gradient.coalesce().values() if gradient.is_sparse else gradient


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:160]}" if lines else type(error).__name__
