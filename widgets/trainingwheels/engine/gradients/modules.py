"""Gradient checks of what torch differentiates: functions of tensors, and modules with all their parameters."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from trainingwheels.engine.gradients.arguments import as_passed, check_entries, check_kind, matching, parts_of
from trainingwheels.engine.gradients.target import Target
from trainingwheels.engine.settings import Flag, InvalidSetting, brief

__all__ = ["torch_target"]


def torch_target(f: Any, x: Any, gradient: Any, loss: Any, dtype: str, train: bool | None, seed: int) -> Target:
    """What :func:`gradient_check` asks, with torch."""
    if isinstance(f, nn.Module):
        if gradient is not None:
            raise InvalidSetting(
                "gradient = ... is for a function, f is an nn.Module: autograd gives it, leave it out."
            )
        return _module_target(f, x, loss, getattr(torch, dtype), train, seed)
    for name, given in (("loss", loss), ("train", train)):
        if given is not None:
            raise InvalidSetting(
                f"{name} = {brief(given)} is for an nn.Module, f is a {type(f).__name__}: leave it out."
            )
    return _function_target(f, x, gradient, getattr(torch, dtype), seed)


def _function_target(f: Callable[..., Any], x: Any, gradient: Any, dtype: torch.dtype, seed: int) -> Target:
    names, parts = parts_of(x)
    tensors = [_leaf(name, part, dtype) for name, part in zip(names, parts, strict=True)]

    def ask(what: Callable[..., Any]) -> Any:
        return what(*as_passed(x, [tensor.clone() for tensor in tensors]))

    def value() -> float:
        with _Repeatable(seed, tensors), torch.no_grad():
            return _number(ask(f))

    def slopes() -> list[Any]:
        with _Repeatable(seed, tensors), torch.enable_grad():
            if gradient is None:
                return _autograd(ask(f), tensors)
            return matching(names, arrays, ask(gradient) if callable(gradient) else gradient, x)

    arrays = [tensor.detach().numpy() for tensor in tensors]  # views: an entry that is changed is changed in both
    return Target(names, arrays, value, slopes)


def _module_target(
    module: nn.Module, batch: Any, loss: Any, dtype: torch.dtype, train: bool | None, seed: int
) -> Target:
    net = _copied(module, dtype)
    if train is not None:
        net.train(Flag().check("train", train))
    parameters = {name: each for name, each in net.named_parameters() if each.requires_grad}
    if not parameters:
        raise InvalidSetting("f has no parameters that require a gradient: nothing to check.")
    for name, parameter in parameters.items():
        check_entries(name, parameter.detach().numpy())
    inputs, targets = _batch(batch, dtype)
    buffers = {name: each.clone() for name, each in net.named_buffers()}  # running averages go on with every batch

    def ask() -> Tensor:
        with torch.no_grad():
            for name, buffer in net.named_buffers():
                buffer.copy_(buffers[name])
        output = net(*inputs)
        found: Tensor = output if loss is None else loss(output, *targets)
        return found

    def value() -> float:
        with _Repeatable(seed, [*parameters.values()]), torch.no_grad():
            return _number(ask(), hint=", or pass loss=" if loss is None else "")

    def slopes() -> list[Any]:
        with _Repeatable(seed, [*parameters.values()]), torch.enable_grad():
            return _autograd(ask(), [*parameters.values()])

    return Target([*parameters], [each.detach().numpy() for each in parameters.values()], value, slopes)


def _copied(module: nn.Module, dtype: torch.dtype) -> nn.Module:
    """A deep copy on the CPU, in the precision of the check."""
    if any(nn.parameter.is_lazy(each) for each in (*module.parameters(), *module.buffers())):
        raise InvalidSetting("f has parameters without a shape yet: send one batch through it first.")
    try:
        net = copy.deepcopy(module)
    except Exception as error:  # whatever a module holds that cannot be copied
        raise InvalidSetting(
            f"f cannot be copied ({type(error).__name__}): pass a module that deepcopy can copy."
        ) from error
    net.to("cpu", dtype)
    for parameter in net.parameters():
        parameter.data = parameter.data.contiguous()  # so that its entries can be reached one by one
        parameter.grad = None
    return net


def _batch(batch: Any, dtype: torch.dtype) -> tuple[list[Any], list[Any]]:
    """(inputs, targets) for the module and the loss; whole numbers, such as labels and indices, stay what they are."""
    parts = list(batch) if isinstance(batch, tuple | list) else [batch]
    if len(parts) not in (1, 2):
        raise InvalidSetting(f"x has {len(parts)} parts: pass the batch as (inputs, targets), or the inputs alone.")
    ready = [_constant(name, part, dtype) for name, part in zip(("the inputs", "the targets"), parts, strict=False)]
    return ready[:1], ready[1:]


def _constant(name: str, part: Any, dtype: torch.dtype) -> Any:
    try:
        tensor = torch.as_tensor(part).detach().to("cpu", copy=True)
    except (TypeError, ValueError, RuntimeError):
        raise InvalidSetting(f"{name} = {brief(part)} cannot become a tensor: pass tensors or arrays.") from None
    if not tensor.is_floating_point():
        return tensor
    check_entries(name, tensor.to(torch.float64).numpy())
    return tensor.to(dtype)


def _leaf(name: str, part: Any, dtype: torch.dtype) -> Tensor:
    """A copy of a tensor that a gradient can be asked for."""
    try:
        tensor = torch.as_tensor(part).detach()
    except (TypeError, ValueError, RuntimeError):
        raise InvalidSetting(f"{name} = {brief(part)} cannot become a tensor: pass a float tensor.") from None
    kind = "f" if tensor.is_floating_point() else "c" if tensor.is_complex() else "i"
    check_kind(name, kind, str(tensor.dtype))
    copied = tensor.to("cpu", dtype, copy=True).contiguous()
    check_entries(name, copied.numpy())
    return copied.requires_grad_()


class _Repeatable:
    """While it lasts, torch draws what it draws from ``seed``; afterwards it goes on as if nothing had been."""

    def __init__(self, seed: int, tensors: list[Any]) -> None:
        self._fork = torch.random.fork_rng(devices=[])
        self._seed, self._dtype = seed, tensors[0].dtype

    def __enter__(self) -> None:
        self._fork.__enter__()
        torch.default_generator.manual_seed(self._seed)

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._fork.__exit__(kind, error, trace)
        if isinstance(error, RuntimeError) and not isinstance(error, InvalidSetting):
            error.add_note(f"gradient_check ran f on the CPU in {self._dtype}: if f insists on another, pass dtype=.")


def _number(found: Any, hint: str = "") -> float:
    if not isinstance(found, Tensor):
        raise InvalidSetting(f"f gives {brief(found)}, not a tensor: return one number as a tensor{hint}.")
    if found.numel() != 1:
        raise InvalidSetting(
            f"f gives a tensor of shape {tuple(found.shape)}, not one number: take a sum, a mean or a loss of it{hint}."
        )
    return float(found.detach())


def _autograd(value: Tensor, tensors: list[Any]) -> list[Any]:
    """The gradient for each tensor; zero where the value does not depend on it."""
    if not value.requires_grad:
        raise InvalidSetting("f gives a tensor without a gradient: do not detach it, nor leave torch on the way.")
    found = torch.autograd.grad(value.reshape(()), tensors, allow_unused=True)
    return [
        (torch.zeros_like(tensor) if slope is None else slope).detach().to(torch.float64).numpy()
        for tensor, slope in zip(tensors, found, strict=True)
    ]
