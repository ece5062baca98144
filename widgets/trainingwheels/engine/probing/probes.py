"""Look inside a torch module of anybody's making: what its layers see of one batch, as ``propagate`` tells of its own.

This module imports torch; whoever has a torch module has done so already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np
import torch
from torch import Tensor, nn

from trainingwheels.engine.activations import Activation
from trainingwheels.engine.probing.hooks import Recorder, Seen, activation_of, candidates, moments, tensors_in
from trainingwheels.engine.probing.untouched import device_of, untouched
from trainingwheels.engine.settings import InvalidSetting, brief, unknown_name
from trainingwheels.engine.signals.propagation import Layer

__all__ = ["Probe", "ProbedLayer"]

SEED = 0  # of the gradient that enters where no loss is given: the same in every reading


@dataclass(frozen=True, eq=False)
class ProbedLayer:
    """One layer of a learner's module: its ``name`` there ("0", "features.3"; a second call in the same pass is
    "relu (2)"), its class, the engine's entry for it if it is a nonlinearity that the engine knows, and what it saw.

    In ``layer``, ``activations`` and ``gradients`` are samples of shape (examples, units); the channels of a
    convolution are its units, and its positions count as examples. ``mean``, ``std`` and the shares come from all
    values up to 2**18 and from about so many evenly spaced ones beyond, ``dead`` from all. ``saturated`` is NaN where
    no rule says what it would mean, ``weight_std`` always.
    """

    name: str
    kind: str
    activation: Activation | None
    layer: Layer


class Probe:
    """Sends ``batch`` through ``module`` and a gradient back, and measures at its layers.

    The layers are the module's nonlinearities, or, if it has none among its parts, the outputs of its layers with
    weights; ``layers`` names others. The module stays as it is: its buffers, ``.grad``, modes and the random state are
    untouched, and no hook outlives a reading. It runs in the mode (train or eval) in which it is.

    Parameters
    ----------
    module : torch.nn.Module
        Compiled and parallel ones are read through the module they wrap. Scripted ones take no hooks: InvalidSetting.
    batch : tensor, ndarray, tuple, list or mapping
        What the module is called with: a tuple or list as several inputs, a mapping as named ones. It is copied to the
        module's device.
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
        self._module: nn.Module | None = _checked(module)
        self._batch, self._loss = batch, loss
        if loss is not None and not callable(loss):
            raise InvalidSetting(f"loss = {brief(loss)} is not a function: choose one of the module's output.")
        choices = candidates(self._module) if layers is None else [_named(self._module, layers)]
        for self._watched in choices:
            if self._watched and self.read():
                return
        raise InvalidSetting("module runs none of its layers on this batch: choose other layers or another batch.")

    def read(self) -> tuple[ProbedLayer, ...]:
        """What the layers see now, in the order in which the pass comes to them.

        :class:`InvalidSetting` if the module cannot take the batch, or the loss the output.
        """
        if self._module is None:
            raise InvalidSetting("the probe is closed: make a new one.")
        with untouched(self._module):
            args, kwargs = _inputs(self._batch, self._module)
            with Recorder(self._module, self._watched) as recorder:
                output = _attempt(lambda: self._called(args, kwargs), self._refusal)
            gradients = _attempt(lambda: self._gradients(output, recorder.seen), _no_gradient)
        return tuple(_probed(seen, *gradients[seen]) for seen in recorder.seen)

    def close(self) -> None:
        """Let go of module and batch. A second call does nothing."""
        self._module = self._batch = self._loss = None
        self._watched = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _called(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        assert self._module is not None
        return self._module(*args, **kwargs)

    def _gradients(self, output: Any, seen: Sequence[Seen]) -> dict[Seen, tuple[Tensor | None, list[Tensor]]]:
        """For each call of a layer, dL/da at its output (None: nothing arrives) and dL/dW of the weights before it."""
        ends, arriving = self._ends(output)
        edges = [one for one in seen if one.edge is not None]
        weights = list({id(w): w for one in seen for w in one.weights if w.requires_grad}.values())
        targets = [one.edge for one in edges] + weights
        found: Sequence[Tensor | None] = [None] * len(targets)
        if ends and targets:
            found = torch.autograd.grad(ends, targets, arriving, allow_unused=True)  # type: ignore[arg-type]
        at = dict(zip(edges, found[: len(edges)], strict=True))
        of = dict(zip(map(id, weights), found[len(edges) :], strict=True))
        return {
            one: (at.get(one), [gradient for w in one.weights if (gradient := of.get(id(w))) is not None])
            for one in seen
        }

    def _ends(self, output: Any) -> tuple[list[Tensor], list[Tensor] | None]:
        """Where the backward pass begins, and with which gradients."""
        if self._loss is not None:
            value = self._loss(output)
            if not isinstance(value, Tensor) or value.numel() != 1:
                raise InvalidSetting(f"loss gives {_outline(value)}: choose a function that gives one number.")
            return ([value.reshape(())] if value.requires_grad else []), None
        ends = [tensor for tensor in tensors_in(output) if tensor.requires_grad]
        generator = torch.Generator().manual_seed(SEED)
        return ends, [torch.randn(end.shape, generator=generator).to(end) for end in ends]

    def _refusal(self, error: Exception) -> str:
        hint = " (a tuple stands for several inputs; targets belong into loss)" if _is_several(self._batch) else ""
        return (
            f"batch = {_outline(self._batch)} does not go through the module ({_first_line(error)}): "
            f"choose a batch that the module takes{hint}."
        )


def _no_gradient(error: Exception) -> str:
    return f"no gradient comes back ({_first_line(error)}): choose another loss, a function of the module's output."


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


def _is_several(batch: Any) -> bool:
    return isinstance(batch, tuple | list)


def _inputs(batch: Any, module: nn.Module) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """What to call the module with: copies, since a first layer may work in place, on the module's device."""
    device = device_of(module)
    trains = any(p.requires_grad for p in module.parameters())

    def copied(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            value = torch.as_tensor(value)
            value = value.to(torch.get_default_dtype()) if value.is_floating_point() else value
        if isinstance(value, Tensor):
            value = value.detach().to(device, copy=True)
            # Without weights to learn, the gradients on the way are those of the inputs.
            return value.requires_grad_() if value.is_floating_point() and not trains else value
        if isinstance(value, Mapping):
            return {key: copied(part) for key, part in value.items()}
        return type(value)(map(copied, value)) if type(value) in (list, tuple) else value

    inputs = copied(batch)
    if isinstance(inputs, Mapping):
        return (), inputs
    return (inputs, {}) if _is_several(inputs) else ((inputs,), {})


def _probed(seen: Seen, gradient: Tensor | None, weight_gradients: Sequence[Tensor]) -> ProbedLayer:
    mean, std, zeros, finite, dead, input_std, saturated = seen.numbers.tolist()
    gradient_std = gradient_zeros = math.nan
    if gradient is not None:
        _, gradient_std, gradient_zeros, _ = moments(gradient.detach()).tolist()
    layer = Layer(
        activations=_frozen(seen.sample),
        gradients=None if gradient is None else _frozen(seen.choose(gradient)),
        mean=mean,
        std=std,
        preactivation_std=input_std,
        saturated=saturated,
        dead=dead,
        zeros=zeros,
        finite=finite,
        gradient_std=gradient_std,
        gradient_zeros=gradient_zeros,
        weight_gradient_rms=_rms(weight_gradients),
        weight_std=math.nan,
        method="probe",
    )
    return ProbedLayer(seen.name, type(seen.part).__name__, activation_of(seen.part), layer)


def _frozen(values: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    array = values.cpu().numpy()
    array.setflags(write=False)
    return array


def _rms(gradients: Sequence[Tensor]) -> float:
    """Over all entries of all of them; NaN for none."""
    entries = sum(gradient.numel() for gradient in gradients)
    lengths = [float(torch.linalg.vector_norm(gradient.float())) for gradient in gradients]
    return math.hypot(*lengths) / math.sqrt(entries) if entries else math.nan


def _outline(value: Any) -> str:
    """What a batch or an output is, in a few words."""
    if isinstance(value, Tensor | np.ndarray):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, Mapping):
        return f"{len(value)} named inputs ({brief(', '.join(map(str, value)))})"
    if _is_several(value):
        return f"{len(value)} inputs"
    return brief(value)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:160]}" if lines else type(error).__name__
