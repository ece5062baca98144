"""An ensemble as a script: several nets trained one after the other in torch, and their predictions averaged."""

from __future__ import annotations

from textwrap import indent

from trainingwheels.engine.scripts.training import training_script
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["ensemble_script"]

RULES = {
    "mean": "P.mean(0)",
    "vote": "nn.functional.one_hot(P.argmax(2), P.shape[2]).float().mean(0)",
    "geometric": "torch.softmax(P.log().mean(0), 1)",
    "logits": "torch.softmax(S.mean(0), 1)",
}


def ensemble_script(config: RunConfig, members: int, how: str) -> str:
    """A script that trains ``members`` nets, which differ by their seed, and averages them as ``how`` says. It leaves
    their scores ``S``, (members, examples, classes), their accuracies ``alone`` and that of the average, ``together``.
    """
    script = training_script(config)
    data, loop = script.split("\ndef rng(", 1)
    loop = "def rng(" + loop.replace(f"SFC64(({config.seed}, ", "SFC64((seed, ").replace("    print(", "    # print(")
    lines = [
        "S = []",
        f"for seed in range({config.seed}, {config.seed + members}):",
        indent(loop.rstrip("\n"), "    "),
        "    with torch.no_grad():",
        "        S.append(net(X_val))",
        "    X_val, y_val = X_val.numpy(), y_val.numpy()",
        "S = torch.stack(S)",
        "P = torch.softmax(S, 2)",
        f"average = {RULES[how]}",
        "y_val = torch.tensor(y_val)",
        "alone = [(p.argmax(1) == y_val).float().mean().item() for p in P]",
        "together = (average.argmax(1) == y_val).float().mean().item()",
        'print(f"alone {sum(alone) / len(alone):.1%}, the best {max(alone):.1%}, together {together:.1%}")',
    ]
    return data + "\n".join(lines) + "\n"
