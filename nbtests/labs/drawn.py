"""Settings drawn at random for the views of a lab: what a question invites to move, also to both ends."""

from types import SimpleNamespace

import numpy as np

from trainingwheels.engine import InvalidSetting
from trainingwheels.labs.base.parameters import Choice, Slider, Switch

ENDS = 0.35  # how often a slider is moved to one of its ends


def drawn_settings(lab, show, count, **fixed):
    """``count`` times settings of the view ``show``, each with the result and the text that it gives.

    Settings whose data are not on this computer are left out.
    """
    rng = np.random.default_rng(0)
    view = lab._views[show]
    parameters = lab.parameters()
    for _ in range(count):
        values = {name: each.default_value for name, each in parameters.items()} | {"show": show}
        for name, parameter in parameters.items():
            if name != "show" and (name in view.parameters() or name not in lab._of_views):
                values[name] = _drawn(parameter, rng)
        s = SimpleNamespace(**(values | fixed))
        try:
            result = view.compute(s)
        except InvalidSetting as error:
            if "not on this computer" not in str(error):
                raise
            continue
        yield s, result, " ".join(view.explain(result))


def _drawn(parameter, rng):
    if isinstance(parameter, Choice):
        return str(rng.choice(parameter.table.keys()))
    if isinstance(parameter, Switch):
        return bool(rng.integers(2))
    assert isinstance(parameter, Slider)
    low, high = parameter.low, parameter.high
    share = float(rng.integers(2)) if rng.random() < ENDS else rng.random()
    value = low * (high / low) ** share if parameter.log and low > 0 else low + share * (high - low)
    if parameter.whole:
        return round(value)
    return float(value) if parameter.log else parameter.nearest_stop(value)
