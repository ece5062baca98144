"""The rule on a run under way: it is that of the history so far, and moving it makes no new nets."""

import numpy as np

from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.using import change, trained
from trainingwheels.engine.evaluation import stop_early


def test_the_rule_is_that_of_the_history_and_is_replayed_on_it(make):
    lab = make(show="live", **FEW)
    assert "Not trained yet" in lab.text
    result = trained(lab)
    assert result.history.eval_steps[-1] == 300
    for patience in (1, 8):
        again = change(lab, patience=patience)
        assert again.history.eval_steps[-1] == 300  # the same nets
        expected = stop_early(np.asarray(again.history.val_accuracy, float), patience)
        assert again.rule == expected
        assert ("Not stopped" in lab.text) == (expected.stopped_at is None)
    loss = change(lab, score="loss")
    np.testing.assert_allclose(loss.scores, -loss.history.val_loss)
    assert len(loss.train) == len(loss.scores)
