"""One population on its data: it advances by steps, evaluates itself, and keeps its record."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.data.batches import Batches, labelled, noisy_labels
from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.training.evaluation import Examples, on_host
from trainingwheels.engine.training.population import Population
from trainingwheels.engine.training.pretraining import pretrained_layers
from trainingwheels.engine.training.recorder import Evaluation, Recorder
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.spending import Spending
from trainingwheels.engine.training.statistics import measure_layers
from trainingwheels.engine.training.threads import Threads

__all__ = ["Group"]

LOOKING = 0.1  # of a hurried group's time, at most: for evaluations, and as much again for the statistics of its layers
VALIDATED, RETRIED = 1000, 250  # examples that one evaluation looks at: of validation and test, and of the training set


class Group:
    """The runs ``configs``, of equal structure, each on its ``data``, sorted by that and by ``pairing``.

    Sets of data have equal shapes; where all runs share one, the population does. ``threads`` may share a step.
    """

    def __init__(
        self,
        configs: Sequence[RunConfig],
        data: Sequence[Data],
        device: torch.device,
        dtype: torch.dtype,
        watched: bool,
        threads: int,
    ) -> None:
        config, one_set = configs[0], data[0]
        classes, steps = one_set.dataset.classes, config.epochs * (len(one_set.y_train) // config.batch_size)
        sets = list({id(each): each for each in data}.values())
        sources = [next(place for place, each in enumerate(sets) if each is own) for own in data]
        features = one_set.X_train.shape[1]
        self.population = Population(
            configs, features, classes, steps, device, dtype, sources, pretrained_layers(configs)
        )
        starts = self.population.starts
        sets = [data[start] for start in starts] if len(sets) > 1 else sets[:1]  # one for each block, or for all

        def inputs(name: str, most: int | None = None) -> Tensor:
            """Those of each set, (sets, examples, features)."""
            return torch.tensor(np.stack([getattr(each, name)[:most] for each in sets]), device=device, dtype=dtype)

        X_train, y = inputs("X_train"), np.stack([each.y_train for each in sets])
        paired = [configs[start] for start in starts]
        rights = [*y] if len(sets) > 1 else [y[0]] * len(paired)  # the labels of each block, none of them wrong
        noisy = [
            noisy_labels(right, classes, one.label_noise, one.seed) for right, one in zip(rights, paired, strict=True)
        ]
        labels = torch.from_numpy(np.stack(noisy)).to(device)
        chosen = [
            None if one.per_class is None else labelled(right, classes, one.per_class, one.seed)
            for right, one in zip(rights, paired, strict=True)
        ]
        seeds, target = [one.seed for one in paired], self.population.loss.target
        change, given = None, X_train
        if config.augment:
            from trainingwheels.engine.training.augmenting import Augmenting  # loads kornia

            change = Augmenting(config, sets, seeds, device, dtype)
            given = change.raw
        batches = Batches(given, labels, classes, seeds, config.batch_size, target, change, chosen)
        self.batches = batches.epochs(config.epochs)

        def examples(part: str) -> Examples:
            right = torch.tensor(np.stack([getattr(each, f"y_{part}")[:VALIDATED] for each in sets]), device=device)
            return Examples(inputs(f"X_{part}", VALIDATED), right, classes, self.population)

        self.validation = examples("val")
        self.test = examples("test") if len(one_set.y_test) else None
        seen, told, right = _seen_again(X_train, labels, torch.from_numpy(y.copy()).to(device), chosen)
        self.retried = Examples(seen, told, classes, self.population)
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
    def keep(self, members: Sequence[int]) -> bool:
        """Go on with these members alone, if that can be: if all see the same examples."""
        if len(self.population.starts) > 1:
            return False
        self.population = self.population.keep(members)
        self.recorder = self.recorder.keep(members)
        for examples in (self.validation, self.retried, self.test):
            if examples:
                examples.population = self.population
        self.recent = deque((each[list(members)] for each in self.recent), self.recent.maxlen)
        return True

    @torch.inference_mode()
    def evaluate(self) -> None:
        """Evaluate the nets as they are, if that has not been done."""
        if self.recorder.evaluated_at != self.population.taken:
            with self.evaluating.spent():
                loss, accuracy = self.validation.loss_and_accuracy()
                retried = self.retried.accuracies(*self.retried_labels)
                told, clean = retried[0], retried[-1]
                test = self.test.loss_and_accuracy()[1] if self.test else torch.full_like(told, torch.nan)
                found = (loss, accuracy, told, clean, self._batch_accuracy(like=told), test)
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
            if (last or count - i <= (self.recent.maxlen or 1)) and population.is_noisy:
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


def _seen_again(
    X: Tensor, labels: Tensor, right: Tensor, chosen: Sequence[NDArray[np.int64] | None]
) -> tuple[Tensor, Tensor, Tensor]:
    """The first training examples of each block, of X (sets, n, features), with the labels that it was told and the
    right ones. Blocks that see all examples of one set share them; a label is -1 where a block has fewer."""
    if all(places is None for places in chosen):
        return X[:, :RETRIED], labels[:, :RETRIED], right[:, :RETRIED]
    first = [np.arange(X.shape[1])[:RETRIED] if places is None else places[:RETRIED] for places in chosen]
    most = max(map(len, first))
    index = torch.from_numpy(np.stack([np.resize(places, most) for places in first])).to(X.device)  # (blocks, n)
    counts = torch.tensor([len(places) for places in first], device=X.device)[:, None]
    beyond = torch.arange(most, device=X.device)[None] >= counts
    block = torch.arange(len(X), device=X.device)[:, None]
    told, true = (each.masked_fill(beyond, -1) for each in (labels.gather(1, index), right[block, index]))
    return X[block, index], told, true
