"""The lecture's slides on transfer, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "adapt",
        "Few labels",
        {},
        question="A net has learned the first five classes of MNIST-1D. Of the next five there are four labelled "
        "examples each. From scratch, or with what it has learned?",
        answer="With it: a new head on frozen features gains 4 points (3 to 6, ten nets) on 32 %, and so does tuning "
        "more layers, which can hardly be told from it. With 64 labels it is better to tune all layers: 7 points more "
        "than from scratch (5 to 10), where the frozen features gain none for sure (−2 to 6).",
    ),
    Preset(
        "many",
        "Many labels",
        {"look_at": 256},
        question="And with 256 labels of each class?",
        answer="From scratch is as good: 70 %, and all layers tuned are not to be told from that (−1.9 to 0.6 points, "
        "ten nets). Frozen features now cost 12 points (9 to 14): they cannot learn what the old task did not need.",
    ),
    Preset(
        "smaller-lr",
        "A smaller lr",
        {"tuning": 1.0, "look_at": 256},
        question="Fine-tune with a smaller learning rate, the lecture says. What if all layers have that of the head?",
        answer="Here it is no harm. With 4 labels the gain is 2 points (1 to 4) instead of 4 (2 to 6, ten nets); with "
        "256 it is now better than from scratch, by 3 points (1 to 5), where a tenth of the rate gains nothing.",
    ),
    Preset(
        "digits",
        "Digits",
        {"task": "digits"},
        question="Transfer learning: use this if you can. Can you, from the digits 0 to 4 to the digits 5 to 9?",
        answer="You can, and it hurts: with 4 labels of each class 15 points with a new head (12 to 17, ten nets), 8 "
        "with all layers tuned (6 to 10). The pixels tell these digits apart already, and a net keeps of them what "
        "served for 0 to 4. With 64 labels all layers tuned are as good as from scratch (−0.5 to 0.6).",
    ),
    Preset(
        "same",
        "The same task",
        {"task": "same", "look_at": 16},
        question="If the second task is the first one again, how much is there to gain?",
        answer="Then the head alone gains 22 points with 4 labels (21 to 24, ten nets), 29 with 16 (28 to 31) and 9 "
        "with 256 (8 to 11). How similar the tasks are decides more than anything else.",
    ),
    Preset(
        "shuffled",
        "Another task",
        {"task": "shuffled"},
        question="The next five classes again, with the 40 numbers of each example in another order. Nothing else "
        "changes, and from scratch nothing at all. What are the features worth now?",
        answer="Less than nothing, at every number of labels from 4 on: with 4 labels frozen ones cost 3 points (2 to "
        "5, ten nets), with 256 they cost 27 (24 to 30), and all layers tuned 12 (10 to 14). It is worse than random "
        "weights to begin with.",
    ),
    Preset(
        "table",
        "Which layers?",
        {"show": "layers", "depth": 3, "nets": 3, "steps": 256},
        question="Little data or much, a similar task or another: how many layers should be retrained in each place of "
        "the table?",
        answer="Similar, little: it hardly matters. Similar, much: the more the better. Different: the more the less "
        "is lost, by ten points with much data and by hardly one with little, and from scratch nothing is. With the "
        "features of another task you are in trouble whatever you retrain.",
    ),
    Preset(
        "another-set",
        "Another set",
        {"show": "layers", "family": "letters", "depth": 3, "steps": 256},
        question="Nets that have learned five letters learn five others, or five digits: images of the same size and "
        "the same ink. What is it worth that the second task is of the same kind?",
        answer="Where labels are few, 7 to 9 points, however many layers learn: with 4 of each class a new head costs "
        "6 points against from scratch on letters (2 to 11, ten nets), 15 on digits (8 to 22). Yet on neither is "
        "anything gained. With 128 labels it is worth nothing: all layers tuned lose 2 points on letters (1 to 4), "
        "1 on digits (0 to 1).",
    ),
    Preset(
        "drift",
        "Frozen, is it?",
        {"show": "frozen", "steps": 128},
        question="Only the new head learns, and no weight of the hidden layers moves. Is the net still good at what it "
        "was good at, if one puts the old head back?",
        answer="Not with batchnorm: it goes on averaging what it sees. The old head had 74 % right and has 57 % now, "
        "17 points less (15 to 19, ten nets), after 120 steps. module.eval() on the frozen layers stops it, and all "
        "74 % are there.",
    ),
    Preset(
        "inverted",
        "Inverted digits",
        {"show": "frozen", "task": "inverted", "steps": 128},
        question="Black digits on white, by layers that know white ones on black. Do you want the statistics to stay?",
        answer="For the old task yes, they move by more than one standard deviation. For the new one it makes little "
        "difference: the head learns on what the layers give it either way.",
    ),
    Preset(
        "own",
        "Your own classes",
        {"show": "own"},
        question="Four images of each of three letters, and a net that has only ever seen digits. Is that enough?",
        answer="Yes, in a fraction of a second; and it is enough for the pixels without any net as well. Draw classes "
        "that look alike, and see which head gives up first.",
    ),
)
