"""Settings that check themselves: every value has a domain, every refusal names value, range and fix."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from difflib import get_close_matches
from numbers import Integral
from numbers import Real as RealNumber
from typing import Any, Generic, Protocol, Self, TypeVar

__all__ = [
    "Domain",
    "Flag",
    "InvalidSetting",
    "Label",
    "ListOf",
    "Named",
    "OneOf",
    "Option",
    "Real",
    "Settings",
    "Table",
    "Whole",
    "brief",
    "setting",
    "unknown_name",
]


THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")
"""A number whose digits stand in groups of three, as 65,536."""


class InvalidSetting(ValueError):
    """A value outside its domain. The message is one line: the value, what is allowed, and the fix."""


class Domain(Protocol):
    """What a setting may be: ``check`` a value, ``read`` it from text, or ``clamp`` it to the nearest allowed one."""

    def check(self, name: str, value: Any) -> Any: ...
    def read(self, name: str, text: str) -> Any: ...
    def clamp(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Real:
    """A real number from ``low`` to ``high`` in ``unit``; ``high_open`` leaves ``high`` itself out."""

    low: float
    high: float
    unit: str = ""
    high_open: bool = False

    def check(self, name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, RealNumber) or math.isnan(float(value)):
            raise InvalidSetting(f"{name} = {brief(value)} is not a number: choose {self}.")
        number = float(value)
        if not self.low <= number <= self.high or (self.high_open and number == self.high):
            raise InvalidSetting(f"{name} = {brief(value)} is out of range: choose {self}.")
        return number

    def read(self, name: str, text: str) -> float:
        """A number as it is typed; "1,5" is 1.5, and "1,500", which may be 1.5 or 1500, is refused."""
        if THOUSANDS.fullmatch(text):
            raise InvalidSetting(
                f"{name} = {brief(text)} can mean two numbers: choose {self}, written without a comma."
            )
        try:
            number = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
        except ValueError:
            raise InvalidSetting(f"{name} = {brief(text)} is not a number: choose {self}.") from None
        return self.check(name, number)

    def clamp(self, value: float) -> float:
        top = math.nextafter(self.high, self.low) if self.high_open else self.high
        return min(max(self.low, float(value)), top)  # in this order, NaN becomes ``low``

    def __str__(self) -> str:
        below = "below " if self.high_open else ""
        return f"a number from {self.low:g} to {below}{self.high:g}{self.unit and ' ' + self.unit}"


@dataclass(frozen=True)
class Whole:
    """A whole number from ``low`` to ``high`` in ``unit``."""

    low: int
    high: int
    unit: str = ""

    def check(self, name: str, value: Any) -> int:
        whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise InvalidSetting(f"{name} = {brief(value)} is not a whole number: choose {self}.")
        if not self.low <= value <= self.high:
            raise InvalidSetting(f"{name} = {brief(value)} is out of range: choose {self}.")
        return int(value)

    def read(self, name: str, text: str) -> int:
        try:
            number = float(text.replace(",", "") if THOUSANDS.fullmatch(text) else text)
        except ValueError:
            raise InvalidSetting(f"{name} = {brief(text)} is not a whole number: choose {self}.") from None
        return self.check(name, number)

    def clamp(self, value: float) -> int:
        return round(min(max(self.low, value), self.high))  # in this order, NaN becomes ``low``

    def __str__(self) -> str:
        return f"a whole number from {self.low:,} to {self.high:,}{self.unit and ' ' + self.unit}"


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def check(self, name: str, value: Any) -> bool:
        if value not in (True, False):
            raise InvalidSetting(f"{name} = {brief(value)} is not a yes or no: choose True or False.")
        return bool(value)

    def read(self, name: str, text: str) -> bool:
        yes, no = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
        if text.lower() not in yes + no:
            raise InvalidSetting(f"{name} = {brief(text)} is not a yes or no: choose true or false.")
        return text.lower() in yes

    def clamp(self, value: Any) -> bool:
        return bool(value)


@dataclass(frozen=True)
class Label:
    """One short word: a name or a number, to be understood later."""

    longest: int = 24

    def check(self, name: str, value: Any) -> str:
        text = str(value)
        if not text or len(text) > self.longest or not text.isprintable() or " " in text:
            raise InvalidSetting(f"{name} = {brief(value)} is not one short word: choose {self}.")
        return text

    def read(self, name: str, text: str) -> str:
        return self.check(name, text)

    def clamp(self, value: Any) -> str:
        return "".join(str(value).split())[: self.longest] or "_"

    def __str__(self) -> str:
        return f"a word or number of at most {self.longest} characters"


@dataclass(frozen=True)
class ListOf:
    """A tuple of ``least`` to ``most`` values, each of the domain ``item``; as text "4096, 4096, 10"."""

    item: Domain
    least: int
    most: int

    def check(self, name: str, value: Any) -> tuple[Any, ...]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise InvalidSetting(f"{name} = {brief(value)} is not a list: choose {self}.")
        items = tuple(value)
        if not self.least <= len(items) <= self.most:
            raise InvalidSetting(f"{name} has {len(items):,} entries: choose {self}.")
        return tuple(self.item.check(f"{name}[{place}]", entry) for place, entry in enumerate(items))

    def read(self, name: str, text: str) -> tuple[Any, ...]:
        entries = text.replace(",", " ").split()
        return self.check(name, [self.item.read(f"{name}[{place}]", entry) for place, entry in enumerate(entries)])

    def clamp(self, value: Iterable[Any]) -> tuple[Any, ...]:
        items = [self.item.clamp(entry) for entry in value][: self.most]
        return tuple(items + items[-1:] * (self.least - len(items)))

    def __str__(self) -> str:
        return f"{self.least:,} to {self.most:,} entries, each {self.item}"


class Named(Protocol):
    """Anything with a ``name``: what a :class:`Table` holds."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Option:
    """An entry of a table that means something only to who chooses it: its name, and what a drop-down says."""

    name: str
    label: str


Entry = TypeVar("Entry", bound=Named)


class Table(Generic[Entry]):
    """The choices of one kind, in teaching order, each under its own name.

    Looking up an unknown name raises :class:`InvalidSetting` with the nearest known one. ``unlisted`` entries are found
    by their names, and not offered where one is to choose.
    """

    def __init__(self, kind: str, entries: Iterable[Entry], unlisted: Iterable[Entry] = ()) -> None:
        self.kind = kind
        self._entries: Mapping[str, Entry] = {entry.name: entry for entry in entries}
        self._unlisted: Mapping[str, Entry] = {entry.name: entry for entry in unlisted}

    def __getitem__(self, name: str) -> Entry:
        if isinstance(name, str) and (entry := self._find(name)) is not None:
            return entry
        raise self.refusal(self.kind, name)

    def _find(self, name: str) -> Entry | None:
        """The entry of this name, if there is one. A table that can make entries from their names makes it."""
        return self._entries.get(name) or self._unlisted.get(name)

    def refusal(self, kind: str, name: Any) -> InvalidSetting:
        """The one line for a name that is not in the table, where it was to be the setting ``kind``."""
        return InvalidSetting(unknown_name(kind, name, self._entries))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._entries or name in self._unlisted)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> list[str]:
        return list(self._entries)

    def values(self) -> list[Entry]:
        return list(self._entries.values())

    def items(self) -> list[tuple[str, Entry]]:
        return list(self._entries.items())


@dataclass(frozen=True)
class OneOf:
    """The name of one entry of ``table``."""

    table: Table[Any]

    def check(self, name: str, value: Any) -> str:
        if value not in self.table:
            raise self.table.refusal(name, value)
        return str(value)

    def read(self, name: str, text: str) -> str:
        return self.check(name, text)

    def clamp(self, value: Any) -> str:
        return str(value) if value in self.table else self.table.keys()[0]


def brief(value: Any) -> str:
    """``value`` as one short line, safe to print whatever it is."""
    text = " ".join(repr(value).split()) if isinstance(value, str) else " ".join(str(value).split())
    return text if len(text) <= 40 else text[:39] + "…"


def unknown_name(kind: str, name: Any, known: Iterable[str]) -> str:
    """The one-line message for a name that is not among ``known``, with the nearest that is."""
    names = list(known)
    near = get_close_matches(str(name).lower(), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{kind} = {brief(name)} is not known: {hint}choose one of {', '.join(names)}."


def setting(default: Any, domain: Domain, help: str) -> Any:  # noqa: A002 - traitlets calls it help too
    """A field of a :class:`Settings` dataclass: its domain and what it means. A default of None stays allowed."""
    return field(default=default, metadata={"domain": domain, "help": help})


@dataclass(frozen=True)
class Settings:
    """Base of frozen settings: each field made by :func:`setting` is checked on construction."""

    def __post_init__(self) -> None:
        for item in fields(self):
            domain = item.metadata.get("domain")
            value = getattr(self, item.name)
            if domain is not None and not (value is None and item.default is None):
                object.__setattr__(self, item.name, domain.check(item.name, value))

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain values: ``from_dict`` takes them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Settings from plain values. Raises :class:`InvalidSetting` for unknown keys, with the nearest known one."""
        known = [item.name for item in fields(cls)]
        for key in values:
            if key not in known:
                raise InvalidSetting(unknown_name("setting", key, known))
        return cls(**values)
