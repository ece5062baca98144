"""A run as a short script in plain PyTorch: what a learner takes home. Its numbers are the engine's."""

from __future__ import annotations

from math import prod

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.initializers import DEFAULT_STD, INITIALIZERS
from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.preprocessing import PREPROCESSING
from trainingwheels.engine.schedules import SCHEDULES
from trainingwheels.engine.scripts.augmenting import augmenting, imports, prepared
from trainingwheels.engine.scripts.noise import PLAIN, disturbed, draws, modules, residual, soft_labels
from trainingwheels.engine.scripts.transfer import chosen, epoch, has_shares, kept, stilled
from trainingwheels.engine.scripts.transfer import groups as transferred
from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training.pretraining import source_of
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["MODULES", "convolution_modules", "training_script"]

MODULES = {
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.1)",
    "maxout": "Maxout()",
    "elu": "nn.ELU()",
    "selu": "nn.SELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
}
MAXOUT = """\
class Maxout(nn.Module):
    def forward(self, x):
        return torch.maximum(*x.chunk(2, 1))"""
STANDARD = ("math", "statistics")  # of the modules that a script imports, Python's own
# The initializers' own code draws from NumPy's global generator; here each layer has a generator of its own, ``draw``.
DRAWS = {
    "np.random.randn(Din, Dout)": "draw.standard_normal((Din, Dout), dtype=np.float32)",
    "np.random.uniform(-1, 1, (Din, Dout))": "(2 * draw.random((Din, Dout), dtype=np.float32) - 1)",
    "np.random.randn(max(Din, Dout), min(Din, Dout))": (
        "draw.standard_normal((max(Din, Dout), min(Din, Dout)), dtype=np.float32)"
    ),
    "orthogonal(Din, Dout)": "orthogonal(draw, Din, Dout)",
}


def training_script(config: RunConfig) -> str:
    """A runnable script for ``config``: it leaves each step's loss in the list ``losses`` and prints the accuracy.

    Its numbers are those of :func:`train` on a CPU, up to rounding, whatever is random in it, save that dropout's masks
    differ, not their law. Raises :class:`InvalidSetting` where the data is not on this computer.
    """
    parts = [_imports(config), _data(config), _random(config), _net(config), _optimizer(config), _loop(config)]
    script = "\n\n".join("\n".join(part) for part in parts) + "\n"
    if config.pretrained is None:
        return script
    before = f"# First the net learns {config.pretrained}.\n{training_script(source_of(config))}\npretrained = net\n"
    return f"{before}\n# Then {config.dataset}.\n{script}"


def _imports(config: RunConfig) -> list[str]:
    functional = "F." in LOSSES[config.loss].code or config.dropconnect
    found = {
        *(["import math"] if "math." in SCHEDULES[config.schedule].code else []),
        "import numpy as np",
        "import torch",
        *(["import torch.nn.functional as F"] if functional else []),
        *(["from scipy.special import betaincinv"] if soft_labels(config) else []),
        "from torch import nn",
        *imports(config.augment),
    }
    groups = ([line for line in found if (line.split()[1] in STANDARD) is own] for own in (True, False))
    return "\n\n".join("\n".join(sorted(group, key=_import_order)) for group in groups if group).splitlines()


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line


def _data(config: RunConfig) -> list[str]:
    dataset, size = DATASETS[config.dataset], config.train_size
    noise = dataset.noise if config.data_noise is None else config.data_noise
    code = dataset.code.replace("{size}", str(size or 500)).replace("{noise}", str(noise))
    subset = [f"X_train, y_train = X_train[:{size}], y_train[:{size}]"] if size and dataset.noise is None else []
    preprocessed = PREPROCESSING[config.preprocessing].code.replace("{channels}", str(dataset.channels))
    raw = ["pictures = X_train  # before they are preprocessed"] if config.augment else []
    if any(name == "pca" for name, _ in config.augment):
        channels, height, width = dataset.shape
        raw.append(f"colours = pictures.reshape(-1, {channels}, {height}, {width}).transpose(0, 2, 3, 1)")
        raw.append("eigenvalues, eigenvectors = colour_components(colours)")
    return ["", code, *subset, *raw, *([preprocessed] if preprocessed else [])]


def _random(config: RunConfig) -> list[str]:
    lines = [
        "",
        "def rng(place, role, piece=0):  # the same address gives the same numbers",
        f"    return np.random.Generator(np.random.SFC64(({config.seed}, place, role, piece)))",
        "",
        *_initial(config),
        *draws(config),
        *(augmenting(config.augment) if config.augment else []),
        *(prepared(config.preprocessing, DATASETS[config.dataset].shape) if config.augment else []),
        *chosen(config),
    ]
    if config.label_noise:
        classes = DATASETS[config.dataset].classes
        lines += [
            "",
            f"draw = rng(0, {Role.LABELS:d})  # label noise",
            f"flipped = draw.random(len(y_train)) < {config.label_noise}",
            f"y_train = np.where(flipped, (y_train + draw.integers(1, {classes}, len(y_train))) % {classes}, y_train)",
        ]
    return lines


def _initial(config: RunConfig) -> list[str]:
    initializer = INITIALIZERS[config.initializer]
    setup, W = initializer.code_setup, initializer.code
    for theirs, ours in DRAWS.items():
        setup, W = setup.replace(theirs, ours), W.replace(theirs, ours)
    return [
        *(["", *setup.splitlines(), ""] if setup else []),
        "",
        "def initial(layer, Din, Dout, piece=0):",
        f"    draw = rng(layer, {Role.WEIGHTS:d}, piece)",
        f"    W = {W.format(std=DEFAULT_STD if config.std is None else config.std)}",
        "    return torch.tensor(W.T, dtype=torch.get_default_dtype())",
        "",
    ]


def _net(config: RunConfig) -> list[str]:
    pieces = ACTIVATIONS[config.activation].pieces
    fan_in = prod(config.maps[-1]) if config.conv else DATASETS[config.dataset].features
    layers = convolution_modules(config)
    weighted = f"(nn.Linear, nn.Conv{config.axes}d)" if config.conv else "nn.Linear"
    linear = "DropConnect" if config.dropconnect else "nn.Linear"
    for i, units in enumerate(config.hidden, 1):
        hidden = [f"{linear}({fan_in}, {pieces * units}{', bias=False' if config.batchnorm else ''})"]
        hidden += [f"nn.BatchNorm1d({pieces * units})"] if config.batchnorm else []
        hidden += [MODULES[config.activation]]
        hidden += [f"nn.Dropout({config.dropout})"] if config.dropout else []
        layers += residual(config, i, hidden)
        fan_in = units
    layers += [f"nn.Linear({fan_in}, {DATASETS[config.dataset].classes})"]
    return [
        *(["", MAXOUT, "", ""] if pieces == 2 else []),
        *modules(config),
        "net = nn.Sequential(",
        *(f"    {layer}," for layer in layers),
        ").to(torch.get_default_dtype())",
        f"linear = [layer for layer in net.modules() if isinstance(layer, {weighted})]",
        "with torch.no_grad():",
        "    for i, layer in enumerate(linear, 1):",
        f"        pieces = {pieces} if layer is not linear[-1] else 1" if pieces == 2 else "        pieces = 1",
        "        Din, Dout = layer.weight[0].numel(), len(layer.weight) // pieces",
        "        W = torch.cat([initial(i, Din, Dout, piece) for piece in range(pieces)])",
        "        layer.weight.copy_(W.view_as(layer.weight))",
        "        if layer.bias is not None:",
        "            layer.bias.zero_()",
        *kept(config),
    ]


def convolution_modules(config: RunConfig, dropout: str = "") -> list[str]:
    """The modules up to the first fully connected layer; ``dropout`` is what stands there for the rate, if not it."""
    if not config.conv:
        return []
    pieces, axes = ACTIVATIONS[config.activation].pieces, config.axes
    picture = (config.maps[0][0], *config.maps[0][-axes:])
    convolution = "DropConnectConv" if config.dropconnect else f"nn.Conv{axes}d"
    layers = [f"nn.Unflatten(1, {picture})"]
    for (inputs, *_), outputs in zip(config.maps, config.conv, strict=False):
        padding = f"padding={config.kernel // 2}" + (", bias=False" if config.batchnorm else "")
        layers += [f"{convolution}({inputs}, {pieces * outputs}, {config.kernel}, {padding})"]
        layers += [f"nn.BatchNorm{axes}d({pieces * outputs})"] if config.batchnorm else []
        layers += [MODULES[config.activation]]
        layers += [f"nn.MaxPool{axes}d({config.pool})"] if config.pool > 1 else []
        layers += [f"nn.Dropout({dropout or config.dropout})"] if dropout or config.dropout else []
    return [*layers, "nn.Flatten()"]


def _optimizer(config: RunConfig) -> list[str]:
    optimizer = OPTIMIZERS[config.optimizer]
    beta2 = optimizer.beta2 if config.beta2 is None else config.beta2
    parameters = "net.parameters()"
    lines = ["weights = [layer.weight for layer in linear]"] if config.l1 or config.l2 else []
    if has_shares(config):
        parameters = "groups"
        lines += transferred(config)
    elif optimizer.decoupled:
        parameters = "groups"
        lines = [
            "weights = [layer.weight for layer in linear]",
            "others = [p for p in net.parameters() if all(p is not W for W in weights)]",
            "groups = [",
            f'    {{"params": weights, "weight_decay": {2 * config.l2}}},',
            '    {"params": others, "weight_decay": 0},',
            "]",
        ]
    code = optimizer.code.format(lr=config.lr, momentum=config.momentum, beta2=beta2)
    return [*lines, f"optimizer = {code.replace('groups', parameters, 1)}", *_schedule(config)]


def _schedule(config: RunConfig) -> list[str]:
    if config.schedule == "constant" and not config.warmup:
        return []
    schedule = SCHEDULES[config.schedule]
    return [
        f"steps = {config.epochs} * (len(X_train) // {config.batch_size})",
        f"warmup = round({config.warmup} * steps)",
        "",
        "",
        "def factor(step):  # on the learning rate",
        "    if step < warmup:",
        "        return (step + 1) / warmup",
        "    t, T, w = step - warmup, max(1, steps - warmup), max(1, warmup)",
        f"    return {schedule.code}",
        "",
    ]


def _loop(config: RunConfig) -> list[str]:
    loss, B = LOSSES[config.loss], config.batch_size
    scheduled, batch = bool(_schedule(config)), disturbed(config)
    rate = 'group["rate"]' if has_shares(config) else config.lr
    arguments = f"net({'X[batch]' if batch == [PLAIN] else 'x'}), {'t' if soft_labels(config) else 'y[batch]'}"
    arguments += f", label_smoothing={config.label_smoothing}" if config.label_smoothing else ""
    penalty = [f"{config.l2} * sum((W**2).sum() for W in weights)"] if config.l2 else []
    penalty = [] if OPTIMIZERS[config.optimizer].decoupled else penalty
    penalty += [f"{config.l1} * sum(W.abs().sum() for W in weights)"] if config.l1 else []
    step = [
        f"batch = order[start : start + {B}]",
        *(batch if batch != [PLAIN] else []),
        f"loss = {loss.code.replace('scores, y', arguments)}",
        "losses.append(loss.item())",
        *([f"loss = loss + {' + '.join(penalty)}"] if penalty else []),
        "optimizer.zero_grad()",
        "loss.backward()",
        *(["for group in optimizer.param_groups:"] if scheduled else []),
        *([f'    group["lr"] = {rate} * factor(len(losses) - 1)'] if scheduled else []),
        "optimizer.step()",
    ]
    return [
        *(["", *loss.code_setup.splitlines(), "", ""] if loss.code_setup else []),
        "X, y = torch.tensor(X_train, dtype=torch.get_default_dtype()), torch.tensor(y_train)",
        "X_val, y_val = torch.tensor(X_val, dtype=X.dtype), torch.tensor(y_val)",
        "losses = []",
        *stilled(config),
        f"for epoch in range({config.epochs}):",
        *("    " + line for line in epoch(config)),
        f"    for start in range(0, len(X) - {B} + 1, {B}):",
        *("        " + line for line in step),
        "    net.eval()",
        "    with torch.no_grad():",
        "        accuracy = (net(X_val).argmax(1) == y_val).float().mean()",
        "    net.train()",
        *("    " + line for line in stilled(config)[1:]),
        '    print(f"epoch {epoch + 1}: loss {losses[-1]:.4f}, validation accuracy {accuracy:.1%}")',
    ]
