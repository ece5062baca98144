"""What accuracies mean where some training labels are wrong."""

from __future__ import annotations

from trainingwheels.engine import Curves

__all__ = ["label_sentence", "wrong_labels"]


def label_sentence(run: Curves) -> list[str]:
    """What a training accuracy is measured against, if not against the truth; nothing where all labels are right."""
    wrong = run.wrong_labels
    if not wrong:
        return []
    counted = f"Training accuracy counts the labels trained on, of which about {wrong:.0%} are wrong"
    return [f"{counted}: true labels would be right in {1 - wrong:.0%}. Validation labels are all true."]


def wrong_labels(share: float) -> list[str]:
    """That some training labels are wrong, where no training accuracy is shown; nothing where all are right."""
    return [f"Of the training labels about {share:.0%} are wrong. Validation labels are all true."] if share else []
