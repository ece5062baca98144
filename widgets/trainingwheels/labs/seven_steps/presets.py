"""Questions on the seven steps, and nets with a fault to be found by going through them."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "initial-loss",
        "Initial loss",
        {},
        question="Ten classes, softmax, no step taken yet, weight decay off. What must the loss be?",
        answer="About log 10 = 2.30, that of ten equal scores. Kaiming's weights make scores that differ a little, "
        "which costs about a tenth. With the hinge loss (choose it under net) it is about 10 − 1 = 9.",
    ),
    Preset(
        "small-sample",
        "A small sample",
        {"show": "overfit"},
        question="Eight mini-batches, again and again: will the net get all 200 examples right?",
        answer="Yes, and it must: a net that cannot learn 200 examples by heart will not learn 1,400 either. Try "
        "lr 0.0001 and lr 10, and read the hints.",
    ),
    Preset(
        "four-rates",
        "Four rates",
        {"show": "rates"},
        question="0.1, 0.01, 0.001, 0.0001: with which of them does the loss drop within about 100 steps?",
        answer="With 0.1 and 0.01 nine tenths of it are gone or nearly so; 0.001 has only begun, 0.0001 does nearly "
        "nothing. Look at the wide span, too: 1 is too high already.",
    ),
    Preset(
        "range-test",
        "Range test",
        {"show": "range", "span": "wide"},
        question="One run, and its learning rate rises with each step. Which rates would you rule out, and which take?",
        answer="From about 0.5 on the loss breaks away, and trained by itself 1 fails, too. Between there and where it "
        "falls fastest lies 0.1, the best of those that had a run each. Let the rate rise in 20 epochs: the loss falls "
        "fastest at a lower one, since more steps have been taken by then.",
    ),
    Preset(
        "coarse",
        "A coarse grid",
        {"show": "coarse"},
        question="Five learning rates, three weight decays, three epochs: which of the two matters more here?",
        answer="The learning rate: three times as much of it changes the accuracy by points. The weight decays, all "
        "small, lie close together, but for the highest rates, where luck decides.",
    ),
    Preset(
        "curves",
        "Look at curves",
        {"show": "curves"},
        question="The best net for 15 epochs: is there anything in its curves that you would change?",
        answer="Nothing that the rules of thumb object to: the loss falls quickly, then flattens, and training and "
        "validation accuracy stay close together. A slightly higher rate may be better still. Try lr 1 and lr 0.0001 "
        "to see them object.",
    ),
    Preset(
        "again",
        "Go to step 5",
        {"show": "rounds"},
        question="Another round around the best, and another: when is it enough?",
        answer="When a round gains less than half a point, two of the 360 validation digits: what is left is luck, and "
        "the best of many is chosen by that luck, too.",
    ),
    Preset(
        "patient-a",
        "Patient A",
        {"patient": "a"},
        question="This net learns the digits. Which step says all the same that something is wrong?",
        answer="The first: its loss begins at more than ten times log 10. Its weights have a std of 0.5. "
        "Mend the initialization, and step 1 is passed.",
    ),
    Preset(
        "patient-b",
        "Patient B",
        {"patient": "b", "show": "overfit"},
        question="Its initial loss is log 10 to the fourth digit. Why does it not learn even 200 examples?",
        answer="Its weights have a std of 0.001: scores are equal because no signal arrives, and no "
        "gradient comes back. No learning rate helps; mend the initialization. Patient F fails here, too: why?",
    ),
    Preset(
        "patient-c",
        "Patient C",
        {"patient": "c", "show": "rates"},
        question="None of the four rates works, and the highest is the best. What now?",
        answer="Look further: with the wide span it learns at 10 and 100. A thousand times too high for such a net, so "
        "ask in what unit the rate is meant. Here it is divided by 1,000 on its way.",
    ),
    Preset(
        "patient-d",
        "Patient D",
        {"patient": "d", "show": "rates"},
        question="It passes steps 1 and 2. What is on in step 3 that was off before?",
        answer="Weight decay. What it calls 0.0001 is 0.1, and no rate helps against that. Move λ to 1e−6: now it "
        "learns. Mend the unit of the weight decay.",
    ),
    Preset(
        "patient-e",
        "Patient E",
        {"patient": "e", "show": "refined"},
        question="It learns, and knows over 90 % of the validation digits. What is strange about it?",
        answer="It knows far fewer of its own training examples. A net learns what is common to many, and three in "
        "ten of its training labels are wrong. No hyperparameter mends that: look at the data.",
    ),
    Preset(
        "patient-g",
        "Patient G",
        {"patient": "g"},
        question="Its loss begins a hundred times too high, and mending the initialization changes nothing. What else "
        "makes scores large?",
        answer="Its inputs: nobody has normalized them, and pixels go from 0 to 255. Scale them, and step 1 is passed. "
        "Normalizing by a mean and a std that have seen the validation examples is a fault, too, but flatters by less "
        "than a point here: no step notices that, so look at the code.",
    ),
)
