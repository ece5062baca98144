"""What accuracies mean where some training labels are wrong."""

from __future__ import annotations

from trainingwheels.engine import Curves
from trainingwheels.figures.panels import percent

__all__ = ["label_sentence"]


def label_sentence(run: Curves) -> list[str]:
    """What a training accuracy is measured against, if not against the truth; nothing where all labels are right."""
    wrong = run.wrong_labels
    if not wrong:
        return []
    counted = f"Training accuracy counts the labels trained on, of which about {percent(wrong)} are wrong"
    return [f"{counted}: true labels would be right in {percent(1 - wrong)}. Validation labels are all true."]
