"""The noises, each with its rule for training and its rule for the test, and the sliders that say how strong it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainingwheels.engine import DATASETS
from trainingwheels.engine.settings import InvalidSetting, Option, Table
from trainingwheels.labs.base.mixing import CUT_PARTS, cut_pixels, cutmix_alpha, cutout_side, mixup_alpha
from trainingwheels.labs.base.parameters import LogWholeSlider, Slider

__all__ = [
    "AVERAGED",
    "METHODS",
    "PARTNERS",
    "Method",
    "Strengths",
    "chosen",
    "run_settings",
    "strength_text",
]


@dataclass(frozen=True)
class Method:
    """One way to train with noise.

    ``random`` says what is drawn, ``train`` and ``test`` are the two rules. ``needs`` are settings of a run without
    which there is nothing to disturb.
    """

    name: str
    label: str
    random: str
    train: str
    test: str
    source: str
    needs: tuple[str, ...] = ()


METHODS: Table[Method] = Table(
    "method",
    (
        Method(
            "dropout", "dropout", "which units fall",
            "h = m · f(W x) / (1 − p), each m is 0 with probability p",
            "h = f(W x)", "Srivastava et al., 2014",
        ),
        Method(
            "batchnorm", "batch normalization", "who else is in the batch",
            "x̂ = (x − μ) / σ, of this batch",
            "x̂ = (x − μ) / σ, fixed, of the whole training", "Ioffe and Szegedy, 2015",
        ),
        Method(
            "dropconnect", "DropConnect", "which weights fall",
            "y = (M · W) x / (1 − p), each M is 0 with probability p",
            "y = W x", "Wan et al., 2013",
        ),
        Method(
            "stochastic_depth", "stochastic depth", "which blocks blink out",
            "h + b f(h), b is 1 with probability q, else 0",
            "h + q f(h)", "Huang et al., 2016", ("residual",),
        ),
        Method(
            "input_noise", "input noise", "a number for each pixel",
            "x + σ n, each n from N(0, 1)",
            "x as it is", "Bishop, 1995",
        ),
        Method(
            "cutout", "cutout", "where the square lies",
            "x with a square of zeros around any pixel",
            "x as it is", "DeVries and Taylor, 2017",
        ),
        Method(
            "mixup", "mixup", "the partner and λ",
            "λ x₁ + (1 − λ) x₂, labels alike, λ from Beta(α, α)",
            "x as it is", "Zhang et al., 2018",
        ),
        Method(
            "cutmix", "CutMix", "the partner, the box and λ",
            "x₁ with a box of x₂, area 1 − λ; labels by area",
            "x as it is", "Yun et al., 2019",
        ),
        Method(
            "label_smoothing", "label smoothing", "nothing",
            "target 1 − ε + ε / K for the class, ε / K for each other",
            "x as it is", "Szegedy et al., 2016",
        ),
    ),
)  # fmt: skip
PARTNERS: Table[Any] = Table("partner", (Option("nothing", "nothing else"), *METHODS.values()))
AVERAGED: Table[Method] = Table(
    "noise", tuple(each for each in METHODS.values() if each.name not in ("mixup", "cutmix", "label_smoothing"))
)
"""Those whose noise leaves the label as it is, so that what a net says can be averaged over it, example by example."""


def chosen(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The methods that the view on screen is about."""
    match settings["show"]:
        case "training":
            return settings["method"], settings["partner"]
        case "test":
            return (settings["noise"],)
    return (settings["method"],)


def _of(*names: str) -> Any:
    return lambda settings: any(name in chosen(settings) for name in names)


class Strengths:
    """Of views that are about methods: how strong each is, in sight while the view is about it."""

    dropout = Slider(
        0.0,
        0.95,
        0.5,
        step=0.05,
        label="dropout p",
        when=_of("dropout"),
        hides=True,
        help="probability that a hidden unit falls; the lecture's p is the probability that it stays",
    )
    dropconnect = Slider(
        0.0,
        0.95,
        0.5,
        step=0.05,
        label="DropConnect p",
        when=_of("dropconnect"),
        hides=True,
        help="probability that a weight of a hidden layer falls",
    )
    stochastic_depth = Slider(
        0.0,
        0.95,
        0.5,
        step=0.05,
        label="last block falls",
        when=_of("stochastic_depth"),
        hides=True,
        help="probability that the last block falls, 1 - p_L; earlier blocks fall less often",
    )
    input_noise = Slider(
        0.0,
        1.0,
        0.2,
        step=0.02,
        label="noise σ",
        when=_of("input_noise"),
        hides=True,
        help="standard deviation of the noise; pixels are from 0 to 1",
    )
    cutout = cutout_side(_of("cutout"))
    mixup = mixup_alpha(_of("mixup"))
    cutmix = cutmix_alpha(_of("cutmix"))
    label_smoothing = Slider(
        0.0,
        0.9,
        0.2,
        step=0.05,
        label="smoothing ε",
        when=_of("label_smoothing"),
        hides=True,
        help="share of the label that is spread over all classes",
    )
    batch_size = LogWholeSlider(
        2, 256, 32, label="batch size", unit="examples", when=_of("batchnorm"), hides=True,
        help="examples a step: the fewer, the noisier is batch normalization",
    )  # fmt: skip


def run_settings(s: Any, names: tuple[str, ...], dataset: str) -> dict[str, Any]:
    """What a run that trains with these methods has set. Raises :class:`InvalidSetting` where one cannot act."""
    settings: dict[str, Any] = {}
    for name in names:
        if name in ("cutout", "cutmix") and len(DATASETS[dataset].shape) != 3:
            raise InvalidSetting(
                f"dataset = {dataset} has no images for {METHODS[name].label} to cut: choose digits, or another method."
            )
        if name == "batchnorm":
            settings[name] = True
        elif name == "cutout":
            settings[name] = cut_pixels(s.cutout, DATASETS[dataset].shape[-1])
        else:
            settings[name] = getattr(s, name)
        if METHODS[name].needs and s.depth < 2:
            raise InvalidSetting(f"depth = {s.depth} leaves {METHODS[name].label} no block to drop: choose at least 2.")
    return settings


def strength_text(s: Any, name: str) -> str:
    """A method with its strength: dropout 0.5, cutout 3/8."""
    label = METHODS[name].label
    match name:
        case "batchnorm":
            return "batchnorm"
        case "cutout":
            return f"{label} {s.cutout}/{CUT_PARTS}"
    return f"{label} {getattr(s, name):g}"
