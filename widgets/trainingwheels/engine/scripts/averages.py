"""The average over the noise at test time, and the single pass that stands for it, after a plain training script."""

from __future__ import annotations

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.scripts.training import training_script
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["average_script"]

_AVERAGE = """
X_test, y_test = X_val[:{examples}], y_val[:{examples}]
with torch.no_grad():
    net.eval()  # the test: a single pass, with everything there
    single = net(X_test).softmax(1)
{noisy}
average = passes.mean(0)
print("a noisy pass is off the average by", passes.var(0).mean().sqrt().item())
print("the single pass is off by", ((single - average) ** 2).mean().sqrt().item())
for name, p in (("single pass", single), ("average", average)):
    print(f"accuracy of the {{name}}: {{(p.argmax(1) == y_test).float().mean():.1%}}")
"""
_NOISY = """\
    net.train()  # with the noise of training, drawn anew for each pass
    passes = torch.stack([net(disturbed(X_test)).softmax(1) for _ in range({passes})])"""
_OF_BATCHES = """\
    for layer in net.modules():
        if hasattr(layer, "momentum"):
            layer.momentum = 1.0  # its averages are those of the newest batch
    passes = []  # each with the statistics of one random batch of training
    for _ in range({passes}):
        net.train()
        net(X[torch.randperm(len(X))[:{batch_size}]])
        net.eval()
        passes.append(net(X_test).softmax(1))
    passes = torch.stack(passes)"""
_NOISE = """    return x + {std} * torch.randn(x.shape)"""
_CUTOUT = """\
    images = x.clone().view(-1, {channels}, {height}, {width})
    for image, (row, column) in zip(images, cutout_draws.random((len(x), 2))):
        image[:, inside(row, {side}, {height}), inside(column, {side}, {width})] = 0
    return images.flatten(1)"""


def average_script(config: RunConfig, examples: int, passes: int) -> str:
    """A script that trains ``config`` and asks the net so many times about the first validation examples: leaves
    ``single`` (examples, classes) and ``passes`` (passes, examples, classes), both probabilities."""
    lines = ["    return x"]
    if config.input_noise:
        lines = [_NOISE.format(std=config.input_noise)]
    if config.cutout:
        channels, height, width = DATASETS[config.dataset].shape
        lines = [_CUTOUT.format(channels=channels, height=height, width=width, side=config.cutout)]
    disturbed = "\n".join(["", "", "def disturbed(x):", *lines, "", ""])
    noisy = (_OF_BATCHES if config.batchnorm else _NOISY).format(passes=passes, batch_size=config.batch_size)
    return training_script(config) + disturbed + _AVERAGE.format(examples=examples, noisy=noisy)
