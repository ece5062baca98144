"""Transfer as lines of a plain PyTorch script: the few labels, the layers that are kept, and what of them learns."""

from __future__ import annotations

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["chosen", "epoch", "groups", "has_shares", "kept", "stilled"]


def has_shares(config: RunConfig) -> bool:
    """Whether some layers learn with less than the learning rate."""
    return any(config.share_of_rate(layer) != 1 for layer in range(1, config.depth + 2))


def chosen(config: RunConfig) -> list[str]:
    """Which examples have a label."""
    if config.per_class is None:
        return []
    return [
        "",
        f"chosen = [  # {config.per_class} of each class",
        f"    rng(label, {Role.DATA:d}).permutation(np.flatnonzero(y_train == label))[:{config.per_class}]",
        f"    for label in range({DATASETS[config.dataset].classes})",
        "]",
        "chosen = np.stack(chosen, axis=1).ravel()",
    ]


def epoch(config: RunConfig) -> list[str]:
    """The order of an epoch's examples: of a few, all in one order, then in another, for as many steps as all take."""
    if config.per_class is None:
        return [f"order = rng(epoch, {Role.BATCHES:d}).permutation(len(X))"]
    return [
        f"count = len(X) // {config.batch_size} * {config.batch_size}",
        "passes = np.tile(np.arange(len(chosen)), (-(-count // len(chosen)), 1))",
        f"order = chosen[rng(epoch, {Role.BATCHES:d}).permuted(passes, axis=1).ravel()[:count]]",
    ]


def kept(config: RunConfig) -> list[str]:
    """What the net begins with; ``pretrained`` is the net of the script before this one."""
    if config.pretrained is None:
        return []
    return ["net[:-1].load_state_dict(pretrained[:-1].state_dict())  # all but the last layer"]


def stilled(config: RunConfig) -> list[str]:
    """What keeps the statistics of frozen layers, whenever the net has been told to train."""
    if not config.still_statistics:
        return []
    kinds = f"(nn.BatchNorm1d, nn.BatchNorm{config.axes}d)" if config.conv else "nn.BatchNorm1d"
    return [
        f"normalized = [module for module in net.modules() if isinstance(module, {kinds})]",
        f"for module in normalized[:{config.still_statistics}]:",
        "    module.eval()  # or its statistics drift",
    ]


def groups(config: RunConfig) -> list[str]:
    """``groups``, the parameters that learn, each with the ``rate`` of its layer."""
    decay = 2 * config.l2 if OPTIMIZERS[config.optimizer].decoupled else 0.0
    shares = [config.share_of_rate(layer) for layer in range(1, config.depth + 2)]
    return [
        f"shares, layer, groups = {shares}, -1, []  # of the learning rate, layer by layer; 0 is frozen",
        "for module in net.modules():",
        "    layer += module in linear",
        "    for parameter in module.parameters(recurse=False):",
        "        if shares[layer] == 0:",
        "            parameter.requires_grad_(False)",
        "            continue",
        "        decays = module in linear and parameter is module.weight",
        f"        rate, decay = {config.lr} * shares[layer], {decay} if decays else 0.0",
        '        groups.append({"params": [parameter], "lr": rate, "rate": rate, "weight_decay": decay})',
    ]
