"""What a column means by its name: the one table of names, and which of several columns counts.

A name is cut into words (``TrainLoss``, ``train/loss``, ``loss_train`` are all train and loss). Some say the quantity,
some the part of the data, some nothing; what is left over says of which part of a loss it is (``box`` in ``box_loss``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "REINFORCED",
    "RIVALS",
    "ROLES",
    "SAYS_NOTHING",
    "TEST",
    "TRAIN",
    "VALIDATION",
    "Meaning",
    "Roles",
    "Taken",
    "meaning_of",
    "part_of",
    "roles_of",
    "words_of",
    "x_kind",
]

ROLES = {
    "x": "x",
    "loss": "train loss",
    "val_loss": "validation loss",
    "train_accuracy": "train accuracy",
    "val_accuracy": "validation accuracy",
    "lr": "learning rate",
}
"""What a column may be taken for, and how that is said."""

# The table of names ---------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOSS = _words("loss losses")
NEARLY_LOSS = _words(
    "nll cost objective criterion bce mse rmse mae ce xent crossentropy logloss mlogloss multiclass err error value"
)
"""What is a loss for want of a better one; TensorBoard's page calls every curve "Value"."""
ACCURACY = _words("acc accs accuracy accuracies accu top prec")  # top1, prec@1
TRAIN = _words("train training trn tr fit learn")
VALIDATION = _words("val valid validation eval evaluation dev holdout vld")
TEST = _words("test testing tst te")
NOTHING_OF_IT = _words(
    "std var min max best lowest scale scaler weight weights norm grad time seconds count num coef lambda target "
    "threshold patience vs"
)
"""Words of what is only about a loss or an accuracy: ``loss_std``, ``best_acc``, ``loss__MIN``, ``loss_scale``."""
SAYS_NOTHING = _words(
    "avg average mean running total overall all metrics metric log logs epoch epochs step steps batch iter iteration "
    "scalar scalars per set data global categorical sparse binary percent pct score model history hist list values 1"
)
RIVALS = _words("g d gen disc generator discriminator actor critic policy adversarial adv")
"""Parts that work against each other: their sum means nothing."""
SAME_AGAIN = _words("dataloader raw smoothed ema")
"""Words of one loss on another data set, or smoothed: no parts of a sum either."""
REINFORCED = _words(
    "rew reward rewards return returns episode episodes policy timesteps actor critic advantage ppo dqn"
)
"""Words in the log of a run of reinforcement learning, whose loss need not fall."""
STEPS = (
    *("timesteps", "timestep", "step", "steps", "iteration", "iterations", "iter", "iters", "it", "updates", "update"),
    *("batch", "batches", "minibatch", "samples", "examples", "tokens", "episode", "episodes", "i"),
)
"""The most telling first; total_timesteps and global_step are among them without the words of ``BESIDE_X``."""
EPOCHS = ("epoch", "epochs", "ep", "epoche", "époque", "epoque", "época", "epoca", "эпоха")
BESIDE_X = _words(
    "trainer time train training number no num n nb id idx index current cur total global count env log logs seen"
)
GLUED = re.compile("(train|training|val|valid|validation|test|eval)(loss|acc|accuracy)")

# What a name means ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters: ``TrainLoss`` has train and loss, ``lr-Adam/pg1`` lr, adam, pg and 1."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words: list[str] = []
    for word in re.findall(r"[^\W\d_]+|\d+", spaced.lower()):
        glued = GLUED.fullmatch(word)
        words += glued.groups() if glued else [word]
    return tuple(words)


class Meaning(NamedTuple):
    """``quantity`` is loss, accuracy or lr; ``part`` of the data is train, val, test or "" where the name does not say;
    ``rest`` are the words that say of which part of the loss it is. A ``near`` one is taken for want of a better."""

    quantity: str
    part: str
    rest: tuple[str, ...]
    near: bool = False


def part_of(words: Collection[str]) -> str:
    """Of which part of the data these words are: train, val or test; "" if they do not say."""
    for part, names in (("val", VALIDATION), ("test", TEST), ("train", TRAIN)):
        if names.intersection(words):
            return part
    return ""


@lru_cache(maxsize=4096)
def meaning_of(name: str) -> Meaning | None:
    """What a column or tag of this name is, or None."""
    words = words_of(name)
    part = part_of(words)
    if NOTHING_OF_IT.intersection(words):
        return None
    if "lr" in words or {"learning", "rate"} <= {*words}:
        return Meaning("lr", part, _rest(words, {"lr", "learning", "rate"}))
    if LOSS.intersection(words):
        return Meaning("loss", part, _rest(words, LOSS))
    if ACCURACY.intersection(words):
        alone = (ACCURACY - {"top", "prec"}).isdisjoint(words)
        return None if alone and "1" not in words else Meaning("accuracy", part, _rest(words, ACCURACY))
    if NEARLY_LOSS.intersection(words) or {"cross", "entropy"} <= {*words}:
        return Meaning("loss", part, _rest(words, NEARLY_LOSS | {"cross", "entropy"}), near=True)
    return None


def _rest(words: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    said = {*known, *TRAIN, *VALIDATION, *TEST, *SAYS_NOTHING}
    return tuple(word for word in words if word not in said)


def x_kind(name: str) -> tuple[str, int] | None:
    """Whether a column of this name counts steps or epochs, and its place in the order of preference; else None."""
    left = [word for word in words_of(name) if word not in BESIDE_X]
    for kind, names in (("step", STEPS), ("epoch", EPOCHS)):
        if len(left) == 1 and left[0] in names:
            return kind, names.index(left[0])
    return None


# Which column counts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """The columns that are taken for one role: several are parts, to be summed."""

    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{' + '.join(self.columns)} (summed)" if len(self.columns) > 1 else "".join(self.columns)


class Roles(NamedTuple):
    """What was taken for what (a name in ``ROLES`` but x, to its columns), and why where that is not plain."""

    taken: Mapping[str, Taken]
    notes: tuple[str, ...]


WANTED = {
    "val_loss": ("loss", ("val",)),
    "val_accuracy": ("accuracy", ("val",)),
    "loss": ("loss", ("train", "")),
    "train_accuracy": ("accuracy", ("train", "")),
    "lr": ("lr", ("train", "", "val", "test")),
}
"""For each role its quantity, and of which part of the data it is."""


def roles_of(counts: Mapping[str, int]) -> Roles:
    """What the columns are to be taken for. ``counts`` are how many values each column has, in the file's order."""
    meant = {name: found for name in counts if (found := meaning_of(name))}
    taken: dict[str, Taken] = {}
    notes: list[str] = []
    for role, (quantity, parts) in WANTED.items():
        named = _ranked(quantity, parts, meant, counts)
        if role.startswith("val") and not named and (named := _ranked(quantity, ("test",), meant, counts)):
            notes.append(f"{named[0]} is taken for {ROLES[role]}: there is no other")
        if named:
            taken[role] = _best(named, meant, counts)
    _share(taken, meant)
    notes += _accuracy_of_whom(taken, meant)
    return Roles(taken, tuple(notes))


def _ranked(
    quantity: str, parts: Collection[str], meant: Mapping[str, Meaning], counts: Mapping[str, int]
) -> list[str]:
    """The columns of a quantity, the best first: what is whole before its parts, what has more values, fewer words."""
    found = [name for name in meant if meant[name].quantity == quantity and meant[name].part in parts]
    most = max((counts[name] for name in found), default=0)

    def order(name: str) -> tuple[object, ...]:
        words, meaning = words_of(name), meant[name]
        once = counts[name] < 2 <= most  # a summary at the end of a log
        by_batch = "batch" in words or ("step" in words and meaning.part in ("val", "test"))
        return meaning.near, once, meaning.rest != (), by_batch, -counts[name], not meaning.part, len(words)

    return sorted(found, key=order)


def _best(found: Sequence[str], meant: Mapping[str, Meaning], counts: Mapping[str, int]) -> Taken:
    """The first, or all parts of a loss that belong together."""
    first, alone = meant[found[0]], RIVALS | SAME_AGAIN
    if first.quantity != "loss" or first.near or not first.rest or alone.intersection(first.rest):
        return Taken((found[0],))
    parts = [name for name in found if meant[name].rest and not meant[name].near]
    apart = any(alone.intersection(meant[name].rest) for name in parts)
    same = [name for name in parts if counts[name] == counts[found[0]] and meant[name].part == first.part]
    return Taken(tuple(sorted(same, key=list(counts).index))) if not apart else Taken((found[0],))


def _share(taken: dict[str, Taken], meant: Mapping[str, Meaning]) -> None:
    """Keep of the parts of both losses those that both have: sums of others cannot be compared."""
    both = [taken.get("loss", Taken()).columns, taken.get("val_loss", Taken()).columns]
    if not any(len(columns) > 1 for columns in both) or not all(both):
        return
    rests = [{meant[name].rest for name in columns} for columns in both]
    if common := rests[0] & rests[1]:
        for role, columns in zip(("loss", "val_loss"), both, strict=True):
            taken[role] = Taken(tuple(name for name in columns if meant[name].rest in common))


def _accuracy_of_whom(taken: dict[str, Taken], meant: Mapping[str, Meaning]) -> Sequence[str]:
    """Whether an accuracy that does not say so is of the validation set: it is where the train loss says that it is of
    training, and there is a validation loss and no other accuracy."""
    accuracy, loss = taken.get("train_accuracy"), taken.get("loss")
    if accuracy is None or loss is None or meant[accuracy.columns[0]].part or "val_accuracy" in taken:
        return ()
    if meant[loss.columns[0]].part != "train" or "val_loss" not in taken:
        return ()
    taken["val_accuracy"] = taken.pop("train_accuracy")
    return (f"{accuracy} is taken for validation accuracy: it does not say train, as the loss does",)
