"""The lecture's slides on early stopping, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

RIGHT = {"label_noise": 0.0}
SEQUENCES = {"dataset": "mnist1d", **RIGHT}

PRESETS = (
    Preset(
        "always",
        "Always do this",
        {},
        question="Two in five training labels are wrong. Where would you stop, and what does that gain?",
        answer="Where validation accuracy is highest, long before the wrong labels are learned by heart. Over ten runs "
        "the restored snapshots are right on 89 % of the test digits, the nets at the end on 62 %: 27 points (23 to "
        "32).",
    ),
    Preset(
        "impatient",
        "When it decreases",
        {"patience": 1},
        question="The lecture says: stop when validation accuracy decreases. At the first decrease?",
        answer="That is patience 1, and the first decrease is noise as often as not. Here it costs little, since the "
        "best comes early; move patience up, and see how many better snapshots were still to come.",
    ),
    Preset(
        "ends-first",
        "Training ends first",
        {**RIGHT, "train_size": 64, "patience": 30, "smoothing": 0.8},
        question="Patience has not run out when training ends. Which net do you take home?",
        answer="The best one all the same, not the last. A rule that restores only when it has stopped the run forgets "
        "this case; the snapshot is kept from the first epoch on, so nothing speaks against restoring it.",
    ),
    Preset(
        "right-labels",
        "If all labels are right",
        RIGHT,
        question="All labels are right now. What does early stopping gain?",
        answer="It loses here: 1.9 points (0.9 to 3.2, ten runs) on the test digits. The net does not get worse while "
        "it trains on, and the epoch that happens to look best on 128 examples is too early. Patience is no "
        "substitute for a curve that falls.",
    ),
    Preset(
        "watch-loss",
        "Watch the loss",
        {**SEQUENCES, "score": "loss"},
        question="Validation loss rises from epoch 6 on. Do you stop?",
        answer="Not if you want accuracy: it rises on, while the net only becomes too sure of its mistakes. Stopping "
        "by the loss costs 6 points of accuracy (5 to 8, ten runs). Watch what you care about.",
    ),
    Preset(
        "long",
        "Stop, or train long?",
        {**SEQUENCES, "show": "choice"},
        question="Stop after five epochs without improvement, or train to the end and keep the best snapshot?",
        answer="To train long costs time, and is never worse on validation data. On test data the rule stops too early "
        "here, and loses 4 points against the end (2 to 6); to keep the best of the whole run loses nothing for sure "
        "(−0.4, −1.7 to 0.5).",
    ),
    Preset(
        "double-descent",
        "Double descent",
        {**SEQUENCES, "label_noise": 0.1, "train_size": 2048, "conv": (16, 32), "width": 256, "smoothing": 0.5},
        question="One label in ten is wrong, and the net is wide. Accuracy falls after its first peak, and the rule "
        "stops. Was it right?",
        answer="No. Test accuracy falls by 1.4 points (0.6 to 2.2, ten runs) and then rises by 5.3 (4.1 to 6.1): the "
        "error has two descents. The rule loses 4.5 points against the end (2.2 to 6.7). Slide the share of wrong "
        "labels to see what it has to do with the fall.",
    ),
    Preset(
        "few-to-validate",
        "Eight to validate",
        {"show": "choice", "score": "loss", "validation": 8},
        question="Only eight examples are left for validation. How good is the choice?",
        answer="Poor if one picks the best of sixty epochs by eight losses: some late epoch has a lucky day, and test "
        "accuracy is 73 %. The rule, which sees only the first epochs, keeps 85 %. With 128 both come to 87 or 88 %.",
    ),
    Preset(
        "criteria",
        "When, exactly?",
        {"show": "criteria"},
        question="Prechelt tried fourteen criteria. Does it matter which one?",
        answer="Less than how patient it is: at its best α each reaches 88 or 89 %, and they differ by the epochs that "
        "they take. The impatient ones stop at the first bump and lose 2 points on average (0 to 8, ten runs), and so "
        "do the most patient (0 to 5), by some late epoch that looks best by luck. UP is slow, since it asks every "
        "fifth epoch only.",
    ),
    Preset(
        "watch",
        "Watch it",
        {"show": "live"},
        question="Press Start, and say stop when you would. Were you earlier than the rule?",
        answer="Nobody sees the peak before it has passed: patience is the price of knowing. The snapshot of the peak "
        "is kept meanwhile, so that all one pays is epochs.",
    ),
)
