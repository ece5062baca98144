"""What the views with nets have in common: the data, the net and how it is trained."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine import DATASETS, History, Snapshot, load_dataset
from trainingwheels.engine.settings import Table
from trainingwheels.figures.labels import points
from trainingwheels.figures.panels import percent
from trainingwheels.figures.plane import Plane, plane_points, square_around
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, WholeSlider

__all__ = ["SmallNets", "accuracies", "learned_from", "plane_of", "trouble", "with_gap"]

SETS = Table("dataset", tuple(DATASETS[name] for name in ("moons", "circles", "xor", "spirals", "digits", "mnist1d")))
TOYS = ("moons", "circles", "xor", "spirals")
RESOLUTION = 64  # points along each side of the plane
DEEP = 2  # hidden layers
BATCH = 32  # examples of a step
SEED = 8  # of ten, one that gains about as much by a penalty as all do on average


class SmallNets:
    """Few examples, some with wrong labels, and a net that is wide enough to learn them by heart."""

    dataset = Choice(SETS, "moons", section="data", help="what is learned")
    train_size = LogWholeSlider(
        16, 1024, 64, unit="examples", section="data", help="training examples", limit=lambda s: 1024
    )
    label_noise = Slider(
        0.0, 0.9, 0.2, step=0.05, section="data", help="share of training labels replaced by wrong ones"
    )
    noise = Slider(
        0.0,
        1.0,
        0.3,
        step=0.05,
        section="data",
        when={"dataset": TOYS},
        hides=True,
        help="spread of the points in the plane",
    )
    conv = convolutions()
    width = LogWholeSlider(2, 256, 64, unit="units", section="net", help="units of each of the two hidden layers")
    lr = LogSlider(1e-4, 1.0, 0.05, step=0.1, section="optimizer", help="learning rate; counts at once")
    epochs = LogWholeSlider(1, 2048, 512, unit="epochs", section="optimizer", help="how often each example is seen")
    seed = WholeSlider(0, 99, SEED, most=2**31 - 1, section="more", help="initial weights, batch order, wrong labels")

    def common(self, s: Any) -> dict[str, Any]:
        """The settings of a run that do not depend on the view."""
        names = ("dataset", "train_size", "label_noise", "lr", "epochs", "seed")
        noise = s.noise if s.dataset in TOYS else None
        return {name: getattr(s, name) for name in names} | {
            "conv": conv_of(s),
            "hidden": (s.width,) * DEEP,
            "data_noise": noise,
            "batch_size": min(BATCH, s.train_size),
        }


def plane_of(snapshot: Snapshot, run: int) -> Plane | None:
    """What a run's net makes of the plane, with the labels that it is taught; None for a set that lies in no plane."""
    from trainingwheels.engine.data.batches import noisy_labels  # imports torch

    config = snapshot.histories[run].config
    data = load_dataset(config.dataset, config.train_size, config.data_noise)
    if data.dataset.features != 2:
        return None
    extent = square_around(data.X_train)
    response = snapshot.respond_of(run, plane_points(extent, RESOLUTION))
    taught = noisy_labels(data.y_train, data.dataset.classes, config.label_noise, config.seed)
    return Plane(extent, response.probabilities, response.hidden, data.X_train, taught, data.X_val, data.y_val)


def learned_from(history: History) -> list[str]:
    """What a run learns from, what its accuracies mean, and what its convolutions save."""
    examples = f"There are {history.config.train_size} training examples."
    return [examples, *label_sentence(history), *convolution_sentence(history.config)]


def trouble(history: History) -> str:
    """What has befallen a run, in one line; empty if nothing has."""
    if history.failed:
        return history.failed
    if history.diverged_at is not None:
        return f"Diverged at step {history.diverged_at:,}: its loss is no number any more. A lower lr may help."
    return ""


def accuracies(history: History) -> tuple[float, float]:
    """Of training examples, with the labels that they are taught, and of others, now."""
    return float(history.train_accuracy[-1]), float(history.val_accuracy[-1])


def with_gap(train: float, val: float) -> str:
    """Both accuracies, and the gap between them in points."""
    return f"{percent(val)} right on validation, {percent(train)} on training examples: gap {points(train - val)}"
