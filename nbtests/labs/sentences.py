"""What a lab says of settings drawn at random: for tests that hold each sentence to the result that it speaks of."""

import random
from typing import Any, NamedTuple

from trainingwheels.engine import InvalidSetting
from trainingwheels.labs.base.nets import Nets
from trainingwheels.labs.base.parameters import Choice, Layers, Several, Slider, Switch, named
from trainingwheels.labs.base.training import NetsView

OFTEN = 0.75  # how likely a parameter is moved that carries the lesson, or that the question is about
SELDOM = 0.25  # and any other of the view
AT_AN_END = 0.4  # how likely a slider that is moved goes to one of its ends


class Said(NamedTuple):
    """One setting of a lab, and what is said of it: ``s`` as ``compute`` takes them, ``preset`` from which they went
    out (None: the defaults), the ``view``, its ``result``, and its ``sentences``."""

    s: Any
    preset: Any
    view: Any
    result: Any
    sentences: list[str]

    @property
    def text(self):
        return "\n".join(self.sentences)


def drawn(kind, count=200, seed=0, *, presets=None, most=None, **fixed):
    """``count`` settings of a lab, each with the preset from which it went out; equal arguments draw equal settings.

    Each begins at one of ``presets`` (their names; () is the lab's defaults, and left out it is both), and moves some
    of what its view has: most often what stands first and what the preset itself sets, and a slider often to one of its
    ends. ``fixed`` are settings that stay, such as ``width=64``; ``most`` says how far a slider goes, by name.
    """
    pick = random.Random(f"{kind.slug} {seed}")
    known = {preset.name: preset for preset in kind.presets}
    starts = [None, *kind.presets] if presets is None else [known[name] for name in presets] or [None]
    for place in range(count):
        preset = starts[place % len(starts)]
        yield {**_moved(pick, kind, preset, most or {}, fixed), **fixed}, preset


def spoken(lab, count=200, seed=0, *, steps=0, **kwargs):
    """What ``lab`` says of :func:`drawn` settings: a :class:`Said` for each that gives a result. Nothing is drawn, and
    the lab's own settings stay. Nets that train have taken so many ``steps``, or all of them if they have fewer."""
    refused = 0
    for settings, preset in drawn(type(lab), count, seed, **kwargs):
        s = named(settings)
        view = lab._view_of(s)
        try:
            result = trained(view, s, steps) if isinstance(view, NetsView) else list(view.results(s))[-1]
        except InvalidSetting:
            refused += 1
            continue
        yield Said(s, preset, view, result, list(view.explain(result)))
    assert refused <= count / 2, f"{refused} of {count} settings were refused: fix or limit some"


def trained(view, s, steps):
    """What a view shows of nets with these settings after so many steps, or all of them if they have fewer."""
    nets = Nets()
    configs, labels = view.configs(s)
    snapshot = nets.make(view.training(s, configs), labels, s._asdict())
    for _ in range(steps):
        if not snapshot.done:
            snapshot = nets.training.step()
    return view.view(snapshot, nets.labels, s)


def _moved(pick, kind, preset, most, fixed):
    settings = {name: each.default_value for name, each in kind.parameters().items()}
    settings |= preset.settings if preset else {}
    if preset is None and len(kind.views) > 1 and "show" not in fixed:
        settings["show"] = pick.choice(kind.views).name
    shown = fixed.get("show", settings.get("show", kind.views[0].name))
    (view,) = [each for each in kind.views if each.name == shown]
    for name, parameter in kind.parameters().items():
        here = name in view.parameters() or not any(name in each.parameters() for each in kind.views)
        invited = not parameter.section or (preset is not None and name in preset.settings)
        wanted = pick.random() < (OFTEN if invited else SELDOM)  # drawn in any case: what is fixed shifts no others
        value = _value(pick, parameter, settings[name], most.get(name))
        if wanted and here and name != "show":
            settings[name] = value
    return settings


def _value(pick, parameter, present, most):
    match parameter:
        case Slider():
            return _place(pick, parameter, parameter.high if most is None else most)
        case Switch():
            return pick.random() < 0.5
        case Choice():
            return pick.choice(parameter.table.keys())
        case Several():
            names = parameter.table.keys()
            return tuple(pick.sample(names, pick.randint(0, len(names))))
        case Layers():
            return (pick.choice((2, 8, 16)),) * pick.randint(parameter.fewest, min(parameter.most, 4))
    return present  # words that somebody types: whoever can draw some passes them as fixed


def _place(pick, slider, high):
    share = pick.choice((0.0, 1.0)) if pick.random() < AT_AN_END else pick.random()
    low = slider.low
    value = low * (high / low) ** share if slider.log else low + share * (high - low)
    if slider.whole:
        return round(value)
    if not slider.log:
        value = low + round((value - low) / slider.step) * slider.step
    return min(float(f"{value:.3g}"), high)
