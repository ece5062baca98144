"""What a lab lets its learner change: traits with a domain, a help text, and the control that fits them."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from traitlets import TraitError, TraitType

from trainingwheels.engine.settings import Domain, Flag, InvalidSetting, ListOf, OneOf, Real, Table, Whole

__all__ = [
    "Choice",
    "InvalidParameter",
    "Layers",
    "LogSlider",
    "LogWholeSlider",
    "Parameter",
    "Several",
    "Slider",
    "Switch",
    "Tabs",
    "WholeSlider",
    "Words",
    "declared",
    "named",
]


class InvalidParameter(InvalidSetting, TraitError):
    """A value that a lab refuses. The message is one line: the value, what is allowed, and the fix."""


class Parameter(TraitType[Any, Any]):
    """One setting of a lab.

    Parameters
    ----------
    domain : Domain
        What is allowed from code and in links.
    default
        The value at the start and after a reset.
    help : str
        What it means, in one short phrase; the control's tooltip.
    label : str, optional
        What stands beside the control; by default the trait's name.
    section : str
        The heading under which the control stands, folded until somebody opens it. Without one it is among the two or
        three that carry the lesson: first, large, and always in sight.
    when : mapping of str to value or tuple of values, or callable (settings) -> bool, optional
        The control can be used only while these other parameters have these values, or while this is true.
    hides : bool
        Whether the control is out of sight, not greyed out, while it cannot be used.
    looks : bool
        Whether it only says what is shown of nets that train, so that a change makes no new ones.
    elsewhere : bool
        The lab has a control of its own for it; the usual one is never in sight.
    """

    def __init__(
        self,
        domain: Domain,
        default: Any,
        *,
        help: str,  # noqa: A002 - traitlets' own word
        label: str | None = None,
        section: str = "",
        when: Mapping[str, Any] | Callable[[Mapping[str, Any]], bool] | None = None,
        hides: bool = False,
        looks: bool = False,
        elsewhere: bool = False,
    ) -> None:
        super().__init__(default_value=domain.check("default", default), help=help)
        self.domain = domain
        self.label_text = label
        self.section = section
        self.when = when or {}
        self.hides = hides
        self.looks = looks
        self.elsewhere = elsewhere

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name  # traitlets does this for its own classes only, and views are none

    @property
    def label(self) -> str:
        return self.label_text or str(self.name).replace("_", " ")

    def check(self, value: Any) -> Any:
        """``value`` as it will be kept. Raises :class:`InvalidParameter`."""
        try:
            return self.domain.check(str(self.name), value)
        except InvalidSetting as error:
            raise InvalidParameter(str(error)) from None

    def validate(self, obj: Any, value: Any) -> Any:
        """Called by traitlets at every assignment; a lab also says under its picture what was refused."""
        try:
            return self.check(value)
        except InvalidParameter as error:
            obj.refused(str(error))
            raise

    def usable(self, settings: Mapping[str, Any]) -> bool:
        """Whether ``when`` holds for these settings."""
        if callable(self.when):
            return self.when(settings)
        return all(
            settings[name] in (wanted if isinstance(wanted, tuple) else (wanted,)) for name, wanted in self.when.items()
        )

    def in_sight(self, settings: Mapping[str, Any]) -> bool:
        """Whether there is something to control with these settings."""
        return not self.elsewhere and (self.usable(settings) or not self.hides)

    def instead(self, settings: Mapping[str, Any]) -> str:
        """What stands in the control's box instead of the value; nothing if the value does."""
        return ""

    def text(self, value: Any) -> str:
        """``value`` as a control shows it."""
        if isinstance(value, str):
            return value
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def declared(owner: type) -> dict[str, Parameter]:
    """The parameters of a class by name: its own in the order of their declaration, then those that it inherits."""
    found: dict[str, Parameter] = {}
    for each in owner.__mro__:
        for name, trait in vars(each).items():
            if isinstance(trait, Parameter):
                found.setdefault(name, trait)
    return found


def named(settings: Mapping[str, Any]) -> Any:
    """Settings as views take them: a named tuple, which can be read and not changed."""
    return _tuple_of(tuple(settings))(**settings)


@cache
def _tuple_of(names: tuple[str, ...]) -> Any:
    return namedtuple("Settings", names)


class Choice(Parameter):
    """One entry of a table, by name: a drop-down."""

    def __init__(self, table: Table[Any], default: str, **kwargs: Any) -> None:
        super().__init__(OneOf(table), default, **kwargs)
        self.table = table

    def text(self, value: Any) -> str:
        return str(self.table[value].label)


class Tabs(Choice):
    """Which view is on screen: tabs above the picture."""


class Several(Parameter):
    """Any entries of a table, by name, in any order: a row of buttons that stay pressed.

    Where the order matters (``ordered``), buttons say in which place they are.
    """

    def __init__(
        self, table: Table[Any], default: tuple[str, ...] = (), *, ordered: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(ListOf(OneOf(table), 0, len(table)), default, **kwargs)
        self.table, self.ordered = table, ordered

    def text(self, value: Any) -> str:
        return ", ".join(str(self.table[name].label) for name in value) or "none"


class Words(Parameter):
    """Something typed: a box. What it means is the domain's business.

    ``empty`` (settings) says what stands in the box while the value is empty: what is taken then.
    """

    def __init__(
        self, domain: Domain, default: Any, *, empty: Callable[[Mapping[str, Any]], Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(domain, default, **kwargs)
        self.empty = empty

    def instead(self, settings: Mapping[str, Any]) -> str:
        return "" if self.empty is None or settings[str(self.name)] else self.text(self.empty(settings))


class Layers(Words):
    """The widths of some layers: a box, and buttons that add one as wide as the last, or remove the last.

    ``fewest`` and ``most`` layers there may be, of at most ``widest`` units; the first to be added has ``width``. The
    buttons call them by ``one``.
    """

    def __init__(
        self,
        widest: int,
        default: tuple[int, ...],
        *,
        fewest: int = 0,
        most: int = 10,
        width: int = 8,
        one: str = "layer",
        **kwargs: Any,
    ) -> None:
        super().__init__(ListOf(Whole(1, widest, "units"), fewest, most), default, **kwargs)
        self.fewest, self.most, self.width, self.one = fewest, most, width, one

    def more(self, widths: tuple[int, ...]) -> tuple[int, ...]:
        """With one layer more, if there may be."""
        return (*widths, *(widths[-1:] or (self.width,)))[: self.most]

    def less(self, widths: tuple[int, ...]) -> tuple[int, ...]:
        """Without the last layer, if it may go."""
        return widths[: max(len(widths) - 1, self.fewest)]


class Switch(Parameter):
    """Yes or no: a checkbox."""

    def __init__(self, default: bool, **kwargs: Any) -> None:
        super().__init__(Flag(), default, **kwargs)

    def text(self, value: Any) -> str:
        return "on" if value else "off"


class Slider(Parameter):
    """A number, with a slider from ``low`` to ``high`` in steps of ``step``, and a box to type exact values in.

    Parameters
    ----------
    low, high : float
        The ends of the slider, both allowed.
    most : float, optional
        What code, links and the box may go to, where that is more than ``high``.
    unit : str
        For messages.
    limit : callable (settings) -> float, optional
        The largest value that makes a difference with these settings. The slider ends there, and a larger value is
        shown as this one.
    """

    log = False
    whole = False

    def __init__(
        self,
        low: float,
        high: float,
        default: float,
        *,
        step: float,
        most: float | None = None,
        unit: str = "",
        limit: Callable[[Mapping[str, Any]], float] | None = None,
        **kwargs: Any,
    ) -> None:
        top = high if most is None else most
        domain = Whole(int(low), int(top), unit) if self.whole else Real(low, top, unit)
        super().__init__(domain, default, **kwargs)
        self.low, self.high, self.step, self.limit = low, high, step, limit

    def nearest_stop(self, value: float) -> float:
        """The stop of a slider that is not logarithmic that is nearest to ``value``."""
        stops = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return float(f"{self.low + stops * self.step:.9g}")


class LogSlider(Slider):
    """A positive number on a logarithmic scale; ``step`` is in decades."""

    log = True


class WholeSlider(Slider):
    """A whole number."""

    whole = True

    def __init__(self, low: int, high: int, default: int, *, step: int = 1, **kwargs: Any) -> None:
        super().__init__(low, high, default, step=step, **kwargs)


class LogWholeSlider(WholeSlider):
    """A whole number on a logarithmic scale, with stops at the powers of two."""

    log = True
