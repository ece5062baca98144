"""Questions on optimizers and schedules, each with an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

ONE_RATE = {"rates": "same", "rate": 0.1}

PRESETS = (
    Preset(
        "ravine",
        "A ravine",
        {},
        question="Across, the ravine is a hundred times as steep as along. What does that do to SGD, and who does "
        "better?",
        answer="Across, SGD diverges from a learning rate of 2/100 on, and with less it crawls along the floor: 118 "
        "steps to a thousandth of the loss. Momentum takes half as many, Nesterov's a quarter. AdaGrad and RMSProp "
        "divide each weight's step by the size of its own gradient, and are there in six.",
    ),
    Preset(
        "turned",
        "The same, turned",
        {"angle": -45.0},
        question="The same ravine, turned by 45 degrees. Which rules notice?",
        answer="Those that divide weight by weight: both weights now see the same mixture of steep and flat, and "
        "AdaGrad and RMSProp take over 100 steps. SGD and momentum know nothing of axes, and take about as many as "
        "before.",
    ),
    Preset(
        "saddle",
        "A saddle",
        {"surface": "saddle", "start_y": 0.001, **ONE_RATE},
        question="All start a thousandth beside the ridge, with one learning rate. Who gets away first?",
        answer="RMSProp, in ten steps: it divides a small slope by its own small size. SGD leaves the ridge as fast as "
        "it is away from it, a tenth more with each step, and takes nine times as long. On the ridge itself nobody "
        "gets away.",
    ),
    Preset(
        "rosenbrock",
        "Rosenbrock",
        {"surface": "rosenbrock"},
        question="A curved valley with a floor that is nearly flat. Who comes to its end, each with its best rate?",
        answer="Within 150 steps momentum, Nesterov's and Adam reach a thousandth of the loss; SGD, AdaGrad and "
        "RMSProp do not. On the floor, what helps is to keep the velocity.",
    ),
    Preset(
        "plateau",
        "A plateau",
        {"surface": "plateau", **ONE_RATE},
        question="Out here the gradient is a fiftieth of what it is on the slope. Who comes in?",
        answer="RMSProp first: the length of its steps does not depend on how steep it is. Adam, momentum and "
        "Nesterov's follow. SGD takes steps as small as the gradient, and AdaGrad smaller and smaller ones, since "
        "its sum never forgets.",
    ),
    Preset(
        "heavy-ball",
        "The best momentum",
        {"show": "momentum", "alpha": 3.3, "beta": 0.67},
        question="The condition number is 100. Without momentum the best rate is 99/101; what is it with?",
        answer="9/11, with the square root of 100 in place of 100: about 12 steps to a tenth instead of 116. There "
        "all directions shrink alike, by √β. Drag the point: beyond the line nothing converges, higher up all "
        "swing longer, and to the left the flattest lags behind.",
    ),
    Preset(
        "batches",
        "Batches",
        {"show": "batches"},
        question="64 examples, one learning rate. Who is near the lowest loss first, and who in the end?",
        answer="Single examples are down to a tenth before a full batch has taken its first step, which needs ten "
        "epochs for that. But they never come to rest: in the end mini-batches of 8 are lower.",
    ),
    Preset(
        "no-noise",
        "All examples fit",
        {"show": "batches", "target_noise": 0.0},
        question="And if one w fits all examples exactly?",
        answer="Then each example's gradient is 0 there, and single examples come to rest as well, at the lowest "
        "loss. It is not the small batch that keeps them from it, but that the examples disagree.",
    ),
    Preset(
        "race",
        "A race",
        {"show": "race"},
        question="Seven rules, each with a learning rate that was tuned for it. Who wins?",
        answer="In training Adam, whose loss ends 0.29 below that of SGD. On validation examples nobody: over ten nets "
        "no rule differs from SGD by as much as a point, and for each the interval has room for 0.",
    ),
    Preset(
        "decay",
        "Decay",
        {"show": "schedules", "peak": 1.78},
        question="Is it better to lower the learning rate on the way?",
        answer="Where it is high, yes: at 1.78 a cosine gains 12 points on a constant rate (8 to 15, ten nets). At "
        "0.3, which is low for 16 epochs, it loses 3. The best with it is about 1.6 points above the best without.",
    ),
    Preset(
        "warm-up",
        "Warm-up",
        {"show": "schedules", "peak": 1.0, "warm_up": 0.1, "depth": 6},
        question="Six hidden layers, and a learning rate of 1. Press Start, then again without warm-up: what becomes "
        "of them?",
        answer="With a cosine, 17 of forty nets diverge that begin at once with the full rate, and none that warm up "
        "over a tenth of the run. With two layers all learn, and it changes nothing on validation examples.",
    ),
    Preset(
        "batch-size",
        "Batch size and lr",
        {"show": "schedules", "versus": "batches"},
        question="Batches 16 times as large take a sixteenth of the steps. Which learning rate do they want?",
        answer="A higher one: batches of 16 are best at about 0.1, those of 256 at about 1, and even so the large ones "
        "come less far in as many epochs.",
    ),
)
