"""What is random in a run, as lines of a plain PyTorch script: where it is drawn, its modules, and what it does."""

from __future__ import annotations

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.regularizers.stochastic_depth import survival
from trainingwheels.engine.signals.noise import Role, torch_seed
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["PLAIN", "disturbed", "draws", "modules", "residual", "soft_labels"]

DROPCONNECT = """\
class DropConnect(nn.Linear):  # one mask for the batch; in evaluation the weights are whole
    def forward(self, x):
        if not self.training:
            return super().forward(x)
        mask = torch.rand(self.weight.shape, generator=weight_noise) >= {rate}
        return F.linear(x, self.weight * mask / (1 - {rate}), self.bias)"""
DROPCONNECT_CONVOLUTION = """\
class DropConnectConv(nn.Conv{axes}d):
    def forward(self, x):
        if not self.training:
            return super().forward(x)
        mask = torch.rand(self.weight.shape, generator=weight_noise) >= {rate}
        return self._conv_forward(x, self.weight * mask / (1 - {rate}), self.bias)"""
RESIDUAL = """\
class Residual(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.f = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.f(x)"""
STOCHASTIC_DEPTH = """\
class Residual(nn.Module):  # a block that survives a step with probability p
    def __init__(self, p, *layers):
        super().__init__()
        self.p, self.f = p, nn.Sequential(*layers)

    def forward(self, x):
        b = torch.rand((), generator=block_noise) >= 1 - self.p if self.training else self.p
        return x + b * self.f(x)"""
INSIDE = """\
def inside(centre, side, size):  # the pixels within a side around a centre, clipped at the border
    start = int(centre * size) - side // 2
    return slice(max(start, 0), start + side)"""
PLAIN = "x = X[batch]"
GENERATORS = {
    "dropconnect": ("weight_noise", Role.DROPCONNECT),
    "stochastic_depth": ("block_noise", Role.DEPTH),
    "input_noise": ("input_noise", Role.INPUT_NOISE),
}
STREAMS = {"mixup": Role.MIXUP, "cutmix": Role.CUTMIX, "cutout": Role.CUTOUT}


def soft_labels(config: RunConfig) -> bool:
    """Whether a label is a distribution over the classes."""
    return bool(config.mixup or config.cutmix)


def draws(config: RunConfig) -> list[str]:
    """The generators, one for each purpose."""
    lines = [f"{name}_draws = rng(0, {role:d})" for name, role in STREAMS.items() if getattr(config, name)]
    for name, (variable, role) in GENERATORS.items():
        if getattr(config, name):
            lines.append(f"{variable} = torch.Generator().manual_seed({torch_seed(config.seed, role)})")
    return ["", *lines] if lines else []


def modules(config: RunConfig) -> list[str]:
    """The classes and functions that this run needs."""
    found = [DROPCONNECT.format(rate=config.dropconnect)] if config.dropconnect else []
    if config.conv and config.dropconnect:
        found.append(DROPCONNECT_CONVOLUTION.format(axes=config.axes, rate=config.dropconnect))
    if config.residual:
        found.append(STOCHASTIC_DEPTH if config.stochastic_depth else RESIDUAL)
    if config.cutmix or config.cutout:
        found.append(INSIDE)
    return [line for each in found for line in ("", *each.splitlines(), "", "")]


def residual(config: RunConfig, layer: int, layers: list[str]) -> list[str]:
    """The modules of one hidden layer, from 1, as a block where it is one."""
    if layer not in config.blocks:
        return layers
    alive = survival(len(config.blocks), 1 - config.stochastic_depth)[config.blocks.index(layer)]
    first = [f"{float(alive)}"] if config.stochastic_depth else []
    return [f"Residual({', '.join(first + layers)})"]


def disturbed(config: RunConfig) -> list[str]:
    """What happens to the batch ``x`` and its labels ``t`` before a step."""
    dataset, batch = DATASETS[config.dataset], ["x = changed(batch)" if config.augment else PLAIN]
    if soft_labels(config):
        batch.append(f"t = F.one_hot(y[batch], {dataset.classes}).to(X.dtype)")
    if config.mixup:
        batch += [
            f"share = betaincinv({config.mixup}, {config.mixup}, mixup_draws.random())  # drawn from Beta",
            "x = share * x + (1 - share) * x.roll(1, 0)  # the order is random, and so is a neighbour",
            "t = share * t + (1 - share) * t.roll(1, 0)",
        ]
    if config.cutmix:
        batch += _cutmix(config, dataset.shape)
    if config.cutout:
        channels, height, width = dataset.shape
        batch += [
            f"images = x.view(-1, {channels}, {height}, {width})",
            "for image, (row, column) in zip(images, cutout_draws.random((len(x), 2))):",
            f"    image[:, inside(row, {config.cutout}, {height}), inside(column, {config.cutout}, {width})] = 0",
        ]
    if config.input_noise:
        batch.append(f"x = x + {config.input_noise} * torch.randn(x.shape, generator=input_noise)")
    return batch


def _cutmix(config: RunConfig, shape: tuple[int, ...]) -> list[str]:
    channels, height, width = shape
    return [
        "u, row, column = cutmix_draws.random(3)",
        f"side = (1 - betaincinv({config.cutmix}, {config.cutmix}, u)) ** 0.5",
        f"box = ..., inside(row, int({height} * side), {height}), inside(column, int({width} * side), {width})",
        f"images = x.view(-1, {channels}, {height}, {width})",
        "mixed = images.clone()",
        "mixed[box] = images.roll(1, 0)[box]",
        f"share = 1 - mixed[box][0, 0].numel() / {height * width}",
        "x = mixed.flatten(1)",
        "t = share * t + (1 - share) * t.roll(1, 0)",
    ]
