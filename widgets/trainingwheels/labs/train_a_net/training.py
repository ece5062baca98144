"""A small net trains live; one knob at several values trains as one population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from trainingwheels.engine import (
    ACTIVATIONS,
    DATASETS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    PREPROCESSING,
    SCHEDULES,
    History,
    RunConfig,
    Snapshot,
    load_dataset,
    training_script,
)
from trainingwheels.engine.settings import Label, ListOf, OneOf, Option, Table
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.labels import short
from trainingwheels.figures.palettes import activation_color
from trainingwheels.figures.panels import percent
from trainingwheels.figures.plane import Plane, plane_points, square_around
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import (
    Choice,
    Layers,
    LogSlider,
    LogWholeSlider,
    Slider,
    Switch,
    WholeSlider,
    Words,
)
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.train_a_net.pictures.filters import Filters
from trainingwheels.labs.train_a_net.pictures.inside import HEALTHY
from trainingwheels.labs.train_a_net.pictures.samples import Samples
from trainingwheels.labs.train_a_net.pictures.training import TrainingPicture, TrainingView

__all__ = ["TrainOne"]

RESOLUTION = 64  # points along each side of the plane
HARDLY = 0.1  # of the way from guessing to 1: an accuracy below has no record that is worth a word
SAMPLE = 16  # images whose predictions are shown: as many as the picture has room for

DEVICES = Table("device", (Option("auto", "the fastest here"), Option("cpu", "CPU"), Option("cuda", "CUDA GPU")))


@dataclass(frozen=True)
class Knob:
    """A setting that can be compared, and ``values`` worth trying."""

    name: str
    label: str
    values: tuple[str, ...] = ()


KNOBS = Table(
    "compare",
    (
        Knob("nothing", "nothing"),
        Knob("lr", "learning rate", ("0.001", "0.01", "0.1", "1")),
        Knob("optimizer", "optimizer", ("sgd", "momentum", "rmsprop", "adam")),
        Knob("schedule", "schedule", ("constant", "step", "cosine")),
        Knob("conv", "convolutions", ("none", "8", "8+16")),
        Knob("activation", "activation", ("sigmoid", "tanh", "relu", "elu")),
        Knob("initializer", "initializer", ("xavier", "kaiming", "orthogonal")),
        Knob("std", "std of the weights", ("0.001", "0.03", "0.3", "3")),
        Knob("batchnorm", "batchnorm", ("off", "on")),
        Knob("dropout", "dropout", ("0", "0.2", "0.5")),
        Knob("l2", "L2", ("0", "0.0001", "0.001", "0.01")),
        Knob("batch_size", "batch size", ("8", "32", "128")),
        Knob("preprocessing", "preprocessing", ("none", "centre", "normalize", "whiten")),
        Knob("train_size", "training examples", ("32", "100", "300", "1000")),
        Knob("seed", "seed", ("0", "1", "2", "3", "4")),
    ),
)
DOMAINS = {field.name: field.metadata["domain"] for field in fields(RunConfig)}


class TrainOne(NetsView):
    """The curves of one run or of several, the inside of one net, and what it has learned."""

    name = "training"
    label = "training"
    about = (
        "The net trains when you press Start. Learning rate, dropout, L1 and L2 count at once; any other setting of "
        "net, data or optimizer makes a new, untrained net."
    )
    picture = TrainingPicture
    still = 128

    lr = LogSlider(1e-5, 100.0, 0.03, step=0.1, help="learning rate; counts at once")
    dataset = Choice(DATASETS, "spirals", help="what is learned")
    conv = convolutions()
    hidden = Layers(1024, (8, 8), label="layers", help="units of each hidden layer, as 8, 8")
    activation = Choice(ACTIVATIONS, "relu", section="net", help="nonlinearity after every hidden layer")
    batchnorm = Switch(False, section="net", help="normalize each unit over the batch, before the nonlinearity")
    dropout = Slider(
        0.0, 0.9, 0.0, step=0.05, section="regularization", help="probability of dropping a hidden unit; counts at once"
    )
    compare = Choice(KNOBS, "nothing", section="compare", help="one knob, several values, trained together")
    values = Words(
        ListOf(Label(), 0, 8),
        (),
        section="compare",
        help="the values to compare; empty takes ones worth trying",
        when={"compare": tuple(knob.name for knob in KNOBS.values() if knob.values)},
        empty=lambda s: KNOBS[s["compare"]].values,
    )
    inside = WholeSlider(
        0,
        8,
        0,
        label="look inside",
        section="compare",
        looks=True,
        help="which of the compared nets is shown from inside; 0 is the one with the highest validation accuracy now",
    )
    optimizer = Choice(OPTIMIZERS, "momentum", section="optimizer", help="how a gradient becomes a step")
    schedule = Choice(SCHEDULES, "constant", section="optimizer", help="how the learning rate changes while training")
    batch_size = LogWholeSlider(1, 512, 32, unit="examples", section="optimizer", help="examples per step")
    epochs = LogWholeSlider(1, 8192, 512, unit="epochs", section="optimizer", help="how often each example is seen")
    initializer = Choice(INITIALIZERS, "kaiming", section="net", help="how the entries of W are drawn")
    std = LogSlider(
        1e-4,
        10.0,
        0.1,
        step=0.1,
        section="net",
        help="std of each weight",
        when={"initializer": ("gaussian", "constant")},
    )
    loss = Choice(LOSSES, "softmax", section="optimizer", help="what is minimized")
    l2 = Slider(
        0.0,
        0.1,
        0.0,
        step=0.0005,
        label="L2",
        section="regularization",
        help="weight of the sum of squared weights; counts at once",
    )
    l1 = Slider(
        0.0,
        0.1,
        0.0,
        step=0.0005,
        label="L1",
        section="regularization",
        help="weight of the sum of absolute weights; counts at once",
    )
    preprocessing = Choice(PREPROCESSING, "none", section="data", help="what is done to the inputs first")
    train_size = LogWholeSlider(
        8,
        2**16,
        2**16,
        unit="examples",
        limit=lambda s: DATASETS[s["dataset"]].examples,
        section="data",
        help="training examples, at most; a set that has fewer gives all",
    )
    label_noise = Slider(
        0.0, 1.0, 0.0, step=0.05, section="data", help="share of training labels replaced by wrong ones"
    )
    device = Choice(DEVICES, "auto", section="more", help="where the arithmetic happens")
    seed = WholeSlider(
        0, 99, 0, most=2**31 - 1, section="more", help="initial weights, batch order, masks, wrong labels"
    )

    def compared(self, settings: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        knob = KNOBS[settings["compare"]]
        if not knob.values:
            return {}
        also = {"initializer": ("gaussian",)} if knob.name == "std" else {}
        return {knob.name: settings["values"] or knob.values, **also}

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        own = {"train_size": _size(s), "conv": conv_of(s)}
        base = RunConfig(**{name: getattr(s, name) for name in DOMAINS if hasattr(s, name)} | own)
        if s.compare == "nothing":
            return [base], [""]
        words = s.values or KNOBS[s.compare].values
        settings = [{s.compare: _read(s.compare, word)} for word in words]
        if s.compare == "std":
            settings = [{"initializer": "gaussian", **each} for each in settings]
        return [replace(base, **each) for each in settings], [_label(s.compare, word) for word in words]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> TrainingView:
        chosen = min(s.inside, len(labels)) - 1 if s.inside else best_now(snapshot.histories)
        plane = _plane(snapshot, chosen)
        images, filters = (None, None) if plane else _examples(snapshot, chosen)
        why = "" if s.inside or not len(snapshot.histories[chosen].steps) else "(best now)"
        colors = [activation_color(run.config.activation) for run in snapshot.histories]
        compared = s.compare == "activation" and len(set(colors)) == len(colors)
        return TrainingView(snapshot.histories, labels, chosen, plane, images, why, colors if compared else (), filters)

    def explain(self, result: TrainingView) -> Sequence[str]:
        pairs = zip(result.histories, result.labels, strict=True)
        sentences = [_run_sentence(history, label) for history, label in pairs]
        chosen = result.histories[result.chosen]
        about = [*_untrained_sentence(chosen), *label_sentence(chosen), *convolution_sentence(chosen.config)]
        return [*sentences, *about, *_update_sentence(chosen, result.labels[result.chosen])]

    def script(self, s: Any) -> str:
        configs, _ = self.configs(s)
        return training_script(configs[max(min(s.inside, len(configs)) - 1, 0)])


def best_now(histories: Sequence[History]) -> int:
    """The place of the run with the highest validation accuracy now, the first of several; a run that has diverged or
    failed comes last."""

    def standing(history: History) -> float:
        lost = history.diverged_at is not None or bool(history.failed) or not len(history.val_accuracy)
        return -1.0 if lost else float(history.val_accuracy[-1])

    return max(range(len(histories)), key=lambda run: standing(histories[run]))


def _label(knob: str, word: str) -> str:
    """What to call a run: by the knob and its value, or by the value alone where that is a name."""
    return word if isinstance(DOMAINS[knob], OneOf) else f"{knob} {word}"


def _read(knob: str, word: str) -> Any:
    """A compared value from its word; convolutions are none, or channels with + between them."""
    text = ("" if word == "none" else word.replace("+", " ")) if knob == "conv" else word
    return DOMAINS[knob].read(knob, text)


def _size(s: Any) -> int | None:
    """How many training examples to take; None for all, if there are no more than were asked for."""
    return None if s.train_size >= len(load_dataset(s.dataset).y_train) else s.train_size


def _plane(snapshot: Snapshot, chosen: int) -> Plane | None:
    data = load_of(snapshot.histories[chosen].config)
    if data.dataset.features != 2:
        return None
    extent = square_around(data.X_train)
    response = snapshot.respond_of(chosen, plane_points(extent, RESOLUTION))
    points = data.X_train, data.y_train, data.X_val, data.y_val
    return Plane(extent, response.probabilities, response.hidden, *points, snapshot.weights_of(chosen))


def _examples(snapshot: Snapshot, chosen: int) -> tuple[Samples, Filters | None]:
    """Validation examples and what a net takes them for, and what its first convolution makes of the first of them."""
    config = snapshot.histories[chosen].config
    data = load_of(config)
    X, y = data.X_val[:SAMPLE], data.y_val[:SAMPLE]
    response = snapshot.respond_of(chosen, X)
    shape, probabilities = data.dataset.shape, response.probabilities
    pixels = X.reshape(-1, *shape)
    if len(shape) == 3:
        pixels = pixels[:, 0] if shape[0] == 1 else np.moveaxis(pixels, 1, -1)
    samples = Samples(pixels, y, probabilities.argmax(axis=1), probabilities.max(axis=1))
    if not config.conv or not response.hidden:
        return samples, None
    channels, height, width = config.maps[0]
    maps = response.hidden[0][0].reshape(config.conv[0], height, width)
    weights = snapshot.weights_of(chosen)[0].reshape(-1, channels, *config.kernel_extent)
    return samples, Filters(weights[: len(maps)], maps)


def load_of(config: RunConfig) -> Any:
    """The data that a run learns from, as it was before preprocessing."""
    return load_dataset(config.dataset, config.train_size, config.data_noise)


def _run_sentence(history: History, label: str) -> str:
    """How far a run has come."""
    who = f"{label or 'The net'}: "
    if history.failed:
        return f"{who}{history.failed}"
    if history.diverged_at is not None:
        return f"{who}diverged at step {history.diverged_at:,}: its loss is no number any more. A lower lr may help."
    val, train, chance = history.val_accuracy[-1], history.train_accuracy[-1], history.chance
    if not len(history.steps):
        return f"{who}not trained yet; validation loss {short(history.val_loss[-1])}, accuracy {in_percent(val, 1)}."
    aside = f", where guessing gives {percent(chance)}" if val < chance + HARDLY * (1 - chance) else _record(history)
    true = f" ({in_percent(history.clean_accuracy[-1], 1)} by the true labels)" if history.wrong_labels else ""
    return f"{who}validation accuracy {in_percent(val, 1)}{aside}; training accuracy {in_percent(train, 1)}{true}."


def _untrained_sentence(history: History) -> list[str]:
    """The lecture's first check of a net: where its loss should begin."""
    if len(history.steps) or history.failed:
        return []
    even, words = history.even_loss
    guessing = f"guessing is right in {percent(history.chance)}"
    return [f"Equal scores for all classes would give a loss of {words} = {short(even)}; {guessing}."]


def _record(history: History) -> str:
    """When it was better than now, by a digit that is written."""
    best, now = history.best, history.val_accuracy[-1]
    better = best is not None and best.step > 0 and in_percent(best.val_accuracy, 1) != in_percent(now, 1)
    return f" (best {in_percent(best.val_accuracy, 1)} at step {best.step:,})" if best and better else ""


def _update_sentence(history: History, label: str) -> list[str]:
    """The lecture's babysitting number, if there is one yet."""
    ratios = history.layers.update_ratio
    if history.diverged_at is not None or not len(history.steps) or not len(ratios):
        return []
    ratio, (low, high) = float(np.median(ratios[-1])), HEALTHY
    whose = f" of {label}" if label else ""
    if not ratio > 0:
        return [f"The last step that was measured changed no weight{whose}."] if ratio == 0 else []
    verdict = "less than" if ratio < low else "more than" if ratio > high else "within"
    return [
        (
            f"One step changes the weights of a layer{whose} by {short(ratio)} of their size (the median layer, when "
            f"last measured): {verdict} the {short(low)} to {short(high)} that a rule of thumb wants while it learns."
        )
    ]
