"""Early stopping as a script: a training loop in torch that keeps the best snapshot, and restores it."""

from __future__ import annotations

from trainingwheels.engine.scripts.training import training_script
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["stopping_script"]

SCORES = {
    "accuracy": "(net(X_val[:V]).argmax(1) == y_val[:V]).float().mean().item()",
    "loss": "-nn.functional.cross_entropy(net(X_val[:V]), y_val[:V]).item()",
}
BEFORE = """\
patience, min_delta, smoothing = {patience}, {min_delta}, {smoothing}
V, T = {validation}, {held_out}  # the first V examples are for validation, those from T on are the test set


def validate():  # the higher, the better
    with torch.no_grad():
        return {score}


mean = best = validate()
best_at, kept, stopped_at = 0, copy.deepcopy(net.state_dict()), None
"""
INSIDE = """\
    mean = smoothing * mean + (1 - smoothing) * validate()
    if mean > best + min_delta:
        best, best_at, kept = mean, epoch + 1, copy.deepcopy(net.state_dict())
    if epoch + 1 - best_at >= patience:
        stopped_at = epoch + 1
        break

net.load_state_dict(kept)  # also where training ended before patience did
with torch.no_grad():
    test = (net(X_val[T:]).argmax(1) == y_val[T:]).float().mean().item()
print(f"stopped at epoch {stopped_at}, restored epoch {best_at}: test accuracy {test:.1%}")
"""


def stopping_script(
    config: RunConfig,
    patience: int,
    min_delta: float,
    smoothing: float,
    score: str,
    validation: int,
    held_out: int,
) -> str:
    """A script that trains ``config`` and stops by the rule of :func:`.stop_early`, looking at the ``score``, accuracy
    or loss, of ``validation`` examples once an epoch. It leaves ``stopped_at``, ``best_at`` and ``test``, the accuracy
    of the restored net on the held-out examples from ``held_out`` on."""
    before = BEFORE.format(
        patience=patience,
        min_delta=min_delta,
        smoothing=smoothing,
        validation=validation,
        held_out=held_out,
        score=SCORES[score],
    )
    script = training_script(config)
    return "import copy\n\n" + script.replace("losses = []\n", before + "losses = []\n", 1) + INSIDE
