"""What a training loop prints, as a table: ``Epoch 3/10 - loss: 0.52 - val_loss: 0.61``, one row a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trainingwheels.engine.records.columns import meaning_of, part_of, words_of, x_kind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_lines"]

COMMAS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d+)(?![,.]?\d)"  # 1,234.56 and 0,52
NUMBER = rf"[-+]?(?:{COMMAS}|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?nan|[-+]?inf"
PAIR = re.compile(
    r"(?P<name>[A-Za-z][\w/@.-]*(?:'s)?(?: [A-Za-z][\w/@.-]*){0,2})[\"']?\s*[:=]?\s*[\"'\[]?\s*"
    rf"(?P<number>(?<![\w.])(?:{NUMBER}))(?:\s?(?P<percent>%)|/\s?(?P<of>\d+(?:,\d{{3}})*))?(?!\w|\.\w|:\d)",
    re.IGNORECASE,
)
EPOCH = re.compile(r"\bepoch(?:\(\w+\))?\W{0,3}(\d+)", re.IGNORECASE)  # Epoch(val) [1] is mmengine's
ROUND = re.compile(r"\[(\d+)\]\t")  # how XGBoost and LightGBM begin a line
BOOSTED = (
    re.compile(  # CatBoost's line: "0:	learn: 0.68	test: 0.69	best: 0.69 (0)	total: 62ms	remaining: 1m"
        rf"(?P<step>\d+):\tlearn: (?P<learn>{NUMBER})(?:\ttest\w*: (?P<test>{NUMBER}))?.*\ttotal: ", re.IGNORECASE
    )
)
HANGING = re.compile(r":[ \t]*\n(?=[ \t]+\S)")  # "Test Error:" and below it, indented, what it is
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
LONGEST = 2000  # characters of a line: what is longer is a progress bar that was written over itself


def read_lines(text: str) -> pd.DataFrame | None:
    """The table of what stands as ``name: number`` in the lines; None if no line says a loss or an accuracy.

    A part of the data that is a word of its own holds until the next in its line (``Test set: Average loss: 0.05,
    Accuracy: 0.98``), an epoch until the next, and what ends in a colon for the indented line below.
    """
    import pandas as pd

    if boosted := _boosted(text):
        return pd.DataFrame(boosted, dtype=object)
    rows: list[dict[str, str]] = []
    epoch = ""
    for line in HANGING.sub(": ", text).split("\n"):
        plain = ESCAPES.sub("", line[-LONGEST:])
        row = _row(plain)
        if counted := EPOCH.search(plain):
            epoch = counted[1]
        if counted := ROUND.match(plain):
            row = {"step": counted[1]} | row
        if not any(meaning.quantity != "lr" for name in row if (meaning := meaning_of(name))):
            continue
        rows.append(row if "epoch" in row or not epoch else {"epoch": epoch} | row)
    if not rows:
        return None
    names = dict.fromkeys(name for row in rows for name in row)
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in names}, dtype=object)


def _boosted(text: str) -> list[dict[str, str | None]]:
    """The rows of what CatBoost prints; none if its metric rises, and so is no loss: it does not say which it is."""
    lines = ESCAPES.sub("", text).split("\n") if "\tlearn: " in text else []
    found = [each.group("step", "learn", "test") for line in lines if (each := BOOSTED.match(line))]
    if not found or float(found[-1][1].replace(",", ".")) > float(found[0][1].replace(",", ".")):
        return []
    return [{"step": step, "learn loss": learn, "test loss": test} for step, learn, test in found]


def _row(line: str) -> dict[str, str]:
    """What a line says of losses, accuracies, rates, steps and epochs."""
    pairs = [(found, _name(found["name"])) for found in PAIR.finditer(line)]
    said = {meaning[:3] for _, name in pairs if (meaning := meaning_of(name))}
    row: dict[str, str] = {}
    seen: set[str] = set()
    held = near = ""  # the part that a word of its own says, and the one that was named last
    end = 0
    for found, name in pairs:
        between, end = line[end : found.start("number")], found.end()
        held = part_of(words_of(" ".join(word for word in between.split() if not meaning_of(word)))) or held
        near = part_of(words_of(between)) or near
        meaning, kind = meaning_of(name), x_kind(name)
        number = found["number"] + (found["percent"] or "")
        if meaning is None and kind is None:
            continue
        if kind:
            name = kind[0]  # that some lines call otherwise
        elif meaning and meaning.quantity == "accuracy" and found["of"]:
            right, of = (float(count.replace(",", "")) for count in (number, found["of"]))
            number = f"{right / max(1, of):.6g}"
        if meaning and not meaning.part and meaning.quantity != "lr":
            part = near if near == "train" or name in seen else held  # what follows val_loss need not be of it
            seen.add(name)
            if part and meaning._replace(part=part)[:3] not in said:
                name = f"{part} {name}"
        row.setdefault(name, number)
    return row


def _name(text: str) -> str:
    """The name before a number: the longest end of the words that means something."""
    words = text.split()
    for begin in range(len(words)):
        name = " ".join(words[begin:])
        if meaning_of(name) or x_kind(name):
            return name
    return text
