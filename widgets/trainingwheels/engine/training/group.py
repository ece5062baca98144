"""One population on its data: it advances by steps, evaluates itself, and keeps its record."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trainingwheels.engine.data.batches import Batches, noisy_labels
from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.training.evaluation import Examples, on_host
from trainingwheels.engine.training.population import Population
from trainingwheels.engine.training.recorder import Evaluation, Recorder
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.spending import Spending
from trainingwheels.engine.training.statistics import measure_layers
from trainingwheels.engine.training.threads import Threads

__all__ = ["Group"]

LOOKING = 0.1  # of a hurried group's time, at most: for evaluations, and as much again for the statistics of its layers
VALIDATED, RETRIED = 1000, 250  # examples that one evaluation looks at, of the validation and of the training set


class Group:
    """The runs ``configs``, of equal structure and sorted by ``pairing``, on ``data``; ``threads`` may share a step."""

    def __init__(
        self,
        configs: Sequence[RunConfig],
        data: Data,
        device: torch.device,
        dtype: torch.dtype,
        watched: bool = False,
        threads: int = 1,
    ) -> None:
        config, y, classes = configs[0], data.y_train, data.dataset.classes
        X_train, X_val = (torch.tensor(X, device=device, dtype=dtype) for X in (data.X_train, data.X_val[:VALIDATED]))
        steps = config.epochs * (len(y) // config.batch_size)
        self.population = Population(configs, X_train.shape[1], classes, steps, device, dtype)
        paired = [configs[start] for start in self.population.starts]
        noisy = np.stack([noisy_labels(y, classes, one.label_noise, one.seed) for one in paired])
        labels = torch.from_numpy(noisy).to(device)
        seeds, target = [one.seed for one in paired], self.population.loss.target
        batches = Batches(X_train, labels, classes, seeds, config.batch_size, target)
        self.batches = batches.epochs(config.epochs)
        y_val = torch.tensor(data.y_val[None, :VALIDATED], device=device)
        self.validation = Examples(X_val, y_val, classes, self.population)
        told, right = labels[:, :RETRIED], torch.from_numpy(y[None, :RETRIED].copy()).to(device)
        self.retried = Examples(X_train[:RETRIED], told, classes, self.population)
        self.retried_labels = [told, right] if any(one.label_noise for one in paired) else [told]
        self.recent: deque[Tensor] = deque(maxlen=max(1, RETRIED // config.batch_size))
        self.steps, self.steps_per_epoch = steps, batches.steps_per_epoch
        self.recorder = Recorder(configs, batches.steps_per_epoch)
        self.changes: deque[tuple[list[int], dict[str, Any]]] = deque()
        self.watched = watched
        self.threads = Threads(threads, self.population.multiplications)
        self.hurries = False  # to show what a change does, and to go on, instead of doing all that it was told
        self.evaluating, self.measuring = Spending(LOOKING), Spending(LOOKING)

    @torch.inference_mode()
    def go_to(self, step: int) -> None:
        """Train until ``step`` (the end, at most) and evaluate there.

        A group that ``hurries`` stops after the first step with changed rates, and looks at what it has become only as
        often as that takes little of its time; at its end in any case.
        """
        step = min(step, self.steps)
        if step > self.population.taken:
            self._train(step - self.population.taken)
        if self._looks(self.evaluating):
            self.evaluate()

    @torch.inference_mode()
    def evaluate(self) -> None:
        """Evaluate the nets as they are, if that has not been done."""
        if self.recorder.evaluated_at != self.population.taken:
            with self.evaluating.spent():
                loss, accuracy = self.validation.loss_and_accuracy()
                retried = self.retried.accuracies(*self.retried_labels)
                told, clean = retried[0], retried[-1]
                found = (loss, accuracy, told, clean, self._batch_accuracy(like=told))
                self.recorder.add_evaluation(Evaluation(*map(on_host, found)))

    def _batch_accuracy(self, like: Tensor) -> Tensor:
        """Of the latest steps, (members,); NaN before them."""
        return torch.stack([*self.recent]).mean(0) if self.recent else torch.full_like(like, torch.nan)

    def _looks(self, spending: Spending) -> bool:
        return not self.hurries or spending.due or self.population.taken in (0, self.steps)

    def _train(self, count: int) -> None:
        """Take ``count`` steps, or end with the first after a change; record them, and the inside at the last."""
        population, flat = self.population, self.population.parameters.flat
        losses = flat.new_empty(count, *population.blocked_shape)
        start, bases, before = population.taken, [], flat
        for i, loss in enumerate(losses.unbind(0)):
            last = self._take_changes() or i == count - 1
            if last:
                before = flat.clone()
            bases.append(population.learning_rates.base)
            self.threads(partial(population.step, *next(self.batches), loss))
            if population.is_noisy and (last or count - i <= (self.recent.maxlen or 1)):
                self.recent.append(population.batch_accuracy())
            if last:
                break
        rates = np.stack(bases) * population.learning_rates.factors(start, population.taken)
        self.recorder.add_steps(on_host(losses[: len(bases)].flatten(1)), rates.astype(np.float32))
        if self._looks(self.measuring):
            with self.measuring.spent():
                self.recorder.add_layers(measure_layers(population.net, before, self.watched))

    def _take_changes(self) -> bool:
        """Whether somebody waits for what the changes do, if there are any."""
        changed = bool(self.changes)
        while self.changes:
            members, values = self.changes.popleft()
            self.population.change(members, **values)
        return changed and self.hurries
